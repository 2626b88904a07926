"""The keys of what can be erased, in a file of their own: without its key a value is noise.

Keys are made ahead, in pools, and stand on the disk before anything is locked up with them; which
of them belongs to whom is known in the log's file only. So recording waits for no second file, and
the file of keys names nobody.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

from govlog.persistence.datastore import LogDatastore, storage_error

KEY_BYTES = 32
"""AES-256."""
POOL = 1024
"""Keys made at once; one write to the file for so many new subjects."""

_EPOCH_SHIFT = 32
_AT_ONCE = 500
_SELECT_KEYS = "SELECT id, key FROM subject_key"
_DESTROYED = bytes(KEY_BYTES)
"""Overwritten in place, so that no page is reorganised and keeps an old copy of the key."""

CREATE_KEYS: Sequence[str] = (
    "CREATE TABLE subject_key (id INTEGER PRIMARY KEY, key BLOB NOT NULL)",
    # Ids of another epoch are never given out again: after a restore a new one begins.
    """
CREATE TABLE epoch (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    number INTEGER NOT NULL
)""",
    f"INSERT INTO epoch SELECT 1, 1 + abs(random() % {2**30})",
)


class Keys:
    """The keys of one log; safe to use from many threads."""

    def __init__(self, path: Path, *, lock_timeout: float) -> None:
        self._readers = LogDatastore(path, lock_timeout=lock_timeout, writes=False)
        self._writer = LogDatastore(path, lock_timeout=lock_timeout, writes=True)

    def close(self) -> None:
        """Let go of the file."""
        self._readers.close()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def of(self, ids: Iterable[int]) -> dict[int, bytes]:
        """The keys with these ids; destroyed and unknown ones are absent."""
        wanted, found = list(ids), dict[int, bytes]()
        with self._readers.cursor() as cursor:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                places = ",".join("?" * len(some))
                cursor.execute(f"{_SELECT_KEYS} WHERE id IN ({places})", some)
                found.update(row for row in cursor if row[1] != _DESTROYED)
        return found

    def unused(self, after: int) -> Mapping[int, bytes]:
        """Keys that nobody has had, in the order to give them out; `after` is the last one given.

        The caller holds the write lock of the log.
        """
        free = self._free(after)
        if not free:
            self._fill(after)
            free = self._free(after)
        return free

    def destroy(self, ids: Iterable[int]) -> int:
        """Overwrite these keys, on the disk and in the write-ahead log; how many there still were.

        Once is enough, and a second time does no harm.
        """
        destroyed = 0
        with self._writer.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            for each in ids:
                cursor.execute(
                    "UPDATE subject_key SET key = ? WHERE id = ? AND key <> ?",
                    (_DESTROYED, each, _DESTROYED),
                )
                destroyed += cursor.rowcount
            cursor.execute("COMMIT")
        return destroyed

    def given(self, last: int) -> list[int]:
        """The keys that were given out up to `last` and are not destroyed."""
        with self._readers.cursor() as cursor:
            (epoch,) = cursor.execute("SELECT number FROM epoch").fetchone()
            first = epoch << _EPOCH_SHIFT
            cursor.execute(
                "SELECT id FROM subject_key WHERE key <> ? AND (id <= ? OR id < ? OR id > ?)",
                (_DESTROYED, last if last > first else 0, first, first + 2**_EPOCH_SHIFT),
            )
            return [row[0] for row in cursor]

    def begin_epoch(self) -> None:
        """Give out no key any more that was made until now: a restored log may not know of it."""
        with self._writer.cursor() as cursor:
            cursor.execute("UPDATE epoch SET number = ?", (1 + secrets.randbelow(2**30),))

    def _free(self, after: int) -> dict[int, bytes]:
        with self._readers.cursor() as cursor:
            cursor.execute(
                "SELECT id, key FROM subject_key, epoch WHERE id > max(?, number << ?)"
                " AND id < (number + 1) << ? ORDER BY id LIMIT ?",
                (self._within(after), _EPOCH_SHIFT, _EPOCH_SHIFT, POOL),
            )
            return dict(cursor)

    def _within(self, after: int) -> int:
        """A key of another epoch says nothing about how far this one has come."""
        with self._readers.cursor() as cursor:
            (epoch,) = cursor.execute("SELECT number FROM epoch").fetchone()
        return after if after >> _EPOCH_SHIFT == epoch else 0

    def _fill(self, after: int) -> None:
        with self._writer.cursor() as cursor:
            (epoch,) = cursor.execute("SELECT number FROM epoch").fetchone()
            bounds = (epoch << _EPOCH_SHIFT, (epoch + 1) << _EPOCH_SHIFT)
            (latest,) = cursor.execute(
                "SELECT coalesce(max(id), ?) FROM subject_key WHERE id > ? AND id < ?",
                (bounds[0], *bounds),
            ).fetchone()
            first = max(latest, self._within(after)) + 1
            made = [(first + each, secrets.token_bytes(KEY_BYTES)) for each in range(POOL)]
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany("INSERT INTO subject_key VALUES (?, ?)", made)
            cursor.execute("COMMIT")


def truncate_write_ahead_log(path: Path, *, patience: float) -> bool:
    """Bring everything into the file itself and empty its write-ahead log.

    False when somebody reads an older state for longer than `patience` seconds.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=patience)) as connection:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise storage_error(error) from error
    return not busy
