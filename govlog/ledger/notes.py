"""Signed notes, C2SP signed-note v1.0.0: text, blank line, signature lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from govlog.ledger.cosignature import cosigned_message, packed, unpacked
from govlog.ledger.encoding import base64_of, from_base64
from govlog.ledger.errors import BadSignature, Malformed, Unsigned
from govlog.ledger.keys import COSIGNATURE, ID_BYTES, SigningKey, VerifierKey, check_name

LARGEST_NOTE = 1_000_000
"""Bytes; a note is read from strangers, so something must bound it."""
MOST_SIGNATURES = 100
"""Verifiers accept at least 16."""

_DASH = "\u2014 "


class Signature(NamedTuple):
    """One signature line; whether it holds is for `verified` to say."""

    name: str
    key_id: bytes
    blob: bytes
    """What the key's type makes of it: a signature, or a time and a signature."""

    def line(self) -> str:
        """`— name base64(id || blob)` and a newline."""
        return f"{_DASH}{self.name} {base64_of(self.key_id + self.blob)}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a signature line without its newline; Malformed for anything else."""
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise Malformed(f"{line[:80]!r} is not a signature line: — name base64")
        check_name(name)
        signed = from_base64(encoded)
        if len(signed) <= ID_BYTES:
            raise Malformed(f"the signature of {name} is too short")
        return cls(name, signed[:ID_BYTES], signed[ID_BYTES:])

    @property
    def cosigned_at(self) -> int:
        """The POSIX seconds that a cosignature states; Malformed of other signatures."""
        return unpacked(self.blob)[0]


class Note(NamedTuple):
    """A text with its signatures, checked for form only."""

    text: str
    """Ends in a newline."""
    signatures: tuple[Signature, ...]

    def __bytes__(self) -> bytes:
        lines = "".join(each.line() for each in self.signatures)
        return f"{self.text}\n{lines}".encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a note; the last empty line parts text and signatures. Malformed otherwise."""
        if len(data) > LARGEST_NOTE:
            raise Malformed(f"a note of {len(data)} bytes is longer than {LARGEST_NOTE}")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("a note is UTF-8") from None
        _check_characters(whole)
        head, blank, lines = whole.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise Malformed("a note is text, an empty line, and lines of signatures")
        return cls(f"{head}\n", signature_lines(lines))


def signature_lines(lines: str) -> tuple[Signature, ...]:
    """Read one or more signature lines, as a note ends and as a witness answers."""
    if not lines.endswith("\n"):
        raise Malformed("a signature line ends in a newline")
    parts = lines[:-1].split("\n")
    if len(parts) > MOST_SIGNATURES:
        raise Malformed(f"{len(parts)} signatures are more than {MOST_SIGNATURES}")
    return tuple(map(Signature.parse, parts))


def sign(text: str, key: SigningKey) -> Signature:
    """A signature of type 01 over a note's text; Malformed for a text that is none."""
    if not text.endswith("\n"):
        raise Malformed("the text of a note ends in a newline")
    _check_characters(text)
    return Signature(key.verifier.name, key.verifier.id, key.sign(text.encode()))


def cosign(text: str, key: SigningKey, time: int) -> Signature:
    """A witness's cosignature of type 04 over a checkpoint's body, at POSIX seconds `time`."""
    signature = key.sign(cosigned_message(time, text))
    return Signature(key.verifier.name, key.verifier.id, packed(time, signature))


def holds(signature: Signature, text: str, key: VerifierKey) -> bool:
    """Whether the signature is this key's and belongs to the text."""
    if (signature.name, signature.key_id) != (key.name, key.id):
        return False
    if key.kind != COSIGNATURE:
        return key.verifies(text.encode(), signature.blob)
    try:
        time, signed = unpacked(signature.blob)
    except Malformed:
        return False
    return key.verifies(cosigned_message(time, text), signed)


def verified(note: Note, keys: Iterable[VerifierKey]) -> dict[VerifierKey, Signature]:
    """The known keys that signed the note, each with its first signature.

    Unknown keys are ignored, even those that share name or id with a known one. BadSignature when
    a known key's signature does not hold, Unsigned when no known key signed.
    """
    known = {(key.name, key.id): key for key in keys}
    signed: dict[VerifierKey, Signature] = {}
    for each in note.signatures:
        key = known.get((each.name, each.key_id))
        if key is None:
            continue
        if not holds(each, note.text, key):
            raise BadSignature(f"the signature of {key.name}+{key.id.hex()} does not hold")
        signed.setdefault(key, each)
    if not signed:
        raise Unsigned("no known key has signed this")
    return signed


def _check_characters(text: str) -> None:
    if any(each < " " and each != "\n" for each in text):
        raise Malformed("a note has no control characters but newlines")
