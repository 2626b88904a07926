"""Rebuilds all views aside, from the first event on, and puts them in the place of the old ones."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from govlog.domain.errors import StoreBusy
from govlog.persistence.write_lock import WriteLock
from projections import files
from projections.catalogue import VIEWS
from projections.log import Log
from projections.moving import FactsAt, Moving
from projections.view import View

PAGE = 2000
"""Events in one transaction; what they open and close is held in memory until it is written."""

Progress = Callable[[int, int], None]
"""Told how many events are done, and how many there are."""


class RebuildUnderWay(StoreBusy):
    """Another process is rebuilding the views of this log."""

    slug = "rebuild-under-way"


def rebuild(
    log: Log,
    link: Path,
    facts_at: FactsAt,
    *,
    views: Sequence[View] = VIEWS,
    progress: Progress | None = None,
    page: int = PAGE,
) -> int:
    """Make all views anew beside the ones in use, then swap; answers the size they have come to.

    Readers keep what they have until the swap. A rebuild that dies leaves only a file, which the
    next one removes. RebuildUnderWay where another is at it.
    """
    with (
        closing(WriteLock(link.with_name(f"{link.name}.rebuild"), 0.1)) as lock,
        ExitStack() as held,
    ):
        try:
            held.enter_context(lock.held())
        except StoreBusy:
            raise RebuildUnderWay(
                "another process is rebuilding the views", mend="wait until it has ended"
            ) from None
        files.discard_unused(link)
        path = files.next_generation(link)
        with closing(_open_aside(path)) as connection, _few_collections():
            files.create(connection, files.made(log), views)
            moving = Moving(log, connection, facts_at, views)
            while moving.step(page):
                if progress is not None:
                    progress(moving.position.size, max(moving.position.size, log.size()))
            files.index(connection, views)
            while moving.step(page):
                pass
        files.open_to_write(path).close()
        _make_durable(path)
        files.point(link, path)
        return moving.position.size


@contextmanager
def _few_collections() -> Iterator[None]:
    """Millions of values come and go, none in circles: looking for those took a sixth of it."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _open_aside(path: Path) -> sqlite3.Connection:
    """Nobody reads the file yet, and it is worthless if this process dies: no journal, no sync."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "page_size = 8192",
        "journal_mode = OFF",
        "synchronous = OFF",
        "locking_mode = EXCLUSIVE",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _make_durable(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
