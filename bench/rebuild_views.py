"""Rebuild of all views, beside SELECT, orjson and one batched upsert per row version written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from operator import itemgetter
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
    """The row versions of one view, as a rebuild has written them."""

    table: str
    create: str
    indexes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    """In the order in which they became known."""

    @property
    def upsert(self) -> str:
        key = ("keyid", "valid_from", "known_from")
        rest = ", ".join(f"{each} = excluded.{each}" for each in self.columns if each not in key)
        return (
            f"INSERT INTO {self.table} VALUES ({', '.join('?' * len(self.columns))})"
            f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}"
        )


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        return [compared(fill(Path(directory), scale.small), scale.small, scale.rounds)]


def compared(settings: Settings, events: int, rounds: int) -> Figure:
    """How fast a rebuild is, as a ratio to the raw one; every row version is held in memory."""
    rebuilt(settings)
    views = [versions(settings, view.name) for view in VIEWS]
    with TemporaryDirectory() as directory:
        sides = in_turns(
            timed(lambda: rebuilt(settings)),
            timed(lambda: upserted(settings, views, Path(directory, "raw.db"))),
            rounds,
        )
    written = sum(len(view.rows) for view in views)
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


def versions(settings: Settings, view: str) -> Versions:
    """Everything that a rebuild has written for a view, ready to be written again."""
    table = f"{view}_row"
    with closing(open_to_write(settings.views_db.resolve())) as connection:
        found = connection.execute(f"SELECT * FROM {table}")
        columns = tuple(each[0] for each in found.description)
        rows = sorted(found.fetchall(), key=itemgetter(columns.index("known_from")))
        create, *indexes = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL"
            " ORDER BY type = 'index'",
            (table,),
        )
    return Versions(table, create[0], tuple(each[0] for each in indexes), columns, rows)


def upserted(settings: Settings, views: Iterable[Versions], path: Path) -> None:
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
        waiting = [Waiting(view) for view in views]
        for view in waiting:
            raw.execute(view.versions.create)
        size = 0
        while page := events.execute(STATES, (size, PAGE)).fetchall():
            for _, _, state in page:
                loads(state)
            size = page[-1][0]
            raw.execute("BEGIN")
            for view in waiting:
                raw.executemany(view.versions.upsert, view.until(size))
            raw.execute("COMMIT")
        for view in waiting:
            for index in view.versions.indexes:
                raw.execute(index)


class Waiting:
    """The row versions of one view that are still to be written."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self._place = versions.columns.index("known_from")
        self._written = 0

    def until(self, size: int) -> list[tuple[Any, ...]]:
        """The next ones, which were known at that size of the log."""
        rows, begin, place = self.versions.rows, self._written, self._place
        while self._written < len(rows) and rows[self._written][place] <= size:
            self._written += 1
        return rows[begin : self._written]
