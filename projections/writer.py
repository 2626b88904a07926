"""Compares the timelines that a view gives with its open rows and writes what differs."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import Struct

from govlog.application.seen import Seen
from projections.remembered import FEW
from projections.tables import NEVER, STILL, ZONE, tables
from projections.view import Segment, Tail, View

Content = tuple[int, int, int, bytes]
"""First day, first day not, certain, body: two rows that agree in it are the same."""

Row = list[Any]
"""A row as it is written: number of its subject, first day, known from, first day not, known until,
certain, body, subject, and the columns by which lists are narrowed."""

_KEYID, _FIRST, _KNOWN_FROM, _UNTIL, _KNOWN_UNTIL, _CERTAIN, _BODY = range(7)
_until = itemgetter(_UNTIL)
_content = itemgetter(_FIRST, _UNTIL, _CERTAIN, _BODY)


class Open(Struct):
    """What is known now of one subject: its open rows in order of days."""

    keyid: int
    rows: list[Row]


class Zone(Struct):
    """The widest dates of the rows of 256 subjects."""

    first_day: int
    last_day: int
    first_known: int


_NOWHERE = Zone(0, NEVER, 0)


class ViewWriter:
    """Keeps one view in step; rows wait in memory until `flush`, in the caller's transaction."""

    def __init__(
        self, view: View, connection: sqlite3.Connection, remembered: int = FEW.subjects
    ) -> None:
        """`remembered` subjects keep their open rows from page to page, or twice as many."""
        self.view = view
        self._remembered = remembered
        self.touches, self.segments = view.touches, view.segments
        self._sql = tables(view)
        self._columns = self._sql.columns
        self._connection = connection
        self._encode = msgspec.json.Encoder(order="deterministic").encode
        self._last_keyid: int = connection.execute(self._sql.last_keyid).fetchone()[0]
        self._zones = {zone: Zone(*dates) for zone, *dates in connection.execute(self._sql.zones)}
        self._recent: dict[str, Open] = {}
        self._earlier: dict[str, Open] = {}
        self._seen = None if self._last_keyid else Seen()
        """Where the file was empty: a subject that was not seen is surely new, which spares a
        rebuild the look for every one that is."""
        self._keys: list[tuple[str, int]] = []
        self._rows: list[Row] = []
        self._rows_since: int | None = None
        """From which size on rows wait: those known earlier are written."""
        self._closed: list[tuple[int, int, int, int]] = []
        self._widened: set[int] = set()

    def put(
        self, subject: str, timeline: Iterable[Segment] | Tail, size: int, *, new: bool = False
    ) -> None:
        """From `size` on the subject's timeline is this; only what differs is closed and opened.

        To be called once for a subject at one size. One that is surely `new` is not looked for.
        """
        if self._rows_since is None:
            self._rows_since = size
        since = 0
        if isinstance(timeline, Tail):
            since, timeline = timeline.since.toordinal(), timeline.segments
        known = None if new else self._open(subject)
        if known is None:
            self._begin(subject, timeline, size)
            return
        rows = known.rows
        start = bisect_right(rows, since, key=_until) if since else 0
        before = {row[_FIRST]: row for row in rows[start:]}
        after: list[Row] = []
        for segment in timeline:
            content = self.content(segment)
            row = before.get(content[0])
            if row is None or _content(row) != content:
                row = self._insert(known.keyid, subject, content, segment.row, size)
            else:
                del before[content[0]]
            after.append(row)
        for row in before.values():
            self._close(row, size)
        rows[start:] = after

    def bodies(self, subject: str) -> list[bytes]:
        """The bodies of a subject's open rows in order of days."""
        known = self._open(subject)
        return [] if known is None else [row[_BODY] for row in known.rows]

    def flush(self) -> None:
        """Write everything that waits."""
        run = self._connection.executemany
        if self._keys:
            run(self._sql.insert_key, self._keys)
            self._keys.clear()
        if self._rows:
            self._widen()
            run(self._sql.insert_row, self._rows)
            self._rows.clear()
        self._rows_since = None
        if self._closed:
            run(self._sql.close_row, self._closed)
            self._closed.clear()
        if self._widened:
            widened = ((each, self._zones[each]) for each in sorted(self._widened))
            run(
                self._sql.write_zone,
                ((each, zone.first_day, zone.last_day, zone.first_known) for each, zone in widened),
            )
            self._widened.clear()
        if len(self._recent) > self._remembered:
            self._earlier, self._recent = self._recent, {}

    def content(self, segment: Segment) -> Content:
        """A segment as it is compared and stored."""
        until = segment.valid_until
        return (
            segment.valid_from.toordinal(),
            NEVER if until is None else until.toordinal(),
            int(segment.certain),
            self._encode(segment.row),
        )

    def _open(self, subject: str) -> Open | None:
        known = self._recent.get(subject)
        if known is None:
            known = self._earlier.pop(subject, None) or self._look_up(subject)
            if known is not None:
                self._recent[subject] = known
        return known

    def _look_up(self, subject: str) -> Open | None:
        if self._seen is not None and subject not in self._seen:
            return None
        found = self._connection.execute(self._sql.find_key, (subject,)).fetchone()
        if found is None:
            return None
        rows = self._connection.execute(self._sql.open_rows, found).fetchall()
        return Open(found[0], [list(row) for row in rows])

    def _begin(self, subject: str, timeline: Iterable[Segment], size: int) -> None:
        """A subject that was never there gets the next number, if it is there now."""
        keyid = self._last_keyid + 1
        rows = [
            self._insert(keyid, subject, self.content(segment), segment.row, size)
            for segment in timeline
        ]
        if rows:
            self._last_keyid = keyid
            self._keys.append((subject, keyid))
            if self._seen is not None:
                self._seen.add(subject)
            self._recent[subject] = Open(keyid, rows)

    def _close(self, row: Row, size: int) -> None:
        known_from = row[_KNOWN_FROM]
        if self._rows_since is not None and known_from >= self._rows_since:
            row[_KNOWN_UNTIL] = size
        else:
            self._closed.append((size, row[_KEYID], row[_FIRST], known_from))

    def _insert(self, keyid: int, subject: str, content: Content, row: Struct, size: int) -> Row:
        first, until, certain, body = content
        waiting = [
            keyid, first, size, until, STILL, certain, body, subject, *self._columns(row)
        ]  # fmt: skip
        self._rows.append(waiting)
        return waiting

    def _widen(self) -> None:
        """Let the zones reach as far as the rows that wait."""
        number, zone = -1, _NOWHERE
        for row in self._rows:
            if row[_KEYID] // ZONE != number:
                number = row[_KEYID] // ZONE
                zone = self._zones.setdefault(number, Zone(NEVER, 0, row[_KNOWN_FROM]))
            if row[_FIRST] < zone.first_day:
                zone.first_day = row[_FIRST]
                self._widened.add(number)
            if row[_UNTIL] > zone.last_day:
                zone.last_day = row[_UNTIL]
                self._widened.add(number)
