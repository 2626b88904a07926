"""A backup is taken while the log is served; what comes back is verified and brings nobody back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from govlog.domain.errors import StoreUnusable
from govlog.domain.events.any_stream import Erased
from govlog.domain.values import StreamId
from govlog.persistence.audit import audit
from govlog.persistence.backup import back_up, restore
from govlog.persistence.keys import Keys
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.application.test_erasing import DPO, GRETHE, NAME, WHOLE, Office, told
from tests.persistence.logs import (
    DEBATE,
    PRODUCT,
    begun,
    opened,
    openings,
    opens,
    put,
    renamed,
    voice,
)
from tests.persistence.test_audit import meddle
from tests.persistence.test_encryption import holding, keys_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return begun(tmp_path / "data")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Where the log is brought back to; the journal survived."""
    return Settings(tmp_path / "again", erasures_file=tmp_path / "data" / "erasures.jsonl")


def taken(settings: Settings, name: str = "backup") -> tuple[Path, Path]:
    to = settings.data.parent / name, settings.data.parent / f"{name}-keys"
    back_up(settings, *to)
    return to


def test_what_was_backed_up_comes_back_whole(settings: Settings, elsewhere: Settings) -> None:
    with EventStore.open(settings) as store:
        told(store)
        root = store.frontier().root()
    copies = taken(settings)
    restored = restore(elsewhere, *copies, journal=False)
    assert (restored.size, restored.root) == (7, root.hex())
    assert (restored.openings, restored.locked, restored.erased) == (7, 0, 0)
    assert sorted(openings(elsewhere)) == sorted(openings(settings))
    for path in (elsewhere.events_db, elsewhere.keys_db, elsewhere.access_db):
        assert path.stat().st_mode & 0o077 == 0
    assert not list(elsewhere.data.glob(".restoring*"))
    with EventStore.open(elsewhere) as store:
        put(store, DEBATE, voice("after", GRETHE))
        assert store.size() == 8
    assert audit(elsewhere.events_db, elsewhere.keys_db).whole


def test_a_backup_lies_in_files_of_its_own_without_journal_and_views(settings: Settings) -> None:
    settings.erasures.write_text("")
    to, keys = taken(settings)
    assert sorted(each.name for each in to.iterdir()) == ["access.db", "events.db", "manifest.json"]
    assert sorted(each.name for each in keys.iterdir()) == ["keys.db", "manifest.json"]
    manifest = json.loads((to / "manifest.json").read_text())
    assert (manifest["origin"], manifest["size"]) == ("log.example.org/test", 0)
    digest = hashlib.sha256((to / "events.db").read_bytes()).hexdigest()
    assert manifest["files"]["events.db"]["sha256"] == digest


def test_a_backup_can_be_taken_while_others_write(settings: Settings, elsewhere: Settings) -> None:
    ended = threading.Event()

    def write() -> None:
        with EventStore.open(settings) as store:
            for number in range(2000):
                put(store, StreamId(f"debate:d{number}"), opened(), voice("x", GRETHE))
                if ended.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    copies = [taken(settings, f"b{number}") for number in range(3)]
    ended.set()
    writer.join()
    assert restore(elsewhere, *copies[-1], journal=False).locked == 0


def test_the_keys_never_go_where_the_log_goes(settings: Settings, tmp_path: Path) -> None:
    for keys in (tmp_path / "b", tmp_path / "b" / "keys", tmp_path):
        with pytest.raises(StoreUnusable, match="lock up"):
            back_up(settings, tmp_path / "b", keys)
    assert not (tmp_path / "b").exists()


def test_no_backup_is_written_over_another(settings: Settings, tmp_path: Path) -> None:
    to, _ = taken(settings)
    before = {each.name: each.read_bytes() for each in to.iterdir()}
    with pytest.raises(StoreUnusable, match="not empty"):
        back_up(settings, to, tmp_path / "other-keys")
    assert {each.name: each.read_bytes() for each in to.iterdir()} == before


def test_what_a_killed_restore_left_behind_is_removed_by_the_next(
    settings: Settings, elsewhere: Settings
) -> None:
    copies = taken(settings)
    killed = elsewhere.data / ".restoring-x"
    killed.mkdir(parents=True)
    (killed / "keys.db").write_text("keys of somebody who was erased since")
    restore(elsewhere, *copies, journal=False)
    assert not killed.exists()


@pytest.mark.parametrize("file", ["events.db", "access.db", "keys.db"])
def test_a_restore_overwrites_nothing(settings: Settings, elsewhere: Settings, file: str) -> None:
    copies = taken(settings)
    elsewhere.data.mkdir()
    (elsewhere.data / file).write_text("something of value")
    with pytest.raises(StoreUnusable, match="overwrites nothing"):
        restore(elsewhere, *copies, journal=False)
    assert [each.name for each in elsewhere.data.iterdir()] == [file]
    assert (elsewhere.data / file).read_text() == "something of value"


def test_a_restore_asks_for_the_journal(settings: Settings, elsewhere: Settings) -> None:
    copies = taken(settings)
    with pytest.raises(StoreUnusable) as refusal:
        restore(elsewhere, *copies)
    assert "GOVLOG_ERASURES" in refusal.value.mend
    assert not elsewhere.data.exists()


