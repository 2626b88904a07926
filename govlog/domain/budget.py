"""Budgets: mandates limited by the sum of what was decided under them (rule 15).

An act fits when what was decided before it under the same mandate leaves room for it whole. It
draws on the first budget that it fits into, and only if no other mandate covers it. With partial
dates the sums are bounds, as in `sweep`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from govlog.domain.authority import NOTHING, ActOf, Amount, holds, judge
from govlog.domain.authority import within_single_limit as fits_alone
from govlog.domain.body import Body, Mandate
from govlog.domain.events.body import LimitKind
from govlog.domain.facts import Facts
from govlog.domain.tri import MAYBE, NO, YES, Tri, both, either
from govlog.domain.values import Key, Span, StreamId

Place = tuple[StreamId, Key]
"""A budget: its body and the mandate's name."""


def budgets_of(body: Body) -> list[Mandate]:
    """The budgets of a body, in the order recorded."""
    budgets = [each for each in body.mandates.values() if each.limit_kind is LimitKind.BUDGET]
    return sorted(budgets, key=lambda mandate: mandate.index)


class _Open(Struct, frozen=True):
    """A budget that an act may fit into."""

    place: Place
    mandate: Mandate
    held: Tri
    """Whether the mandate covers such an act on the day of its resolution."""


class _Trying(Struct, frozen=True):
    """An act that may draw on budgets."""

    open: list[_Open]
    sure: bool
    """Whether it draws on the first of these, provided that it fits there."""


class Budgets:
    """Bounds of what is drawn on budgets, while a sweep goes through the acts in order."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._at_least: defaultdict[Place, Decimal] = defaultdict(Decimal)
        self._at_most: defaultdict[Place, Decimal] = defaultdict(Decimal)
        self._trying: dict[str, _Trying] = {}

    def begin(self, act: ActOf) -> None:
        """From here on an act may draw: what was surely drawn before it is known."""
        trying = self._try(act)
        self._trying[act.taken.fact] = trying
        for each in trying.open:
            self._at_most[each.place] += act.amount.value

    def settle(self, act: ActOf) -> Tri:
        """Whether an act finds a place: all that may have been drawn before it is known."""
        trying = self._trying.pop(act.taken.fact)
        fits = [self._fits(act, each) for each in trying.open]
        if trying.sure and fits[0] is YES:
            first, *others = trying.open
            self._at_least[first.place] += _least(act).value
            for each in others:
                self._at_most[each.place] -= act.amount.value
        return either(both(each.held, fit) for each, fit in zip(trying.open, fits, strict=True))

    def _try(self, act: ActOf) -> _Trying:
        resolution = self._facts.resolution(act.taken.resolution) if act.taken.resolution else None
        body = self._facts.body(resolution.body) if resolution is not None else None
        if body is None or resolution is None or resolution.outcome is None:
            return _NONE
        if act.amount == NOTHING or judge(act, self._facts).given is NO:
            return _NONE
        day = resolution.outcome.day
        elsewhere = [_alone(each, act, day, self._facts) for each in _without_sum(body)]
        if YES in elsewhere:
            return _NONE
        found = list(self._rooms(body, act, day))
        sure = bool(found) and found[0].held is YES and MAYBE not in elsewhere
        return _Trying(found, sure and judge(act, self._facts, YES).given is YES)

    def _rooms(self, body: Body, act: ActOf, day: Span) -> Iterator[_Open]:
        least = _least(act)
        for mandate in budgets_of(body):
            place = body.stream, mandate.mandate
            if not fits_alone(mandate, least):
                continue
            held = holds(mandate, act, day, self._facts)
            if held is not NO and self._at_least[place] + least.value <= _limit(mandate):
                yield _Open(place, mandate, held)

    def _fits(self, act: ActOf, room: _Open) -> Tri:
        alone = fits_alone(room.mandate, act.amount)
        return YES if alone and self._at_most[room.place] <= _limit(room.mandate) else MAYBE


_NONE = _Trying([], sure=False)


def _without_sum(body: Body) -> list[Mandate]:
    return [each for each in body.mandates.values() if each.limit_kind is not LimitKind.BUDGET]


def _alone(mandate: Mandate, act: ActOf, day: Span, facts: Facts) -> Tri:
    """Whether a mandate covers an act whatever else was decided."""
    if mandate.limit_kind is LimitKind.UNLIMITED or fits_alone(mandate, act.amount):
        return holds(mandate, act, day, facts)
    fits = fits_alone(mandate, _least(act))
    return both(MAYBE, holds(mandate, act, day, facts)) if fits else NO


def _least(act: ActOf) -> Amount:
    return act.amount if act.at_least is None else act.at_least


def _limit(mandate: Mandate) -> Decimal:
    return mandate.limit.amount if mandate.limit is not None else Decimal(0)
