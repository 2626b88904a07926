"""Only `govlog migrate` makes tables, and a store says what it is missing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from govlog.domain.errors import MalformedValue, StoreUnusable
from govlog.domain.values import StreamId
from govlog.persistence.access import AccessTokens
from govlog.persistence.migrate import EVENTS, LogMeta, begin, migrate
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import META, PRODUCT, begun, finished, put, renamed, script


def set_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE schema_version SET version = ?", (version,))


def test_a_directory_without_a_log_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "nothing")
    with pytest.raises(StoreUnusable) as refusal:
        EventStore.open(settings)
    assert "govlog init" in refusal.value.mend
    assert not settings.data.exists()


def test_an_empty_file_wants_migration(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.events_db.touch()
    with pytest.raises(StoreUnusable) as refusal:
        EventStore.open(settings)
    assert "govlog migrate" in refusal.value.mend


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.events_db.write_bytes(b"no database at all, but long enough to be read as one" * 99)
    with pytest.raises(StoreUnusable, match="damaged"):
        EventStore.open(settings)


def test_a_log_that_has_not_begun_is_refused(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert migrate(settings) == len(EVENTS)
    with pytest.raises(StoreUnusable) as refusal:
        EventStore.open(settings)
    assert "govlog init" in refusal.value.mend


def test_an_older_log_wants_migration(settings: Settings) -> None:
    set_version(settings.events_db, len(EVENTS) - 1)
    with pytest.raises(StoreUnusable) as refusal:
        EventStore.open(settings)
    assert "govlog migrate" in refusal.value.mend


@pytest.mark.parametrize("file", ["events_db", "access_db"])
def test_a_newer_log_wants_the_newer_program(settings: Settings, file: str) -> None:
    set_version(getattr(settings, file), 99)
    with pytest.raises(StoreUnusable) as refusal:
        EventStore.open(settings)
    assert "newer" in refusal.value.mend
    with pytest.raises(StoreUnusable, match="99"):
        migrate(settings)


def test_tokens_want_their_own_file_migrated(settings: Settings) -> None:
    settings.access_db.unlink()
    with pytest.raises(StoreUnusable):
        AccessTokens(settings)
    with pytest.raises(StoreUnusable):
        EventStore.open(settings)


def test_migrating_again_changes_nothing(settings: Settings) -> None:
    with EventStore.open(settings) as store:
        recorded = put(store, PRODUCT, renamed())
    secret = settings.access_db.read_bytes()
    assert migrate(settings) == len(EVENTS)
    assert settings.access_db.read_bytes() == secret
    with EventStore.open(settings) as store:
        assert store.read(PRODUCT) == recorded


def test_a_migration_that_fails_half_way_leaves_the_old_tables(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (*EVENTS, ("CREATE TABLE of_version_2 (x)", "NOT SQL"))
    monkeypatch.setattr("govlog.persistence.migrate.EVENTS", broken)
    with pytest.raises(Exception, match="syntax"):
        migrate(settings)
    monkeypatch.undo()
    with closing(sqlite3.connect(settings.events_db)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "of_version_2" not in tables
    EventStore.open(settings).close()


def test_a_later_version_keeps_what_was_recorded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EventStore.open(settings) as store:
        recorded = put(store, PRODUCT, renamed())
    later = (*EVENTS, ("CREATE TABLE of_version_2 (x)",))
    monkeypatch.setattr("govlog.persistence.migrate.EVENTS", later)
    monkeypatch.setattr("govlog.persistence.store.EVENTS", later)
    assert migrate(settings) == len(EVENTS) + 1
    with EventStore.open(settings) as store:
        assert store.read(PRODUCT) == recorded


MIGRATES = """
import sys
from pathlib import Path
from govlog.persistence.migrate import migrate
from govlog.persistence.settings import Settings
print(migrate(Settings(Path(sys.argv[1]))))
"""


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    processes = [script(MIGRATES, tmp_path / "data") for _ in range(4)]
    assert {finished(each).strip() for each in processes} == {str(len(EVENTS))}


def test_a_log_begins_once(settings: Settings) -> None:
    other = LogMeta("log.example.org/other", "UTC", True, StreamId("body:other"))
    with pytest.raises(StoreUnusable) as refusal:
        begin(settings, other)
    assert "GOVLOG_DATA" in refusal.value.mend
    with EventStore.open(settings) as store:
        assert store.meta == META


@pytest.mark.parametrize(
    "meta",
    [
        LogMeta("", "UTC", False, StreamId("body:x")),
        LogMeta("with space", "UTC", False, StreamId("body:x")),
        LogMeta("with+plus", "UTC", False, StreamId("body:x")),
        LogMeta("fine", "Europe/Atlantis", False, StreamId("body:x")),
        LogMeta("fine", "../etc/passwd", False, StreamId("body:x")),
        LogMeta("fine", "UTC", False, StreamId("product:x")),
    ],
)
def test_a_log_begins_with_a_fitting_identity_only(tmp_path: Path, meta: LogMeta) -> None:
    settings = Settings(tmp_path)
    migrate(settings)
    with pytest.raises(MalformedValue):
        begin(settings, meta)


def test_a_log_is_durable_and_readers_cannot_write(tmp_path: Path) -> None:
    with EventStore.open(begun(tmp_path)) as store:
        with store.recorder.datastore.transaction(commit=False) as cursor:
            settings = {}
            for name in ("journal_mode", "synchronous", "query_only"):
                cursor.execute(f"PRAGMA {name}")
                settings[name] = cursor.fetchone()[0]
        assert settings == {"journal_mode": "wal", "synchronous": 2, "query_only": 1}
        with store._transaction() as writer:
            (durable,) = writer.execute("PRAGMA synchronous").fetchone()
            writer.rollback()
        assert durable == 2


def test_the_files_are_for_their_owner_only(settings: Settings) -> None:
    for path in (settings.events_db, settings.access_db, settings.write_lock):
        assert path.stat().st_mode & 0o077 == 0
