"""What the views would show once facts count that are not in the log yet (rule 22).

The views' own two functions answer, before and after: what is foreseen is what then happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from govlog.application.facts import States
from govlog.application.overlay import Overlay
from govlog.application.supposed import approvals
from govlog.domain.attribution import Verdict
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId
from projections.commissions import COMMISSIONS
from projections.exposure import EXPOSURE
from projections.investments import INVESTMENTS
from projections.known import Known, Read, Recall
from projections.moving import FactsAt
from projections.portfolio import PORTFOLIO
from projections.proofs import PROOFS
from projections.resolutions import RESOLUTIONS
from projections.view import Segment, Tail, View

FLIPPING: tuple[View, ...] = (INVESTMENTS, EXPOSURE, COMMISSIONS, PORTFOLIO, PROOFS, RESOLUTIONS)
"""Verdicts, amounts, what is left of ceilings, lifecycle and levels, approvals, outcomes."""


class Foreseen(Struct, frozen=True):
    """One subject of a view, from day to day, as it is and as it would be."""

    view: View
    key: str
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]
    meanwhile: tuple[Segment, ...] | None
    """Until what waits is approved; None where nothing waits."""

    @property
    def differs(self) -> bool:
        return self.before != self.after or self.meanwhile not in (None, self.before)


class _Moved:
    """The states and the accounts with facts on top, and which subjects these have touched."""

    def __init__(
        self,
        size: int,
        below: States,
        read: Read,
        recall: Recall,
        views: Sequence[View],
    ) -> None:
        self.states = Overlay(below)
        self._told: list[Recorded[Fact]] = []
        self._read = read
        self._size = size
        self._moving = Known(size, self.states, self.told, recall)
        self._views = views
        self.touched: set[tuple[int, str]] = set()

    def told(self, stream: StreamId) -> Sequence[Recorded[Fact]]:
        below = (each for each in self._read(stream) if each.index < self._size)
        return (*below, *(each for each in self._told if each.stream == stream))

    def take(self, recorded: Recorded[Fact]) -> None:
        self._told.append(recorded)
        counted = self._moving.advance(recorded)
        for place, view in enumerate(self._views):
            facts = [fact for fact in counted if type(fact.fact) in view.reads]
            if facts:
                self.touched.update((place, key) for key in view.touches(facts, self._moving))

    def known(self) -> Known:
        """What is known with all facts taken by now."""
        return Known(self._moving.size, self.states, self.told, self._verdict)

    def _verdict(self, product: StreamId, name: Key) -> Verdict | None:
        held = self._moving.account(product).holdings.get(name)
        return held.verdict if held else None


def foresee(
    facts_at: FactsAt,
    read: Read,
    recall: Recall,
    recorded: Sequence[Recorded[Fact]],
    views: Iterable[View] = FLIPPING,
) -> tuple[Foreseen, ...]:
    """What would change once all of `recorded` count, as the next facts of the log.

    What waits of them is approved next; `meanwhile` is how it would be until then. `recall` gives
    the verdicts as the views have them now, with their marks of displacement.
    """
    size, views = recorded[0].index, tuple(views)
    below: States = facts_at(size)  # type: ignore[assignment]  # the states of the application
    at_once = after = _moved(size, below, read, recall, views, recorded)
    if waiting := approvals(recorded, at_once.states):
        after = _moved(size, below, read, recall, views, (*recorded, *waiting))
    was, will = Known(size, below, read, recall), after.known()  # type: ignore[arg-type]
    until = at_once.known() if waiting else None
    found = (
        Foreseen(
            views[place],
            key,
            _timeline(views[place], key, was),
            _timeline(views[place], key, will),
            None if until is None else _timeline(views[place], key, until),
        )
        for place, key in sorted(after.touched)
    )
    return tuple(each for each in found if each.differs)


def _moved(
    size: int,
    below: States,
    read: Read,
    recall: Recall,
    views: Sequence[View],
    recorded: Iterable[Recorded[Fact]],
) -> _Moved:
    moved = _Moved(size, below, read, recall, views)
    for each in recorded:
        moved.take(each)
    return moved


def _timeline(view: View, key: str, known: Known) -> tuple[Segment, ...]:
    timeline = view.segments(key, known)
    return tuple(timeline.segments if isinstance(timeline, Tail) else timeline)
