"""The audit of a store: what its columns say now, against what was hashed when it was recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from msgspec import Struct

from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.persistence.datastore import storage_error
from govlog.persistence.entry import framed
from govlog.persistence.fields import Opening, commitment
from govlog.persistence.keys import Keys
from govlog.persistence.vault import Vault

PATIENCE = 5.0
"""Seconds to wait for the file of keys."""
ROWS = 512
"""Events looked at together: memory stays constant however long the log is."""

_NONE: Mapping[int, bytes] = {}
_EVENTS = """
SELECT rowid, leaf, originator_id, originator_version, topic, recorded_us, recorded_by, token, state
FROM stored_events ORDER BY rowid"""
_STREAMS = """
SELECT originator_id, originator_version, rowid FROM stored_events WHERE rowid <= ?
ORDER BY originator_id, originator_version"""
_OPENINGS = """
SELECT position, commitment, key, sealed, field FROM erasable_value
WHERE position >= ? AND position <= ? ORDER BY position"""
_ASTRAY = "SELECT position FROM erasable_value WHERE position < 0 OR position >= ? LIMIT 1"
_FRONTIER = "SELECT size, roots, recorded_us FROM frontier"


class Offence(Struct, frozen=True):
    """The first thing that is not as it was recorded."""

    index: int
    """Of the event, from 0; where only a stretch is known to hold it, the first of the stretch."""
    what: str


class Audited(Struct, frozen=True):
    """What an audit found; it has looked at everything unless there is an offence."""

    size: int
    """Events that are as they were recorded, from index 0 on."""
    root: bytes
    """Of the tree over these."""
    openings: int
    """Erasable values that were found to be the ones committed to."""
    locked: int
    """Erasable values that cannot be looked at: their keys are not there."""
    offence: Offence | None = None

    @property
    def whole(self) -> bool:
        return self.offence is None


class _Row(NamedTuple):
    rowid: int
    leaf: object
    columns: tuple[object, ...]

    @property
    def event(self) -> str:
        return f"{self.columns[0]}@{self.columns[1]}"

    @property
    def recorded_us(self) -> object:
        return self.columns[3]

    @property
    def state(self) -> object:
        return self.columns[6]


Progress = Callable[[int], None]
"""Told how many events have been looked at."""


def audit(
    events_db: Path,
    keys_db: Path,
    *,
    remembered: Mapping[int, bytes] = _NONE,
    progress: Progress = lambda _: None,
) -> Audited:
    """Walk a log's file in one committed state and stop at the first offence.

    Every entry is assembled anew from its columns and compared with its leaf; positions and
    versions are dense, recording times never fall, the stored tree is that of the leaves, and
    what stands to be erased is what its entry commits to. `remembered` gives roots by size, from
    checkpoints that were kept outside the store: without one, a history that was rewritten
    together with its tree is not found out (RFC 6962 §2.1.2 is about exactly this).
    """
    try:
        with closing(_reading(events_db)) as connection:
            with closing(Keys(keys_db, lock_timeout=PATIENCE)) as keys:
                walk = _Walk(connection, Vault(keys), remembered)
                walk.run(progress)
            # Versions tell what came after what only among entries that are as they were hashed.
            offence = _in_streams(connection, walk.frontier.size) or walk.offence
    except sqlite3.Error as error:
        raise storage_error(error) from error
    tree = walk.frontier
    return Audited(tree.size, tree.root(), walk.openings, walk.locked, offence)


class _Walk:
    """The log from its beginning, event by event."""

    def __init__(
        self, connection: sqlite3.Connection, vault: Vault, remembered: Mapping[int, bytes]
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._remembered = remembered
        self._matched = 0
        self._latest_us = 0
        self.frontier = Frontier()
        self.openings = 0
        self.locked = 0
        self.offence: Offence | None = None

    def run(self, progress: Progress) -> None:
        events = self._connection.execute(_EVENTS)
        while rows := events.fetchmany(ROWS):
            self._page([_Row(each[0], each[1], each[2:]) for each in rows])
            progress(self.frontier.size)
            if self.offence:
                return
        self.offence = self._at_the_end()

    def _page(self, rows: Sequence[_Row]) -> None:
        openings = self._openings(rows)
        leaves: list[bytes] = []
        for row in rows:
            wrong = self._wrong(row, self.frontier.size + len(leaves), openings)
            if wrong is None:
                leaves.append(row.leaf)  # type: ignore[arg-type]  # it equals a hash
                if row.rowid in self._remembered:
                    self.frontier, leaves = self.frontier.extended(leaves), []
                    wrong = self._rewritten()
            if wrong:
                self.offence = wrong
                break
        self.frontier = self.frontier.extended(leaves)

    def _wrong(
        self, row: _Row, place: int, openings: Mapping[int, Sequence[Opening]]
    ) -> Offence | None:
        if row.rowid != place + 1:
            return Offence(place, f"event {place} is missing; the next one is {row.rowid - 1}")
        if row.leaf != leaf_hash(framed(row.columns)):
            return Offence(place, f"event {place} is not what its leaf was hashed over")
        recorded_us = int(str(row.recorded_us))
        if recorded_us < self._latest_us:
            return Offence(place, f"event {place} is recorded before the one in front of it")
        self._latest_us = recorded_us
        if not all(_opens(row, each) for each in openings.get(place, ())):
            return Offence(place, f"a value kept for event {place} is not the one committed to")
        return None

    def _openings(self, rows: Sequence[_Row]) -> dict[int, list[Opening]]:
        """What is kept for these events; what does not open at all has neither salt nor value."""
        bounds = (rows[0].rowid - 1, rows[-1].rowid - 1)
        kept = self._connection.execute(_OPENINGS, bounds).fetchall()
        opened = self._vault.open(0, [each[1:4] for each in kept])
        by_event: dict[int, list[Opening]] = {}
        for position, committed, _, _, field in kept:
            if committed not in opened:
                self.locked += 1
                continue
            self.openings += 1
            salt, value = opened[committed] or (b"", "")
            bound = committed if isinstance(committed, bytes) else b""
            found = Opening(bound, field, None, salt, value)
            by_event.setdefault(position, []).append(found)
        return by_event

    def _rewritten(self) -> Offence | None:
        size = self.frontier.size
        if self.frontier.root() == self._remembered[size]:
            self._matched = size
            return None
        return Offence(
            self._matched,
            f"the first {size} events are others than those of the remembered checkpoint,"
            f" from index {self._matched} on at the earliest",
        )

    def _at_the_end(self) -> Offence | None:
        mine = self.frontier
        size, roots, recorded_us = self._connection.execute(_FRONTIER).fetchone() or (0, b"", 0)
        least = max((*self._remembered, size if isinstance(size, int) else 0))
        if mine.size < least:
            return Offence(mine.size, f"the log ends at {mine.size} events; there were {least}")
        if size != mine.size:
            return Offence(0, f"the stored tree has {size} leaves, the log {mine.size} events")
        if roots != mine.packed():
            return _in_tree(mine, roots)
        if recorded_us != self._latest_us:
            return Offence(max(mine.size - 1, 0), "the last recording time is not the last event's")
        if astray := self._connection.execute(_ASTRAY, (mine.size,)).fetchone():
            return Offence(
                mine.size, f"a value is kept for an event {astray[0]}, which is not there"
            )
        return None


def _opens(row: _Row, opening: Opening) -> bool:
    stands = b'{"$c":"%s"}' % opening.commitment.hex().encode()
    found = commitment(opening.salt, row.event, opening.field, opening.value)
    return isinstance(row.state, bytes) and stands in row.state and found == opening.commitment


def _in_tree(mine: Frontier, packed: object) -> Offence:
    """The first perfect subtree whose root differs holds an event that was exchanged."""
    stored = packed if isinstance(packed, bytes) else b""
    begins = 0
    for number, (first, height) in enumerate(_subtrees(mine.size)):
        begins = first
        if stored[number * 32 : number * 32 + 32] != mine.roots[number]:
            last = first + (1 << height) - 1
            return Offence(
                first, f"the tree was grown over other events between {first} and {last}"
            )
    return Offence(begins, "the stored tree has parts that belong to no event")


def _subtrees(size: int) -> Iterator[tuple[int, int]]:
    """The first leaf and the height of each perfect subtree, the largest first."""
    first = 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            yield first, height
            first += 1 << height


def _in_streams(connection: sqlite3.Connection, size: int) -> Offence | None:
    """The first event whose version does not follow that of its stream's event before it."""
    stream, before, place, first = None, 0, 0, None
    rows: Iterable[tuple[str, object, int]] = connection.execute(_STREAMS, (size,))
    for name, version, rowid in rows:  # by the index alone, which holds all three
        if name != stream:
            stream, before, place = name, 0, 0
        if (version != before + 1 or rowid < place) and (first is None or rowid < first):
            first = rowid
        before, place = version if isinstance(version, int) else 0, rowid
    if first is None:
        return None
    return Offence(first - 1, f"event {first - 1} is not the next one of its stream")


def _reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, in a transaction that sees one state of the log."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    # Text that is no UTF-8 is an edit to be named, not a failure of the storage.
    connection.text_factory = lambda text: text.decode(errors="surrogateescape")
    connection.execute("BEGIN")
    return connection
