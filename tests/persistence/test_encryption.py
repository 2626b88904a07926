"""What can be erased is locked up, one key for each subject, and the keys stand apart."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from govlog.domain.errors import StoreUnusable
from govlog.domain.events.debate import VoiceAdded
from govlog.domain.values import StreamId
from govlog.ledger.commitments import commitment
from govlog.persistence import keys as keys_module
from govlog.persistence.audit import audit
from govlog.persistence.keys import Keys
from govlog.persistence.migrate import migrate
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import (
    DEBATE,
    PERSON,
    PRODUCT,
    facts_of,
    opened,
    openings,
    put,
    renamed,
    voice,
)

GRETHE = StreamId("party:grethe")
WORDS = "Grethe Lindqvist-Hauge said so"


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(settings.events_db, isolation_level=None)) as connection:
        return connection.execute(query).fetchall()


def keys_of(settings: Settings) -> dict[str, int]:
    return dict(rows(settings, "SELECT owner, key FROM value_key"))


def holding(folder: Path, words: str) -> list[str]:
    """The files in which these words stand, in one of the encodings that SQLite knows."""
    forms = [words.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
    forms.append(words.encode().hex().encode())
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert files
    return [each.name for each in files if any(form in each.read_bytes() for form in forms)]


def test_no_file_of_the_log_holds_a_text_in_clear(store: EventStore, settings: Settings) -> None:
    put(store, DEBATE, opened(WORDS), voice(WORDS, GRETHE))
    assert holding(settings.data, "debate:elephant") == ["events.db-wal"]
    assert holding(settings.data, WORDS) == holding(settings.data, "Lindqvist") == []
    assert [value for *_, value in openings(settings)] == ["The elephant", WORDS, WORDS]


def test_a_person_s_values_share_a_key_and_other_streams_have_their_own(
    store: EventStore, settings: Settings
) -> None:
    put(store, DEBATE, opened(), voice("a", GRETHE), voice("b", GRETHE))
    put(store, StreamId("debate:other"), opened(), voice("c", GRETHE), voice("d"))
    owners = keys_of(settings)
    assert owners.keys() == {DEBATE, "debate:other", GRETHE, PERSON}
    assert len(set(owners.values())) == 4
    used = rows(settings, "SELECT DISTINCT subject, key FROM erasable_value WHERE subject NOTNULL")
    assert set(used) == {(GRETHE, owners[GRETHE]), (PERSON, owners[PERSON])}


def test_processes_that_take_turns_never_give_one_key_to_two(settings: Settings) -> None:
    with EventStore.open(settings) as one, EventStore.open(settings) as two:
        for number in range(6):
            put((one, two)[number % 2], StreamId(f"debate:d{number}"), opened())
            put((two, one)[number % 2], StreamId(f"debate:d{number}"), voice("x", GRETHE))
        values = openings(settings)
    owners = keys_of(settings)
    assert len(owners) == len(set(owners.values())) == 7
    assert len(values) == 18


def test_keys_are_made_ahead_and_outlast_one_pool(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "POOL", 3)
    with EventStore.open(settings) as store:
        for number in range(8):
            put(store, StreamId(f"debate:d{number}"), opened())
    with EventStore.open(settings) as store:
        put(store, StreamId("debate:d8"), opened())
    assert len(set(keys_of(settings).values())) == 9
    assert len(openings(settings)) == 18


def test_the_file_of_keys_names_nobody_and_is_for_its_owner_only(
    store: EventStore, settings: Settings
) -> None:
    put(store, DEBATE, voice(WORDS, GRETHE))
    with closing(sqlite3.connect(settings.keys_db)) as connection:
        dump = "\n".join(connection.iterdump())
    assert "subject_key" in dump
    assert "party:" not in dump
    assert "debate:" not in dump
    assert settings.keys_db.stat().st_mode & 0o077 == 0


def test_the_keys_may_lie_elsewhere(tmp_path: Path) -> None:
    environ = {
        "GOVLOG_DATA": str(tmp_path / "data"),
        "GOVLOG_KEYS": str(tmp_path / "safe" / "keys.db"),
        "GOVLOG_ERASURES": str(tmp_path / "journal.jsonl"),
    }
    settings = Settings.from_environ(environ)
    migrate(settings)
    assert (tmp_path / "safe" / "keys.db").is_file()
    assert not (tmp_path / "data" / "keys.db").exists()
    assert settings.erasures == tmp_path / "journal.jsonl"


def test_a_log_without_its_keys_is_refused(settings: Settings) -> None:
    settings.keys_db.unlink()
    with pytest.raises(StoreUnusable, match=r"keys\.db"):
        EventStore.open(settings)


def test_a_destroyed_key_leaves_old_copies_of_its_values_unreadable(
    store: EventStore, settings: Settings, tmp_path: Path
) -> None:
    (said,) = facts_of(VoiceAdded, put(store, DEBATE, voice(WORDS, GRETHE)))
    key = keys_of(settings)[GRETHE]
    shutil.copytree(settings.data, tmp_path / "copy")
    with Keys(settings.keys_db, lock_timeout=5) as keys:
        secret = keys.of([key])[key]
        assert keys.destroy([key]) == 1
        assert keys.destroy([key]) == 0
        assert keys.of([key]) == {}
    assert keys_module.truncate_write_ahead_log(settings.keys_db, patience=5)
    files = settings.data.glob("keys.db*")
    assert [each.name for each in files if secret in each.read_bytes()] == []
    (tmp_path / "copy" / "keys.db").write_bytes(settings.keys_db.read_bytes())
    (tmp_path / "copy" / "keys.db-wal").unlink(missing_ok=True)
    with EventStore.open(Settings(tmp_path / "copy")) as copy:
        assert copy.reveal([said.text.commitment]) == {}
    found = audit(tmp_path / "copy" / "events.db", tmp_path / "copy" / "keys.db")
    assert (found.whole, found.openings, found.locked) == (True, 0, 1)


def test_a_value_opens_in_its_own_place_only(store: EventStore, settings: Settings) -> None:
    facts = put(store, DEBATE, voice("first", GRETHE), voice("second", GRETHE))
    first, second = (each.text.commitment for each in facts_of(VoiceAdded, facts))
    rows(
        settings,
        "UPDATE erasable_value SET sealed = (SELECT sealed FROM erasable_value WHERE position = 1)"
        " WHERE position = 0",
    )
    assert store.reveal([first, second]) == {second: "second"}


def in_clear(settings: Settings) -> None:
    """Make of this log what it was before its values were locked up."""
    kept = openings(settings)
    with closing(sqlite3.connect(settings.events_db, isolation_level=None)) as connection:
        for table in ("erasable_value", "value_key", "sealing", "erased_value", "closed_item"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute(
            "CREATE TABLE erasable_value (rowid INTEGER PRIMARY KEY, commitment BLOB NOT NULL"
            " UNIQUE, position INTEGER NOT NULL, field TEXT NOT NULL, subject TEXT, salt BLOB NOT"
            " NULL, value TEXT NOT NULL)"
        )
        connection.execute("CREATE INDEX erasable_value_position ON erasable_value (position)")
        connection.execute("CREATE INDEX erasable_value_subject ON erasable_value (subject)")
        connection.executemany("INSERT INTO erasable_value VALUES (NULL, ?, ?, ?, ?, ?, ?)", kept)
        connection.execute("ALTER TABLE clock_fault DROP COLUMN grounds")
        connection.execute("UPDATE schema_version SET version = 1")
    settings.keys_db.unlink()


def test_a_log_that_stood_in_clear_goes_on_with_everything_locked_up(settings: Settings) -> None:
    with EventStore.open(settings) as store:
        put(store, DEBATE, opened(WORDS), *(voice(f"{WORDS} {n}", GRETHE) for n in range(700)))
        put(store, PRODUCT, renamed())
        before, root = sorted(openings(settings)), store.frontier().root()
    in_clear(settings)
    assert holding(settings.data, WORDS) == ["events.db"]
    migrate(settings)
    assert holding(settings.data, WORDS) == []
    assert sorted(openings(settings)) == before
    with EventStore.open(settings) as store:
        put(store, DEBATE, voice("more", GRETHE))
        assert store.frontier().size == 703
        wanted = [each[0].hex() for each in before]
        assert len(store.reveal(wanted)) == 702
    found = audit(settings.events_db, settings.keys_db)
    assert (found.whole, found.openings) == (True, 703)
    assert found.root != root
    assert len(set(keys_of(settings).values())) == 2


def test_a_commitment_is_made_of_exactly_these_bytes() -> None:
    """HMAC-SHA256 (RFC 2104) keyed with the salt, over `event/field`, a zero byte and the value."""
    salt = bytes(range(32))
    made = commitment(salt, "party:p1@1", "name", "Æbletræ")
    assert made.hex() == "039620440befcb004fc99f067901c0b3a1ba1de2814b93497dda28a978c8368b"


def test_nobody_finds_a_name_by_guessing_without_the_salt(
    store: EventStore, settings: Settings
) -> None:
    put(store, DEBATE, voice(WORDS, GRETHE))
    ((committed, _, field, _, salt, value),) = openings(settings)
    event = f"{DEBATE}@1"
    assert commitment(salt, event, field, value) == committed
    known = (b"", bytes(32), event.encode(), b"govlog", committed, salt[1:])
    guesses = [commitment(guess, event, field, WORDS) for guess in known]
    assert committed not in guesses
