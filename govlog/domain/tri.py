"""Three-valued answers about days that are only partly known (rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum

from govlog.domain.values import Span


class Tri(IntEnum):
    """No, perhaps, yes; `and` is min, `or` is max (Kleene's strong three-valued logic)."""

    NO = 0
    MAYBE = 1
    YES = 2


def both(*answers: Tri) -> Tri:
    return min(answers, default=Tri.YES)


def either(answers: Iterable[Tri]) -> Tri:
    return max(answers, default=Tri.NO)


_NEGATED = (Tri.YES, Tri.MAYBE, Tri.NO)


def negated(answer: Tri) -> Tri:
    return _NEGATED[answer]


def holds_for(answers: Sequence[bool]) -> Tri:
    """Yes when it holds for all possibilities, no when for none."""
    if not any(answers):
        return Tri.NO
    return Tri.YES if all(answers) else Tri.MAYBE


def begun(since: Span, day: Span) -> Tri:
    """Whether something that began on `since` has begun by the end of `day`."""
    if since.latest <= day.earliest:
        return Tri.YES
    return Tri.NO if since.earliest > day.latest else Tri.MAYBE


def still(until: date | None, day: Span) -> Tri:
    """Whether `day` is no later than the last day `until`; always when there is none."""
    if until is None or day.latest <= until:
        return Tri.YES
    return Tri.NO if day.earliest > until else Tri.MAYBE


def ordered(first: tuple[Span, int], second: tuple[Span, int]) -> Tri:
    """Whether `first` comes before `second`; recording breaks ties of equal full days only."""
    (one, one_index), (two, two_index) = first, second
    if one == two and one.certain:
        return Tri.YES if one_index < two_index else Tri.NO
    if one.latest < two.earliest:
        return Tri.YES
    return Tri.NO if one.earliest > two.latest else Tri.MAYBE


def surely_last(place: tuple[Span, int], others: Iterable[tuple[Span, int]]) -> bool:
    """Whether something comes after all others, whatever days partial dates may mean."""
    return all(ordered(each, place) is Tri.YES for each in others)


def latest(*spans: Span) -> Span:
    """The days that the latest of several uncertain days may be."""
    return Span(max(each.earliest for each in spans), max(each.latest for each in spans))
