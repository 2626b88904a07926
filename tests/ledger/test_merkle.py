"""The tree against published vectors and against the definition in RFC 6962 §2.1."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlog.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash

# The leaves and roots that certificate-transparency's own tests publish
# (google/certificate-transparency, merkletree/merkle_tree_test.cc).
LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def defined_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = defined_root(entries[:split]), defined_root(entries[split:])
    return sha256(b"\x01" + left + right).digest()


def test_a_leaf_and_a_node_are_hashed_apart() -> None:
    assert leaf_hash(b"abc") == sha256(b"\x00abc").digest()
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, len(LEAVES) + 1))
def test_the_published_roots_come_out(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    assert Frontier().extended(leaves).root().hex() == ROOTS[size - 1]


def test_the_root_is_the_defined_one_at_every_size() -> None:
    entries = [f"entry {number}".encode() for number in range(130)]
    frontier = Frontier()
    for size, entry in enumerate(entries, start=1):
        frontier = frontier.extended([leaf_hash(entry)])
        assert frontier.root() == defined_root(entries[:size])
        assert len(frontier.roots) == size.bit_count()


@given(st.lists(st.binary(max_size=8), max_size=80), st.integers(0, 80))
def test_appending_in_two_goes_is_appending_at_once(entries: list[bytes], cut: int) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    apart = Frontier().extended(leaves[:cut]).extended(leaves[cut:])
    assert apart == Frontier().extended(leaves)
    assert apart.root() == defined_root(entries)


def test_a_packed_frontier_comes_back() -> None:
    frontier = Frontier().extended(leaf_hash(bytes([number])) for number in range(11))
    assert Frontier.unpacked(11, frontier.packed()) == frontier
    assert len(frontier.packed()) == 3 * 32


@pytest.mark.parametrize("size", [8, 10, 15])
def test_a_packed_frontier_of_another_size_is_refused(size: int) -> None:
    packed = Frontier().extended(leaf_hash(bytes([number])) for number in range(7)).packed()
    with pytest.raises(ValueError, match="frontier"):
        Frontier.unpacked(size, packed)
