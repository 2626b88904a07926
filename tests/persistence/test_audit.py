"""An audit walks the whole store and names the first event that is not as it was recorded."""

from __future__ import annotations

import sqlite3
import tracemalloc
from contextlib import closing
from typing import Any

import pytest

from govlog.domain.errors import StoreUnusable
from govlog.domain.values import StreamId
from govlog.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from govlog.persistence.audit import Audited, audit
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import DEBATE, PRODUCT, Clock, opened, put, renamed, voice
from tests.persistence.test_entries import EDITS

TRIGGERS = (
    "stored_events_are_never_edited",
    "stored_events_are_never_deleted",
    "stored_events_are_never_replaced",
)


def meddle(settings: Settings, *statements: str, values: tuple[object, ...] = ()) -> None:
    """What somebody does who may write to the file and knows how it is guarded."""
    with closing(sqlite3.connect(settings.events_db, isolation_level=None)) as file:
        for trigger in TRIGGERS:
            file.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            file.execute(statement, values if "?" in statement else ())


def audited(settings: Settings, **given: Any) -> Audited:
    return audit(settings.events_db, settings.keys_db, **given)


def first_wrong(found: Audited) -> int | None:
    return found.offence.index if found.offence else None


@pytest.fixture
def told(store: EventStore, settings: Settings, clock: Clock) -> Settings:
    """Eleven events in two streams, a second apart."""
    put(store, DEBATE, opened())
    for number in range(5):
        clock.forward(1)
        put(store, DEBATE, voice(f"words {number}"))
        put(store, PRODUCT, renamed(f"name {number}"))
    return settings


def test_a_whole_log_passes_with_its_size_root_and_openings(
    told: Settings, store: EventStore
) -> None:
    seen: list[int] = []
    found = audited(told, progress=seen.append)
    assert found.whole
    assert (found.size, found.root) == (11, store.frontier().root())
    assert found.openings == 7
    assert seen == [11]


def test_an_empty_log_passes(settings: Settings) -> None:
    assert audited(settings) == Audited(0, EMPTY_ROOT, 0, 0)


@pytest.mark.parametrize(("column", "value"), [*EDITS, ("token", "\udcff")])
def test_an_edit_in_any_column_is_named_by_its_index(
    told: Settings, column: str, value: object
) -> None:
    if value == "\udcff":
        edit = f"UPDATE stored_events SET {column} = CAST(x'ff' AS TEXT) WHERE rowid = 8"
        meddle(told, edit)
    else:
        edit = f"UPDATE stored_events SET {column} = ? WHERE rowid = 8"
        meddle(told, edit, values=(value,))
    assert first_wrong(audited(told)) == 7


@pytest.mark.parametrize("gone", [1, 5, 11])
def test_a_deleted_tail_is_named_by_where_the_log_now_ends(told: Settings, gone: int) -> None:
    meddle(told, f"DELETE FROM stored_events WHERE rowid > {11 - gone}")
    assert first_wrong(audited(told)) == 11 - gone


def test_a_deleted_event_in_the_middle_is_named(told: Settings) -> None:
    meddle(told, "DELETE FROM stored_events WHERE rowid = 4")
    assert first_wrong(audited(told)) == 3


def test_two_rows_that_changed_places_are_named(told: Settings) -> None:
    swap = "UPDATE stored_events SET rowid = {} WHERE rowid = {}".format
    meddle(told, swap(99, 3), swap(3, 6), swap(6, 99))
    assert first_wrong(audited(told)) == 2


def rewritten(settings: Settings, *, leaf_only: int = 0) -> None:
    """Exchange the third event and hash everything anew, as an operator with all rights could."""
    meddle(settings, "UPDATE stored_events SET recorded_by = 'party:eve' WHERE rowid = 3")
    with EventStore.open(settings) as store:
        leaves = [leaf_hash(each.framed) for each in store.entries()]
    for rowid, leaf in enumerate(leaves, start=1):
        meddle(settings, f"UPDATE stored_events SET leaf = ? WHERE rowid = {rowid}", values=(leaf,))
    if not leaf_only:
        tree = Frontier().extended(leaves)
        meddle(settings, "UPDATE frontier SET roots = ?", values=(tree.packed(),))


def test_a_rewritten_event_with_its_leaf_is_named_by_the_stretch_of_the_tree(
    told: Settings,
) -> None:
    rewritten(told, leaf_only=1)
    offence = audited(told).offence
    assert offence is not None
    assert (offence.index, "between 0 and 7" in offence.what) == (0, True)


