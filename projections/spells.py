"""From the days on which something may have changed to the stretches on which it was the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from govlog.domain.values import Span
from projections.view import Segment, Tail

_ONE_DAY = timedelta(days=1)


def from_then_on(row: Struct, began: Span) -> Sequence[Segment]:
    """The same row for ever, uncertain until it has surely begun."""
    if began.earliest == began.latest:
        return (Segment(began.earliest, None, row),)
    return (
        Segment(began.earliest, began.latest, row, certain=False),
        Segment(began.latest, None, row),
    )


def spells(
    days: Iterable[date], on: Callable[[date], tuple[Struct, bool] | None]
) -> Sequence[Segment]:
    """One segment for every stretch of days with the same row, from the first of `days` on.

    `on` gives row and certainty at the end of a day; None where there is nothing to show. It is
    asked for the given days only: on all others nothing changes.
    """
    return _stretches([(day, on(day)) for day in sorted({*days})])


def _stretches(found: Iterable[tuple[date, tuple[Struct, bool] | None]]) -> Sequence[Segment]:
    segments: list[Segment] = []
    since, last = date.min, None
    for day, row in found:
        if row != last:
            if last is not None:
                segments.append(Segment(since, day, *last))
            since, last = day, row
    if last is not None:
        segments.append(Segment(since, None, *last))
    return segments


def tail(
    days: Iterable[date], on: Callable[[date], tuple[Struct, bool] | None], since: date
) -> Tail:
    """As `spells`, but only the segments that reach beyond `since`."""
    ordered = sorted(set(days))
    first = max(0, bisect_right(ordered, since) - 1)
    rows = [on(day) for day in ordered[first:]]
    while first and on(ordered[first - 1]) == rows[0]:
        first -= 1
        rows.insert(0, rows[0])
    return Tail(since, _stretches(zip(ordered[first:], rows, strict=True)))


def turning(*spans: Span | None) -> Sequence[date]:
    """The first and the last day on which each may have happened."""
    days = []
    for span in spans:
        if span is not None:
            days.append(span.earliest)
            if span.latest > span.earliest:
                days.append(span.latest)
    return days


def open_on(day: date, *spans: Span | None) -> bool:
    """Whether it is open at the end of the day if one of these has happened."""
    for span in spans:  # noqa: SIM110 - any() would cost more than all of it
        if span is not None and span.earliest <= day < span.latest:
            return True
    return False


def day_after(until: date | None) -> Iterator[date]:
    """The first day not, after a last day; none for what ends never."""
    if until is not None and until < date.max:
        yield until + _ONE_DAY
