"""What can be erased: which values are kept about whom, and how they are taken out for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from govlog.domain.values import StreamId
from govlog.persistence.fields import Opening
from govlog.persistence.vault import Owned, Vault

_KEPT = """
SELECT v.position, e.originator_id, e.originator_version, e.recorded_us, v.field,
    lower(hex(v.commitment)), v.subject
FROM erasable_value v JOIN stored_events e ON e.rowid = v.position + 1"""
_OWN = "v.position IN (SELECT rowid - 1 FROM stored_events WHERE originator_id = ?)"
_ABOUT = f"{_KEPT} WHERE v.subject = ? OR {_OWN} ORDER BY v.position, v.rowid"
_ONE = f"{_KEPT} WHERE v.commitment = ?"
_SAME_KEY = """
SELECT v.commitment, v.position, v.field, v.subject, v.key, v.sealed FROM erasable_value v"""
_ERASED = """
SELECT r.position, e.originator_id, e.originator_version, e.recorded_us, r.field,
    lower(hex(r.commitment)), NULL
FROM erased_value r JOIN stored_events e ON e.rowid = r.position + 1"""


CLOSED_POSITIONS = """
SELECT rowid - 1 FROM stored_events WHERE originator_id IN (SELECT stream FROM closed_item)"""
"""Indices of the events of closed items."""


class Kept(Struct, frozen=True):
    """A value that stands, or stood, beside an event; never the value itself."""

    index: int
    stream: StreamId
    version: int
    recorded_us: int
    field: str
    commitment: str
    """Hex, as the entry has it."""
    subject: StreamId | None
    """The person it is about, where it says so; of an erased one nothing is known."""

    @property
    def event(self) -> str:
        return f"{self.stream}@{self.version}"

    @property
    def owner(self) -> StreamId:
        """Whose key it is locked up with."""
        return self.subject or self.stream


def about(connection: sqlite3.Connection | sqlite3.Cursor, person: StreamId) -> list[Kept]:
    """Every value about a person: named as its subject, or written on the person's own stream."""
    return [Kept(*row) for row in connection.execute(_ABOUT, (person, person))]


def kept(connection: sqlite3.Connection | sqlite3.Cursor, commitments: Iterable[str]) -> list[Kept]:
    """Those of these values that still stand."""
    return list(_each(connection, _ONE, commitments))


def erased(
    connection: sqlite3.Connection | sqlite3.Cursor, commitments: Iterable[str]
) -> list[Kept]:
    """Those of these values that stood once."""
    return list(_each(connection, f"{_ERASED} WHERE r.commitment = ?", commitments))


def unrecorded(
    connection: sqlite3.Connection | sqlite3.Cursor, commitments: Iterable[str]
) -> list[Kept]:
    """Those of these values that a replayed journal took out, with no event that says so."""
    missing = f"{_ERASED} WHERE r.commitment = ? AND r.erasure IS NULL"
    return list(_each(connection, missing, commitments))


def _each(
    connection: sqlite3.Connection | sqlite3.Cursor, query: str, commitments: Iterable[str]
) -> Iterator[Kept]:
    for commitment in dict.fromkeys(commitments):
        for row in connection.execute(query, (bytes.fromhex(commitment),)).fetchall():
            yield Kept(*row)


def take_out(
    connection: sqlite3.Connection,
    vault: Vault,
    values: Sequence[Kept],
    erasure: int | None,
    last_key: int,
) -> int:
    """Delete values in the open transaction; what their keys also hold gets new keys.

    `erasure` is the index of the event that says so, None where a journal is replayed on a log
    that does not hold it. Returns the last key given out. The old keys are then nobody's: see
    `EventStore.sweep`.
    """
    connection.execute("PRAGMA secure_delete=ON")
    gone = [bytes.fromhex(each.commitment) for each in values]
    connection.executemany(
        "INSERT OR IGNORE INTO erased_value SELECT commitment, position, field, ?"
        " FROM erasable_value WHERE commitment = ?",
        [(erasure, each) for each in gone],
    )
    connection.executemany(
        "UPDATE erased_value SET erasure = ? WHERE commitment = ? AND erasure IS NULL",
        [(erasure, each) for each in gone],
    )
    connection.executemany(
        "DELETE FROM erasable_value WHERE commitment = ?", [(each,) for each in gone]
    )
    for owner in sorted({each.owner for each in values}):
        connection.execute("DELETE FROM value_key WHERE owner = ?", (owner,))
        vault.disown(owner)
        last_key = _lock_anew(connection, vault, owner, last_key)
    connection.execute("UPDATE sealing SET last_key = ?, generation = generation + 1", (last_key,))
    return last_key


def _lock_anew(connection: sqlite3.Connection, vault: Vault, owner: StreamId, last_key: int) -> int:
    """Lock up what is left of an owner's values under another key."""
    left = connection.execute(
        f"{_SAME_KEY} WHERE v.subject = ? OR (v.subject IS NULL AND {_OWN})", (owner, owner)
    ).fetchall()
    if not left:
        return last_key
    opened = vault.open(-1, [(row[0], row[4], row[5]) for row in left])
    values = [
        Owned(position, owner, Opening(commitment, field, subject, *value))
        for commitment, position, field, subject, _, _ in left
        if (value := opened.get(commitment)) is not None
    ]
    locked = vault.lock_up(connection.execute, values, last_key)
    connection.executemany(
        "UPDATE erasable_value SET key = ?, sealed = ? WHERE commitment = ?",
        [(key, sealed, commitment) for commitment, _, _, _, key, sealed in locked.rows],
    )
    connection.executemany(
        "INSERT INTO value_key VALUES (?, ?)", [(o, held.id) for o, held in locked.given.items()]
    )
    return locked.last_key
