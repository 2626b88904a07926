"""Checkpoints, C2SP tlog-checkpoint v1.0.0: a log's name, size and root in a signed note."""

from __future__ import annotations

from typing import NamedTuple, Self

from govlog.ledger.encoding import base64_of, from_decimal, hash_from_base64
from govlog.ledger.errors import Malformed
from govlog.ledger.merkle import EMPTY_ROOT


class Checkpoint(NamedTuple):
    """The tree of a log at one size."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """`origin\\nsize\\nbase64(root)\\n`: the text of the note."""
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"

    @classmethod
    def parse(cls, text: str, *, extended: bool = False) -> Self:
        """Read a note's text; Malformed for anything but a checkpoint.

        A log of govlog has no extension lines, as they cannot be audited; `extended` lets them
        pass, for those who handle other logs' checkpoints.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise Malformed("a checkpoint is three lines: origin, size and root")
        if len(lines) > 4 and not extended:
            raise Malformed(f"a checkpoint of {lines[0][:80]} has extension lines")
        checkpoint = cls(lines[0], from_decimal(lines[1]), hash_from_base64(lines[2]))
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise Malformed("a checkpoint of size 0 has another root than the empty tree")
        return checkpoint
