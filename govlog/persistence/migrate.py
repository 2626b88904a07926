"""The tables of a log: `govlog migrate` creates them, and nothing else does."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from govlog.domain.errors import MalformedValue, StoreUnusable
from govlog.domain.values import StreamId, stream_id
from govlog.persistence.datastore import storage_error
from govlog.persistence.encrypting import CREATE_ENCRYPTED, encrypt_values
from govlog.persistence.keys import CREATE_KEYS, truncate_write_ahead_log
from govlog.persistence.settings import Settings
from govlog.persistence.write_lock import WriteLock

Step = str | Callable[[sqlite3.Connection, Settings], None]
"""A statement, or what no statement can say."""
Steps = Sequence[Step]

_VERSION_TABLE = """
CREATE TABLE IF NOT EXISTS schema_version (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    version INTEGER NOT NULL
)"""

_EVENTS_1: Steps = (
    # AUTOINCREMENT: the position of a deleted tail is never given out again.
    """
CREATE TABLE stored_events (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_us INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    token TEXT NOT NULL,
    leaf BLOB NOT NULL,
    UNIQUE (originator_id, originator_version)
)""",
    """
CREATE TRIGGER stored_events_are_never_edited BEFORE UPDATE ON stored_events
BEGIN SELECT RAISE(ABORT, 'a recorded fact is never edited'); END""",
    """
CREATE TRIGGER stored_events_are_never_deleted BEFORE DELETE ON stored_events
BEGIN SELECT RAISE(ABORT, 'a recorded fact is never deleted'); END""",
    # INSERT OR REPLACE deletes without firing triggers, so a taken place is refused here.
    """
CREATE TRIGGER stored_events_are_never_replaced BEFORE INSERT ON stored_events
WHEN NEW.originator_version IS NOT 1 + (
    SELECT coalesce(max(originator_version), 0) FROM stored_events
    WHERE originator_id = NEW.originator_id
) OR NEW.rowid IS NOT 1 + (SELECT coalesce(max(rowid), 0) FROM stored_events)
BEGIN SELECT RAISE(ABORT, 'a fact takes the next place, in its stream and in the log'); END""",
    """
CREATE TABLE frontier (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    size INTEGER NOT NULL,
    roots BLOB NOT NULL,
    recorded_us INTEGER NOT NULL
)""",
    "INSERT INTO frontier VALUES (1, 0, x'', 0)",
    """
CREATE TABLE idempotency (
    key_hash BLOB PRIMARY KEY,
    body_hash BLOB NOT NULL,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL
) WITHOUT ROWID""",
    # Apart from the log, because these rows are deleted when a person is erased.
    """
CREATE TABLE erasable_value (
    rowid INTEGER PRIMARY KEY,
    commitment BLOB NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    subject TEXT,
    salt BLOB NOT NULL,
    value TEXT NOT NULL
)""",
    "CREATE INDEX erasable_value_position ON erasable_value (position)",
    """
CREATE INDEX erasable_value_subject ON erasable_value (subject) WHERE subject IS NOT NULL""",
    """
CREATE TABLE citation (
    cited TEXT NOT NULL,
    citing TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (cited, citing)
) WITHOUT ROWID""",
    """
CREATE TABLE clock_fault (
    recorded_us INTEGER PRIMARY KEY,
    noted_us INTEGER NOT NULL,
    noted_by TEXT NOT NULL
)""",
    """
CREATE TABLE log_meta (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    origin TEXT NOT NULL,
    zone TEXT NOT NULL,
    demo INTEGER NOT NULL,
    root_body TEXT NOT NULL
)""",
    """
CREATE TRIGGER log_meta_is_never_edited BEFORE UPDATE ON log_meta
BEGIN SELECT RAISE(ABORT, 'a log keeps its origin'); END""",
    """
CREATE TRIGGER log_meta_is_never_deleted BEFORE DELETE ON log_meta
BEGIN SELECT RAISE(ABORT, 'a log keeps its origin'); END""",
)

_ACCESS_1: Steps = (
    """
CREATE TABLE access_token (
    id TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    person TEXT NOT NULL,
    organisations TEXT NOT NULL,
    scopes TEXT NOT NULL,
    label TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER,
    revoked_us INTEGER
) WITHOUT ROWID""",
    "CREATE TABLE store_secret (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), secret BLOB)",
)

_EVENTS_2: Steps = (*CREATE_ENCRYPTED, encrypt_values)

_EVENTS_3: Steps = ("ALTER TABLE clock_fault ADD COLUMN grounds TEXT NOT NULL DEFAULT ''",)

# Whose texts are for few: found from the facts, and kept so that every answer can ask for it.
_EVENTS_4: Steps = (
    "CREATE TABLE closed_item (stream TEXT PRIMARY KEY) WITHOUT ROWID",
    """
