"""Connections to the log: the library's pools with what durable SQLite needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from eventsourcing.persistence import ConnectionUnavailableError, InterfaceError
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore

from govlog.domain.errors import StoreBusy, StoreUnusable

_STATEMENTS_KEPT = 256


C = TypeVar("C", bound=sqlite3.Connection)


def connected(path: Path, patience: float, kind: type[C]) -> C:
    """A connection that any thread may use, one at a time, and that begins no transaction."""
    connection = sqlite3.connect(
        _never_created(path),
        uri=True,
        check_same_thread=False,
        isolation_level=None,
        cached_statements=_STATEMENTS_KEPT,
        timeout=patience,
        factory=kind,
    )
    # FULL: a commit is on the disk when it returns, so nothing acknowledged is ever lost.
    connection.execute("PRAGMA synchronous=FULL")
    return connection


class WriterConnection(sqlite3.Connection):
    """The one connection that writes to a log, used by whoever holds the write lock."""

    @classmethod
    def to(cls, path: Path, patience: float) -> WriterConnection:
        """Open it on a file that is there; sqlite3.Error where it is not."""
        connection = connected(path, patience, cls)
        # What every write touches stays in memory: SQLite's usual 2 MB forget it in between.
        connection.execute("PRAGMA cache_size=-32768")
        # The pages that every write changes are copied back from the WAL four times as seldom.
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        return connection


class LogConnectionPool(SQLiteConnectionPool):
    """Connections that never create a file; a reader's can never write.

    The stock pool leaves `synchronous` as SQLite was built and keeps one prepared statement.
    """

    def __init__(self, path: Path, *, lock_timeout: float, writes: bool) -> None:
        self._path = path
        self._writes = writes
        self._patience = lock_timeout
        super().__init__(
            db_name=_never_created(path),
            pool_size=1 if writes else 8,
            max_overflow=0 if writes else 56,
            pool_timeout=lock_timeout,
        )

    def _create_connection(self) -> SQLiteConnection:
        try:
            connection = connected(self._path, self._patience, sqlite3.Connection)
            if not self._writes:
                connection.execute("PRAGMA query_only=ON")
        except sqlite3.Error as error:
            raise InterfaceError(error) from error
        return SQLiteConnection(connection, max_age=self.max_age)


class LogDatastore(SQLiteDatastore):
    """One pool for the readers of a file, or one connection for its writer: never shared.

    A waiting writer would hold the pool's semaphore against every reader.
    """

    def __init__(self, path: Path, *, lock_timeout: float, writes: bool) -> None:
        self.pool = LogConnectionPool(path, lock_timeout=lock_timeout, writes=writes)
        self.single_row_tracking = True
        self.originator_id_type = "text"

    @contextmanager
    def cursor(self) -> Iterator[sqlite3.Cursor]:
        """A cursor that commits each statement by itself; a SELECT sees one state of the log."""
        try:
            with self.get_connection(commit=False) as connection, connection.cursor() as cursor:
                yield cursor
        except (sqlite3.Error, InterfaceError, ConnectionUnavailableError) as error:
            raise storage_error(error) from error


def _never_created(path: Path) -> str:
    return f"file:{quote(str(path.absolute()))}?mode=rw"


def storage_error(error: Exception) -> StoreBusy | StoreUnusable:
    """What a failing storage means to the caller: retry, or have the store mended."""
    damaged = isinstance(error, sqlite3.DatabaseError) and (
        getattr(error, "sqlite_errorname", "") in ("SQLITE_CORRUPT", "SQLITE_NOTADB")
    )
    if damaged:
        return StoreUnusable(f"the log's file is damaged: {error}", mend="restore a backup")
    return StoreBusy(f"the log's storage answers: {error}", mend="try again with the same key")
