"""Tiles, C2SP tlog-tiles v0.1.0: a tree and its entries as files that never change."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from govlog.ledger.errors import Malformed
from govlog.ledger.merkle import HASH_BYTES, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""Hashes in a full tile, entries in a full bundle."""
LARGEST_ENTRY = 65_535
"""Bytes; an entry is preceded by its length as uint16."""
ENTRIES = -1
"""The level of a `Tile` that is a bundle of entries."""

_LENGTH_BYTES = 2
_length_at = struct.Struct(">H").unpack_from
_HIGHEST = 63
_NUMBER = r"(?:x[0-9]{3}/)*[0-9]{3}"
_PATH = re.compile(rf"tile/(entries|0|[1-9][0-9]?)/({_NUMBER})(?:\.p/([1-9][0-9]{{0,2}}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of a tile of hashes, or of a bundle of entries, in a tree."""

    level: int
    """Its hashes are roots over 256^level leaves; ENTRIES for a bundle of entries."""
    index: int
    width: int = WIDTH
    """How many hashes or entries; below 256 it is partial."""

    @property
    def first(self) -> int:
        """The index of its first hash within its level, or of its first entry."""
        return self.index * WIDTH

    @property
    def is_full(self) -> bool:
        """A full tile never changes and never goes away."""
        return self.width == WIDTH

    def path(self) -> str:
        """`tile/L/N[.p/W]`, N in elements of three digits, all but the last after an x."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        elements = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([f"x{each}" for each in elements[:-1]] + elements[-1:])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{number}" + ("" if self.is_full else f".p/{self.width}")

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read a path; Malformed for any spelling but the one that `path` writes."""
        parts = _PATH.fullmatch(path)
        if parts is None:
            raise Malformed(f"{path[:80]!r} is no path of a tile: tile/0/x001/234")
        level = ENTRIES if parts[1] == "entries" else int(parts[1])
        index = int(parts[2].replace("/", "").replace("x", ""))
        tile = cls(level, index, int(parts[3] or WIDTH))
        if level > _HIGHEST or (parts[3] and tile.is_full) or tile.path() != path:
            raise Malformed(f"{path[:80]!r} is no path of a tile: tile/0/x001/234")
        return tile


Read = Callable[[Tile], bytes]
"""Fetches a tile that the tree has; whatever it raises passes through."""


def tile_at(level: int, index: int, size: int) -> Tile:
    """The tile as a tree of `size` has it, partial at the right edge."""
    hashes = size >> (HEIGHT * max(level, 0))
    return Tile(level, index, min(WIDTH, hashes - index * WIDTH))


def tiles_of(size: int, after: int = 0) -> Iterator[Tile]:
    """The tiles and bundles of a tree of `size` that one of size `after` has not, level by level.

    The entries come first, then level 0. A tile that grew comes again in its new width.
    """
    for level in (ENTRIES, *range(_HIGHEST + 1)):
        shift = HEIGHT * max(level, 0)
        hashes, before = size >> shift, after >> shift
        if hashes == 0:
            return
        if hashes > before:
            for index in range(before // WIDTH, (hashes - 1) // WIDTH + 1):
                yield tile_at(level, index, size)


def hashes_in(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile; Malformed when there are not `width` of them."""
    if len(data) != width * HASH_BYTES:
        raise Malformed(f"a tile of {width} hashes has {width * HASH_BYTES} bytes, not {len(data)}")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def joined(hashes: list[bytes]) -> bytes:
    """The root over neighbouring hashes, a power of two of them."""
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after another, each after its length as big-endian uint16."""
    parts = []
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"an entry of {len(entry)} bytes is longer than {LARGEST_ENTRY}")
        parts += [len(entry).to_bytes(_LENGTH_BYTES, "big"), entry]
    return b"".join(parts)


def entries_in(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle; Malformed when it does not hold exactly `width` whole ones."""
    entries, at, size = [], 0, len(data)
    try:
        while at < size:
            start = at + _LENGTH_BYTES
            at = start + _length_at(data, at)[0]
            entries.append(data[start:at])
    except struct.error:
        at = size + 1
    if at > size:
        raise Malformed("a bundle of entries ends in the middle of one")
    if len(entries) != width:
        raise Malformed(f"a bundle of {width} entries holds {len(entries)}")
    return entries


class TileTree:
    """A tree of one size, read from its tiles; each tile is read once."""

    def __init__(self, size: int, read: Read) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[Tile, list[bytes]] = {}

    def perfect(self, height: int, index: int) -> bytes:
        """The root of the perfect subtree over leaves from `index << height` on.

        An RFC 6962 subtree whose height is no multiple of 8 is hashed from the tile it lies in.
        """
        level, inside = divmod(height, HEIGHT)
        first = index << inside
        hashes = self.hashes(tile_at(level, first // WIDTH, self.size))
        start = first % WIDTH
        return joined(hashes[start : start + (1 << inside)])

    def hashes(self, tile: Tile) -> list[bytes]:
        """The hashes of one tile; Malformed when it has not the length it should have."""
        if tile not in self._tiles:
            self._tiles[tile] = hashes_in(self._read(tile), tile.width)
        return self._tiles[tile]
