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
from govlog.persistence.audited_texts import Texts
from govlog.persistence.datastore import storage_error
from govlog.persistence.entry import framed
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
    every commitment has the value it was made of, unless an event says that it was erased.
    `remembered` gives roots by size, from checkpoints that were kept outside the store: without
    one, a history that was rewritten together with its tree is not found out (RFC 6962 §2.1.2 is
    about exactly this).
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
    return Audited(tree.size, tree.root(), walk.texts.opened, walk.texts.locked, offence)


class _Walk:
    """The log from its beginning, event by event."""

    def __init__(
        self, connection: sqlite3.Connection, vault: Vault, remembered: Mapping[int, bytes]
    ) -> None:
        self._connection = connection
        self.texts = Texts(connection, vault)
        self._remembered = remembered
        self._matched = 0
        self._latest_us = 0
        self.frontier = Frontier()
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
        self.texts.turn_to(rows[0].rowid - 1, rows[-1].rowid - 1)
        leaves: list[bytes] = []
        for row in rows:
            wrong = self._wrong(row, self.frontier.size + len(leaves))
            if wrong is None:
                leaves.append(row.leaf)  # type: ignore[arg-type]  # it equals a hash
                if row.rowid in self._remembered:
                    self.frontier, leaves = self.frontier.extended(leaves), []
                    wrong = self._rewritten()
            if wrong:
                self.offence = wrong
                break
        self.frontier = self.frontier.extended(leaves)

    def _wrong(self, row: _Row, place: int) -> Offence | None:
        if row.rowid != place + 1:
            return Offence(place, f"event {place} is missing; the next one is {row.rowid - 1}")
        if row.leaf != leaf_hash(framed(row.columns)):
            return Offence(place, f"event {place} is not what its leaf was hashed over")
        recorded_us = int(str(row.recorded_us))
        if recorded_us < self._latest_us:
            return Offence(place, f"event {place} is recorded before the one in front of it")
        self._latest_us = recorded_us
        texts = self.texts.wrong(place, row.event, row.state)
        return Offence(place, texts) if texts else None

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
        if beyond := self.texts.wrong_beyond(mine.size):
            return Offence(*beyond)
        return None


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
