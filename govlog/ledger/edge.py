"""The right edge of a tiled tree: what is needed to let it grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from govlog.ledger.errors import Malformed
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.proofs import perfect_parts
from govlog.ledger.tiles import (
    ENTRIES,
    HEIGHT,
    WIDTH,
    Read,
    Tile,
    TileTree,
    bundle,
    entries_in,
    joined,
    tile_at,
)


class Edge:
    """The entries and hashes of all tiles that are not full, whatever the size of the tree."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self._entries: list[bytes] = []
        self._levels: list[list[bytes]] = [[]]

    @classmethod
    def read(cls, size: int, read: Read) -> Self:
        """The edge of a tree that stands in tiles."""
        edge = cls()
        if size == 0:
            return edge
        tree = TileTree(size, read)
        edge.frontier = Frontier(
            size, tuple(tree.perfect(*each) for each in perfect_parts((0, size)))
        )
        if width := size % WIDTH:
            place = tile_at(ENTRIES, size // WIDTH, size)
            edge._entries = entries_in(read(place), width)
        edge._levels = []
        while hashes := size >> (HEIGHT * len(edge._levels)):
            level = len(edge._levels)
            partial = hashes % WIDTH
            place = tile_at(level, hashes // WIDTH, size)
            edge._levels.append(list(tree.hashes(place)) if partial else [])
        if [leaf_hash(entry) for entry in edge._entries] != edge._levels[0]:
            raise Malformed("the last bundle of entries does not hash to the last tile")
        return edge

    @property
    def size(self) -> int:
        """How many entries the tree has."""
        return self.frontier.size

    def grow(self, entries: Iterable[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """Append entries; yields every tile that became full, then those at the new edge.

        The tree has grown only once the last one has been taken.
        """
        added = False
        for entry in entries:
            added = True
            yield from self._add(entry)
        if not added:
            return
        for level, hashes in enumerate(self._levels):
            if hashes:
                yield self._tile(level), b"".join(hashes)
        if self._entries:
            yield tile_at(ENTRIES, self.size // WIDTH, self.size), bundle(self._entries)

    def _add(self, entry: bytes) -> Iterator[tuple[Tile, bytes]]:
        leaf = leaf_hash(entry)
        self._entries.append(entry)
        self.frontier = self.frontier.extended([leaf])
        if len(self._entries) == WIDTH:
            yield Tile(ENTRIES, self.size // WIDTH - 1), bundle(self._entries)
            self._entries = []
        self._levels[0].append(leaf)
        level = 0
        while len(self._levels[level]) == WIDTH:
            hashes, self._levels[level] = self._levels[level], []
            yield Tile(level, (self.size >> (HEIGHT * (level + 1))) - 1), b"".join(hashes)
            if level + 1 == len(self._levels):
                self._levels.append([])
            self._levels[level + 1].append(joined(hashes))
            level += 1

    def _tile(self, level: int) -> Tile:
        return tile_at(level, (self.size >> (HEIGHT * level)) // WIDTH, self.size)
