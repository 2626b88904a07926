"""Views made in a file that nobody reads yet: from the first event on, indexes last."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from projections import files, remembered
from projections.log import Log
from projections.moving import FactsAt, Moving
from projections.search import TAKE_OVER, SearchIndex
from projections.tables import tables
from projections.view import View

Progress = Callable[[int, int], None]
"""Told how many events are done, and how many there are."""


def make(
    log: Log,
    facts_at: FactsAt,
    connection: sqlite3.Connection,
    views: Sequence[View],
    *,
    until: int,
    page: int,
    progress: Progress | None = None,
) -> None:
    """Make these views in an empty file as they are at the size `until`."""
    files.create(connection, files.made(log), views)
    moving = Moving(log, connection, facts_at, views, remembered.FEW)
    while moving.position.size < until:
        moving.step(min(page, until - moving.position.size))
        if progress is not None:
            progress(moving.position.size, max(until, log.size()))
    files.index(connection, views)


def index_texts(log: Log, connection: sqlite3.Connection, *, until: int, page: int) -> None:
    """Fill the search index of such a file up to the size `until`."""
    index = SearchIndex(log, connection)
    while index.size < until:
        index.step(min(page, until - index.size))


@contextmanager
def open_aside(path: Path) -> Iterator[sqlite3.Connection]:
    """It is worthless if this process dies: no journal, no sync."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, no_collections():
        for pragma in (
            "page_size = 8192",
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            "cache_size = -4096",
        ):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def take_over(connection: sqlite3.Connection, path: Path, views: Sequence[View]) -> None:
    """Copy views and the search index, which were made in another file, indexes and all.

    The tables are alike and empty, so SQLite copies whole records without taking them apart.
    """
    connection.execute("ATTACH ? AS apart", (str(path),))
    files.create_views(connection, views)
    files.index(connection, views)
    with files.transaction(connection):
        for view in views:
            for statement in tables(view).take_over:
                connection.execute(statement)
        for statement in TAKE_OVER.split(";"):
            connection.execute(statement)
    connection.execute("DETACH apart")


@contextmanager
def no_collections() -> Iterator[None]:
    """Nothing that a rebuild makes stands in circles: looking for those took a twentieth of it."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def few_collections() -> Iterator[None]:
    """Millions of values come and go, none in circles: looking for those took a sixth of it, and
    held up who follows the log for a tenth of a second at a time.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
