"""Carrying a log over into a new one of another origin, which begins with where it comes from."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256

import msgspec

from govlog.domain.errors import StoreUnusable
from govlog.domain.events import TOPIC_OF
from govlog.domain.events.log import LogContinued
from govlog.domain.values import StreamId
from govlog.ledger.merkle import Frontier
from govlog.persistence.datastore import storage_error
from govlog.persistence.entry import entry, unframed
from govlog.persistence.migrate import begin, migrate
from govlog.persistence.restoring import append_entries
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore

_BESIDE = ("erasable_value", "erased_value", "value_key", "sealing", "idempotency", "clock_fault")
"""What stands beside the events and goes along; citations are made anew."""
_PLACES = ("position", "first", "erasure")
"""Columns that say where an event stands: everything moves up by one."""


def carry_over(
    store: EventStore,
    new: Settings,
    origin: str,
    fact: LogContinued,
    by: StreamId,
    progress: Callable[[int, int], None],
) -> int:
    """Begin a log in `new` whose first event is `fact`, followed by every event of the old one.

    Entries stay as they are, byte for byte; each moves up by one. Keys, tokens and the texts that
    may be erased go along. Returns the new size; StoreUnusable where there is a log already.
    """
    if new.events_db.exists():
        raise StoreUnusable(
            f"there is a log in {new.data} already", mend="name an empty directory with --data"
        )
    old = store.settings
    migrate(new)
    _copy(old, new)
    begin(new, msgspec.structs.replace(store.meta, origin=origin))
    tree = append_entries(new, store.meta.zone, Frontier(), _entries(store, fact, by, progress))
    _carry_beside(old, new, tree.size - 1)
    return tree.size


def _entries(
    store: EventStore, fact: LogContinued, by: StreamId, progress: Callable[[int, int], None]
) -> Iterator[bytes]:
    size = store.size()
    first: bytes | None = None
    for each in store.entries():
        if first is None:
            first = _first(fact, by, each.framed)
            yield first
        yield each.framed
        progress(each.index + 1, size)


def _first(fact: LogContinued, by: StreamId, following: bytes) -> bytes:
    """Recorded, as far as the order of the log goes, with the event that follows."""
    columns = unframed(following)
    if columns is None:
        raise StoreUnusable("the first event is not framed as govlog frames it")
    # A stream of its own for each origin: a log may be continued more than once.
    stream = f"log:from-{sha256(fact.checkpoint.encode()).hexdigest()[:16]}"
    state = msgspec.json.encode(fact)
    return entry(stream, 1, TOPIC_OF[LogContinued], columns[3], by, "", state)


def _copy(old: Settings, new: Settings) -> None:
    """Tokens, the store's own secret, and the keys of erasable values: whole files."""
    for source, target in ((old.access_db, new.access_db), (old.keys_db, new.keys_db)):
        with (
            closing(sqlite3.connect(source)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.backup(writing)


def _carry_beside(old: Settings, new: Settings, size: int) -> None:
    """What belongs to one of the `size` events that are there, not to any that was lost."""
    try:
        with closing(sqlite3.connect(new.events_db)) as log:
            log.execute("ATTACH ? AS old", (str(old.events_db),))
            with log:
                for table in _BESIDE:
                    columns = [row[1] for row in log.execute(f"PRAGMA old.table_info({table})")]
                    moved = [f"{each} + 1" if each in _PLACES else each for each in columns]
                    log.execute(f"DELETE FROM main.{table}")  # noqa: S608 - names of our own
                    place = next((each for each in columns if each in _PLACES), None)
                    there = f"WHERE {place} < ?" if place else "WHERE ? > 0"
                    log.execute(
                        f"INSERT INTO main.{table}"  # noqa: S608
                        f" SELECT {', '.join(moved)} FROM old.{table} {there}",
                        (size,),
                    )
    except sqlite3.Error as error:
        raise storage_error(error) from error
