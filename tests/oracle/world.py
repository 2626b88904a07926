"""One possibility: every happening has a day of its own, and a place among those of the same day.

Partial dates leave days open (rule 2). The oracle does not reason about them. It makes a world
for every way the days may fall, answers in each as if all dates were full, and states what all
agree on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from random import Random

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    BatchRecorded,
    CorrectionWithdrawn,
    FactCorrected,
    Stated,
)
from govlog.domain.events.fact import Act
from govlog.domain.events.product import InstalmentCommitted
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, first_day, last_day

When = tuple[date, float]
"""A day, and the place within it: that of recording for full dates, any for partial ones."""

Days = Mapping[tuple[str, str], When]
"""By event and field."""

DATELESS = (
    Approved,
    ApprovalRefused,
    BatchRecorded,
    CorrectionWithdrawn,
    FactCorrected,
    Stated,
)
BEGINNING = date(1990, 1, 1)
"""Long before anything in a history: as far back as a missing date needs to reach."""


def happenings(each: Recorded[Fact]) -> Iterator[tuple[str, PartialDate | None]]:
    """The dates of a fact that are uncertain where they are partial."""
    if not isinstance(each.fact, DATELESS):
        yield "decided_on", each.fact.decided_on
    if isinstance(each.fact, InstalmentCommitted):
        yield "bound_on", each.fact.bound_on
    if isinstance(each.fact, Stated):
        yield "holds_on", each.fact.holds_on or each.fact.decided_on


def reach(each: Recorded[Fact], when: PartialDate | None) -> tuple[date, date]:
    """The earliest and latest day, never later than the recording (rule 2)."""
    if when is None:
        return BEGINNING, each.recorded_on
    return min(first_day(when), each.recorded_on), min(last_day(when), each.recorded_on)


def full(each: Recorded[Fact]) -> bool:
    """Whether every date of a fact can only be one day."""
    spans = (reach(each, when) for _, when in happenings(each))
    return all(first == last for first, last in spans)


def limits(each: Recorded[Fact]) -> Iterator[date]:
    """The days on which something begins or has just ended."""
    fact = each.fact
    if isinstance(fact, Act):
        yield from (first_day(day) for day in (fact.effective_from, fact.notified_on) if day)
    for field in ("since", "until"):
        day = getattr(fact, field, None)
        if day is not None:
            yield first_day(day) if field == "since" else last_day(day) + timedelta(days=1)


def worlds(
    facts: Sequence[Recorded[Fact]], asked: Sequence[date], most: int, seed: int = 0
) -> Iterator[Days]:
    """All possibilities that differ in order, or `most` of them where there are more."""
    certain: dict[tuple[str, str], When] = {}
    open_: list[tuple[tuple[str, str], date, date]] = []
    marks = set(asked) | {day + timedelta(days=1) for day in asked}
    for each in facts:
        marks.update(limits(each))
        for field, when in happenings(each):
            first, last = reach(each, when)
            marks.update((first, last))
            if first == last:
                # Also a month that its recording cuts down to one day is that day (ADR 0041).
                certain[each.id, field] = (first, each.index)
            else:
                open_.append(((each.id, field), first, last))
    taken = list(certain.values())
    choices = [
        list(_places(first, last, marks, taken, number, len(open_)))
        for number, (_, first, last) in enumerate(open_)
    ]
    names = [name for name, _, _ in open_]
    for places in _combinations(choices, most, seed):
        yield {**certain, **dict(zip(names, places, strict=True))}


def _places(
    first: date, last: date, marks: set[date], taken: list[When], number: int, of: int
) -> Iterator[When]:
    """Days that differ in what lies before them; on each, places before and after what is there."""
    days = {first, last}
    for mark in marks:
        days.update(day for day in (mark - timedelta(days=1), mark) if first <= day <= last)
    for day in sorted(days):
        there = sorted({place for on, place in taken if on == day})
        gaps = [-1.0, *there]
        for gap in gaps:
            # Each open date has places of its own in a gap, so that any order of two can come up.
            yield day, gap + (number + 1) / (2 * of + 2)
            if number:
                yield day, gap + (2 * of + 1 - number) / (2 * of + 2)


def _combinations(choices: list[list[When]], most: int, seed: int) -> Iterator[tuple[When, ...]]:
    size = 1
    for each in choices:
        size *= len(each)
    if size <= most:
        yield from product(*choices)
        return
    random = Random(seed)
    yield tuple(each[0] for each in choices)
    yield tuple(each[-1] for each in choices)
    for _ in range(most - 2):
        yield tuple(random.choice(each) for each in choices)
