"""Many writers, and writers that die: nothing acknowledged is lost, nothing is recorded twice."""

from __future__ import annotations

import fcntl
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from govlog.domain.errors import OutcomeUnknown, StaleVersion, StoreBusy
from govlog.domain.values import StreamId
from govlog.ledger.merkle import leaf_hash
from govlog.persistence.datastore import WriterConnection
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from govlog.persistence.write_lock import WriteLock
from tests.persistence.logs import (
    PERSON,
    PRODUCT,
    TOKEN,
    begun,
    finished,
    put,
    renamed,
    script,
)


@pytest.fixture
def store(settings: Settings) -> Iterator[EventStore]:
    """By the real clock, as the processes beside it."""
    with EventStore.open(settings) as opened:
        yield opened


WRITES_MANY = """
import sys
from pathlib import Path
from govlog.domain.values import StreamId
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import put, renamed
data, stream, count = Path(sys.argv[1]), StreamId(sys.argv[2]), int(sys.argv[3])
with EventStore.open(Settings(data, 30.0)) as store:
    for number in range(count):
        put(store, stream, renamed(f"{stream} {number}"))
"""


def test_processes_that_write_at_once_give_dense_positions(
    store: EventStore, settings: Settings
) -> None:
    streams = [StreamId(f"product:p{number}") for number in range(3)]
    for process in [script(WRITES_MANY, settings.data, stream, 60) for stream in streams]:
        finished(process)
    facts = list(store.replay())
    assert [each.index for each in facts] == list(range(180))
    times = [each.recorded_us for each in facts]
    assert times == sorted(times)
    for stream in streams:
        assert [each.version for each in store.read(stream)] == list(range(1, 61))
    leaves = [leaf_hash(each.framed) for each in store.entries()]
    assert store.frontier() == type(store.frontier())().extended(leaves)


def test_processes_that_write_to_one_stream_take_turns(
    store: EventStore, settings: Settings
) -> None:
    for process in [script(WRITES_MANY, settings.data, PRODUCT, 40) for _ in range(3)]:
        finished(process)
    assert [each.version for each in store.read(PRODUCT)] == list(range(1, 121))


def test_of_two_threads_that_write_one_version_one_wins(store: EventStore) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def write(name: str) -> None:
        start.wait()
        try:
            with store.writing() as writing:
                writing.append(PRODUCT, 1, renamed(name), PERSON, TOKEN)
        except StaleVersion:
            outcomes.append("stale")
        else:
            outcomes.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (recorded,) = store.read(PRODUCT)
    assert sorted(outcomes)[1:] == ["stale"] * 3
    assert recorded.fact == renamed(sorted(outcomes)[0])


DIES = """
import os, signal, sys
from pathlib import Path
from govlog.persistence.datastore import WriterConnection
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import PERSON, PRODUCT, put, renamed
data, moment = Path(sys.argv[1]), sys.argv[2]
commit = WriterConnection.commit
def dying(connection):
    if moment == "after COMMIT":
        commit(connection)
    os.kill(os.getpid(), signal.SIGKILL)
with EventStore.open(Settings(data)) as store:
    put(store, PRODUCT, renamed("acknowledged"))
    print("acknowledged", flush=True)
    WriterConnection.commit = dying
    with store.writing() as writing:
        recorded = writing.append(PRODUCT, 2, renamed("cut off"), PERSON, "t")
        writing.remember(PERSON, "the key", b"body", recorded.index, 1)
"""


@pytest.mark.parametrize(("moment", "size"), [("after INSERT", 1), ("after COMMIT", 2)])
def test_a_writer_killed_leaves_whole_transactions_only(
    store: EventStore, settings: Settings, moment: str, size: int
) -> None:
    process = script(DIES, settings.data, moment)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert printed == "acknowledged\n"
    assert store.size() == size
    assert len(list(store.replay())) == len(list(store.entries())) == size
    with store.writing() as writing:
        assert writing.size == size
        assert (writing.idempotent(PERSON, "the key") is not None) is (size == 2)
    assert put(store, PRODUCT, renamed("next"))[0].index == size


def test_a_dead_holder_s_lock_is_free(settings: Settings) -> None:
    source = """
import sys, time
from pathlib import Path
from govlog.persistence.write_lock import WriteLock
with WriteLock(Path(sys.argv[1]), 5.0).held():
    print("held", flush=True)
    time.sleep(60)
"""
    process = script(source, settings.write_lock)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with closing(WriteLock(settings.write_lock, 0.05)) as lock:
        with pytest.raises(StoreBusy), lock.held():
            pass
        process.kill()
        process.communicate()
        with lock.held():
            pass