def test_a_history_rewritten_with_its_tree_contradicts_a_remembered_checkpoint(
    told: Settings,
) -> None:
    with EventStore.open(told) as store:
        leaves = [each.leaf for each in store.entries()]
    roots = {size: Frontier().extended(leaves[:size]).root() for size in (2, 8, 11)}
    assert audited(told, remembered=roots).whole
    rewritten(told)
    assert audited(told).whole, "nothing in the store itself shows it"
    offence = audited(told, remembered=roots).offence
    assert offence is not None
    assert (offence.index, "first 8 events" in offence.what) == (2, True)


def test_a_log_that_is_shorter_than_a_remembered_checkpoint_is_named(told: Settings) -> None:
    assert first_wrong(audited(told, remembered={40: EMPTY_ROOT})) == 11


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE frontier SET size = 7",
        "UPDATE frontier SET size = 'x'",
        "UPDATE frontier SET roots = x''",
        "UPDATE frontier SET roots = roots || roots",
        "UPDATE frontier SET recorded_us = 1",
        "DELETE FROM frontier",
        "UPDATE erasable_value SET position = 77 WHERE rowid = 1",
    ],
)
def test_a_meddled_tree_or_a_value_for_no_event_is_found(told: Settings, statement: str) -> None:
    meddle(told, statement)
    assert first_wrong(audited(told)) is not None


def test_recording_times_that_fall_are_named(
    told: Settings, store: EventStore, clock: Clock
) -> None:
    meddle(told, "UPDATE stored_events SET recorded_us = recorded_us + 60000000 WHERE rowid = 6")
    with EventStore.open(told) as again:
        leaves = [leaf_hash(each.framed) for each in again.entries()]
    meddle(told, "UPDATE stored_events SET leaf = ? WHERE rowid = 6", values=(leaves[5],))
    tree = Frontier().extended(leaves)
    meddle(told, "UPDATE frontier SET roots = ?", values=(tree.packed(),))
    assert first_wrong(audited(told)) == 6


def test_versions_that_do_not_follow_each_other_are_named(told: Settings) -> None:
    meddle(told, "UPDATE stored_events SET originator_version = 9 WHERE rowid = 5")
    with EventStore.open(told) as again:
        leaves = [leaf_hash(each.framed) for each in again.entries()]
    meddle(told, "UPDATE stored_events SET leaf = ? WHERE rowid = 5", values=(leaves[4],))
    tree = Frontier().extended(leaves)
    meddle(told, "UPDATE frontier SET roots = ?", values=(tree.packed(),))
    assert first_wrong(audited(told)) == 4


@pytest.mark.parametrize("column", ["sealed", "field", "commitment", "position"])
def test_a_value_other_than_the_one_committed_to_is_named(told: Settings, column: str) -> None:
    other = {"field": "'title'", "position": "5"}.get(column, "x'00'")
    meddle(
        told, f"UPDATE erasable_value SET {column} = {other} WHERE position = 1 AND field = 'text'"
    )
    assert first_wrong(audited(told)) == 1


@pytest.mark.parametrize("erasure", ["", "NULL", "7"])
def test_a_value_that_somebody_deleted_is_named_unless_an_erasure_says_so(
    told: Settings, erasure: str
) -> None:
    claim = f"INSERT INTO erased_value SELECT commitment, position, field, {erasure or 0}"
    claim += " FROM erasable_value WHERE position = 3"
    delete = "DELETE FROM erasable_value WHERE position = 3"
    meddle(told, *([claim] if erasure else []), delete)
    found = audited(told)
    if erasure == "NULL":
        assert (found.whole, found.size, found.openings) == (True, 11, 6)
    else:
        assert first_wrong(found) == (7 if erasure else 3)


def test_an_audit_needs_no_more_memory_for_a_longer_log(store: EventStore) -> None:
    peaks = []
    for _ in range(2):
        for _ in range(4):
            put(store, StreamId("product:lamp"), *(renamed("a" * 200) for _ in range(600)))
        tracemalloc.start()
        assert audited(store.settings).whole
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.1


def test_a_file_that_is_no_database_is_refused(settings: Settings) -> None:
    settings.events_db.write_bytes(b"no database at all, but long enough to be read as one" * 99)
    with pytest.raises(StoreUnusable, match="damaged"):
        audited(settings)
