"""What the views would show once facts count that are not in the log yet (rule 22).

The views' own two functions answer, before and after: what is foreseen is what then happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from govlog.application.counting import as_counted
from govlog.application.overlay import Overlay
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


def foresee(
    facts_at: FactsAt,
    read: Read,
    recall: Recall,
    recorded: Sequence[Recorded[Fact]],
    views: Iterable[View] = FLIPPING,
) -> tuple[Foreseen, ...]:
    """What would change if all of `recorded` counted, as the next facts of the log.

    `recall` gives the verdicts as the views have them now, with their marks of displacement.
    """
    size = recorded[0].index
    below = facts_at(size)
    overlay = Overlay(below)  # type: ignore[arg-type]  # the states of the application
    views = tuple(views)

    def told(stream: StreamId) -> Sequence[Recorded[Fact]]:
        return (*read(stream), *(each for each in recorded if each.stream == stream))

    moving = Known(size, overlay, told, recall)
    touched: dict[tuple[int, str], View] = {}
    for each in recorded:
        counted = moving.advance(as_counted(each))
        for place, view in enumerate(views):
            facts = [fact for fact in counted if type(fact.fact) in view.reads]
            if facts:
                touched |= {(place, key): view for key in view.touches(facts, moving)}

    def moved(product: StreamId, name: Key) -> Verdict | None:
        held = moving.account(product).holdings.get(name)
        return held.verdict if held else None

    was = Known(size, below, read, recall)
    will = Known(size + len(recorded), overlay, told, moved)
    found = (
        Foreseen(view, key, _timeline(view, key, was), _timeline(view, key, will))
        for (_, key), view in sorted(touched.items(), key=lambda each: each[0])
    )
    return tuple(each for each in found if each.before != each.after)


def _timeline(view: View, key: str, known: Known) -> tuple[Segment, ...]:
    timeline = view.segments(key, known)
    return tuple(timeline.segments if isinstance(timeline, Tail) else timeline)
