"""A whole tree held in memory, for logs that are small enough."""

from __future__ import annotations

from collections.abc import Iterable

from govlog.ledger.merkle import node_hash


class MemoryTree:
    """Every complete subtree of a growing list of leaves; two hashes of memory a leaf."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        self.extend(leaves)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes."""
        self._levels[0].extend(leaves)
        for height in range(len(self._levels[0]).bit_length()):
            below = self._levels[height]
            if height + 1 == len(self._levels):
                self._levels.append([])
            above = self._levels[height + 1]
            for at in range(2 * len(above), len(below) - 1, 2):
                above.append(node_hash(below[at], below[at + 1]))

    def perfect(self, height: int, index: int) -> bytes:
        """The root of the perfect subtree over leaves from `index << height` on."""
        return self._levels[height][index]
