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


NO, MAYBE, YES = Tri
"""By names of a module: a member of an enumeration takes longer to look up than to work out."""


def both(*answers: Tri) -> Tri:
    if NO in answers:
        return NO
    return MAYBE if MAYBE in answers else YES


def either(answers: Iterable[Tri]) -> Tri:
    found = NO
    for each in answers:
        if each is YES:
            return each
        if each is MAYBE:
            found = each
    return found


_NEGATED = (YES, MAYBE, NO)


def negated(answer: Tri) -> Tri:
    return _NEGATED[answer]


def holds_for(answers: Sequence[bool]) -> Tri:
    """Yes when it holds for all possibilities, no when for none."""
    if len(answers) == 1:
        return YES if answers[0] else NO
    if not any(answers):
        return NO
    return YES if all(answers) else MAYBE


def begun(since: Span, day: Span) -> Tri:
    """Whether something that began on `since` has begun by the end of `day`."""
    if since.latest <= day.earliest:
        return YES
    return NO if since.earliest > day.latest else MAYBE


def still(until: date | None, day: Span) -> Tri:
    """Whether `day` is no later than the last day `until`; always when there is none."""
    if until is None or day.latest <= until:
        return YES
    return NO if day.earliest > until else MAYBE


def ordered(first: tuple[Span, int], second: tuple[Span, int]) -> Tri:
    """Whether `first` comes before `second`; recording breaks ties of equal full days only."""
    (one, one_index), (two, two_index) = first, second
    if one == two and one.certain:
        return YES if one_index < two_index else NO
    if one.latest < two.earliest:
        return YES
    return NO if one.earliest > two.latest else MAYBE


def surely_last(place: tuple[Span, int], others: Iterable[tuple[Span, int]]) -> bool:
    """Whether something comes after all others, whatever days partial dates may mean."""
    for each in others:  # noqa: SIM110 - all() would cost more than all of it
        if ordered(each, place) is not YES:
            return False
    return True


def latest(*spans: Span) -> Span:
    """The days that the latest of several uncertain days may be."""
    if len(spans) == 1:
        return spans[0]
    return Span(max([each.earliest for each in spans]), max([each.latest for each in spans]))
