"""Tiles: their paths, which of them a tree has, and what is proved out of them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from govlog.ledger.errors import Malformed
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.proofs import (
    consistency_proof,
    inclusion_proof,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from govlog.ledger.tiles import (
    ENTRIES,
    LARGEST_ENTRY,
    Tile,
    TileTree,
    bundle,
    entries_in,
    hashes_in,
    tile_at,
    tiles_of,
)
from tests.ledger.memory import MemoryTree

LARGEST = 66_000


@pytest.fixture(scope="module")
def leaves() -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(LARGEST)]


@pytest.fixture(scope="module")
def whole(leaves: list[bytes]) -> MemoryTree:
    return MemoryTree(leaves)


def read_from(tree: MemoryTree, tile: Tile) -> bytes:
    """A tile as the specification defines it: the roots over 256^level leaves each."""
    return b"".join(
        tree.perfect(8 * tile.level, at) for at in range(tile.first, tile.first + tile.width)
    )


def tiles(tree: MemoryTree, size: int) -> TileTree:
    return TileTree(size, lambda tile: read_from(tree, tile))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),  # the specification's example
        (Tile(0, 0), "tile/0/000"),
        (Tile(63, 999), "tile/63/999"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(1, 1_000_000), "tile/1/x001/x000/000"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile(ENTRIES, 1234067, 1), "tile/entries/x001/x234/067.p/1"),
        (Tile(ENTRIES, 5), "tile/entries/005"),
    ],
)
def test_a_path_is_written_and_read(tile: Tile, path: str) -> None:
    assert tile.path() == path
    assert Tile.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "/tile/0/000", "tile/0/000/", "tile/00/000", "tile/64/000", "tile/-1/000",
        "tile/0/0", "tile/0/0000", "tile/0/x000/001", "tile/0/001/000", "tile/0/x1/000",
        "tile/0/x001/x000", "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256",
        "tile/0/000.p/1000", "tile/0/000.p/", "tile/0/000.p", "tile/8/../000", "tile/0/٠٠٠",
        "tile/Entries/000", "tile/data/000", "tile/0/000\n", "tile/0//000", "tile/0/x001//000",
    ],
)  # fmt: skip
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(Malformed):
        Tile.parse(path)


def test_a_tree_of_70_000_has_the_tiles_of_the_specification_s_example() -> None:
    made = list(tiles_of(70_000))
    at = {level: [tile for tile in made if tile.level == level] for level in (ENTRIES, 0, 1, 2, 3)}
    assert len(at[0]) == 274
    assert [tile for tile in at[0] if not tile.is_full] == [Tile(0, 273, 112)]
    assert at[1] == [Tile(1, 0), Tile(1, 1, 17)]
    assert at[2] == [Tile(2, 0, 1)]
    assert at[3] == []
    assert [(tile.index, tile.width) for tile in at[ENTRIES]] == [
        (tile.index, tile.width) for tile in at[0]
    ]


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above() -> None:
    assert list(tiles_of(256)) == [Tile(ENTRIES, 0), Tile(0, 0), Tile(1, 0, 1)]


def test_the_empty_tree_has_no_tiles() -> None:
    assert list(tiles_of(0)) == []


@pytest.mark.parametrize("step", [1, 3, 255, 256, 257, 65_536])
def test_growing_writes_each_tile_of_every_size_and_none_twice(step: int) -> None:
    sizes = [size for size in range(0, 140_000, step) if step > 3 or size < 1200]
    written: set[Tile] = set()
    for before, size in pairwise(sizes):
        new = list(tiles_of(size, before))
        assert not written & set(new)
        written |= set(new)
        # Not `set(tiles_of(size)) <= written` for all: a large tree has thousands of tiles.
        assert written >= set(list(tiles_of(size))[-300:])


def test_growing_by_nothing_writes_nothing() -> None:
    assert list(tiles_of(70_000, 70_000)) == []


@pytest.mark.parametrize("size", [*range(1, 20), *range(250, 262), 511, 512, 513])
def test_everything_about_a_tree_comes_out_of_its_tiles(
    size: int, leaves: list[bytes], whole: MemoryTree
) -> None:
    grown = Frontier().extended(leaves[:size])
    tree = tiles(whole, size)
    assert tree_root(size, tree.perfect) == grown.root()
    for index in range(size):
        proof = inclusion_proof(index, size, tree.perfect)
        verify_inclusion(index, size, leaves[index], proof, grown.root())
        old = Frontier().extended(leaves[: index + 1]).root() if index % 16 == 0 else None
        if old is not None:
            proof = consistency_proof(index + 1, size, tree.perfect)
            verify_consistency(index + 1, size, old, grown.root(), proof)


@pytest.mark.parametrize("size", [65_279, 65_280, 65_281, 65_535, 65_536, 65_537, 65_792, 66_000])
def test_large_trees_come_out_of_their_tiles_too(
    size: int, leaves: list[bytes], whole: MemoryTree
) -> None:
    root = tree_root(size, whole.perfect)
    tree = tiles(whole, size)
    assert tree_root(size, tree.perfect) == root
    for index in {0, 255, 256, 32_768, 65_000, size - 257, size - 1}:
        proof = inclusion_proof(index, size, tree.perfect)
        verify_inclusion(index, size, leaves[index], proof, root)
        proof = consistency_proof(index + 1, size, tree.perfect)
        old_root = tree_root(index + 1, whole.perfect)
        verify_consistency(index + 1, size, old_root, root, proof)


def test_a_proof_reads_few_tiles(whole: MemoryTree) -> None:
    asked = []

    def read(tile: Tile) -> bytes:
        asked.append(tile)
        return read_from(whole, tile)

    inclusion_proof(12_345, LARGEST, TileTree(LARGEST, read).perfect)
    assert len(asked) == len(set(asked)) <= 6
    assert set(asked) <= set(tiles_of(LARGEST))


def test_a_tile_of_the_wrong_length_is_refused() -> None:
    assert hashes_in(b"a" * 32 + b"b" * 32, 2) == [b"a" * 32, b"b" * 32]
    for data in (b"", b"a" * 63, b"a" * 96):
        with pytest.raises(Malformed, match="64 bytes"):
            hashes_in(data, 2)


def test_entries_are_each_preceded_by_their_length_in_big_endian() -> None:
    assert bundle([b"", b"abc", b"d" * 258]) == b"\0\0" + b"\0\3abc" + b"\1\2" + b"d" * 258


def test_a_bundle_comes_back() -> None:
    entries = [b"", b"abc", b"x" * LARGEST_ENTRY]
    assert entries_in(bundle(entries), 3) == entries


def test_an_entry_of_more_than_65_535_bytes_fits_no_bundle() -> None:
    with pytest.raises(ValueError, match="65535"):
        bundle([bytes(LARGEST_ENTRY + 1)])


@pytest.mark.parametrize("data", [b"\0", b"\0\3ab", b"\0\1a\0", b"\0\1a\0\1", b""])
def test_a_bundle_that_is_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        entries_in(data, 2)


def test_a_bundle_of_too_many_entries_is_refused() -> None:
    with pytest.raises(Malformed, match="holds 3"):
        entries_in(bundle([b"a", b"b", b"c"]), 2)


def test_the_tile_at_the_right_edge_is_as_wide_as_the_tree_makes_it() -> None:
    assert tile_at(0, 1, 300) == Tile(0, 1, 44)
    assert tile_at(0, 0, 300) == Tile(0, 0)
    assert tile_at(1, 0, 300) == Tile(1, 0, 1)
    assert tile_at(ENTRIES, 1, 300) == Tile(ENTRIES, 1, 44)
