"""Schema version 2 of the log: what stood in clear is locked up, one key for each subject."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from govlog.persistence.fields import Opening
from govlog.persistence.keys import Keys
from govlog.persistence.settings import Settings
from govlog.persistence.vault import Owned, Vault

_AT_ONCE = 500

CREATE_ENCRYPTED: Sequence[str] = (
    # Which key is whose; the keys themselves stand in a file apart.
    "CREATE TABLE value_key (owner TEXT PRIMARY KEY, key INTEGER NOT NULL) WITHOUT ROWID",
    """
CREATE TABLE sealing (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    last_key INTEGER NOT NULL,
    generation INTEGER NOT NULL
)""",
    "INSERT INTO sealing VALUES (1, 0, 0)",
    # So that what was erased can be told from what never was; `erasure` is the event that says so.
    """
CREATE TABLE erased_value (
    commitment BLOB PRIMARY KEY,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    erasure INTEGER
) WITHOUT ROWID""",
    "CREATE INDEX erased_value_position ON erased_value (position)",
    "ALTER TABLE erasable_value RENAME TO value_in_clear",
    "DROP INDEX erasable_value_position",
    "DROP INDEX erasable_value_subject",
    """
CREATE TABLE erasable_value (
    rowid INTEGER PRIMARY KEY,
    commitment BLOB NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    subject TEXT,
    key INTEGER NOT NULL,
    sealed BLOB NOT NULL
)""",
    "CREATE INDEX erasable_value_position ON erasable_value (position)",
    """
CREATE INDEX erasable_value_subject ON erasable_value (subject) WHERE subject IS NOT NULL""",
)

INSERT_VALUES = "INSERT INTO erasable_value VALUES (NULL, ?, ?, ?, ?, ?, ?)"
INSERT_KEYS = "INSERT OR REPLACE INTO value_key VALUES (?, ?)"


def encrypt_values(connection: sqlite3.Connection, settings: Settings) -> None:
    """Move every value that stands in clear into the table of encrypted ones, and drop the old."""
    reading, writing = connection.cursor(), connection.cursor()
    reading.execute(
        "SELECT position, coalesce(subject, originator_id), commitment, field, subject, salt, value"
        " FROM value_in_clear JOIN stored_events ON stored_events.rowid = position + 1"
        " ORDER BY position, value_in_clear.rowid"
    )
    with closing(Keys(settings.keys_db, lock_timeout=settings.lock_timeout)) as keys:
        vault, last = Vault(keys), 0
        while rows := reading.fetchmany(_AT_ONCE):
            owned = [Owned(row[0], row[1], Opening(*row[2:])) for row in rows]
            locked = vault.lock_up(writing.execute, owned, last)
            last = locked.last_key
            vault.remember(locked.given)
            writing.executemany(INSERT_VALUES, locked.rows)
            writing.executemany(
                INSERT_KEYS, [(owner, held.id) for owner, held in locked.given.items()]
            )
    writing.execute("UPDATE sealing SET last_key = ?", (last,))
    writing.execute("DROP TABLE value_in_clear")