@pytest.mark.parametrize("file", ["events.db", "access.db", "manifest.json", "keys.db"])
@pytest.mark.parametrize("how", ["missing", "changed"])
def test_a_backup_that_is_not_what_was_written_is_refused(
    settings: Settings, elsewhere: Settings, file: str, how: str
) -> None:
    data, keys = taken(settings)
    path = (keys if file == "keys.db" else data) / file
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(b"x" + path.read_bytes()[1:])
    with pytest.raises(StoreUnusable):
        restore(elsewhere, data, keys, journal=False)
    assert not elsewhere.events_db.exists()


EDITS = (
    "UPDATE stored_events SET recorded_by = 'party:eve' WHERE rowid = 3",
    "DELETE FROM stored_events WHERE rowid > 5",
    "UPDATE frontier SET roots = zeroblob(length(roots))",
    "UPDATE erasable_value SET field = 'text' WHERE rowid = 1",
)


@pytest.mark.parametrize("edit", EDITS)
def test_a_backup_with_an_edited_log_is_not_called_restored(
    settings: Settings, elsewhere: Settings, edit: str
) -> None:
    with EventStore.open(settings) as store:
        told(store)
    data, keys = taken(settings)
    meddle(Settings(data), edit)
    manifest = json.loads((data / "manifest.json").read_text())
    changed = (data / "events.db").read_bytes()
    digest = hashlib.sha256(changed).hexdigest()
    manifest["files"]["events.db"] = {"bytes": len(changed), "sha256": digest}
    (data / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreUnusable, match=r"not whole|events, its tree"):
        restore(elsewhere, data, keys, journal=False)
    assert not elsewhere.events_db.exists()
    assert list(elsewhere.data.iterdir()) == []


def test_an_old_backup_brings_nothing_erased_back(settings: Settings, elsewhere: Settings) -> None:
    office = Office(settings)
    told(office.store)
    _, secret = office.tokens.create(GRETHE, {"vote"}, label=NAME)
    key = keys_of(settings)[GRETHE]
    with Keys(settings.keys_db, lock_timeout=5) as keys:
        erased_key = keys.of([key])[key]
    old = taken(settings)
    commitments = {each.commitment for each in office.store.about(GRETHE)}
    office.eraser.erase(WHOLE, DPO)
    put(office.store, PRODUCT, renamed())
    office.close()

    restored = restore(elsewhere, *old)
    assert (restored.size, restored.erased, restored.unrecorded) == (7, 3, 3)
    assert holding(elsewhere.data, NAME) == []
    files = [each.read_bytes() for each in elsewhere.data.iterdir() if each.is_file()]
    assert not any(erased_key in each for each in files)
    again = Office(elsewhere)
    assert again.tokens.authenticate(secret) is None
    assert again.store.reveal(commitments) == {}
    assert {each.commitment for each in again.store.erased(commitments)} == commitments
    assert len(again.store.reveal(each.commitment for each in opens(again.store))) == 4

    (certificate,) = again.eraser.resume(unrecorded=True)
    assert {each.commitment for one in certificate.erasures for each in one.values} == commitments
    (said,) = [each for each in again.store.replay() if isinstance(each.fact, Erased)]
    assert said.stream == GRETHE
    assert again.eraser.resume(unrecorded=True) == []
    again.close()
    assert audit(elsewhere.events_db, elsewhere.keys_db).whole


def test_an_erasure_that_was_only_begun_is_carried_out_by_the_restore(
    settings: Settings, elsewhere: Settings
) -> None:
    office = Office(settings)
    told(office.store)
    office.clears = False
    office.eraser.erase(WHOLE, DPO)
    line, *_ = settings.erasures.read_text().splitlines()
    begun_only = {**json.loads(line), "commitments": []}
    settings.erasures.write_text(json.dumps(begun_only) + "\n")
    office.close()
    fresh = begun(settings.data.parent / "before")
    with EventStore.open(fresh) as store:
        told(store)
    restored = restore(elsewhere, *taken(fresh, "early"))
    assert restored.erased == 3
    assert holding(elsewhere.data, NAME) == []


def test_keys_given_out_after_a_restore_are_none_that_any_backup_knows(
    settings: Settings, elsewhere: Settings
) -> None:
    with EventStore.open(settings) as store:
        told(store)
        old = taken(settings)
        put(store, StreamId("debate:lost"), opened())
    lost = keys_of(settings)["debate:lost"]
    restore(elsewhere, *old, journal=False)
    with EventStore.open(elsewhere) as store:
        put(store, StreamId("debate:new"), opened())
    fresh = keys_of(elsewhere)["debate:new"]
    assert fresh != lost
    with closing(sqlite3.connect(old[1] / "keys.db")) as backed_up:
        assert (
            backed_up.execute("SELECT 1 FROM subject_key WHERE id = ?", (fresh,)).fetchone() is None
        )


def test_values_whose_keys_are_lost_are_counted(settings: Settings, elsewhere: Settings) -> None:
    with EventStore.open(settings) as store:
        told(store)
    data, keys = taken(settings)
    with Keys(keys / "keys.db", lock_timeout=5) as backed_up:
        backed_up.destroy([keys_of(settings)[DEBATE]])
    manifest = json.loads((keys / "manifest.json").read_text())
    changed = (keys / "keys.db").read_bytes()
    manifest["files"]["keys.db"]["sha256"] = hashlib.sha256(changed).hexdigest()
    (keys / "manifest.json").write_text(json.dumps(manifest))
    assert restore(elsewhere, data, keys, journal=False).locked == 2
