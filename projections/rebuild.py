"""Rebuilds all views aside, from the first event on, and puts them in the place of the old ones."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from govlog.domain.errors import StoreBusy
from govlog.persistence.write_lock import WriteLock
from projections import files, remembered
from projections.aside import Progress, make, open_aside, take_over
from projections.catalogue import VIEWS
from projections.halves import Part, halves, second, worth_it
from projections.log import Log
from projections.moving import FactsAt, Moving
from projections.opening import Opening
from projections.search import SearchIndex
from projections.view import View

PAGE = 1000
"""Events in one transaction; what they open and close is held in memory until it is written."""


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
    opening: Opening | None = None,
) -> int:
    """Make all views anew beside the ones in use, then swap; answers the size they have come to.

    Readers keep what they have until the swap. A rebuild that dies leaves only files, which the
    next one removes. With `opening` two processes share the work where that is worth it.
    RebuildUnderWay where another is at it.
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
        with open_aside(path) as connection:
            _make(log, facts_at, connection, views, page, progress, path, opening)
            moving = Moving(log, connection, facts_at, views, remembered.FEW)
            index = SearchIndex(log, connection)
            while index.step(page) or moving.step(page):
                pass
        files.open_to_write(path).close()
        _make_durable(path)
        files.point(link, path)
        return moving.position.size


def _make(
    log: Log,
    facts_at: FactsAt,
    connection: sqlite3.Connection,
    views: Sequence[View],
    page: int,
    progress: Progress | None,
    path: Path,
    opening: Opening | None,
) -> None:
    """Make all views as they are now, alone or by halves."""
    until = log.size()
    make_here = partial(make, log, facts_at, connection, until=until, page=page, progress=progress)
    if opening is None or not worth_it(until):
        make_here(views)
        return
    ours, others = halves(views)
    apart = path.with_name(f"{path.stem}-apart{path.suffix}")
    with second(Part(opening, apart, tuple(others), until, page)) as wait:
        make_here(ours)
        wait()
        take_over(connection, apart, others)


def _make_durable(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
