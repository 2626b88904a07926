"""A difference between two moments is what a comparison of everything at both would show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.differences import DIFFERING, Difference, Moment, between
from projections.reading import Row, Snapshot
from projections.view import View
from tests.projections.built import Facts, readable
from tests.projections.histories import HISTORIES, history

SEVERAL = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
FIRST = date(2022, 1, 1)
DAYS = st.integers(0, 1500).map(lambda days: FIRST + timedelta(days=days))


def shown(now: Snapshot, moment: Moment) -> Mapping[tuple[str, str], Row]:
    """Everything that the compared views show at a moment."""
    return {
        (view.name, row.key): row
        for view in DIFFERING
        for row in now.page(view.name, as_of=moment.day, known=moment.size, limit=10_000).rows
    }


def compared(now: Snapshot, before: Moment, after: Moment) -> set[tuple[str, str]]:
    """The subjects that differ, found by comparing everything."""
    was, is_now = shown(now, before), shown(now, after)

    def content(rows: Mapping[tuple[str, str], Row], name: tuple[str, str]) -> object:
        row = rows.get(name)
        return None if row is None else (row.certain, row.body)

    return {
        name for name in was.keys() | is_now.keys() if content(was, name) != content(is_now, name)
    }


def found(now: Snapshot, before: Moment, after: Moment, limit: int) -> list[Difference]:
    """All differences, page by page."""
    items: list[Difference] = []
    place: int | None = -1
    while place is not None:
        page = between(now, before, after, after_place=place, limit=limit)
        assert len(page.items) <= limit
        items += page.items
        place = page.next
    return items


def check(now: Snapshot, before: Moment, after: Moment, limit: int) -> list[Difference]:
    items = found(now, before, after, limit)
    names = [(each.view.name, each.key) for each in items]
    assert len(names) == len(set(names))
    assert set(names) == compared(now, before, after)
    was, is_now = shown(now, before), shown(now, after)
    for each in items:
        name = (each.view.name, each.key)
        assert (each.before, each.after) == (was.get(name), is_now.get(name))
        assert each.events
    return items


@given(facts=HISTORIES, day=DAYS, limit=st.integers(1, 40), data=st.data())
@SEVERAL
def test_between_two_sizes_it_is_everything_that_reads_differently_on_the_day(
    facts: Facts, day: date, limit: int, data: st.DataObject
) -> None:
    since = data.draw(st.integers(0, len(facts)))
    until = data.draw(st.integers(since, len(facts)))
    with readable(facts) as views, views.snapshot() as now:
        for each in check(now, Moment(day, since), Moment(day, until), limit):
            assert all(since <= index < until for index in each.events)


@given(facts=HISTORIES, first=DAYS, second=DAYS, limit=st.integers(1, 40), data=st.data())
@SEVERAL
def test_between_two_days_it_is_everything_that_reads_differently_as_known_then(
    facts: Facts, first: date, second: date, limit: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, len(facts)))
    since, until = sorted((first, second))
    with readable(facts) as views, views.snapshot() as now:
        for each in check(now, Moment(since, size), Moment(until, size), limit):
            assert all(index < size for index in each.events)


def test_the_events_responsible_are_those_after_which_the_row_was_another() -> None:
    facts = history(11, 250)
    with readable(facts) as views, views.snapshot() as now:
        day = date(2024, 12, 31)
        for size in range(1, len(facts), 9):
            for each in between(now, Moment(day, size - 1), Moment(day, size), limit=500).items:
                assert each.events == (size - 1,)
                assert now.event(size - 1).event == facts[size - 1].id


def test_what_differs_is_said_member_by_member_and_by_product() -> None:
    facts = history(11, 250)
    day = date(2024, 12, 31)
    with readable(facts) as views, views.snapshot() as now:
        items = between(now, Moment(day, 60), Moment(day, len(facts)), limit=2000).items
    assert {each.product for each in items} >= {"product:x", "product:y", None}
    changed = [
        (each.members, each.before.certain == each.after.certain)
        for each in items
        if each.before and each.after
    ]
    assert changed
    assert all(members for members, as_certain in changed if as_certain)


@pytest.mark.parametrize("view", DIFFERING, ids=lambda view: view.name)
def test_no_view_is_looked_through_for_what_changed(view: View) -> None:
    """Each half of the question is answered by an index on when rows begin or end."""
    from projections.differences import _BETWEEN_DAYS, _BETWEEN_SIZES, _PAGE, _sql

    values = dict.fromkeys(("since", "until", "day", "size", "after", "limit"), 1)
    with readable(history(1, 20)) as views, views.snapshot() as now:
        for changed in (_BETWEEN_SIZES, _BETWEEN_DAYS):
            question = _sql(view.name, _PAGE, changed)
            plan = now.connection.execute(f"EXPLAIN QUERY PLAN {question}", values).fetchall()
            steps = [step[3] for step in plan if "_row" in step[3]]
            assert len(steps) == 2
            assert all(step.startswith("SEARCH") for step in steps)
