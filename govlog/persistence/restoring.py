"""Putting back what a log has lost, and carrying a log over into a new one, entry by entry."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import NamedTuple

import msgspec

from govlog.domain.errors import StoreUnusable
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Erased
from govlog.domain.stream import Recorded
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.persistence import erasable
from govlog.persistence.datastore import storage_error
from govlog.persistence.entry import framed, unframed
from govlog.persistence.fields import committed, named
from govlog.persistence.keys import Keys
from govlog.persistence.mapper import FactMapper
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from govlog.persistence.vault import Vault
from govlog.persistence.write_lock import WriteLock
from govlog.persistence.writing import closes, opens

_AT_ONCE = 500
_INSERT = "INSERT INTO stored_events VALUES (?,?,?,?,?,?,?,?,?)"
_AWAY = "INSERT OR IGNORE INTO erased_value VALUES (?, ?, ?, NULL)"
_SAID = "UPDATE erased_value SET erasure = ? WHERE commitment = ? AND erasure IS NULL"
_CITE = "INSERT OR IGNORE INTO citation VALUES (?, ?, ?)"


class _Columns(NamedTuple):
    stream: str
    version: int
    topic: str
    recorded_us: int
    recorded_by: str
    token: str
    state: bytes


def append_entries(
    settings: Settings, zone: str, before: Frontier, entries: Iterable[bytes]
) -> Frontier:
    """Append entries as they were framed to a log that ends with the tree `before`.

    All of them or none. The texts they commit to are not in them: these stay away, as if erased.
    Where an entry says that something was erased which still stands, it is erased again.
    StoreUnusable where the log does not end there, or an entry is none of govlog's.
    """
    lock = WriteLock(settings.write_lock, settings.lock_timeout)
    try:
        with lock.held(), closing(sqlite3.connect(settings.events_db)) as log:
            log.execute("PRAGMA synchronous=FULL")
            log.isolation_level = None
            log.execute("BEGIN IMMEDIATE")
            (last,) = log.execute("SELECT coalesce(max(rowid), 0) FROM stored_events").fetchone()
            if last != before.size:
                raise StoreUnusable(f"the log ends at {last} events, not at {before.size}")
            mapper, tree, latest, erased = FactMapper(zone), before, 0, False
            for page in _pages(entries):
                facts = _append(log, mapper, tree.size, page)
                erased |= _erase_again(log, settings, facts)
                tree, latest = tree.extended(map(leaf_hash, page)), facts[-1].recorded_us
            if tree != before:
                log.execute(
                    "UPDATE frontier SET size = ?, roots = ?, recorded_us = ?",
                    (tree.size, tree.packed(), latest),
                )
            log.execute("COMMIT")
    except sqlite3.Error as error:
        raise storage_error(error) from error
    finally:
        lock.close()
    if erased:
        with EventStore.open(settings) as store:
            store.sweep()
    return tree


def _append(
    log: sqlite3.Connection, mapper: FactMapper, size: int, page: list[bytes]
) -> list[Recorded[Fact]]:
    rows = [_columns(entry) for entry in page]
    leaves = [leaf_hash(entry) for entry in page]
    places = range(size + 1, size + len(page) + 1)
    log.executemany(
        _INSERT, [(place, *row[:3], row.state, *row[3:6], leaf)
                  for place, row, leaf in zip(places, rows, leaves, strict=True)]
    )  # fmt: skip
    facts = mapper.recorded(
        (place, row.stream, row.version, row.topic, row.state, *row[3:6])  # type: ignore[misc]
        for place, row in zip(places, rows, strict=True)
    )
    log.executemany(
        _CITE,
        [
            (cited, each.stream, each.index)
            for each in facts
            for cited in sorted(named(each.fact))
            if cited != each.stream
        ],
    )
    for each in facts:
        if closes(each.fact):
            log.execute("INSERT OR IGNORE INTO closed_item VALUES (?)", (each.stream,))
        elif opens(each.fact):
            log.execute("DELETE FROM closed_item WHERE stream = ?", (each.stream,))
    log.executemany(
        _AWAY,
        [
            (bytes.fromhex(commitment), place - 1, field)
            for place, row in zip(places, rows, strict=True)
            for field, commitment in committed(msgspec.json.decode(row.state))
        ],
    )
    return facts


def _erase_again(log: sqlite3.Connection, settings: Settings, facts: list[Recorded[Fact]]) -> bool:
    """Do what entries say was done: take out what they name and still stands, and note where."""
    taken = False
    for each in facts:
        if not isinstance(each.fact, Erased):
            continue
        standing = erasable.kept(log, each.fact.commitments)
        if standing:
            taken = True
            (last,) = log.execute("SELECT last_key FROM sealing").fetchone()
            with Keys(settings.keys_db, lock_timeout=settings.lock_timeout) as keys:
                erasable.take_out(log, Vault(keys), standing, each.index, last)
        log.executemany(_SAID, [(each.index, bytes.fromhex(c)) for c in each.fact.commitments])
    return taken


def _columns(entry: bytes) -> _Columns:
    columns = unframed(entry)
    if columns is None or framed(columns) != entry:
        raise StoreUnusable("an entry is not framed as govlog frames it", mend="look at the tiles")
    return _Columns(*columns)


def _pages(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(entries)
    while page := list(islice(remaining, _AT_ONCE)):
        yield page
