"""`govlog publish` on real logs, and the key that `govlog init` makes for it."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.command_line.answers import Exit
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.values import StreamId, partial_date
from govlog.ledger import key_file, status
from govlog.ledger.errors import EntryAltered, LogBehind, LogRewritten
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.publishing import Publishing
from govlog.ledger.source import Entry
from govlog.ledger.tiles import WIDTH
from govlog.persistence.access import SCOPES
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import Govlog
from tests.cli.publishing import published as publish
from tests.ledger.shelf import published


@pytest.fixture
def publisher(demo: Path) -> Iterator[Publisher]:
    settings = Settings(demo)
    with EventStore.open(settings) as store:
        keys = key_file.read(settings.log_key, store.meta.origin)
        yield Publisher(store, Publication(settings.publication), keys)


def test_init_makes_a_key_that_only_its_owner_can_read(init: Govlog, data: Path) -> None:
    begun = init()
    assert begun.code == Exit.DONE
    assert stat.S_IMODE((data / "log.key").stat().st_mode) == 0o600
    assert "log.key signs the log" in begun.err
    assert (data / "log.key").read_text().strip().split("+", 4)[-1] not in begun.out + begun.err


def test_a_key_that_others_can_read_signs_nothing(govlog: Govlog, demo: Path) -> None:
    (demo / "log.key").chmod(0o644)
    refused = govlog("publish")
    assert refused.code == Exit.NO_LOG
    assert "chmod 600" in refused.err


def test_a_signed_log_without_its_key_is_not_given_another_one(
    govlog: Govlog, demo: Path, publisher: Publisher
) -> None:
    publisher.step()
    (demo / "log.key").unlink()
    refused = govlog("publish")
    assert refused.code == Exit.NO_LOG
    assert "GOVLOG_LOG_KEY" in refused.err
    assert not (demo / "log.key").exists()


def test_every_entry_of_a_log_is_published_as_it_is_framed(
    demo: Path, publisher: Publisher
) -> None:
    publisher.step()
    with EventStore.open(Settings(demo)) as store:
        (key,) = key_file.read(demo / "log.key", store.meta.origin)
        checkpoint, entries = published(demo / "publication", key.verifier)
        assert checkpoint.origin == store.meta.origin
        assert entries == [each.framed for each in store.entries()]


@contextmanager
def as_administrator(demo: Path) -> Iterator[sqlite3.Connection]:
    """The log's file in the hands of who may do anything with it."""
    with closing(sqlite3.connect(demo / "events.db", isolation_level=None)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def look_through(publisher: Publisher) -> None:
    for _ in range(4):
        publisher.step()
        publisher.patrol()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("originator_id", "'party:other'"),
        ("originator_version", "originator_version + 1000"),
        ("topic", "'Approved.1'"),
        ("state", "CAST(replace(CAST(state AS TEXT), '\"', '\"\"') AS BLOB)"),
        ("recorded_us", "recorded_us - 1"),
        ("recorded_by", "'party:other'"),
        ("token", "'other'"),
        ("leaf", "zeroblob(32)"),
        ("rowid", "rowid + 100000"),
    ],
)
@pytest.mark.parametrize("before", [True, False], ids=["before signing", "after"])
def test_no_column_can_be_edited_unseen(
    column: str, value: str, before: bool, demo: Path, publisher: Publisher
) -> None:
    if not before:
        publisher.step()
    with as_administrator(demo) as connection:
        connection.execute(f"UPDATE stored_events SET {column} = {value} WHERE rowid = 301")
    with pytest.raises(EntryAltered) as refusal:
        look_through(publisher)
    assert refusal.value.seen["index"] == 300
    assert (demo / "publication/checkpoint").exists() is not before


@pytest.mark.parametrize("gone", [1, 10, 276])
def test_no_tail_can_be_deleted_unseen(gone: int, demo: Path, publisher: Publisher) -> None:
    publisher.step()
    with EventStore.open(Settings(demo)) as store:
        kept = store.size() - gone
        entries = [each.framed for each in store.entries(0, kept)]
    tree = Frontier().extended(map(leaf_hash, entries))
    with as_administrator(demo) as connection:
        connection.execute("DELETE FROM stored_events WHERE rowid > ?", (kept,))
        connection.execute("UPDATE frontier SET size = ?, roots = ?", (kept, tree.packed()))
    with pytest.raises(LogBehind) as refusal:
        publisher.step()
    assert refusal.value.seen["index"] == refusal.value.seen["size"] == kept


@pytest.mark.parametrize("roots", ["x'00'", "zeroblob(160)", "x''"])
def test_the_tree_that_is_kept_beside_the_events_cannot_be_edited_unseen(
    roots: str, demo: Path, publisher: Publisher
) -> None:
    publisher.step()
    with as_administrator(demo) as connection:
        connection.execute(f"UPDATE frontier SET roots = {roots}")
    with pytest.raises(LogRewritten, match="own tree"):
        publisher.step()


