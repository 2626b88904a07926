"""What was erased is erased again in a restored log, before anybody reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from msgspec import Struct

from govlog.domain.errors import StoreBusy
from govlog.persistence import clock_words, erasable
from govlog.persistence.access import AccessTokens
from govlog.persistence.datastore import storage_error
from govlog.persistence.erasure_journal import Entry
from govlog.persistence.keys import Keys
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from govlog.persistence.vault import Vault


class Replayed(Struct, frozen=True):
    erased: int
    """Values that stood again."""
    unrecorded: int
    """Erased values that no event of this log tells of."""


def replay_erasures(settings: Settings, entries: Sequence[Entry]) -> Replayed:
    """Take out what the journal names from the files of a log that nobody else has open.

    Nothing is recorded: the events that say so may still come back from a mirror of the log.
    """
    with AccessTokens(settings) as tokens:
        for each in entries:
            if each.party is not None:
                tokens.forget(each.party)
    try:
        with closing(sqlite3.connect(settings.events_db, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for each in entries:
                if each.party is not None:
                    clock_words.empty(connection, each.party)
            erased = _take_out(settings, connection, entries)
            (unrecorded,) = connection.execute(
                "SELECT count(*) FROM erased_value WHERE erasure IS NULL"
            ).fetchone()
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise storage_error(error) from error
    with EventStore.open(settings) as store:
        if not store.sweep():
            raise StoreBusy("somebody reads the files that are being restored")
    return Replayed(erased, unrecorded)


def _take_out(settings: Settings, connection: sqlite3.Connection, entries: Sequence[Entry]) -> int:
    found: dict[str, erasable.Kept] = {}
    for entry in entries:
        values = erasable.kept(connection, entry.commitments)
        if entry.party is not None and not entry.done:
            values += erasable.about(connection, entry.party)
        found |= {each.commitment: each for each in values}
    if found:
        (last,) = connection.execute("SELECT last_key FROM sealing").fetchone()
        with Keys(settings.keys_db, lock_timeout=settings.lock_timeout) as keys:
            erasable.take_out(connection, Vault(keys), list(found.values()), None, last)
    return len(found)
