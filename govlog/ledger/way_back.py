"""What a log has lost, out of its published tiles (TRUST, Way back)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.comparing import checked, published_edge
from govlog.ledger.errors import LogBehind, LogRewritten
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.notes import Note
from govlog.ledger.proofs import perfect_parts
from govlog.ledger.publication import LastSigned, Publication
from govlog.ledger.source import Source
from govlog.ledger.tiles import ENTRIES, WIDTH, TileTree, entries_in, tile_at

NEW_ORIGIN = "the tiles do not hold all of it: go on under a new origin, `govlog log new-origin`"
BACKUP = "put a backup of the log back first that has only what was signed"

Progress = Callable[[int, int], None]


class Missing(NamedTuple):
    """What is to be appended to the log, and the tree that it ends with now."""

    before: Frontier
    entries: Iterator[bytes]


def missing(source: Source, publication: Publication, progress: Progress) -> Missing:
    """Compare every event that is left with the tiles; what they hold beyond is missing.

    LogRewritten where an event is another one than was signed; LogBehind where more was signed
    than is published; TilesDamaged where the tiles are not whole. The entries are checked against
    the published root as they are taken, before the last of them is given.
    """
    note = publication.checkpoint()
    published = None if note is None else Checkpoint.parse(Note.parse(note).text)
    signed = LastSigned(publication).read()
    if published is None or (signed is not None and signed.size > published.size):
        size = 0 if signed is None else signed.size
        raise LogBehind(f"{size} events were signed, not all are published", mend=NEW_ORIGIN)
    edge = published_edge(published, publication)
    tree = TileTree(published.size, publication.read)
    kept = 0
    for entry in checked(source.entries(0, published.size), 0):
        if leaf_hash(entry) != tree.hashes(tile_at(0, kept // WIDTH, tree.size))[kept % WIDTH]:
            raise LogRewritten(
                f"event {kept} is not the one that was signed", mend=BACKUP, index=kept
            )
        kept += 1
        progress(kept, published.size)
    parts = perfect_parts((0, kept))
    before = Frontier(kept, tuple(tree.perfect(*each) for each in parts)) if kept else Frontier()
    return Missing(before, _entries(publication, before, edge.frontier))


def _entries(publication: Publication, before: Frontier, whole: Frontier) -> Iterator[bytes]:
    """The published entries beyond `before`; LogBehind before the last if they are not `whole`."""
    tree = before
    for index in range(before.size // WIDTH, -(-whole.size // WIDTH)):
        tile = tile_at(ENTRIES, index, whole.size)
        entries = entries_in(publication.read(tile), tile.width)[max(0, tree.size - tile.first) :]
        tree = tree.extended(map(leaf_hash, entries))
        if tree.size == whole.size and tree != whole:
            raise LogBehind("the published entries do not give the published root", mend=NEW_ORIGIN)
        yield from entries
