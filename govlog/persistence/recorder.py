"""The library's recorder over our columns, with dense positions and a polling subscription."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    ListenNotifySubscription,
    ProgrammingError,
    StoredEvent,
    Subscription,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder

from govlog.persistence.mapper import SELECT_FACTS, FactNotification, StoredFact

POLL_SECONDS = 0.05


class FactRecorder(SQLiteApplicationRecorder):
    """Reads the log as the library would have it read.

    Its tables come from `govlog migrate` alone, and facts are inserted by `Writing` alone, which
    moves the frontier and everything else in the same transaction.
    """

    def create_table(self) -> None:
        """Refused: processes that start together would race to create tables."""
        raise ProgrammingError("only `govlog migrate` creates tables")

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Refused: an event without leaf, frontier and position would break the log."""
        raise ProgrammingError("facts are recorded through EventStore.writing()")

    def insert(self, c: sqlite3.Connection, stored_facts: Sequence[StoredFact], size: int) -> None:
        """Insert facts right after the first `size` ones; the caller holds the write lock."""
        rows = [(rowid, *each) for rowid, each in enumerate(stored_facts, start=size + 1)]
        c.executemany("INSERT INTO stored_events VALUES (?,?,?,?,?,?,?,?,?)", rows)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[FactNotification]:
        """Facts of one stream, by version."""
        return self._select(
            "originator_id = ? AND originator_version > ? AND originator_version <= ?"
            f" ORDER BY originator_version {'DESC' if desc else 'ASC'} LIMIT ?",
            (str(originator_id), gt or 0, _or_all(lte), _or_all(limit)),
        )

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[FactNotification]:
        """Facts of the log, by position (from 1)."""
        after = (start or 0) - inclusive_of_start
        only = f" AND topic IN ({','.join('?' * len(topics))})" if topics else ""
        return self._select(
            f"rowid > ? AND rowid <= ?{only} ORDER BY rowid LIMIT ?",
            (after, _or_all(stop), *topics, limit),
        )

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Follow the log from a position, other processes' facts included."""
        return PollingSubscription(self, gt=gt, topics=topics)

    def _select(self, condition: str, values: tuple[Any, ...]) -> list[FactNotification]:
        with self.datastore.transaction(commit=False) as c:
            c.execute(f"{SELECT_FACTS} WHERE {condition}", values)
            return [
                FactNotification(
                    id=rowid,
                    originator_id=stream,
                    originator_version=version,
                    topic=topic,
                    state=state,
                    recorded_us=recorded_us,
                    recorded_by=person,
                    token=token,
                )
                for rowid, stream, version, topic, state, recorded_us, person, token in c.fetchall()
            ]


class PollingSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """SQLite notifies nobody across processes, so the log is looked at every 50 ms."""

    def _loop_on_pull(self) -> None:
        try:
            while not self._has_been_stopped:
                self._pull()
                self._has_been_notified.wait(POLL_SECONDS)
        except BaseException as error:  # noqa: BLE001 - goes to the iterating thread, as in the library
            self._thread_error = error
            self.stop()


def _or_all(limit: int | None) -> int:
    return 2**62 if limit is None else limit
