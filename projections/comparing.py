"""Compares two files of views row by row: one in use, one made anew from the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct

from projections.files import code, read_made, read_position
from projections.view import View


class Difference(Struct, frozen=True):
    """A row that one file has and the other has not."""

    view: str
    key: str
    """The subject of the row."""


class Compared(Struct, frozen=True):
    """How far both files had come, how many rows were compared, and the first that differs."""

    size: int
    other_size: int
    rows: int = 0
    difference: Difference | None = None


def of_this_version(path: Path) -> bool:
    """Whether views were made by the code that runs here; what others made is not comparable."""
    with closing(_open(path)) as views:
        made = read_made(views)
    return made is not None and made.code == code()


def compare(path: Path, other: Path, views: Iterable[View]) -> Compared:
    """Read both side by side, in constant memory; files at different sizes are not compared."""
    with closing(_open(path)) as one, closing(_open(other)) as two:
        size, other_size = read_position(one).size, read_position(two).size
        if size != other_size:
            return Compared(size, other_size)
        rows = 0
        for view in views:
            for mine, theirs in zip_longest(_rows(one, view), _rows(two, view)):
                if mine != theirs:
                    row = theirs if mine is None else mine
                    return Compared(size, other_size, rows, Difference(view.name, str(row[0])))
                rows += 1
    return Compared(size, other_size, rows)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path.resolve(), isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("BEGIN")
    return connection


def _rows(connection: sqlite3.Connection, view: View) -> Iterator[tuple[object, ...]]:
    """All versions of all rows, the key first, in the order in which they are stored."""
    return iter(
        connection.execute(
            f"SELECT key, * FROM {view.name}_row ORDER BY keyid, valid_from, known_from"  # noqa: S608
        )
    )
