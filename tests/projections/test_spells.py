"""From days on which something may have changed to stretches: held to every day in between."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from govlog.domain.values import Span
from projections.spells import from_then_on, open_on, spells, tail, turning
from projections.view import Segment

FIRST = date(2024, 1, 1)
CALENDAR = [FIRST + timedelta(days=number) for number in range(14)]
DAYS = st.sampled_from(CALENDAR[1:12])
SPANS = st.tuples(DAYS, DAYS).map(lambda days: Span(min(days), max(days)))
MAYBE_SPANS = st.lists(SPANS | st.none(), max_size=4)


class Row(Struct, frozen=True):
    sure: int
    """How many of some happenings have surely happened."""


On = Callable[[date], tuple[Row, bool] | None]


def told(spans: Iterable[Span | None]) -> On:
    """What a view would show of happenings: nothing before any of them has surely happened."""

    def on(day: date) -> tuple[Row, bool] | None:
        sure = sum(each is not None and each.latest <= day for each in spans)
        return (Row(sure), not open_on(day, *spans)) if sure else None

    return on


def shown(segments: Iterable[Segment], day: date) -> list[tuple[Struct, bool]]:
    return [
        (each.row, each.certain)
        for each in segments
        if each.valid_from <= day and (each.valid_until is None or day < each.valid_until)
    ]


@given(spans=MAYBE_SPANS)
def test_every_day_shows_what_was_so_at_its_end(spans: list[Span | None]) -> None:
    on = told(spans)
    segments = spells(turning(*spans), on)
    for day in CALENDAR:
        found = on(day)
        assert shown(segments, day) == ([] if found is None else [found])


@given(spans=MAYBE_SPANS)
def test_neighbouring_stretches_differ(spans: list[Span | None]) -> None:
    segments = spells(turning(*spans), told(spans))
    for before, after in itertools.pairwise(segments):
        if before.valid_until == after.valid_from:
            assert (before.row, before.certain) != (after.row, after.certain)


@given(spans=MAYBE_SPANS, since=DAYS)
def test_a_tail_is_the_end_of_the_whole(spans: list[Span | None], since: date) -> None:
    whole = spells(turning(*spans), told(spans))
    end = tail(turning(*spans), told(spans), since)
    assert end.segments == [
        each for each in whole if each.valid_until is None or each.valid_until > since
    ]


@given(span=SPANS)
def test_what_holds_for_ever_is_a_plain_case_of_stretches(span: Span) -> None:
    row = Row(1)
    plain = from_then_on(row, span)
    assert list(plain) == spells(turning(span), lambda day: (row, not open_on(day, span)))


@given(spans=MAYBE_SPANS)
def test_it_is_open_between_the_first_and_the_last_day_of_one_of_them(
    spans: list[Span | None],
) -> None:
    for day in CALENDAR:
        between = [each for each in spans if each is not None and each.earliest <= day]
        assert open_on(day, *spans) == any(day < each.latest for each in between)
