"""What operators said of a clock that was ahead: notes beside the log, of which no entry tells."""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from govlog.domain.values import StreamId
from govlog.persistence.entry import recorded_at


class ClockWord(Struct, frozen=True):
    """One person's word, in clear until that person is erased."""

    at: str
    """RFC 3339."""
    grounds: str


def given_by(cursor: sqlite3.Cursor, person: StreamId) -> list[ClockWord]:
    """What a person said, in the order it was said."""
    cursor.execute(
        "SELECT noted_us, grounds FROM clock_fault WHERE noted_by = ? AND grounds <> ''"
        " ORDER BY noted_us",
        (person,),
    )
    return [ClockWord(recorded_at(at), grounds) for at, grounds in cursor.fetchall()]


def empty(connection: sqlite3.Connection, person: StreamId) -> None:
    """Take a person's words out in the open transaction; that the clock was accepted stands."""
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("UPDATE clock_fault SET grounds = '' WHERE noted_by = ?", (person,))
