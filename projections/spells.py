"""From the days on which something may have changed to the stretches on which it was the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from msgspec import Struct

from govlog.domain.values import Span
from projections.view import Segment, Tail

_ONE_DAY = timedelta(days=1)


def spells(
    days: Iterable[date], on: Callable[[date], tuple[Struct, bool] | None]
) -> Iterator[Segment]:
    """One segment for every stretch of days with the same row, from the first of `days` on.

    `on` gives row and certainty at the end of a day; None where there is nothing to show. It is
    asked for the given days only: on all others nothing changes.
    """
    last: Segment | None = None
    for day in sorted(set(days)):
        found = on(day)
        if last is not None:
            if found is not None and (last.row, last.certain) == found:
                continue
            yield Segment(last.valid_from, day, last.row, last.certain)
        last = None if found is None else Segment(day, None, found[0], found[1])
    if last is not None:
        yield last


def tail(
    days: Iterable[date], on: Callable[[date], tuple[Struct, bool] | None], since: date
) -> Tail:
    """As `spells`, but only the segments that reach beyond `since`."""
    on = cache(on)
    ordered = sorted(set(days))
    first = max(0, bisect_right(ordered, since) - 1)
    while first and on(ordered[first - 1]) == on(ordered[first]):
        first -= 1
    return Tail(since, tuple(spells(ordered[first:], on)))


def turning(*spans: Span | None) -> Iterator[date]:
    """The first and the last day on which each may have happened."""
    for span in spans:
        if span is not None:
            yield span.earliest
            yield span.latest


def open_on(day: date, *spans: Span | None) -> bool:
    """Whether it is open at the end of the day if one of these has happened."""
    return any(span is not None and span.earliest <= day < span.latest for span in spans)


def day_after(until: date | None) -> Iterator[date]:
    """The first day not, after a last day; none for what ends never."""
    if until is not None and until < date.max:
        yield until + _ONE_DAY
