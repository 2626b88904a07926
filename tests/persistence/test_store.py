"""What is recorded is read back, in the order of the log, and nothing else is."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from govlog.domain.errors import ClockBehind, StaleVersion, StoreBusy, StoreUnusable
from govlog.domain.events.debate import DebateOpened
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.ledger.merkle import Frontier
from govlog.persistence.entry import moment
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import (
    DEBATE,
    NOON,
    PERSON,
    PRODUCT,
    TOKEN,
    Clock,
    instalment,
    opened,
    put,
    renamed,
)

OTHER = StreamId("product:stand")


def interrupted(store: EventStore, by: BaseException) -> None:
    with store.writing() as writing:
        writing.append(PRODUCT, 1, renamed(), PERSON, TOKEN)
        raise by


def test_a_fact_comes_back_as_it_was_recorded(store: EventStore) -> None:
    (recorded,) = put(store, PRODUCT, instalment())
    assert store.read(PRODUCT) == [recorded]
    assert recorded == Recorded(
        index=0,
        stream=PRODUCT,
        version=1,
        recorded_us=NOON,
        recorded_on=date(2026, 11, 23),
        recorded_by=PERSON,
        token=TOKEN,
        fact=instalment(),
    )


def test_another_process_that_opens_the_log_reads_the_same(
    store: EventStore, settings: Settings
) -> None:
    recorded = put(store, PRODUCT, instalment(), renamed())
    with EventStore.open(settings) as again:
        assert again.read(PRODUCT) == recorded
        assert again.meta == store.meta


def test_positions_are_dense_over_all_streams(store: EventStore) -> None:
    put(store, PRODUCT, renamed("a"))
    put(store, OTHER, renamed("b"), renamed("c"))
    put(store, PRODUCT, renamed("d"))
    assert [(each.index, each.stream, each.version) for each in store.replay()] == [
        (0, PRODUCT, 1),
        (1, OTHER, 1),
        (2, OTHER, 2),
        (3, PRODUCT, 2),
    ]
    assert store.size() == 4


def test_a_refused_transaction_takes_no_position(store: EventStore) -> None:
    with pytest.raises(LookupError):
        interrupted(store, LookupError())
    (recorded,) = put(store, PRODUCT, renamed())
    assert recorded.index == 0
    assert store.size() == 1


def test_an_interruption_leaves_nothing_behind(store: EventStore) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(store, KeyboardInterrupt())
    assert store.size() == 0
    assert put(store, PRODUCT, renamed())[0].index == 0


def test_going_back_drops_what_was_staged_later_only(store: EventStore) -> None:
    with store.writing() as writing:
        writing.append(PRODUCT, 1, renamed("kept"), PERSON, TOKEN)
        writing.append(PRODUCT, 2, renamed("dropped"), PERSON, TOKEN)
        writing.back_to(1)
        writing.append(OTHER, 1, renamed("after"), PERSON, TOKEN)
        assert writing.size == 2
    assert [each.fact for each in store.replay()] == [renamed("kept"), renamed("after")]


def test_what_is_staged_is_read_within_its_transaction_only(store: EventStore) -> None:
    put(store, PRODUCT, renamed("stored"))
    with store.writing() as writing:
        staged = writing.append(PRODUCT, 2, renamed("staged"), PERSON, TOKEN)
        assert [each.version for each in writing.read(PRODUCT)] == [1, 2]
        assert writing.at(0, 2)[1] == staged
        assert writing.at(1, 1) == [staged]
        assert [each.version for each in store.read(PRODUCT)] == [1]


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_that_is_not_the_next_is_stale(store: EventStore, version: int) -> None:
    put(store, PRODUCT, renamed())
    with pytest.raises(StaleVersion), store.writing() as writing:
        writing.append(PRODUCT, version, renamed(), PERSON, TOKEN)
    assert store.size() == 1
    assert put(store, PRODUCT, renamed())[0].index == 1


def test_a_stream_is_read_as_it_was_at_a_size(store: EventStore) -> None:
    put(store, PRODUCT, renamed("a"))
    put(store, OTHER, renamed("b"))
    put(store, PRODUCT, renamed("c"))
    versions = [[each.version for each in store.read(PRODUCT, upto=size)] for size in range(4)]
    assert versions == [[], [1], [1], [1, 2]]


def test_a_page_begins_at_an_index_and_is_no_longer_than_asked(store: EventStore) -> None:
    put(store, PRODUCT, *(renamed(str(number)) for number in range(10)))
    assert [each.index for each in store.page(3, 4)] == [3, 4, 5, 6]
    assert [each.index for each in store.page(3, 4, until_size=5)] == [3, 4]
    assert store.page(10, 4) == []


def test_a_page_can_be_of_topics_and_of_one_kind_of_stream(store: EventStore) -> None:
    put(store, PRODUCT, renamed(), instalment())
    put(store, DEBATE, opened())
    put(store, StreamId("product-like:x"), renamed())
    assert [each.index for each in store.page(0, 9, topics=["DebateOpened.v1"])] == [2]
    assert [each.index for each in store.page(0, 9, topics=[])] == []
    assert [each.index for each in store.page(0, 9, stream_kind="product")] == [0, 1]
    assert store.page(0, 9, topics=["InstalmentCommitted.v1"], stream_kind="debate") == []


@pytest.mark.parametrize("count", [1, 127, 128, 129, 300])
def test_a_replay_gives_every_fact_once_whatever_the_pages(store: EventStore, count: int) -> None:
    put(store, PRODUCT, *(renamed(str(number)) for number in range(count)))
    assert [each.index for each in store.replay()] == list(range(count))
    assert [each.index for each in store.replay(after=1, until=count - 1)] == list(
        range(1, count - 1)
    )


def test_a_replay_stops_at_the_size_it_began_with(store: EventStore) -> None:
    put(store, PRODUCT, renamed("a"))
    replay = store.replay()
    put(store, PRODUCT, renamed("b"))
    assert [each.version for each in replay] == [1]


def test_streams_that_name_another_are_found_by_kind_and_size(store: EventStore) -> None:
    put(store, PRODUCT, renamed(), instalment(investor="party:acme"))
    put(store, OTHER, instalment(investor="party:acme"))
    put(store, OTHER, instalment(investor="party:acme"))
    acme = StreamId("party:acme")
    assert store.citing(acme, "product") == [PRODUCT, OTHER]
    assert store.citing(acme, "product", upto=2) == [PRODUCT]
    assert store.citing(acme, "product", upto=1) == []
    assert store.citing(acme, "risk") == []
    assert store.citing(PRODUCT, "product") == []


def test_the_size_at_an_instant_counts_what_was_recorded_then(
    store: EventStore, clock: Clock
) -> None:
    put(store, PRODUCT, renamed("a"), renamed("b"))
    clock.forward(1)
    put(store, PRODUCT, renamed("c"))
    clock.forward(1)
    put(store, PRODUCT, renamed("d"))
    first = moment(NOON)
    moments = [first + timedelta(microseconds=us) for us in (-1, 0, 999_999, 1_000_000, 5_000_000)]
    assert [store.size_at(each) for each in moments] == [0, 2, 2, 3, 4]
    assert store.size_at(datetime.max.replace(tzinfo=UTC)) == 4


def test_days_are_those_of_the_community(store: EventStore, clock: Clock) -> None:
    put(store, PRODUCT, renamed("noon"))
    clock.forward(12 * 3600 - 0.000001)
    put(store, PRODUCT, renamed("one microsecond before midnight in Copenhagen"))
    clock.forward(0.000001)
    put(store, PRODUCT, renamed("midnight"))
    days = [each.recorded_on for each in store.replay()]
    assert days == [date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 24)]


def test_recording_times_never_run_backwards(store: EventStore, clock: Clock) -> None:
    put(store, PRODUCT, renamed("a"))
    clock.forward(-299)
    put(store, PRODUCT, renamed("b"))
    clock.forward(400)
    put(store, PRODUCT, renamed("c"))
    times = [each.recorded_us for each in store.replay()]
    assert times == [NOON, NOON, NOON + 101_000_000]


def test_writing_stops_while_the_clock_is_far_behind(store: EventStore, clock: Clock) -> None:
    put(store, PRODUCT, renamed("a"))
    clock.forward(-301)
    with pytest.raises(ClockBehind) as refusal:
        put(store, PRODUCT, renamed("b"))
    assert isinstance(refusal.value, StoreBusy)
    assert "2026-11-23T11:00:00.000000Z" in refusal.value.message
    assert [each.version for each in store.read(PRODUCT)] == [1]
    clock.forward(2)
    assert put(store, PRODUCT, renamed("b"))[0].recorded_us == NOON


def test_an_operator_who_notes_the_clock_fault_lets_writing_go_on(
    store: EventStore, clock: Clock
) -> None:
    put(store, PRODUCT, renamed("by a clock a day ahead"))
    assert store.note_clock_fault(PERSON, "too early") is None
    clock.forward(-86_400)
    assert store.note_clock_fault(PERSON, "set wrong by a day") == "2026-11-23T11:00:00.000000Z"
    assert store.note_clock_fault(PERSON, "said once") is None
    assert put(store, PRODUCT, renamed("b"))[0].recorded_us == NOON
    clock.forward(2 * 86_400)
    put(store, PRODUCT, renamed("c"))
    clock.forward(-3 * 86_400)
    with pytest.raises(ClockBehind):
        put(store, PRODUCT, renamed("a new fault needs a new word"))


def test_a_frontier_that_does_not_fit_the_events_stops_writing(
    store: EventStore, settings: Settings
) -> None:
    put(store, PRODUCT, renamed("a"), renamed("b"))
    with sqlite3.connect(settings.events_db) as meddling:
        meddling.execute("DROP TRIGGER stored_events_are_never_deleted")
        meddling.execute("DELETE FROM stored_events WHERE rowid = 2")
    meddling.close()
    with pytest.raises(StoreUnusable, match="ends at 1 events, its tree at 2"):
        put(store, PRODUCT, renamed("grown again"))


def test_the_frontier_is_that_of_all_entries(store: EventStore) -> None:
    for number in range(37):
        put(store, PRODUCT, *(renamed(f"{number}.{part}") for part in range(number % 4)))
    leaves = [each.leaf for each in store.entries()]
    assert len(leaves) == store.size() > 50
    assert store.frontier() == Frontier().extended(leaves)


def test_an_unknown_topic_names_the_newer_program(store: EventStore, settings: Settings) -> None:
    put(store, DEBATE, opened())
    with EventStore(settings, decoders={}) as older, pytest.raises(StoreUnusable, match="DebateOp"):
        older.read(DEBATE)
    assert isinstance(store.read(DEBATE)[0].fact, DebateOpened)


def test_a_store_does_not_survive_a_fork(store: EventStore) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with store.writing():
                answer = b"wrote"
        except RuntimeError as refusal:
            answer = str(refusal).encode()
        os.write(writer, answer)
        os._exit(0)
    os.waitpid(child, 0)
    answer = os.read(reader, 100)
    os.close(reader)
    os.close(writer)
    assert b"fork" in answer
    assert put(store, PRODUCT, renamed())[0].index == 0


def test_a_page_of_a_stream_reads_no_more_than_the_page(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, PRODUCT, *(renamed(f"name {number}") for number in range(9)))
    typed: list[int] = []
    recorded = store._mapper.recorded

    def counting(rows: list[Any]) -> Any:
        typed.append(len(rows))
        return recorded(rows)

    monkeypatch.setattr(store._mapper, "recorded", counting)
    assert [each.version for each in store.read(PRODUCT, after=3, limit=2)] == [4, 5]
    assert [each.version for each in store.read(PRODUCT, upto=4, after=3, limit=2)] == [4]
    assert store.read(PRODUCT, after=9, limit=2) == []
    assert typed == [2, 1, 0]


def test_the_version_of_a_stream_is_told_at_every_size(store: EventStore) -> None:
    put(store, PRODUCT, renamed("a"), renamed("b"))
    put(store, StreamId("product:stand"), renamed("c"))
    assert [store.version(PRODUCT, upto=size) for size in range(4)] == [0, 1, 2, 2]
    assert store.version(PRODUCT) == 2
    assert store.version(StreamId("product:none")) == 0
