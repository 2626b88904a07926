"""One transaction of the log: facts are staged in memory, then stored together or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, NamedTuple

from msgspec import Struct

from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.ledger.merkle import Frontier
from govlog.persistence import erasable
from govlog.persistence.citations import citing
from govlog.persistence.datastore import storage_error
from govlog.persistence.encrypting import INSERT_KEYS, INSERT_VALUES
from govlog.persistence.erasable import Kept
from govlog.persistence.fields import Opening, sealed
from govlog.persistence.mapper import SELECT_FACTS, FactMapper, StoredFact
from govlog.persistence.recorder import FactRecorder
from govlog.persistence.vault import Held, Owned, Vault


class Head(NamedTuple):
    """Where the log ends: its tree, its last recording time, and the last key given out."""

    frontier: Frontier
    recorded_us: int
    last_key: int
    generation: int
    """How often something was erased."""


class Remembered(Struct, frozen=True):
    """What an idempotency key was used for: which body, and the positions it was given."""

    body_hash: bytes
    first: int
    count: int


class _Staged(NamedTuple):
    recorded: Recorded[Fact]
    stored: StoredFact
    openings: list[Opening]
    streams: set[StreamId]


class Writing:
    """The writer's view of the log while it holds the lock.

    A refused command goes back to the size it began at, so that it costs no savepoint and harms
    no other in the same transaction.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        recorder: FactRecorder,
        mapper: FactMapper,
        secret: bytes,
        vault: Vault,
        head: Head,
        now_us: int,
    ) -> None:
        self._connection = connection
        self._recorder = recorder
        self._mapper = mapper
        self._secret = secret
        self._vault = vault
        self._head = head
        self._staged: list[_Staged] = []
        self._remembered: dict[bytes, Remembered] = {}
        self._erased: list[tuple[int, Sequence[Kept]]] = []
        self.keys_given: Mapping[StreamId, Held] = {}
        """Whose they are once this is stored."""
        self.now_us = now_us
        """The recording time of everything in this transaction."""
        self.today = mapper.days(now_us).day
        """The day of `now_us` in the community's time zone."""

    @property
    def size(self) -> int:
        """How many facts the log will hold if this transaction ends here."""
        return self._head.frontier.size + len(self._staged)

    def read(self, stream: StreamId) -> list[Recorded[Fact]]:
        """A stream's facts, the staged ones included."""
        staged = (each.recorded for each in self._staged)
        return self.stored(stream) + [each for each in staged if each.stream == stream]

    def stored(self, stream: StreamId) -> list[Recorded[Fact]]:
        """A stream's facts without the staged ones."""
        return self._select("WHERE originator_id = ? ORDER BY originator_version", (stream,))

    def citing(self, cited: StreamId, kind: str) -> list[StreamId]:
        """The streams of a kind in which some fact names `cited`, the staged ones not included."""
        return citing(self._execute, cited, kind)

    def at(self, first: int, count: int) -> list[Recorded[Fact]]:
        """The facts from index `first` on, the staged ones included."""
        stored = self._select(
            "WHERE rowid > ? AND rowid <= ? ORDER BY rowid", (first, first + count)
        )
        until = first + count
        staged = (each.recorded for each in self._staged)
        return stored + [each for each in staged if first <= each.index < until]

    def append(
        self, stream: StreamId, version: int, fact: Fact, person: StreamId, token: str
    ) -> Recorded[Fact]:
        """Stage a fact as `version` of its stream, with its personal values sealed.

        A version that is not the next one is found out when the transaction ends: StaleVersion.
        """
        kept, openings, streams = sealed(fact, f"{stream}@{version}")
        recorded = Recorded(
            self.size, stream, version, self.now_us, self.today, person, token, kept
        )
        stored = self._mapper.stored(recorded)
        streams.discard(stream)
        self._staged.append(_Staged(recorded, stored, openings, streams))
        return recorded

    def named_by(self, recorded: Recorded[Fact]) -> set[StreamId]:
        """The other streams that a staged fact names."""
        return self._staged[recorded.index - self._head.frontier.size].streams

    def back_to(self, size: int) -> None:
        """Drop the facts staged beyond `size`; a key is remembered only after its last fact."""
        del self._staged[size - self._head.frontier.size :]
        self._erased = [each for each in self._erased if each[0] < size]

    def texts(self, since: int) -> dict[str, str]:
        """The texts of the facts staged from index `since` on, by their commitments."""
        staged = self._staged[since - self._head.frontier.size :]
        return {o.commitment.hex(): o.value for each in staged for o in each.openings}

    def about(self, person: StreamId) -> list[Kept]:
        """The values that are kept about a person; those staged here are not among them yet."""
        return self._asked(lambda: erasable.about(self._connection, person))

    def kept(self, commitments: Iterable[str]) -> list[Kept]:
        """Those of these values that still stand."""
        return self._asked(lambda: erasable.kept(self._connection, commitments))

    def unrecorded(self, commitments: Iterable[str]) -> list[Kept]:
        """Those of these values that are gone already, with no event that says so."""
        return self._asked(lambda: erasable.unrecorded(self._connection, commitments))

    def erase(self, values: Sequence[Kept], erasure: int) -> None:
        """Stage that these values are taken out; `erasure` is the staged event that says so."""
        self._erased.append((erasure, values))

    def idempotent(self, person: StreamId, key: str) -> Remembered | None:
        """What this person has used the key for, if ever."""
        hashed = self._key_hash(person, key)
        if hashed in self._remembered:
            return self._remembered[hashed]
        row = self._execute(
            "SELECT body_hash, first, count FROM idempotency WHERE key_hash = ?", (hashed,)
        ).fetchone()
        return Remembered(*row) if row else None

    def remember(self, person: StreamId, key: str, digest: bytes, first: int, count: int) -> None:
        """Stage what the key was used for: a keyed hash of the body and positions, no answer."""
        hashed = self._key_hash(person, key)
        body_hash = _keyed(self._secret, hashed + digest)
        self._remembered[hashed] = Remembered(body_hash, first, count)

    def same_body(self, remembered: Remembered, person: StreamId, key: str, digest: bytes) -> bool:
        """Whether the key comes back with the body it came with at first."""
        again = _keyed(self._secret, self._key_hash(person, key) + digest)
        return compare_digest(again, remembered.body_hash)

    @property
    def is_empty(self) -> bool:
        """True while there is nothing to store."""
        return not self._staged

    def store(self) -> Head:
        """Put the staged writes into the open transaction; returns where the log then ends."""
        size = self._head.frontier.size
        frontier = self._head.frontier.extended(each.stored.leaf for each in self._staged)
        self._recorder.insert(self._connection, [each.stored for each in self._staged], size)
        self._connection.execute(
            "UPDATE frontier SET size = ?, roots = ?, recorded_us = ?",
            (frontier.size, frontier.packed(), self.now_us),
        )
        self._store_beside(self._connection.executemany)
        last_key, generation = self._lock_up(), self._head.generation
        for erasure, values in self._erased:
            last_key = erasable.take_out(self._connection, self._vault, values, erasure, last_key)
            generation += 1
        return Head(frontier, self.now_us, last_key, generation)

    def _lock_up(self) -> int:
        """Store the values that may be erased later; returns the last key given out."""
        values = [
            Owned(each.recorded.index, opening.subject or each.recorded.stream, opening)
            for each in self._staged
            for opening in each.openings
        ]
        if not values:
            return self._head.last_key
        here = self._connection
        locked = self._vault.lock_up(here.execute, values, self._head.last_key)
        here.executemany(INSERT_VALUES, locked.rows)
        if locked.given:
            self.keys_given = locked.given
            here.executemany(INSERT_KEYS, [(o, held.id) for o, held in locked.given.items()])
            here.execute("UPDATE sealing SET last_key = ?", (locked.last_key,))
        return locked.last_key

    def _store_beside(self, insert: Callable[[str, list[Any]], object]) -> None:
        citations: dict[tuple[StreamId, StreamId], int] = {}
        for each in self._staged:
            for cited in each.streams:
                citations.setdefault((cited, each.recorded.stream), each.recorded.index)
        keys = [
            (hashed, each.body_hash, each.first, each.count)
            for hashed, each in self._remembered.items()
        ]
        closed = [(each.recorded.stream,) for each in self._staged if closes(each.recorded.fact)]
        opened = [(each.recorded.stream,) for each in self._staged if opens(each.recorded.fact)]
        if closed:
            insert("INSERT OR IGNORE INTO closed_item VALUES (?)", closed)
        if opened:
            insert("DELETE FROM closed_item WHERE stream = ?", opened)
        if citations:
            rows = [(*pair, position) for pair, position in citations.items()]
            insert("INSERT OR IGNORE INTO citation VALUES (?, ?, ?)", rows)
        if keys:
            insert("INSERT INTO idempotency VALUES (?, ?, ?, ?)", keys)

    def _select(self, condition: str, values: tuple[object, ...]) -> list[Recorded[Fact]]:
        return self._mapper.recorded(self._execute(f"{SELECT_FACTS} {condition}", values))

    def _asked(self, ask: Callable[[], list[Kept]]) -> list[Kept]:
        try:
            return ask()
        except sqlite3.Error as error:
            raise storage_error(error) from error

    def _execute(self, statement: str, values: Sequence[object]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise storage_error(error) from error

    def _key_hash(self, person: StreamId, key: str) -> bytes:
        return _keyed(self._secret, f"{person}\0{key}".encode())


def closes(fact: Fact) -> bool:
    """Whether a fact begins a closed item; also one that waits for approval is closed at once."""
    return getattr(fact, "confidential", False)


def opens(fact: Fact) -> bool:
    """Whether a fact lets everybody read a closed item from here on."""
    return isinstance(fact, ItemOpened)


def _keyed(secret: bytes, message: bytes) -> bytes:
    return blake2b(message, digest_size=32, key=secret).digest()
