"""Putting back what a log has lost, and carrying a log over into a new one, entry by entry."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import NamedTuple

from govlog.domain.errors import StoreUnusable
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.persistence.datastore import storage_error
from govlog.persistence.entry import framed, unframed
from govlog.persistence.fields import named
from govlog.persistence.mapper import FactMapper
from govlog.persistence.settings import Settings
from govlog.persistence.write_lock import WriteLock
from govlog.persistence.writing import closes, opens

_AT_ONCE = 500
_INSERT = "INSERT INTO stored_events VALUES (?,?,?,?,?,?,?,?,?)"
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
            mapper, tree, latest = FactMapper(zone), before, 0
            for page in _pages(entries):
                tree, latest = _append(log, mapper, tree, page)
            if tree != before:
                log.execute(
                    "UPDATE frontier SET size = ?, roots = ?, recorded_us = ?",
                    (tree.size, tree.packed(), latest),
                )
            log.execute("COMMIT")
            return tree
    except sqlite3.Error as error:
        raise storage_error(error) from error
    finally:
        lock.close()


def _append(
    log: sqlite3.Connection, mapper: FactMapper, tree: Frontier, page: list[bytes]
) -> tuple[Frontier, int]:
    rows = [_columns(entry) for entry in page]
    leaves = [leaf_hash(entry) for entry in page]
    places = range(tree.size + 1, tree.size + len(page) + 1)
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
    return tree.extended(leaves), rows[-1].recorded_us


def _columns(entry: bytes) -> _Columns:
    columns = unframed(entry)
    if columns is None or framed(columns) != entry:
        raise StoreUnusable("an entry is not framed as govlog frames it", mend="look at the tiles")
    return _Columns(*columns)


def _pages(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(entries)
    while page := list(islice(remaining, _AT_ONCE)):
        yield page
