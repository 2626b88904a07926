"""Questions to the views, at two dates.

    views = Views(settings.views_db)
    with views.snapshot() as now:
        now.size                     # everything asked here is as of it
        now.day(known)               # the day that is meant where none is given
        row = now.item("investments", "product:os2iot/i1", as_of=date(2024, 3, 1), known=40)
        page = now.page(
            "investments",
            filters={"product": "product:os2iot", "bearer": ("investor", "mixed")},
            as_of=date(2024, 3, 1), known=40, after=None, limit=50, newest=True,
        )
        now.counts("voices", "group", filters={"debate": "debate:elephant"})
    views.wait_until(size, timeout=2.0)

`as_of` is what was in force at the end of that day, `known` what had been recorded by that size of
the log. Without `as_of` the day of `known` is meant, without `known` all that the views have. A
subject is answered where it was there on that day, as known then. The `body` of a row is ready JSON
of the row type of its view (`projections.catalogue.VIEWS`); erasable values stand in it as
`{"$c": "<hex>"}`, to be looked up with `EventStore.reveal` when they are read. Lists go by the
order in which their subjects came into the log.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

import msgspec

from govlog.domain.errors import MalformedValue, ViewsBehind
from projections import files, searching
from projections.catalogue import VIEWS
from projections.dated import Page, Row, row_of
from projections.questions import (
    Filter,
    Upto,
    conditions,
    count_sql,
    item_sql,
    page_sql,
    sorted_sql,
)
from projections.searching import Found
from projections.tables import STILL, Column
from projections.timeline import TIMELINE, EventRow

__all__ = ["Filter", "Page", "Row", "Snapshot", "Upto", "Views"]

LOOK = 0.005
"""Seconds between two looks while waiting for the views to reach a size."""
_BY_NAME = {view.name: view for view in VIEWS}
_RECORDED = Template("SELECT body FROM ${view}_row WHERE keyid = ?").substitute(view=TIMELINE.name)
"""The timeline has one subject for every event, so the numbers of its keys are sizes of the log."""
_decode_event = msgspec.json.Decoder(EventRow).decode


class Snapshot:
    """All views at one size of the log, while it is open; for one thread."""

    def __init__(
        self, connection: sqlite3.Connection, size: int, today: Callable[[], date]
    ) -> None:
        self.size = size
        """The size of the log that the views show."""
        self.connection = connection
        """For further questions that are answered from the same size."""
        self._today = today

    def day(self, known: int | None = None) -> date:
        """The day that is meant where none is named: that on which `known` was what was known.

        Of all that the views have that is today, of less the day on which its last event was
        recorded.
        """
        if known is None or known >= self.size or known <= 0:
            return self._today()
        return self.event(known - 1).recorded_on

    def event(self, index: int) -> EventRow:
        """The event at a place in the log that the views show, as it was recorded."""
        (body,) = self.connection.execute(_RECORDED, (index + 1,)).fetchone()
        return _decode_event(body)

    def item(
        self, view: str, key: str, *, as_of: date | None = None, known: int | None = None
    ) -> Row | None:
        """One subject; None where it was not there on that day as known then."""
        values = {"key": key, **self._at(as_of, known)}
        found = self.connection.execute(item_sql(_known(view)), values).fetchone()
        return None if found is None else row_of(*found)

    def page(
        self,
        view: str,
        *,
        filters: Mapping[str, Filter] | None = None,
        as_of: date | None = None,
        known: int | None = None,
        after: int | None = None,
        limit: int = 50,
        newest: bool = False,
    ) -> Page:
        """Subjects that were there on that day as known then, in the order they came into the log.

        `newest` turns the order round. `filters` are members of the row that the view names: a
        value, several (one of them is met) or `Upto`.
        """
        wanted, values = conditions(_BY_NAME[_known(view)], filters or {})
        start = STILL if newest else 0
        place: dict[str, Column] = {
            "after": start if after is None else after,
            "limit": limit + 1,
        }
        rows = self.connection.execute(
            page_sql(view, wanted, newest), {**values, **self._at(as_of, known), **place}
        ).fetchall()
        more = len(rows) > limit
        rows = rows[:limit]
        return Page(
            rows=tuple([row_of(*each[1:]) for each in rows]),
            next=rows[-1][0] if more else None,
            size=self.size,
        )

    def sorted_page(
        self,
        view: str,
        *,
        filters: Mapping[str, Filter] | None = None,
        as_of: date | None = None,
        known: int | None = None,
        after: int | None = None,
        beyond: str = "",
        limit: int = 50,
    ) -> Page:
        """The same by the member that the view is sorted by, then in the order of the log."""
        found = _BY_NAME[_known(view)]
        wanted, values = conditions(found, filters or {})
        place: dict[str, Column] = {"after": after or 0, "beyond": beyond, "limit": limit + 1}
        rows = self.connection.execute(
            sorted_sql(found, wanted), {**values, **self._at(as_of, known), **place}
        ).fetchall()
        keyid, last = rows[limit - 1][:2] if len(rows) > limit else (None, "")
        shown = tuple([row_of(*each[2:]) for each in rows[:limit]])
        return Page(rows=shown, next=keyid, size=self.size, beyond=last)

    def counts(
        self,
        view: str,
        by: str,
        *,
        filters: Mapping[str, Filter] | None = None,
        as_of: date | None = None,
        known: int | None = None,
    ) -> dict[Column, int]:
        """How many subjects there are for each value of a member by which lists can be narrowed."""
        found = _BY_NAME[_known(view)]
        if by not in found.filters:
            raise MalformedValue("by", by, f"count {view} by {', '.join(found.filters)}")
        wanted, values = conditions(found, filters or {})
        rows = self.connection.execute(
            count_sql(view, by, wanted), {**values, **self._at(as_of, known)}
        )
        return dict(rows.fetchall())

    def search(
        self,
        text: str,
        *,
        as_of: date | None = None,
        known: int | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> Found:
        """Events that hold all words of `text` and may have happened by that day, newest first.

        `before` is the `next` of the page in front.
        """
        return searching.search(
            self.connection, text, before=before, limit=limit, **self._at(as_of, known)
        )

    def _at(self, as_of: date | None, known: int | None) -> dict[str, int]:
        day = self.day(known) if as_of is None else as_of
        size = self.size if known is None else min(known, self.size)
        return {"day": day.toordinal(), "size": size}


class Views:
    """The views of one log for readers; safe to use from many threads, not across a fork."""

    def __init__(self, link: Path, *, now: Callable[[], datetime] | None = None) -> None:
        """`link` is `Settings.views_db`; `now` tells the time with its offset."""
        self.link = link
        self._now = now or (lambda: datetime.now(UTC))
        self._own = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    def close(self) -> None:
        """Let go of all files."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._own = threading.local()

    def size(self) -> int:
        """The size of the log that the views show; 0 while there are none."""
        try:
            with self.snapshot() as now:
                return now.size
        except ViewsBehind:
            return 0

    def wait_until(self, size: int, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the views to show that size; whether they do."""
        deadline = time.monotonic() + timeout
        while self.size() < size:
            if time.monotonic() >= deadline:
                return False
            time.sleep(LOOK)
        return True

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """All that is asked within is answered from one size; ViewsBehind while there are no views.

        One at a time in a thread.
        """
        connection, zone = self._connection()
        connection.execute("BEGIN")
        try:
            size: int = connection.execute("SELECT size FROM position").fetchone()[0]
            yield Snapshot(connection, size, lambda: self._now().astimezone(zone).date())
        finally:
            connection.execute("ROLLBACK")

    def _connection(self) -> tuple[sqlite3.Connection, ZoneInfo]:
        """This thread's connection to the file in use; a new one after a swap."""
        path = files.generation(self.link)
        if getattr(self._own, "path", None) != path:
            self._reopen(path)
        connection: sqlite3.Connection = self._own.connection
        zone: ZoneInfo = self._own.zone
        return connection, zone

    def _reopen(self, path: Path) -> None:
        before = getattr(self._own, "connection", None)
        if before is not None:
            self._own.path = None
            with self._guard:
                self._all.remove(before)
            before.close()
        connection = _open_to_read(path)
        made = files.read_made(connection)
        if made is None or made.code != files.code():
            connection.close()
            raise _not_ready()
        with self._guard:
            self._all.append(connection)
        self._own.connection = connection
        self._own.zone = ZoneInfo(made.zone)
        self._own.path = path


def _open_to_read(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            timeout=10,
            check_same_thread=False,
        )
    except sqlite3.OperationalError:
        raise _not_ready() from None
    connection.execute("PRAGMA mmap_size = 268435456")
    return connection


def _not_ready() -> ViewsBehind:
    return ViewsBehind(
        "the views are being made",
        mend="try again in a moment; `govlog work` or `govlog serve` makes them",
    )


def _known(view: str) -> str:
    if view not in _BY_NAME:
        raise MalformedValue("view", view, f"name one of {', '.join(_BY_NAME)}")
    return view
