"""A log that shows checkpoints to a witness, honestly or not."""

from __future__ import annotations

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.keys import SigningKey
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.notes import Note, sign
from govlog.ledger.proofs import consistency_proof, tree_root
from govlog.ledger.submission import Submission
from tests.ledger.memory import MemoryTree


class ShownLog:
    """Leaves named after `history`, so that two histories differ from the first leaf on."""

    def __init__(self, key: SigningKey, history: str = "true") -> None:
        self.key = key
        self._history = history
        self._tree = MemoryTree()

    @property
    def origin(self) -> str:
        return self.key.verifier.name

    def grow(self, size: int) -> None:
        names = (f"{self._history} {number}" for number in range(self._tree.size, size))
        self._tree.extend(leaf_hash(name.encode()) for name in names)

    def root(self, size: int) -> bytes:
        return tree_root(size, self._tree.perfect)

    def checkpoint(self, size: int, extension: str = "") -> bytes:
        self.grow(size)
        body = Checkpoint(self.origin, size, self.root(size)).body() + extension
        return bytes(Note(body, (sign(body, self.key),)))

    def request(self, old: int, size: int, extension: str = "") -> bytes:
        note = self.checkpoint(size, extension)
        hashes = consistency_proof(old, size, self._tree.perfect) if old <= size else []
        return bytes(Submission(old, tuple(hashes), note))
