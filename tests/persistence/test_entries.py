"""The bytes behind each leaf: framed from all columns, so that no edit stays hidden."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from govlog.domain.errors import EntryTooLarge
from govlog.domain.events.any_stream import BatchRecorded
from govlog.domain.values import Key, Personal, StreamId
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.tiles import LARGEST_ENTRY
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import DEBATE, PRODUCT, instalment, opened, put, renamed, voice

BATCH = StreamId("batch:spring")


def test_an_entry_is_framed_exactly_so(store: EventStore) -> None:
    put(store, PRODUCT, instalment())
    (entry,) = store.entries()
    assert entry.framed.decode() == (
        '{"stream":"product:lamp","version":1,"topic":"InstalmentCommitted.v1",'
        '"recorded_at":"2026-11-23T11:00:00.000000Z","recorded_by":"party:ada","token":"token-1",'
        '"state":{"instalment":"first","investor":"party:acme","scope_item":"bulb",'
        '"amount":{"amount":"1200.50","currency":"DKK"},"bound_on":"2026-11"}}'
    )
    assert entry.leaf == leaf_hash(entry.framed)


def test_an_entry_is_utf_8_and_escapes_only_what_json_must(store: EventStore) -> None:
    put(store, PRODUCT, renamed('Æ "ø"\n\\å'))
    (entry,) = store.entries()
    assert '"name":"Æ \\"ø\\"\\n\\\\å"' in entry.framed.decode("utf-8")
    assert json.loads(entry.framed)["state"]["name"] == 'Æ "ø"\n\\å'


EDITS = [
    ("originator_id", "product:other"),
    ("originator_id", b"product:lamp"),
    ("originator_version", 9),
    ("originator_version", 2.5),
    ("topic", "ProductRenamed.v2"),
    ("state", b'{"decided_on":"2026-11-22","name":"Lamp"}'),
    ("state", b""),
    ("recorded_us", 1),
    ("recorded_us", 2**60),
    ("recorded_by", "party:eve"),
    ("token", "token-2"),
    ("token", b"\xb6\x89\x1e\x7a\x7b"),
    ("leaf", b"\0" * 32),
]


@pytest.mark.parametrize(("column", "value"), EDITS)
def test_an_edit_in_any_column_shows(
    store: EventStore, settings: Settings, column: str, value: object
) -> None:
    put(store, PRODUCT, renamed("a"), renamed("b"), renamed("c"))
    with closing(sqlite3.connect(settings.events_db, isolation_level=None)) as meddling:
        meddling.execute("DROP TRIGGER stored_events_are_never_edited")
        meddling.execute(f"UPDATE stored_events SET {column} = ? WHERE rowid = 2", (value,))
    wrong = [each.index for each in store.entries() if leaf_hash(each.framed) != each.leaf]
    assert wrong == [1]


def test_every_column_of_an_event_is_edited_in_these_tests(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.events_db)) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(stored_events)")}
    assert columns == {column for column, _ in EDITS} | {"rowid"}


def test_two_facts_that_changed_places_show(store: EventStore, settings: Settings) -> None:
    put(store, PRODUCT, renamed("a"), renamed("b"))
    before = store.frontier().root()
    with closing(sqlite3.connect(settings.events_db, isolation_level=None)) as meddling:
        meddling.execute("DROP TRIGGER stored_events_are_never_edited")
        for old, new in ((1, 9), (2, 1), (9, 2)):
            meddling.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (new, old))
    leaves = [leaf_hash(each.framed) for each in store.entries()]
    assert type(store.frontier())().extended(leaves).root() != before


REST = "topic, state, recorded_us, recorded_by, token, leaf FROM stored_events WHERE rowid = 1"
MEDDLING = [
    "UPDATE stored_events SET token = 'x'",
    "UPDATE stored_events SET rowid = 7 WHERE rowid = 2",
    "DELETE FROM stored_events WHERE rowid = 2",
    "DELETE FROM stored_events",
    "REPLACE INTO stored_events SELECT * FROM stored_events WHERE rowid = 2",
    f"INSERT OR REPLACE INTO stored_events SELECT 3, originator_id, originator_version, {REST}",
    f"INSERT INTO stored_events SELECT 9, originator_id, 3, {REST}",
    "UPDATE log_meta SET demo = 1",
    "DELETE FROM log_meta",
]


@pytest.mark.parametrize("statement", MEDDLING)
def test_the_database_itself_refuses_to_change_what_stands(
    store: EventStore, settings: Settings, statement: str
) -> None:
    put(store, PRODUCT, renamed("a"), renamed("b"))
    before = list(store.entries())
    refused = pytest.raises(sqlite3.IntegrityError, match=r"never|next place|keeps its origin")
    meddling = sqlite3.connect(settings.events_db, isolation_level=None)
    with closing(meddling), refused:
        meddling.execute(statement)
    assert list(store.entries()) == before


def filling(bytes_over: int) -> BatchRecorded:
    """A fact whose entry is this many bytes over the limit."""
    framing = 258
    return BatchRecorded(
        source=Personal(text="x"), facts=("f" * (LARGEST_ENTRY - framing + bytes_over),)
    )


def test_an_entry_of_the_largest_size_is_recorded(store: EventStore) -> None:
    put(store, BATCH, filling(0))
    (entry,) = store.entries()
    assert len(entry.framed) == LARGEST_ENTRY == 65_535


def test_an_entry_one_byte_larger_is_refused_and_nothing_recorded(store: EventStore) -> None:
    with pytest.raises(EntryTooLarge) as refusal:
        put(store, BATCH, filling(1))
    assert refusal.value.values["bytes"] == 65_536
    assert store.size() == 0


def test_a_long_text_does_not_make_an_entry_large(store: EventStore) -> None:
    put(store, DEBATE, opened("why? " * 50_000), voice("because " * 50_000))
    assert max(len(each.framed) for each in store.entries()) < 1000


def test_a_key_of_another_kind_does_not_break_the_frame(store: EventStore) -> None:
    put(store, PRODUCT, instalment(Key('","version":7,"x":"')))
    (entry,) = store.entries()
    assert json.loads(entry.framed)["version"] == 1
