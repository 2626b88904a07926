"""A log in memory that a test can grow, cut and falsify, and a reader who trusts nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.keys import SigningKey, VerifierKey
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.notes import Note, verified
from govlog.ledger.proofs import tree_root
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.publishing import POLL, TROUBLED, Publishing
from govlog.ledger.tiles import ENTRIES, TileTree, entries_in, tiles_of

ORIGIN = "log.example/fiction"
KEY = SigningKey(ORIGIN, 1, bytes(range(32)))


class Row(Struct, frozen=True):
    index: int
    framed: bytes
    leaf: bytes


class Shelf:
    """What the publisher takes for the log."""

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self.rows: list[Row] = []
        self.tree = Frontier()
        self.grow(entries)

    def grow(self, entries: Iterable[bytes]) -> Shelf:
        for entry in entries:
            self.rows.append(Row(len(self.rows), entry, leaf_hash(entry)))
            self.tree = self.tree.extended([leaf_hash(entry)])
        return self

    def frontier(self) -> Frontier:
        return self.tree

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Row]:
        last = len(self.rows) if until is None else until
        return iter([row for row in self.rows if after <= row.index < last])


def numbered(first: int, last: int, word: str = "entry") -> list[bytes]:
    return [f"{word} {number}".encode() for number in range(first, last)]


def published(folder: Path, key: VerifierKey = KEY.verifier) -> tuple[Checkpoint, list[bytes]]:
    """Read a whole publication as a stranger does; everything that it says must hold."""
    publication = Publication(folder)
    note = Note.parse((folder / "checkpoint").read_bytes())
    verified(note, [key])
    checkpoint = Checkpoint.parse(note.text)
    entries: list[bytes] = []
    tree = TileTree(checkpoint.size, publication.read)
    for tile in tiles_of(checkpoint.size):
        if tile.level == ENTRIES:
            entries += entries_in(publication.read(tile), tile.width)
        else:
            tree.hashes(tile)
    assert tree_root(checkpoint.size, tree.perfect) == checkpoint.root
    assert Frontier().extended(map(leaf_hash, entries)).root() == checkpoint.root
    return checkpoint, entries


def turn_until_idle(running: Publishing) -> None:
    """Have everything published that can be, or a problem said."""
    while (pause := running.turn()) != POLL and pause < TROUBLED:
        pass


def publish_all(publisher: Publisher) -> int:
    """Step until there is nothing left to do; how many steps published something."""
    steps = 0
    while publisher.step() is not None:
        steps += 1
    return steps
