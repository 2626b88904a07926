"""Base64 and decimal numbers as the C2SP formats write them: one way for each value."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from govlog.ledger.errors import Malformed
from govlog.ledger.merkle import HASH_BYTES

LARGEST_NUMBER = 2**63 - 1
"""Sizes, indexes and POSIX times fit signed 64 bits everywhere."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def base64_of(data: bytes) -> str:
    """Standard Base64 with padding, RFC 4648 §4."""
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read Base64; Malformed for any spelling but the one that `base64_of` writes.

    RFC 4648 §3.5 lets decoders refuse stray bits: two spellings of one value would let a
    stranger alter a signed note without breaking it.
    """
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Malformed(f"{text[:80]!r} is not base64") from None
    if base64_of(data) != text:
        raise Malformed(f"{text[:80]!r} is not canonical base64")
    return data


def from_decimal(text: str) -> int:
    """Read an ASCII decimal without leading zeroes, from 0 to 2^63 - 1; Malformed otherwise."""
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > LARGEST_NUMBER:
        raise Malformed(f"{text[:80]!r} is not a decimal number without leading zeroes")
    return number


def hash_from_base64(text: str) -> bytes:
    """Read one SHA-256 hash; Malformed for any other length."""
    digest = from_base64(text)
    if len(digest) != HASH_BYTES:
        raise Malformed(f"{text[:80]!r} holds {len(digest)} bytes; a hash has {HASH_BYTES}")
    return digest
