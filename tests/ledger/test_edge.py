"""A tree that grows tile by tile is the tree that stands in the tiles."""

from __future__ import annotations

import pytest

from govlog.ledger.edge import Edge
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.proofs import tree_root
from govlog.ledger.tiles import ENTRIES, Tile, TileTree, entries_in, tile_at, tiles_of
from tests.ledger.memory import MemoryTree

MANY = [number.to_bytes(3, "big") for number in range(66_100)]


def grown(edge: Edge, entries: list[bytes], files: dict[Tile, bytes]) -> None:
    for tile, data in edge.grow(entries):
        assert files.setdefault(tile, data) == data
        if tile.level != ENTRIES:
            assert len(data) == tile.width * 32


@pytest.mark.parametrize("steps", [[1] * 30, [255, 1, 1], [256], [300, 300, 1], [70, 186, 256, 2]])
def test_growing_makes_the_tiles_that_the_tree_has(steps: list[int]) -> None:
    files: dict[Tile, bytes] = {}
    edge, size = Edge(), 0
    for step in steps:
        before = set(files)
        grown(edge, MANY[size : size + step], files)
        assert set(files) - before == set(tiles_of(size + step, size))
        size += step
        tree = TileTree(size, files.__getitem__)
        whole = MemoryTree(map(leaf_hash, MANY[:size]))
        root = tree_root(size, whole.perfect)
        assert edge.frontier.root() == tree_root(size, tree.perfect) == root
        last = tile_at(ENTRIES, (size - 1) // 256, size)
        assert entries_in(files[last], last.width) == MANY[last.first : size]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 65_535, 65_536, 65_537, 66_000])
def test_an_edge_that_was_read_grows_like_the_one_that_grew(size: int) -> None:
    files: dict[Tile, bytes] = {}
    edge = Edge()
    grown(edge, MANY[:size], files)
    again = Edge.read(size, files.__getitem__)
    assert again.frontier == edge.frontier
    assert list(again.grow(MANY[size : size + 3])) == list(edge.grow(MANY[size : size + 3]))


def test_growing_by_nothing_makes_nothing() -> None:
    edge = Edge()
    assert list(edge.grow([])) == []
    assert edge.size == 0
    files: dict[Tile, bytes] = {}
    assert Edge.read(0, files.__getitem__).frontier == edge.frontier