def test_who_has_just_written_lets_the_one_that_waits_go_first(tmp_path: Path) -> None:
    order: list[str] = []
    mine, theirs = (WriteLock(tmp_path / "lock", 30.0) for _ in range(2))

    def write() -> None:
        with theirs.held():
            order.append("theirs")

    waiting = threading.Thread(target=write)
    with closing(mine), closing(theirs):
        with mine.held():
            waiting.start()
            while not held_by_another(tmp_path / "lock.turn"):
                time.sleep(0.0001)
        with mine.held():
            order.append("mine")
        waiting.join()
    assert order == ["theirs", "mine"]


def held_by_another(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore.open(begun(tmp_path / "hasty", lock_timeout=0.05)) as store:
        yield store


def test_a_writer_that_does_not_get_its_turn_says_busy(hasty: EventStore) -> None:
    with closing(WriteLock(hasty.settings.write_lock, 1.0)) as lock, lock.held():
        with pytest.raises(StoreBusy) as refusal:
            put(hasty, PRODUCT, renamed())
        assert not isinstance(refusal.value, OutcomeUnknown)
    assert put(hasty, PRODUCT, renamed())[0].index == 0


def test_a_thread_that_does_not_get_its_turn_says_busy(hasty: EventStore) -> None:
    refusals: list[StoreBusy] = []

    def write() -> None:
        try:
            put(hasty, PRODUCT, renamed())
        except StoreBusy as refusal:
            refusals.append(refusal)

    with hasty.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert len(refusals) == 1
    assert hasty.size() == 0


def test_a_database_that_somebody_else_has_locked_is_busy(hasty: EventStore) -> None:
    with closing(sqlite3.connect(hasty.settings.events_db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="locked") as refusal:
            put(hasty, PRODUCT, renamed())
        assert not isinstance(refusal.value, OutcomeUnknown)
    assert put(hasty, PRODUCT, renamed())[0].index == 0


def test_reading_goes_on_while_somebody_writes(hasty: EventStore) -> None:
    recorded = put(hasty, PRODUCT, renamed("a"))
    with hasty.writing() as writing:
        writing.append(PRODUCT, 2, renamed("b"), PERSON, TOKEN)
        began = time.monotonic()
        assert hasty.read(PRODUCT) == recorded
        assert hasty.size() == 1
        assert time.monotonic() - began < hasty.settings.lock_timeout


def failing(moment: str, times: int = 1) -> object:
    """A commit that fails before or after it has taken place."""
    commit = WriterConnection.commit
    left = [times]

    def fail(connection: WriterConnection) -> None:
        if left[0] == 0:
            return commit(connection)
        left[0] -= 1
        if moment == "after":
            commit(connection)
        raise sqlite3.OperationalError("disk I/O error")

    return fail


@pytest.mark.parametrize(("moment", "stored"), [("before", 1), ("after", 2)])
def test_a_commit_that_fails_has_an_unknown_outcome_and_writing_goes_on(
    store: EventStore, monkeypatch: pytest.MonkeyPatch, moment: str, stored: int
) -> None:
    put(store, PRODUCT, renamed("a"))
    monkeypatch.setattr(WriterConnection, "commit", failing(moment))
    with pytest.raises(OutcomeUnknown) as refusal:
        put(store, PRODUCT, renamed("b"))
    assert "same idempotency key" in refusal.value.mend
    assert store.size() == stored
    (following,) = put(store, PRODUCT, renamed("c"))
    assert (following.index, following.version) == (stored, stored + 1)
    leaves = [leaf_hash(each.framed) for each in store.entries()]
    assert store.frontier() == type(store.frontier())().extended(leaves)


def test_an_insert_that_fails_records_nothing(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(store.recorder, "insert", full)
        with pytest.raises(StoreBusy, match="full") as refusal:
            put(store, PRODUCT, renamed("a"))
    assert not isinstance(refusal.value, OutcomeUnknown)
    assert put(store, PRODUCT, renamed("a"))[0].index == 0


def test_what_another_process_wrote_is_seen_under_the_lock(
    store: EventStore, settings: Settings
) -> None:
    put(store, PRODUCT, renamed("mine"))
    with EventStore.open(settings) as other:
        put(other, PRODUCT, renamed("theirs"))
    with store.writing() as writing:
        assert writing.size == 2
        assert [each.version for each in writing.read(PRODUCT)] == [1, 2]
    assert put(store, PRODUCT, renamed("mine again"))[0].index == 2


def test_a_key_is_remembered_per_person_and_body(store: EventStore) -> None:
    eve = StreamId("party:eve")
    with store.writing() as writing:
        writing.append(PRODUCT, 1, renamed(), PERSON, TOKEN)
        writing.remember(PERSON, "key", b"digest", 0, 1)
    with store.writing() as writing:
        used = writing.idempotent(PERSON, "key")
        assert used is not None
        assert (used.first, used.count) == (0, 1)
        assert writing.same_body(used, PERSON, "key", b"digest")
        assert not writing.same_body(used, PERSON, "key", b"other")
        assert writing.idempotent(eve, "key") is None
        assert writing.idempotent(PERSON, "other key") is None
