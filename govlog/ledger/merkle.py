"""The Merkle tree of RFC 6962 §2.1, grown from its right edge."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

# Copying a hash object that has seen its prefix costs half of hashing prefix and message anew.
_LEAF = sha256(b"\x00")
_NODE = sha256(b"\x01")


def leaf_hash(entry: bytes) -> bytes:
    """SHA256(00 || entry), RFC 6962 §2.1."""
    hashed = _LEAF.copy()
    hashed.update(entry)
    return hashed.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA256(01 || left || right), RFC 6962 §2.1."""
    hashed = _NODE.copy()
    hashed.update(left + right)
    return hashed.digest()


class Frontier(NamedTuple):
    """A tree of `size` leaves by the roots of its perfect subtrees, the largest (leftmost) first.

    There is one subtree for each 1 in the binary form of `size`: all that appending a leaf or
    computing the root needs.
    """

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def extended(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes are appended, in their order."""
        size, roots = self.size, list(self.roots)
        for leaf in leaves:
            merged = leaf
            complete = size
            while complete & 1:  # a perfect subtree of this height stands to the left: join it
                merged = node_hash(roots.pop(), merged)
                complete >>= 1
            roots.append(merged)
            size += 1
        return Frontier(size, tuple(roots))

    def root(self) -> bytes:
        """The tree's root: RFC 6962 §2.1 splits at the largest power of two, so fold from right."""
        if not self.roots:
            return EMPTY_ROOT
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_hash(left, root)
        return root

    def packed(self) -> bytes:
        """The subtree roots as one string of 32-byte hashes."""
        return b"".join(self.roots)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Frontier:
        """Read `packed`; a length that does not belong to `size` is an error of the caller."""
        if len(packed) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"{len(packed)} bytes are not the frontier of {size} leaves")
        steps = range(0, len(packed), HASH_BYTES)
        return cls(size, tuple(packed[step : step + HASH_BYTES] for step in steps))
