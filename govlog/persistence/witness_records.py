"""What a witness remembers: the logs it trusts, their latest checkpoints, and contradictions."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from govlog.domain.errors import StoreUnusable
from govlog.ledger.errors import Malformed
from govlog.ledger.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey
from govlog.ledger.witness import Cosigned
from govlog.persistence.datastore import storage_error

MOST_EVIDENCE = 1000
"""Contradictions kept of one log: who can sign for it could otherwise fill the disk."""

_KEY = "witness.key"
_DATABASE = "witness.db"
_TABLES = """
CREATE TABLE trusted (vkey TEXT PRIMARY KEY, origin TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE cosigned (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
    time INTEGER NOT NULL, note BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE evidence (
    digest BLOB PRIMARY KEY, origin TEXT NOT NULL, shown_at INTEGER NOT NULL,
    cosigned_note BLOB NOT NULL, shown_note BLOB NOT NULL, request BLOB NOT NULL
) WITHOUT ROWID, STRICT"""


def witness_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the witness of this environment lies: GOVLOG_WITNESS_DATA, else `var/witness`."""
    return Path(environ.get("GOVLOG_WITNESS_DATA") or "var/witness")


class Evidence(NamedTuple):
    """Two checkpoints of one log of which the second did not continue the first."""

    origin: str
    shown_at: int
    """POSIX seconds."""
    cosigned_note: bytes
    """Empty where nothing had been cosigned yet."""
    shown_note: bytes


class Followed(NamedTuple):
    """A log that the witness follows, and how far it has come."""

    origin: str
    keys: tuple[VerifierKey, ...]
    latest: Cosigned | None
    evidence: int
    """How many contradictions are kept."""


class WitnessRecords:
    """The directory of one witness: its key, and a small database. Safe for several processes."""

    def __init__(self, directory: Path) -> None:
        """Of a witness that exists; StoreUnusable says how to begin one."""
        self._path = directory / _DATABASE
        self._key_file = directory / _KEY
        if not self._key_file.is_file() or not self._path.is_file():
            raise StoreUnusable(
                f"there is no witness in {directory}", mend="begin one: govlog witness init NAME"
            )

    @classmethod
    def begin(cls, directory: Path, name: str) -> WitnessRecords:
        """Make a new witness with a key of its own; StoreUnusable where there is one."""
        key = SigningKey.generate(name, COSIGNATURE)
        directory.mkdir(parents=True, exist_ok=True, mode=0o750)
        try:
            file = os.open(directory / _KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise StoreUnusable(
                f"there is a witness in {directory} already",
                mend="choose another directory with GOVLOG_WITNESS_DATA",
            ) from None
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(key.secret_text() + "\n")
            out.flush()
            os.fsync(out.fileno())
        with closing(sqlite3.connect(directory / _DATABASE)) as connection:
            (directory / _DATABASE).chmod(0o600)
            connection.execute("PRAGMA journal_mode=WAL")
            for statement in _TABLES.split(";"):
                connection.execute(statement)
        return cls(directory)

    def key(self) -> SigningKey:
        """The witness's own key."""
        try:
            return SigningKey.parse(self._key_file.read_text("utf-8").strip())
        except Malformed as error:
            raise StoreUnusable(f"{self._key_file} holds no key: {error}") from None

    def trust(self, key: VerifierKey) -> None:
        """Follow the log that has this key; its name is the origin."""
        if key.kind != NOTE:
            raise Malformed(
                f"the key of {key.name} is no log's: it has type {key.kind:02x}, not 01"
            )
        with self._transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO trusted VALUES (?, ?)", (str(key), key.name))

    def distrust(self, key: VerifierKey) -> None:
        """Take a key back; what was cosigned stays on record."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM trusted WHERE vkey = ?", (str(key),))

    def logs(self) -> dict[str, list[VerifierKey]]:
        """The trusted keys by origin."""
        logs: dict[str, list[VerifierKey]] = {}
        with closing(self._connect()) as connection:
            for vkey, origin in connection.execute("SELECT vkey, origin FROM trusted"):
                logs.setdefault(origin, []).append(VerifierKey.parse(vkey))
        return logs

    def followed(self) -> list[Followed]:
        """Every log that is trusted, in the order of their origins."""
        with closing(self._connect()) as connection:
            kept = dict(connection.execute("SELECT origin, count(*) FROM evidence GROUP BY origin"))
            return [
                Followed(origin, tuple(keys), _latest(connection, origin), kept.get(origin, 0))
                for origin, keys in sorted(self.logs().items())
            ]

    def evidence(self) -> list[Evidence]:
        """All contradictions that were shown, the earliest first."""
        with closing(self._connect()) as connection:
            found = connection.execute(
                "SELECT origin, shown_at, cosigned_note, shown_note FROM evidence"
                " ORDER BY shown_at, digest"
            )
            return [Evidence(*row) for row in found]

    @contextmanager
    def exclusive(self, origin: str) -> Iterator[WitnessRecord]:
        """The record of one log, under the database's write lock until the block ends.

        What was advanced or kept is durable then, also where the block ends with a refusal.
        """
        with self._transaction() as connection:
            yield WitnessRecord(connection, origin)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                finally:
                    connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise storage_error(error) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        # A cosignature that was given must be remembered whatever happens then: tlog-witness.
        connection.execute("PRAGMA synchronous=FULL")
        return connection


class WitnessRecord:
    """One log's record; see `govlog.ledger.witness.Record`."""

    def __init__(self, connection: sqlite3.Connection, origin: str) -> None:
        self._connection = connection
        self._origin = origin

    def latest(self) -> Cosigned | None:
        return _latest(self._connection, self._origin)

    def advance(self, to: Cosigned, note: bytes) -> None:
        # Within the transaction of `exclusive`: it is durable before the answer leaves.
        self._connection.execute(
            "INSERT OR REPLACE INTO cosigned VALUES (?, ?, ?, ?, ?)",
            (self._origin, to.size, to.root, to.time, note),
        )

    def keep(self, note: bytes, request: bytes) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO evidence SELECT ?, ?, ?,"
            " coalesce((SELECT note FROM cosigned WHERE origin = ?), x''), ?, ?"
            " WHERE (SELECT count(*) FROM evidence WHERE origin = ?) < ?",
            (
                sha256(request).digest(),
                self._origin,
                int(time.time()),
                self._origin,
                note,
                request,
                self._origin,
                MOST_EVIDENCE,
            ),
        )


def _latest(connection: sqlite3.Connection, origin: str) -> Cosigned | None:
    found = connection.execute(
        "SELECT size, root, time FROM cosigned WHERE origin = ?", (origin,)
    ).fetchone()
    return None if found is None else Cosigned(*found)