def test_no_rows_can_change_places_unseen(demo: Path, publisher: Publisher) -> None:
    publisher.step()
    with as_administrator(demo) as connection:
        for old, new in ((100, -1), (200, 100), (-1, 200)):
            connection.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (new, old))
    with pytest.raises(LogRewritten) as refusal:
        look_through(publisher)
    assert refusal.value.seen["index"] == 99


def test_an_old_backup_that_is_put_back_and_written_to_is_not_signed(
    demo: Path, publisher: Publisher, tmp_path: Path
) -> None:
    settings = Settings(demo)
    with (
        closing(sqlite3.connect(demo / "events.db")) as log,
        closing(sqlite3.connect(tmp_path / "backup.db")) as backup,
    ):
        log.backup(backup)
    record_one(settings, "the later entry")
    publisher.step()
    assert publisher.step() is None
    with (
        closing(sqlite3.connect(demo / "events.db")) as log,
        closing(sqlite3.connect(tmp_path / "backup.db")) as backup,
    ):
        backup.backup(log)
    with pytest.raises(LogBehind):
        publisher.step()
    blind = Settings(demo, public=tmp_path / "elsewhere")  # the service itself would refuse
    for text in ("another entry", "and one more"):
        record_one(blind, text)
        with pytest.raises(LogRewritten) as refusal:
            publisher.step()
        signed = refusal.value.seen["signed_size"]
        assert isinstance(signed, int)
        assert refusal.value.seen["index"] == signed - 1


def record_one(settings: Settings, text: str) -> None:
    """One more party, through the one door."""
    fact = PartyRegistered(
        kind=PartyKind.ORGANISATION, name=text, decided_on=partial_date("2026-11-25")
    )
    with EventStore.open(settings) as store:
        actor = Actor(StreamId("party:demo-recorder"), "", SCOPES)
        DecisionLog(store).record([Order("register_party", None, fact)], actor)


def test_a_running_publisher_signs_what_is_written_meanwhile(demo: Path) -> None:
    settings = Settings(demo)
    with EventStore.open(settings) as store:
        keys = key_file.read(settings.log_key, store.meta.origin)
        publication = Publication(settings.publication)
        publishing = Publishing(Publisher(store, publication, keys), publication, None, print)
        stop = threading.Event()
        running = threading.Thread(target=publishing.run, args=(stop,))
        running.start()
        try:
            size = wait_for(settings, store.size())
            record_one(settings, "written while it runs")
            assert wait_for(settings, size + 1) == size + 1
        finally:
            stop.set()
            running.join()


@pytest.fixture
def own_signals() -> Iterator[None]:
    """What the command does on signals goes with the test."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
def test_a_publisher_that_is_told_to_stop_reads_no_further_page_of_a_long_log(
    govlog: Govlog, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    entries = EventStore.entries

    def told(store: EventStore, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        for each in entries(store, after, until):
            if not read:
                os.kill(os.getpid(), signal.SIGTERM)
            read.append(each.index)
            yield each

    with monkeypatch.context() as patch:
        patch.setattr(EventStore, "entries", told)
        stopped = govlog("publish")
    assert (stopped.code, stopped.err) == (Exit.DONE, "")
    assert read == list(range(WIDTH + 1))
    assert not (demo / "publication/checkpoint").exists()
    with EventStore.open(Settings(demo)) as store:
        size, key = store.size(), key_file.read(demo / "log.key", store.meta.origin)[0]
    assert size > WIDTH + 1
    publish(demo)
    assert published(demo / "publication", key.verifier)[0].size == size


def test_a_publisher_that_starts_sweeps_away_what_a_killed_one_left(demo: Path) -> None:
    tile = demo / "publication/tile/0"
    tile.mkdir(parents=True)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [demo / f"publication/.signed.{gone.pid}.new", tile / f".000.{gone.pid}.new"]
    busy = [tile / f".001.{os.getpid()}.new", tile / ".no-number.new"]
    for path in (*left, *busy):
        path.write_bytes(b"half of it")
    publish = [sys.executable, "-m", "govlog", "publish"]
    publishing = subprocess.Popen(publish, env={**os.environ, "GOVLOG_DATA": str(demo)})
    try:
        wait_for(Settings(demo), 1)
    finally:
        publishing.terminate()
        publishing.wait(30)
    assert [path for path in (*left, *busy) if path.exists()] == busy


def wait_for(settings: Settings, size: int) -> int:
    """The size of the published checkpoint, once it is this one; the suite asserts no durations."""
    deadline = monotonic() + 30
    while monotonic() < deadline:
        told = status.read(settings.publication)
        if told is not None and told.size is not None and told.size >= size:
            return told.size
        sleep(0.02)
    raise AssertionError(f"size {size} was not published")


def test_a_witness_policy_that_cannot_be_read_stops_the_publisher(
    govlog: Govlog, demo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    policy = tmp_path / "policy"
    monkeypatch.setenv("GOVLOG_WITNESS_POLICY", str(policy))
    assert "cannot be used" in govlog("publish").err
    policy.write_text("quorum nobody\n")
    refused = govlog("publish")
    assert refused.code == Exit.NO_LOG
    assert "line 1" in refused.err
