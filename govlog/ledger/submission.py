"""What a witness is asked with: the body of `add-checkpoint`, C2SP tlog-witness v1.0.0."""

from __future__ import annotations

from typing import NamedTuple, Self

from govlog.ledger.encoding import base64_of, from_decimal, hash_from_base64
from govlog.ledger.errors import Malformed

LONGEST_PROOF = 63
"""Hashes that a client may send at most."""


class Submission(NamedTuple):
    """A new checkpoint and the proof that it continues the one the witness saw last."""

    old: int
    """The size that the witness cosigned last; 0 when it has not cosigned any."""
    proof: tuple[bytes, ...]
    """RFC 6962 §2.1.2; empty where `old` is 0."""
    checkpoint: bytes
    """The signed note, verbatim."""

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old}", *map(base64_of, self.proof), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a request's body; Malformed for anything else. Nothing is verified yet."""
        head, blank, checkpoint = data.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise Malformed("the head of a submission is ASCII") from None
        if not blank or not first.startswith("old "):
            raise Malformed("a submission begins with its old size and ends with a checkpoint")
        old = from_decimal(first.removeprefix("old "))
        if len(lines) > LONGEST_PROOF:
            raise Malformed(f"a submission has at most {LONGEST_PROOF} hashes, not {len(lines)}")
        return cls(old, tuple(map(hash_from_base64, lines)), checkpoint)
