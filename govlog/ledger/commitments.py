"""Commitments to texts: the entry holds one, the text and its salt open it, erasing both is final.

HMAC-SHA256 under a fresh salt of 32 bytes, over `event/field`, a zero byte and the text in UTF-8:
it binds a text to its place, and nobody without the salt can try texts out.
"""

from __future__ import annotations

import hmac

SALT_BYTES = 32


def commitment(salt: bytes, event: str, field: str, value: str) -> bytes:
    """The commitment to a text at its place: `event` is `stream@version`, `field` as `title`.

    UnicodeEncodeError for what is no Unicode text.
    """
    return hmac.digest(salt, f"{event}/{field}\0".encode() + value.encode(), "sha256")
