"""Proofs against published vectors, and every proof of every small tree against alteration."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from govlog.ledger.errors import BadProof
from govlog.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from govlog.ledger.proofs import (
    Span,
    consistency_proof,
    consistency_spans,
    inclusion_proof,
    inclusion_spans,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from tests.ledger.memory import MemoryTree
from tests.ledger.test_merkle import LEAVES, ROOTS, defined_root

LARGEST = 300
"""Every tree up to this size is tried out exhaustively."""
SHARES = 6
"""Parts of the exhaustive tests, so that they run beside one another."""

# The names that RFC 6962 §2.1.3 gives the nodes of its example tree of seven leaves.
NODES: dict[Span, str] = {
    (0, 1): "a", (1, 2): "b", (2, 3): "c", (3, 4): "d", (4, 5): "e", (5, 6): "f", (6, 7): "j",
    (0, 2): "g", (2, 4): "h", (4, 6): "i", (0, 4): "k", (4, 7): "l",
}  # fmt: skip

PUBLISHED = MemoryTree(leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES)
# Proofs that transparency-dev/merkle publishes for the leaves of test_merkle, with indexes from 0
# (proof/verify_test.go).
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def hexed(proof: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in proof]


def named(spans: Sequence[Span]) -> str:
    return " ".join(NODES[span] for span in spans)


@pytest.fixture(scope="module")
def leaves() -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(LARGEST)]


@pytest.fixture(scope="module")
def tree(leaves: list[bytes]) -> MemoryTree:
    return MemoryTree(leaves)


@pytest.fixture(scope="module")
def roots(leaves: list[bytes]) -> list[bytes]:
    """The roots of all sizes, computed another way than the proofs are."""
    grown = [Frontier()]
    for leaf in leaves:
        grown.append(grown[-1].extended([leaf]))
    return [each.root() for each in grown]


def altered(proof: Sequence[bytes], at: int) -> list[bytes]:
    return [*proof[:at], bytes([proof[at][0] ^ 8]) + proof[at][1:], *proof[at + 1 :]]


def test_the_audit_paths_are_those_of_rfc_6962_section_2_1_3() -> None:
    assert named(inclusion_spans(0, 7)) == "b h l"
    assert named(inclusion_spans(3, 7)) == "c g l"
    assert named(inclusion_spans(4, 7)) == "f j k"
    assert named(inclusion_spans(6, 7)) == "i k"


def test_the_consistency_proofs_are_those_of_rfc_6962_section_2_1_3() -> None:
    assert named(consistency_spans(3, 7)) == "c d g l"
    assert named(consistency_spans(4, 7)) == "l"
    assert named(consistency_spans(6, 7)) == "i j k"


@pytest.mark.parametrize("place", INCLUSION)
def test_the_published_proofs_of_inclusion_come_out(place: tuple[int, int]) -> None:
    assert hexed(inclusion_proof(*place, PUBLISHED.perfect)) == INCLUSION[place]


@pytest.mark.parametrize("sizes", CONSISTENCY)
def test_the_published_proofs_of_consistency_come_out(sizes: tuple[int, int]) -> None:
    proof = consistency_proof(*sizes, PUBLISHED.perfect)
    assert hexed(proof) == CONSISTENCY[sizes]
    old_root, root = (bytes.fromhex(ROOTS[size - 1]) for size in sizes)
    verify_consistency(*sizes, old_root, root, proof)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_proof_of_inclusion_holds_and_none_that_is_altered(
    share: int, leaves: list[bytes], tree: MemoryTree, roots: list[bytes]
) -> None:
    for size in range(1 + share, LARGEST + 1, SHARES):
        for index in range(size):
            proof = inclusion_proof(index, size, tree.perfect)
            verify_inclusion(index, size, leaves[index], proof, roots[size])
            for at in range(len(proof)):
                with pytest.raises(BadProof):
                    verify_inclusion(index, size, leaves[index], altered(proof, at), roots[size])


@pytest.mark.parametrize("share", range(SHARES))
def test_every_proof_of_consistency_holds_and_none_that_is_altered(
    share: int, tree: MemoryTree, roots: list[bytes]
) -> None:
    for size in range(share, LARGEST + 1, SHARES):
        for old in range(size + 1):
            proof = consistency_proof(old, size, tree.perfect)
            verify_consistency(old, size, roots[old], roots[size], proof)
            for at in range(len(proof)):
                with pytest.raises(BadProof):
                    verify_consistency(old, size, roots[old], roots[size], altered(proof, at))


@pytest.mark.parametrize("size", [1, 2, 7, 8, 255, 256, 257])
def test_a_proof_of_inclusion_holds_for_nothing_but_its_own_claim(
    size: int, leaves: list[bytes], tree: MemoryTree, roots: list[bytes]
) -> None:
    stranger = leaf_hash(b"stranger")
    for index in {0, size // 2, size - 1}:
        proof, leaf, root = inclusion_proof(index, size, tree.perfect), leaves[index], roots[size]
        for claim in [
            (index, size, stranger, proof, root),
            (index, size, leaf, proof, stranger),
            (index, size, leaf, [*proof, stranger], root),
            (index, size, leaf, [stranger, *proof], root),
            (index + 1, size, leaf, proof, root),
            (-1, size, leaf, proof, root),
            (size, size, leaf, proof, root),
            (index, 0, leaf, proof, root),
            (index, 2 * size, leaf, proof, root),
            *([(index, size, leaf, proof[:-1], root)] if proof else []),
            *([(index, size, leaf, [*proof[:-1], b"short"], root)] if proof else []),
        ]:
            with pytest.raises(BadProof):
                verify_inclusion(*claim)


@pytest.mark.parametrize("size", [2, 7, 8, 255, 256, 257])
def test_a_proof_of_consistency_holds_for_nothing_but_its_own_claim(
    size: int, tree: MemoryTree, roots: list[bytes]
) -> None:
    stranger = leaf_hash(b"stranger")
    for old in {1, size // 2, size - 1}:
        proof, old_root, root = (
            consistency_proof(old, size, tree.perfect),
            roots[old],
            roots[size],
        )
        for claim in [
            (old, size, stranger, root, proof),
            (old, size, old_root, stranger, proof),
            (old, size, root, old_root, proof),
            (old, size, old_root, root, []),
            (old, size, old_root, root, [*proof, root]),
            (old, size, old_root, root, [old_root, *proof]),
            (old, size, old_root, root, proof[:-1]),
            (old - 1, size, old_root, root, proof),
            (old + 1, size, old_root, root, proof),
            (size, old, root, old_root, proof),
            (-1, size, old_root, root, proof),
        ]:
            with pytest.raises(BadProof):
                verify_consistency(*claim)


def test_a_tree_continues_itself_and_the_empty_tree_without_a_proof(roots: list[bytes]) -> None:
    verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    verify_consistency(0, 5, EMPTY_ROOT, roots[5], [])
    verify_consistency(5, 5, roots[5], roots[5], [])
    for claim in [
        (0, 0, EMPTY_ROOT, roots[1], []),
        (0, 5, roots[1], roots[5], []),
        (0, 5, EMPTY_ROOT, roots[5], [roots[1]]),
        (5, 5, roots[5], roots[4], []),
        (5, 5, roots[5], roots[5], [roots[5]]),
    ]:
        with pytest.raises(BadProof):
            verify_consistency(*claim)


def test_the_root_of_a_tree_in_memory_is_the_defined_one(tree: MemoryTree) -> None:
    entries = [f"entry {number}".encode() for number in range(LARGEST)]
    for size in (0, 1, 2, 3, 100, 255, 256, 257, LARGEST):
        assert tree_root(size, tree.perfect) == defined_root(entries[:size])


def test_a_tree_in_memory_grows_as_it_would_have_begun(leaves: list[bytes]) -> None:
    grown = MemoryTree(leaves[:7])
    grown.extend(leaves[7:9])
    grown.extend([])
    grown.extend(leaves[9:21])
    whole = MemoryTree(leaves[:21])
    assert grown.size == 21
    assert [grown.perfect(2, at) for at in range(5)] == [whole.perfect(2, at) for at in range(5)]


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_inclusion_is_proved_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no index"):
        inclusion_proof(index, size, PUBLISHED.perfect)


@pytest.mark.parametrize(("old", "size"), [(-1, 3), (4, 3)])
def test_no_consistency_is_proved_with_a_larger_tree(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not contain"):
        consistency_proof(old, size, PUBLISHED.perfect)


@pytest.mark.parametrize("size", [*range(254, 260), *range(65_533, 65_540)])
def test_large_trees_prove_what_stands_at_their_edges(size: int) -> None:
    # One leaf throughout: then a perfect subtree of each height has one root.
    heights = [leaf_hash(b"")]
    for _ in range(17):
        heights.append(node_hash(heights[-1], heights[-1]))

    def perfect(height: int, index: int) -> bytes:
        return heights[height]

    def root(of: int) -> bytes:
        return Frontier(of, tuple(heights[at] for at in range(17, -1, -1) if of >> at & 1)).root()

    edges = {0, 1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, size - 2, size - 1}
    for index in (edge for edge in edges if edge < size):
        proof = inclusion_proof(index, size, perfect)
        verify_inclusion(index, size, heights[0], proof, root(size))
        old = index + 1
        verify_consistency(old, size, root(old), root(size), consistency_proof(old, size, perfect))
