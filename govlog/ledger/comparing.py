"""What exactly contradicts: the log as it is now against what was signed of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.edge import Edge
from govlog.ledger.encoding import base64_of
from govlog.ledger.errors import (
    Contradicted,
    EntryAltered,
    LogBehind,
    LogRewritten,
    Malformed,
    TilesDamaged,
)
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.publication import Publication
from govlog.ledger.source import Entry, Source
from govlog.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Tile, TileTree, bundle, joined, tile_at

RESTORE = "restore it: `govlog log restore-entries`; where that cannot be, `govlog log new-origin`"
"""What an operator does about a log that contradicts; the operator's guide says more."""
REMAKE = "move `checkpoint` and `tile` away: they are made again from the log, if it is still whole"
"""What an operator does about damaged public files."""


def checked(entries: Iterable[Entry], after: int) -> Iterator[bytes]:
    """The bytes of entries that are dense and hash to their leaves; EntryAltered otherwise."""
    for place, entry in enumerate(entries, start=after):
        if entry.index != place or leaf_hash(entry.framed) != entry.leaf:
            what = "is missing" if entry.index != place else "is not what its leaf was hashed over"
            raise EntryAltered(f"event {place} {what}", mend=RESTORE, index=place)
        yield entry.framed


def contradiction(source: Source, signed: Checkpoint, tree: TileTree) -> Contradicted | None:
    """Compare all leaves that were signed, `tree`'s, with those of the log; None if they are equal.

    Reads the log from its beginning: minutes for millions of entries, so only once it is known
    that something is wrong.
    """
    now = Frontier()
    place = 0
    for page in _pages(source.entries(0, signed.size)):
        leaves = [leaf_hash(entry.framed) for entry in page]
        expected = tree.hashes(tile_at(0, place // WIDTH, tree.size)) if place < tree.size else []
        for at, leaf in enumerate(leaves):
            dense = page[at].index == place + at
            if not dense or page[at].leaf != leaf or (at < len(expected) and leaf != expected[at]):
                before = now.extended(leaves[:at])
                return rewritten(source, signed, before.size)
        now = now.extended(leaves)
        place += len(page)
    if place < signed.size:
        return _behind(signed, now)
    return None if now.root() == signed.root else rewritten(source, signed, tree.size)


def published_edge(published: Checkpoint | None, publication: Publication) -> Edge:
    """The edge of the published tree, from its tiles; TilesDamaged where they do not give it."""
    if published is None:
        return Edge()
    try:
        edge = Edge.read(published.size, publication.read)
    except (FileNotFoundError, Malformed) as error:
        raise TilesDamaged(f"a tile cannot be read: {error}", mend=REMAKE) from error
    if edge.frontier.root() != published.root:
        raise TilesDamaged(
            f"the tiles of size {published.size} give another root than was signed",
            mend=REMAKE,
            size=published.size,
            root=base64_of(edge.frontier.root()),
            signed_root=base64_of(published.root),
        )
    return edge


def published_hashes(tile: Tile, tree: TileTree) -> list[bytes]:
    """The leaf hashes of a published tile; TilesDamaged where a full one has another root."""
    try:
        hashes = tree.hashes(tile)
        same = not tile.is_full or joined(hashes) == tree.perfect(HEIGHT, tile.index)
    except (FileNotFoundError, Malformed) as error:
        raise TilesDamaged(f"a tile cannot be read: {error}", mend=REMAKE) from error
    if not same:
        raise TilesDamaged(
            f"{tile.path()} does not give the hash above it", mend=REMAKE, index=tile.first
        )
    return hashes


def require_bundle(tile: Tile, entries: Sequence[bytes], publication: Publication) -> None:
    """TilesDamaged unless the published entries beside a tile of hashes are these."""
    place = replace(tile, level=ENTRIES)
    try:
        same = publication.read(place) == bundle(entries)
    except (FileNotFoundError, Malformed):
        same = False
    if not same:
        raise TilesDamaged(
            f"{place.path()} does not hold the log's entries", mend=REMAKE, index=tile.first
        )


def other_tree(signed: Checkpoint, now: Frontier) -> LogRewritten:
    """All entries are those that were signed: only the tree that is kept beside them is not."""
    return LogRewritten(
        f"the log's own tree says size {now.size} and root {base64_of(now.root())}; its events are"
        f" those that were signed at size {signed.size}",
        mend=RESTORE,
        index=signed.size,
        size=now.size,
        root=base64_of(now.root()),
        signed_size=signed.size,
        signed_root=base64_of(signed.root),
    )


def _behind(signed: Checkpoint, now: Frontier) -> LogBehind:
    return LogBehind(
        f"the log ends at {now.size} events, but {signed.size} were signed; the first "
        f"{now.size} are those that were signed",
        mend=RESTORE,
        index=now.size,
        size=now.size,
        root=base64_of(now.root()),
        signed_size=signed.size,
        signed_root=base64_of(signed.root),
    )


def rewritten(source: Source, signed: Checkpoint, index: int) -> LogRewritten:
    """Event `index` is another one than was signed; says what both roots are."""
    now = Frontier().extended(leaf_hash(entry.framed) for entry in source.entries(0, signed.size))
    return LogRewritten(
        f"event {index} is not the one that was signed: the log's first {now.size} events have "
        f"the root {base64_of(now.root())}, at size {signed.size} the root "
        f"{base64_of(signed.root)} was signed",
        mend=RESTORE,
        index=index,
        size=now.size,
        root=base64_of(now.root()),
        signed_size=signed.size,
        signed_root=base64_of(signed.root),
    )


def _pages(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """As many at once as a tile has."""
    page: list[Entry] = []
    for entry in entries:
        page.append(entry)
        if len(page) == WIDTH:
            yield page
            page = []
    if page:
        yield page