INSERT INTO closed_item SELECT DISTINCT originator_id FROM stored_events
WHERE topic = 'ResolutionTabled.v1' AND json_extract(CAST(state AS TEXT), '$.confidential')""",
)

EVENTS: Sequence[Steps] = (_EVENTS_1, _EVENTS_2, _EVENTS_3, _EVENTS_4)
ACCESS: Sequence[Steps] = (_ACCESS_1,)
KEYS: Sequence[Steps] = (CREATE_KEYS,)
"""What brings a file from each schema version to the next; only ever appended to."""


class LogMeta(Struct, frozen=True):
    """What a log is, set once when it begins."""

    origin: str
    """Names the log in checkpoints, for example `govlog.example.org/os2`."""
    zone: str
    """The community's IANA time zone, in which its days begin and end."""
    demo: bool
    """A demonstration never becomes a real log."""
    root_body: StreamId
    """The founding body, whose rules hold for the whole log."""


def migrate(settings: Settings) -> int:
    """Create or renew the tables; safe to run at any time and by several at once.

    Returns the schema version of the log.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o750)
    lock = WriteLock(settings.write_lock, settings.lock_timeout)
    try:
        with lock.held():
            _renew(settings, settings.access_db, ACCESS)
            with closing(_connect(settings.access_db)) as access:
                access.execute(
                    "INSERT OR IGNORE INTO store_secret VALUES (1, ?)", (secrets.token_bytes(32),)
                )
            _renew(settings, settings.keys_db, KEYS)
            return _renew(settings, settings.events_db, EVENTS)
    except sqlite3.Error as error:
        raise storage_error(error) from error
    finally:
        lock.close()


def begin(settings: Settings, meta: LogMeta) -> None:
    """Give a migrated, empty log its identity, once and for all."""
    stream_id(meta.root_body, "body")
    try:
        ZoneInfo(meta.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise MalformedValue("zone", meta.zone, "use an IANA name: Europe/Copenhagen") from None
    # C2SP signed-note: a key name is not empty and has neither spaces nor plus signs.
    if not meta.origin or "+" in meta.origin or meta.origin.split() != [meta.origin]:
        raise MalformedValue("origin", meta.origin, "use a name without spaces and plus signs")
    row = (meta.origin, meta.zone, meta.demo, meta.root_body)
    try:
        with closing(_connect(settings.events_db)) as events:
            events.execute("INSERT INTO log_meta VALUES (1, ?, ?, ?, ?)", row)
    except sqlite3.IntegrityError:
        raise StoreUnusable(
            f"the log in {settings.data} has begun already",
            mend="choose another data directory with GOVLOG_DATA",
        ) from None
    except sqlite3.Error as error:
        raise storage_error(error) from error


def check_schema(path: Path, steps: Sequence[Steps]) -> None:
    """Refuse a file that is missing, behind or ahead of this program, naming the mend."""
    if not path.is_file():
        raise StoreUnusable(
            f"there is no {path.name} in {path.parent}",
            mend="run `govlog init` for a real log or `govlog demo` for a demonstration",
        )
    try:
        with closing(_connect(path)) as connection:
            version = _schema_version(connection)
    except sqlite3.Error as error:
        raise storage_error(error) from error
    if version != len(steps):
        behind = version < len(steps)
        raise StoreUnusable(
            f"{path.name} has schema version {version}, this program needs {len(steps)}",
            mend="run `govlog migrate`" if behind else "install the newer govlog that migrated it",
            found=version,
            needed=len(steps),
        )


def _schema_version(connection: sqlite3.Connection) -> int:
    """The version that a file is at; 0 before its first migration."""
    try:
        row = connection.execute("SELECT version FROM schema_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return 0
        raise
    return int(row[0]) if row else 0


def _renew(settings: Settings, path: Path, steps: Sequence[Steps]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with closing(_connect(path)) as connection:
        path.chmod(0o600)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_VERSION_TABLE)
        version = _schema_version(connection)
        if version > len(steps):
            raise StoreUnusable(
                f"{path.name} has schema version {version}, this program knows {len(steps)}",
                mend="install the newer govlog that migrated it",
            )
        for step in chain.from_iterable(steps[version:]):
            if isinstance(step, str):
                connection.execute(step)
            else:
                step(connection, settings)
        connection.execute("INSERT OR REPLACE INTO schema_version VALUES (1, ?)", (len(steps),))
        connection.execute("COMMIT")
    if version < len(steps):
        truncate_write_ahead_log(path, patience=settings.lock_timeout)
    return len(steps)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    # What a migration takes out of a file is overwritten in it.
    connection.execute("PRAGMA secure_delete=ON")
    return connection
