"""Is a log whole: every entry, every tile, the signed root, and the past it showed before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.encoding import base64_of
from govlog.ledger.errors import Malformed
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.proofs import tree_root
from govlog.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Tile, entries_in, hashes_in, joined, tile_at
from govlog.ledger.verifier.findings import Contradiction, Findings, Offence
from govlog.ledger.verifier.remembered import Leaves
from govlog.ledger.verifier.sources import Source

Progress = Callable[[int, int], None]
"""Told how many entries are done, and how many there are."""

_TIME = b'"recorded_at":"'
_TIME_BYTES = 27
"""`2026-11-23T09:00:00.123456Z`: of one length, so that bytes sort as times do."""


class Levels:
    """A tree by the hashes of its tiles from level 1 on, and the leaves of its last tile.

    A leaf in 256 is kept: 125 kB for a million.
    """

    def __init__(self) -> None:
        self.size = 0
        self._last: list[bytes] = []
        self._levels: list[list[bytes]] = []

    def extend(self, leaves: list[bytes]) -> None:
        """Append the leaves of the next level-0 tile; only the last may have less than 256."""
        self.size += len(leaves)
        self._last = leaves
        level, root = 0, _root_of_full(leaves)
        while root is not None:
            if level == len(self._levels):
                self._levels.append([])
            hashes = self._levels[level]
            hashes.append(root)
            root = _root_of_full(hashes[-WIDTH:]) if len(hashes) % WIDTH == 0 else None
            level += 1

    def tiles(self) -> Iterator[tuple[Tile, list[bytes]]]:
        """Every tile above level 0 with its hashes, level by level."""
        for level, hashes in enumerate(self._levels, start=1):
            for first in range(0, len(hashes), WIDTH):
                tile = tile_at(level, first // WIDTH, self.size)
                yield tile, hashes[first : first + tile.width]

    def root(self) -> bytes:
        """The root of the whole tree, RFC 6962 §2.1."""
        return tree_root(self.size, self._perfect)

    def _perfect(self, height: int, index: int) -> bytes:
        level, inside = divmod(height, HEIGHT)
        hashes = self._levels[level - 1] if level else self._last
        first = (index << inside) - (0 if level else (self.size - len(self._last)))
        return joined(hashes[first : first + (1 << inside)])


def check_entries(
    source: Source, checkpoint: Checkpoint, leaves: Leaves, findings: Findings, progress: Progress
) -> None:
    """Hash every entry and compare every tile up to the signed root.

    Offence at the first entry that is not right; `leaves` holds those remembered, and takes the
    others.
    """
    size, levels, last_time = checkpoint.size, Levels(), b""
    for start, entries in bundles(source, size):
        hashes = list(map(leaf_hash, entries))
        changed = leaves.first_difference(start, hashes)
        if changed is not None:
            raise Contradiction("the entry is another than the one that was seen before", changed)
        _check_leaves(source, tile_at(0, start // WIDTH, size), hashes)
        last_time = _check_times(start, entries, last_time)
        levels.extend(hashes)
        leaves.put(start, hashes)
        progress(start + len(entries), size)
    for tile, expected in levels.tiles():
        _check_tile(source, tile, expected)
    if levels.root() != checkpoint.root:
        raise Offence(
            f"entries and tiles lead to the root {base64_of(levels.root())},"
            f" not to the signed {base64_of(checkpoint.root)}"
        )
    findings.checked.append(f"all {size} entries, hashed through every tile to the signed root")
    findings.checked.append("recording times never run backwards")
    if leaves.known:
        findings.checked.append(f"the first {leaves.known} entries are those seen before")


def bundles(source: Source, size: int) -> Iterator[tuple[int, list[bytes]]]:
    """All entries of a log of `size` in bundles, each with the index of its first entry."""
    for index in range((size + WIDTH - 1) // WIDTH):
        tile = tile_at(ENTRIES, index, size)
        data, width = fetched(source, tile)
        try:
            entries = entries_in(data, width)
        except Malformed as error:
            raise Offence(str(error), tile.first) from None
        yield tile.first, entries[: tile.width]


def fetched(source: Source, tile: Tile) -> tuple[bytes, int]:
    """A tile and how wide it came: the full one may have taken the place of a partial one."""
    data = source.read(tile.path())
    if data is not None:
        return data, tile.width
    full = Tile(tile.level, tile.index)
    data = source.read(full.path())
    if data is None:
        raise Offence(f"{tile.path()} is missing", first_entry(tile))
    return data, full.width


def first_entry(tile: Tile) -> int:
    """The index of the first entry that a tile speaks of."""
    return tile.first << (HEIGHT * max(tile.level, 0))


def tile_hashes(source: Source, tile: Tile) -> list[bytes]:
    """The hashes of a tile; Offence where it is missing or of another length."""
    data, width = fetched(source, tile)
    try:
        return hashes_in(data, width)[: tile.width]
    except Malformed as error:
        raise Offence(f"{tile.path()}: {error}", first_entry(tile)) from None


def _check_leaves(source: Source, tile: Tile, hashes: list[bytes]) -> None:
    served = tile_hashes(source, tile)
    if served != hashes:
        pairs = zip(served, hashes, strict=True)
        place = next(place for place, (one, other) in enumerate(pairs) if one != other)
        raise Offence(f"the entry and its leaf in {tile.path()} differ", tile.first + place)


def _check_tile(source: Source, tile: Tile, expected: list[bytes]) -> None:
    served = tile_hashes(source, tile)
    if served != expected:
        pairs = zip(served, expected, strict=True)
        place = next(place for place, (one, other) in enumerate(pairs) if one != other)
        index = (tile.first + place) << (HEIGHT * tile.level)
        raise Offence(f"{tile.path()} is not what the tiles below it hash to", index)


def _check_times(start: int, entries: list[bytes], last: bytes) -> bytes:
    """Answers the recording time of the last entry; they are compared as bytes."""
    # A quote within a text is escaped, so this finds the member and no text; it comes before the
    # state, so the first is the entry's own.
    places = [entry.find(_TIME) for entry in entries]
    if min(places) < 0:
        raise Offence("the entry states no recording time", start + places.index(-1))
    begin, end = len(_TIME), len(_TIME) + _TIME_BYTES
    times = [entry[at + begin : at + end] for at, entry in zip(places, entries, strict=True)]
    times.insert(0, last)
    if times != sorted(times):
        place = next(place for place, (one, two) in enumerate(pairwise(times)) if one > two)
        earlier, later = (times[place + step].decode("utf-8", "replace") for step in (0, 1))
        raise Offence(f"recorded at {later}, after an entry of {earlier}", start + place)
    return times[-1]


def _root_of_full(hashes: list[bytes]) -> bytes | None:
    return joined(hashes) if len(hashes) == WIDTH else None
