"""Receipts, c2sp.org/tlog-proof@v1 (draft): that an entry stands in a log, checked offline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.encoding import base64_of, from_base64, from_decimal, hash_from_base64
from govlog.ledger.errors import Malformed
from govlog.ledger.keys import VerifierKey
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.notes import Note, Signature, verified
from govlog.ledger.proofs import verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63
"""Hashes: the height of the largest tree whose size fits 63 bits."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof that what hashes to a leaf stands at an index of a checkpointed log."""

    index: int
    path: tuple[bytes, ...]
    """From the leaf's sibling to the root's child, RFC 6962 §2.1.1."""
    checkpoint: bytes
    """The signed note, verbatim."""
    extra: bytes | None = None
    """Nothing vouches for it."""

    def __bytes__(self) -> bytes:
        lines = [HEADER]
        lines += [] if self.extra is None else [f"extra {base64_of(self.extra)}"]
        lines += [f"index {self.index}", *map(base64_of, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a receipt; Malformed for anything else. Nothing is verified yet."""
        head, blank, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise Malformed("the head of a receipt is ASCII") from None
        if lines[0] != HEADER or not blank:
            raise Malformed(f"a receipt begins with {HEADER} and ends with a checkpoint")
        del lines[0]
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = from_base64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise Malformed("a receipt states its index: index 73894")
        index = from_decimal(lines.pop(0).removeprefix("index "))
        if len(lines) > LONGEST_PATH:
            raise Malformed(f"a receipt has at most {LONGEST_PATH} hashes, not {len(lines)}")
        return cls(index, tuple(map(hash_from_base64, lines)), checkpoint, extra)

    def verify(
        self, entry: bytes, keys: Iterable[VerifierKey]
    ) -> tuple[Checkpoint, dict[VerifierKey, Signature]]:
        """Check signatures and inclusion of `entry`; what was signed, and by which known keys.

        Malformed or Unverified where it fails. Whether those keys suffice, the log's own and
        witnesses, is for the caller's policy to say.
        """
        note = Note.parse(self.checkpoint)
        checkpoint = Checkpoint.parse(note.text)
        signed = verified(note, keys)
        verify_inclusion(self.index, checkpoint.size, leaf_hash(entry), self.path, checkpoint.root)
        return checkpoint, signed
