"""The event store of one log: many readers, one writer at a time."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from govlog.domain.errors import (
    ClockBehind,
    GovlogError,
    OutcomeUnknown,
    StaleVersion,
    StoreUnusable,
)
from govlog.domain.values import StreamId
from govlog.ledger.merkle import Frontier
from govlog.ledger.publication import Publication
from govlog.persistence import clock_words
from govlog.persistence.as_signed import AsSigned
from govlog.persistence.clock_words import ClockWord
from govlog.persistence.datastore import LogDatastore, WriterConnection, storage_error
from govlog.persistence.entry import recorded_at
from govlog.persistence.keys import Keys, truncate_write_ahead_log
from govlog.persistence.mapper import FactMapper
from govlog.persistence.migrate import ACCESS, EVENTS, KEYS, LogMeta, check_schema
from govlog.persistence.reading import LogReader
from govlog.persistence.recorder import FactRecorder
from govlog.persistence.settings import Settings
from govlog.persistence.upcasting import Decode
from govlog.persistence.vault import Vault
from govlog.persistence.write_lock import WriteLock
from govlog.persistence.writing import Head, Writing

CLOCK_TOLERANCE_US = 5 * 60 * 1_000_000
"""How far a clock may be set back before writing stops (ARCHITECTURE, ground truth 14)."""


class EventStore(LogReader):
    """A log that is open; safe to use from many threads of the process that opened it."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], int] = time.time_ns,
        decoders: Mapping[str, Decode] | None = None,
    ) -> None:
        """`clock` tells nanoseconds since 1970; `decoders` replace those of the pinned topics."""
        self.settings = settings
        check_schema(settings.events_db, EVENTS)
        check_schema(settings.access_db, ACCESS)
        check_schema(settings.keys_db, KEYS)
        patience = settings.lock_timeout
        readers = LogDatastore(settings.events_db, lock_timeout=patience, writes=False)
        self.meta = _meta(readers)
        mapper = FactMapper(self.meta.zone, decoders)
        self._keys = Keys(settings.keys_db, lock_timeout=patience)
        super().__init__(readers, mapper, Vault(self._keys))
        self.recorder = FactRecorder(readers)
        """The log as the eventsourcing library reads it, subscriptions included."""
        self._writer: WriterConnection | None = None
        self._lock = WriteLock(settings.write_lock, patience)
        self._as_signed = AsSigned(Publication(settings.publication), self.meta.origin)
        self._secret = _secret(settings)
        self._clock = clock
        self._process = os.getpid()
        self._file = _identity(settings.events_db)
        self._head: Head | None = None
        self._data_version = 0

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open a migrated log that has begun; StoreUnusable says what to do about any other."""
        return cls(settings)

    def close(self) -> None:
        """Let go of all files."""
        self._readers.close()
        self._keys.close()
        self._lock.close()
        if self._writer is not None:
            self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """One transaction under the write lock: stored at a clean exit, dropped at an exception.

        StoreBusy means that nothing was recorded, its subclass OutcomeUnknown that only a retry
        with the same idempotency key will tell.
        """
        if os.getpid() != self._process:
            raise RuntimeError("a store does not survive a fork: open it in the worker")
        with self._lock.held(), self._transaction() as connection:
            writing = self._begin(connection)
            yield writing
            if writing.is_empty:
                connection.rollback()
            else:
                self._commit(connection, writing)

    def sweep(self) -> bool:
        """Destroy the keys that are nobody's any longer, and empty the write-ahead logs.

        False while somebody still reads an older state of the log: then it is to be done again.
        """
        with self._readers.cursor() as cursor:
            cursor.execute("BEGIN")
            (last,) = cursor.execute("SELECT last_key FROM sealing").fetchone()
            owned = {row[0] for row in cursor.execute("SELECT key FROM value_key")}
            cursor.execute("COMMIT")
        self._keys.destroy([key for key in self._keys.given(last) if key not in owned])
        patience = self.settings.lock_timeout
        keys_too = truncate_write_ahead_log(self.settings.keys_db, patience=patience)
        return truncate_write_ahead_log(self.settings.events_db, patience=patience) and keys_too

    def note_clock_fault(self, person: StreamId, grounds: str) -> str | None:
        """An operator's word that the clock is right now, and was ahead at the last recording.

        Writing goes on with the last recording time until the clock has passed it. Returns that
        time (RFC 3339), or None where the clock stops nothing, and then notes nothing.
        """
        with self._lock.held(), self._transaction() as connection:
            now_us = self._clock() // 1000
            last_us = _head(connection).recorded_us
            if not self._stops(connection, now_us, last_us):
                connection.rollback()
                return None
            noted = (last_us, now_us, person, grounds)
            connection.execute("INSERT INTO clock_fault VALUES (?, ?, ?, ?)", noted)
            connection.commit()
            return recorded_at(last_us)

    def clock_words(self, person: StreamId) -> list[ClockWord]:
        """What a person has said of the clock."""
        with self._readers.cursor() as cursor:
            return clock_words.given_by(cursor, person)

    def forget_clock_words(self, person: StreamId) -> None:
        """Take it out; a sweep has to follow."""
        with self._lock.held(), self._transaction() as connection:
            clock_words.empty(connection, person)
            connection.commit()

    @contextmanager
    def _transaction(self) -> Iterator[WriterConnection]:
        """A transaction to be ended within; a connection that failed is not used again."""
        try:
            self._require_same_file()
            if self._writer is None:
                patience = self.settings.lock_timeout
                self._writer = WriterConnection.to(self.settings.events_db, patience)
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            yield connection
        except BaseException as error:
            refused = isinstance(error, GovlogError) and not isinstance(error, OutcomeUnknown)
            self._undo(keep=refused)
            if isinstance(error, sqlite3.Error):
                raise storage_error(error) from error
            raise

    def _require_same_file(self) -> None:
        """Who writes on in a file that was moved away writes what nobody will find again."""
        if _identity(self.settings.events_db) != self._file:
            raise StoreUnusable(
                f"{self.settings.events_db} is another file than the one that this process opened",
                mend="stop the service before the log's files are moved; now start it anew",
            )

    def _undo(self, *, keep: bool) -> None:
        if self._writer is None:
            return
        with suppress(sqlite3.Error):
            self._writer.rollback()
        if not keep:
            self._head = None  # `data_version` compares within one connection only
            self._writer.close()
            self._writer = None

    def _begin(self, connection: WriterConnection) -> Writing:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if self._head is None or version != self._data_version:
            self._head = _head(connection)
            self._data_version = version
            self._vault.follow(self._head.generation)
        self._as_signed.require(self._head.frontier.size)
        now_us = self._recording_time(connection, self._head.recorded_us)
        return Writing(
            connection, self.recorder, self._mapper, self._secret, self._vault, self._head, now_us
        )

    def _recording_time(self, connection: WriterConnection, last_us: int) -> int:
        now_us = self._clock() // 1000
        if self._stops(connection, now_us, last_us):
            raise ClockBehind(
                f"the clock says {recorded_at(now_us)}, the last fact was recorded at "
                f"{recorded_at(last_us)}",
                mend="set the clock right; if it is, and was ahead before, an administrator says"
                " so with `govlog clock accept`",
            )
        return max(last_us, now_us)

    def _stops(self, connection: WriterConnection, now_us: int, last_us: int) -> bool:
        """Whether the clock is so far behind that nothing is recorded, and nobody accepts it."""
        if now_us >= last_us - CLOCK_TOLERANCE_US:
            return False
        noted = "SELECT 1 FROM clock_fault WHERE recorded_us >= ?"
        return connection.execute(noted, (last_us,)).fetchone() is None

    def _commit(self, connection: WriterConnection, writing: Writing) -> None:
        try:
            head = writing.store()
        except sqlite3.IntegrityError as error:
            raise StaleVersion(f"a stream has moved on: {error}", mend="read it again") from error
        self._head = None  # until the commit has answered, memory claims nothing about the log
        try:
            connection.commit()
        except sqlite3.Error as error:
            raise OutcomeUnknown(
                f"storing may have failed: {error}",
                mend="try again with the same idempotency key: nothing is recorded twice",
            ) from error
        self._head = head
        self._vault.remember(writing.keys_given)
        self._vault.follow(head.generation)


def _head(connection: WriterConnection) -> Head:
    size, roots, recorded_us, last_key, generation = connection.execute(
        "SELECT size, roots, recorded_us, last_key, generation FROM frontier, sealing"
    ).fetchone()
    (last,) = connection.execute("SELECT coalesce(max(rowid), 0) FROM stored_events").fetchone()
    if last != size:
        raise StoreUnusable(
            f"the log ends at {last} events, its tree at {size}",
            mend="restore the missing ones from a backup or a mirror",
        )
    return Head(Frontier.unpacked(size, roots), recorded_us, last_key, generation)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands there; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every write
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _meta(readers: LogDatastore) -> LogMeta:
    with readers.cursor() as cursor:
        row = cursor.execute("SELECT origin, zone, demo, root_body FROM log_meta").fetchone()
    if row is None:
        raise StoreUnusable(
            "the log has not begun: it has no origin and no founding body",
            mend="run `govlog init` for a real log or `govlog demo` for a demonstration",
        )
    origin, zone, demo, root_body = row
    return LogMeta(origin=origin, zone=zone, demo=bool(demo), root_body=StreamId(root_body))


def _secret(settings: Settings) -> bytes:
    access = LogDatastore(settings.access_db, lock_timeout=settings.lock_timeout, writes=False)
    with closing(access), access.cursor() as cursor:
        secret: bytes = cursor.execute("SELECT secret FROM store_secret").fetchone()[0]
    return secret
