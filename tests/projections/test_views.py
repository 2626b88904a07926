"""What holds for every view there is, over histories with every event type."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from govlog.application.facts import Facts as States
from govlog.application.seen import Seen
from govlog.domain.attribution import Bearer, Reason
from govlog.domain.events import TOPICS, Fact
from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.events.fact import PendingReason
from govlog.domain.values import kind_of
from projections.catalogue import UNREAD, VIEWS
from projections.investments import INVESTMENTS, InstalmentRow
from projections.moving import Moving
from projections.rebuild import rebuild
from projections.remembered import Remembered
from projections.tables import NEVER, STILL
from projections.view import Tail
from projections.writer import ViewWriter
from tests.projections.built import Facts, Stored, everything, moved, open_at, rows
from tests.projections.histories import HISTORIES, history
from tests.projections.memory import MemoryLog

SEVERAL = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
PAGES = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@given(facts=HISTORIES, pages=PAGES)
@example(facts=history(22133, 43), pages=[7])  # the sums of a currency come to nothing again
@SEVERAL
def test_a_rebuild_gives_the_same_rows_as_moving_on_with_restarts(
    facts: Facts, pages: list[int]
) -> None:
    log = MemoryLog(facts)
    with TemporaryDirectory() as folder, moved(facts, pages, restarts=True) as connection:
        link = Path(folder, "views.db")
        rebuild(log, link, log.facts_at, page=pages[0])
        with closing(sqlite3.connect(link)) as rebuilt:
            assert everything(rebuilt) == everything(connection)


@given(facts=HISTORIES, pages=PAGES)
@SEVERAL
def test_products_that_are_taken_up_before_facts_come_give_the_same_rows(
    facts: Facts, pages: list[int]
) -> None:
    with (
        moved(facts) as connection,
        moved(facts, pages, restarts=True, prepares=True) as prepared,
    ):
        assert everything(prepared) == everything(connection)


def test_products_are_taken_up_once_each_the_latest_first_while_there_is_room() -> None:
    log = MemoryLog(history(3, 80))
    latest = [each.stream for each in log.facts if kind_of(each.stream) == "product"]
    products = list(dict.fromkeys(reversed(latest)))
    with moved(log.facts) as connection:
        moving = Moving(log, connection, log.facts_at, VIEWS)
        with patch.object(moving.known, "account") as taken_up:
            while moving.prepare():
                pass
        asked = [call.args[0] for call in taken_up.call_args_list]
        assert asked == [each for each in products if moving.known.facts.product(each)]
        full = Moving(log, connection, log.facts_at, VIEWS, Remembered(10, instalments=0))
        assert not full.prepare()


@given(facts=HISTORIES, page=st.integers(1, 40))
@SEVERAL
def test_a_rebuild_that_remembers_next_to_nothing_gives_the_same_rows(
    facts: Facts, page: int
) -> None:
    log = MemoryLog(facts)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        links = Path(folder, "all.db"), Path(folder, "little.db")
        rebuild(log, links[0], log.facts_at)
        patched.setattr("projections.remembered.FEW", Remembered(subjects=0, instalments=0))
        patched.setattr("projections.known.ACCOUNTS_REMEMBERED", 1)
        patched.setattr(Seen, "_SLOTS", 16)
        rebuild(log, links[1], lambda size: States.at(log, size, remembered=1), page=page)
        with closing(sqlite3.connect(links[0])) as one, closing(sqlite3.connect(links[1])) as other:
            assert everything(one) == everything(other)


@given(facts=HISTORIES)
@SEVERAL
def test_no_fact_leaves_a_row_as_it_was_that_it_should_have_changed(facts: Facts) -> None:
    """Else `touches` forgets a subject: worked out anew, every timeline is the one in the rows."""
    log = MemoryLog(facts)
    with moved(facts) as connection:
        known = Moving(log, connection, log.facts_at, VIEWS).known
        for view in VIEWS:
            writer = ViewWriter(view, connection)
            for key, found in open_at(rows(connection, view), log.size()).items():
                timeline = view.segments(key, known)
                segments = timeline.segments if isinstance(timeline, Tail) else timeline
                assert [writer.content(each) for each in segments] == found


@given(facts=HISTORIES, data=st.data())
@SEVERAL
def test_what_is_recorded_later_changes_no_answer_at_an_earlier_size(
    facts: Facts, data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, len(facts)))
    with moved(facts) as later, moved(facts[:size]) as then:
        for view in VIEWS:
            assert open_at(rows(later, view), size) == open_at(rows(then, view), size)


@given(facts=HISTORIES)
@SEVERAL
def test_the_rows_of_a_subject_never_overlap_in_both_dates(facts: Facts) -> None:
    with moved(facts) as connection:
        for view in VIEWS:
            by_key: dict[str, list[Stored]] = {}
            for each in rows(connection, view):
                assert each.valid_from < each.valid_until <= NEVER
                assert each.known_from < each.known_until <= STILL
                by_key.setdefault(each.key, []).append(each)
            for versions in by_key.values():
                for one, other in combinations(versions, 2):
                    assert (
                        one.valid_until <= other.valid_from
                        or other.valid_until <= one.valid_from
                        or one.known_until <= other.known_from
                        or other.known_until <= one.known_from
                    )


def test_the_histories_hold_every_event_type_and_every_way_of_being_recorded() -> None:
    types: Counter[type[Fact]] = Counter()
    seen: Counter[str] = Counter()
    for seed in range(40):
        for each in history(seed, 100):
            fact = each.fact
            types[type(fact)] += 1
            seen.update(fact.pending)
            seen["approved"] += isinstance(fact, Approved)
            seen["refused"] += isinstance(fact, ApprovalRefused)
            seen["undated"] += fact.decided_on is None
            seen["year only"] += len(fact.decided_on or "") == 4
            seen["month only"] += len(fact.decided_on or "") == 7
            seen["late"] += each.decided.earliest < each.recorded_on - timedelta(days=30)
    assert {topic for topic, fact in TOPICS.items() if types[fact] < 10} == set()
    ways = {*PendingReason, "approved", "refused", "undated", "year only", "month only", "late"}
    assert {way for way in ways if seen[way] < 20} == set()


def test_the_histories_reach_every_reason_and_bearer() -> None:
    seen: Counter[str] = Counter()
    for seed in range(120):
        with moved(history(seed, 100)) as connection:
            for each in rows(connection, INVESTMENTS):
                for share in msgspec.json.decode(each.body, type=InstalmentRow).shares:
                    seen.update(
                        (share.reason, share.bearer, *(["displaced"] * bool(share.displaced_by)))
                    )
    assert {*Reason, *Bearer, "displaced"} - seen.keys() == set()


def test_every_topic_is_read_by_a_view_or_listed_with_the_reason_why_not() -> None:
    read = {fact for view in VIEWS if not view.shows_log for fact in view.reads}
    assert set(TOPICS.values()) - read == set(UNREAD)
    assert {fact for view in VIEWS if view.shows_log for fact in view.reads} == set(TOPICS.values())


def test_the_filters_of_a_view_are_members_of_its_row() -> None:
    for view in VIEWS:
        assert set(view.filters) <= set(view.row.__struct_fields__), view.name
        assert set(view.scanned) < set(view.filters), view.name
