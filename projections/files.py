"""The file in which views live: what it was made from, and how another takes its place.

`views.db` is a symbolic link to the generation in use (`views-7.db`). SQLite keeps the write-ahead
log beside the file the link points to, so pointing it elsewhere swaps a whole database in one step;
replacing the file itself would leave the old log behind, and the next writer would play it into the
new database.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

from msgspec import Struct

import govlog.domain
import projections
from projections import search
from projections.log import Log
from projections.tables import tables
from projections.view import View

_CREATE = """
CREATE TABLE made (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL, zone TEXT NOT NULL, code TEXT NOT NULL
) STRICT;
CREATE TABLE position (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    last_event TEXT NOT NULL, last_us INTEGER NOT NULL
) STRICT"""


class Made(Struct, frozen=True):
    """What a file of views was made from; another origin or other code asks for a rebuild."""

    origin: str
    zone: str
    """The community's time zone, in which a day is meant when none is given."""
    code: str


class Position(Struct, frozen=True):
    """How far the views have come: the size of the log they show, and its last event."""

    size: int = 0
    last_event: str = ""
    last_us: int = 0


@cache
def code() -> str:
    """A digest of everything that decides what rows look like: the domain and the views."""
    digest = hashlib.sha256()
    for package in (govlog.domain, projections):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def generation(link: Path) -> Path:
    """The file that the link points to; the first generation where there is none yet."""
    try:
        return link.parent / link.readlink()
    except OSError:
        return link.with_name(f"{link.stem}-1{link.suffix}")


def next_generation(link: Path) -> Path:
    """A name beside the link for the file that is to come next."""
    number = int(generation(link).stem.rpartition("-")[2]) + 1
    return link.with_name(f"{link.stem}-{number}{link.suffix}")


def discard_unused(link: Path) -> None:
    """Remove what rebuilds that died have left behind."""
    used = generation(link)
    for path in link.parent.glob(f"{link.stem}-*{link.suffix}"):
        if path != used:
            discard(path)


def point(link: Path, to: Path) -> None:
    """Make a file the one in use, in one step, and remove the one before.

    Readers that have the old one open keep it until they look at the link again.
    """
    before = generation(link)
    fresh = link.with_name(f"{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(to.name)
    fresh.replace(link)
    if before != to:
        discard(before)


def discard(path: Path) -> None:
    """Remove a database with its write-ahead log."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open a file of views to move it forward, readers beside it.

    The commits are not forced to the disk one by one: rows and position are one transaction, so
    after a loss of power the views are whole, only further behind.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def create(connection: sqlite3.Connection, made: Made, views: Iterable[View]) -> None:
    """Make the tables of an empty file; its indexes come with `index`."""
    with transaction(connection):
        for statement in _CREATE.split(";"):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO made VALUES (1, ?, ?, ?)", (made.origin, made.zone, made.code)
        )
        write_position(connection, Position())
        for statement in search.CREATE.split(";"):
            connection.execute(statement)
    create_views(connection, views)


def create_views(connection: sqlite3.Connection, views: Iterable[View]) -> None:
    """Make the tables of further views."""
    with transaction(connection):
        for view in views:
            for statement in tables(view).create:
                connection.execute(statement)


def index(connection: sqlite3.Connection, views: Iterable[View]) -> None:
    """Make the indexes by which lists are narrowed."""
    with transaction(connection):
        for view in views:
            for statement in tables(view).index:
                connection.execute(statement)


def made(log: Log) -> Made:
    """What a file of views made now from this log is made from."""
    return Made(log.meta.origin, log.meta.zone, code())


def can_go_on(link: Path, log: Log) -> bool:
    """Whether the views in use were made by this code, from this log as it stands.

    A log that was restored from an older backup may be shorter, or have gone on differently.
    """
    path = generation(link)
    if not path.exists():
        return False
    try:
        with closing(open_to_write(path)) as connection:
            if read_made(connection) != made(log):
                return False
            position = read_position(connection)
    except sqlite3.DatabaseError:
        return False
    if position.size == 0:
        return True
    last = log.page(position.size - 1, 1)
    return bool(last) and (last[0].id, last[0].recorded_us) == (
        position.last_event,
        position.last_us,
    )


def read_made(connection: sqlite3.Connection) -> Made | None:
    """What the file was made from; None where it is empty or something else."""
    with suppress(sqlite3.DatabaseError):
        found = connection.execute("SELECT origin, zone, code FROM made").fetchone()
        return Made(*found) if found else None
    return None


def read_position(connection: sqlite3.Connection) -> Position:
    """How far the views in this file have come."""
    found = connection.execute("SELECT size, last_event, last_us FROM position")
    return Position(*found.fetchone())


def write_position(connection: sqlite3.Connection, position: Position) -> None:
    """Say how far the views have come; in the transaction that writes their rows."""
    connection.execute(
        "INSERT OR REPLACE INTO position VALUES (1, ?, ?, ?)",
        (position.size, position.last_event, position.last_us),
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that happens within is one transaction; nothing of it where an exception leaves."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
