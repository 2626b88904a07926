"""Rebuild of all views, beside SELECT, orjson and one batched upsert per row version written."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from msgspec import Struct

from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.rounds import in_turns, timed
from bench.scale import Scale
from govlog.persistence.settings import Settings
from projections.catalogue import VIEWS
from projections.files import open_to_write
from projections.opening import opened
from projections.rebuild import PAGE, rebuild

STATES = "SELECT rowid, topic, state FROM stored_events WHERE rowid > ? ORDER BY rowid LIMIT ?"


class Versions(Struct, frozen=True):
    """The rows of one table, as a rebuild has written them."""

    table: str
    create: str
    indexes: tuple[str, ...]
    upsert: str
    rows: list[tuple[Any, ...]]
    """In the order in which they became known."""
    known: list[int]
    """From which size of the log on, row by row."""


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        return [compared(fill(Path(directory), scale.small), scale.small, scale.rounds)]


def compared(settings: Settings, events: int, rounds: int) -> Figure:
    """How fast a rebuild is, as a ratio to the raw one; every row version is held in memory."""
    rebuilt(settings)
    tables = everything(settings)
    with TemporaryDirectory() as directory:
        sides = in_turns(
            timed(lambda: rebuilt(settings)),
            timed(lambda: upserted(settings, tables, Path(directory, "raw.db"))),
            rounds,
        )
    written = sum(len(each.rows) for each in tables if each.table.endswith("_row"))
    return of_rounds(
        f"rebuild of all views at {events:,} events / raw batched rebuild",
        sides.speeds,
        at_least=0.5,
        beside=f"{sides.each('us an event', events / 1e6)};"
        f" {written / events:.1f} row versions an event",
    )


def rebuilt(settings: Settings) -> int:
    """All views anew; answers the size they have come to."""
    with opened(settings) as (store, facts_at):
        return rebuild(store, settings.views_db, facts_at, opening=partial(opened, settings))


def everything(settings: Settings) -> list[Versions]:
    """Every row that a rebuild has written, ready to be written again."""
    with closing(open_to_write(settings.views_db.resolve())) as views:
        return [versions(views, table, known) for table, known in _TABLES]


_OF_VIEWS = (
    ("{}_key", "(SELECT min(known_from) FROM {}_row AS row WHERE row.keyid = this.keyid)"),
    ("{}_row", "known_from"),
    ("{}_zone", "first_known"),
)
_TABLES = [
    *(
        (table.format(view.name), known.format(view.name))
        for view in VIEWS
        for table, known in _OF_VIEWS
    ),
    ("search_text", "(SELECT min(position) FROM search_word WHERE text = this.id) + 1"),
    ("search_word", "position + 1"),
]
"""Every table that is asked questions, and from which size of the log on a row of it is known."""


def versions(views: sqlite3.Connection, table: str, known: str) -> Versions:
    """The rows of one table in the order in which they became known."""
    found = views.execute(f"SELECT *, {known} FROM {table} AS this ORDER BY {known}").fetchall()
    columns = views.execute(f"PRAGMA table_info({table})").fetchall()
    create, *indexes = views.execute(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL"
        " ORDER BY type = 'index'",
        (table,),
    )
    key = [each[1] for each in columns if each[5]]
    rest = [f"{each[1]} = excluded.{each[1]}" for each in columns if not each[5]]
    return Versions(
        table,
        create[0],
        tuple(each[0] for each in indexes),
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
        f" ON CONFLICT ({', '.join(key)}) DO"
        f" {'UPDATE SET ' + ', '.join(rest) if rest else 'NOTHING'}",
        [each[:-1] for each in found],
        [each[-1] for each in found],
    )


def upserted(settings: Settings, tables: Iterable[Versions], path: Path) -> None:
    """Read and decode every event, and write every row version, as plainly as can be.

    Into the tables that we have chosen, with their indexes, so that the outcome can be asked the
    same questions.
    """
    path.unlink(missing_ok=True)
    loads = orjson.loads
    with (
        closing(sqlite3.connect(settings.events_db)) as events,
        closing(sqlite3.connect(path, isolation_level=None)) as raw,
    ):
        for pragma in ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("PRAGMA cache_size = -65536")
        waiting = [Waiting(each) for each in tables]
        for each in waiting:
            raw.execute(each.versions.create)
        size = 0
        while page := events.execute(STATES, (size, PAGE)).fetchall():
            for _, _, state in page:
                loads(state)
            size = page[-1][0]
            raw.execute("BEGIN")
            for each in waiting:
                raw.executemany(each.versions.upsert, each.until(size))
            raw.execute("COMMIT")
        for each in waiting:
            for index in each.versions.indexes:
                raw.execute(index)


class Waiting:
    """The rows of one table that are still to be written."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self._written = 0

    def until(self, size: int) -> list[tuple[Any, ...]]:
        """The next ones, which were known at that size of the log."""
        begin, self._written = self._written, bisect_right(self.versions.known, size)
        return self.versions.rows[begin : self._written]
