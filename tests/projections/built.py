"""Views built for tests, and what stands in them row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from projections import files
from projections.catalogue import VIEWS
from projections.moving import Moving
from projections.reading import Views
from projections.rebuild import rebuild
from projections.search import SearchIndex
from projections.view import View
from tests.projections.memory import MemoryLog

Facts = Sequence[Recorded[Fact]]


class Stored(NamedTuple):
    """A row as it stands in the file."""

    key: str
    valid_from: int
    valid_until: int
    known_from: int
    known_until: int
    certain: int
    body: bytes


@contextmanager
def moved(
    facts: Facts,
    pages: Sequence[int] = (1000,),
    *,
    restarts: bool = False,
    prepares: bool = False,
) -> Iterator[sqlite3.Connection]:
    """Views moved on in pages of these sizes, with restarts the program anew for each of them.

    Where it `prepares`, it takes up all products in between.
    """
    log = MemoryLog(facts)
    with (
        TemporaryDirectory() as folder,
        closing(files.open_to_write(Path(folder, "views-1.db"))) as connection,
    ):
        files.create(connection, files.made(log), VIEWS)
        files.index(connection, VIEWS)
        moving = Moving(log, connection, log.facts_at, VIEWS)
        index = SearchIndex(log, connection)
        while index.step(pages[index.size % len(pages)]):
            if restarts:
                index = SearchIndex(log, connection)
        while moving.step(pages[moving.position.size % len(pages)]):
            if restarts:
                moving = Moving(log, connection, log.facts_at, VIEWS)
            while prepares and moving.prepare():
                pass
        yield connection


def everything(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    """All rows of all tables."""
    schema = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    names = [name for (name,) in connection.execute(schema)]
    return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def rows(connection: sqlite3.Connection, view: View | str) -> list[Stored]:
    """All versions of all rows of a view."""
    name = view if isinstance(view, str) else view.name
    columns = ", ".join(Stored._fields)
    return [Stored(*row) for row in connection.execute(f"SELECT {columns} FROM {name}_row")]


def open_at(stored: Sequence[Stored], size: int) -> dict[str, list[tuple[int, int, int, bytes]]]:
    """What was known at a size, by key, in order of days."""
    known: dict[str, list[tuple[int, int, int, bytes]]] = {}
    for each in stored:
        if each.known_from <= size < each.known_until:
            known.setdefault(each.key, []).append(
                (each.valid_from, each.valid_until, each.certain, each.body)
            )
    return {key: sorted(segments) for key, segments in known.items()}


@contextmanager
def readable(
    facts: Facts,
    now: Callable[[], datetime] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Iterator[Views]:
    """Views rebuilt from these facts, open to readers."""
    log = MemoryLog(facts, texts)
    with TemporaryDirectory() as folder:
        link = Path(folder, "views.db")
        rebuild(log, link, log.facts_at)
        with closing(Views(link, now=now)) as views:
            yield views
