"""Whether a resolution stands, and from which day a later one has taken its place."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from govlog.domain.facts import Facts
from govlog.domain.tri import Tri, ordered
from govlog.domain.values import Span, StreamId

if TYPE_CHECKING:
    from govlog.domain.resolution.states import Annulment, Outcome, Resolution

_NOW = sys.maxsize


def standing(resolution: Resolution, facts: Facts) -> bool:
    """Whether it carried and no annulment of it is in effect (rules 15 and 21)."""
    return resolution.carried and not annulled(resolution, facts)


def annulled(resolution: Resolution, facts: Facts) -> bool:
    """Whether an annulment of it is in effect (rule 21)."""
    return bool(resolution.annulments) and any(
        in_effect(annulment, facts) for annulment in resolution.annulments
    )


def in_effect(annulment: Annulment, facts: Facts, known: int = _NOW) -> bool:
    """Rule 21: it takes effect only if what it cites stood when it was recorded, and falls if that
    is annulled later. A ruling that is cited carries it alone.

    Only annulments recorded before log index `known` are looked at. The search ends, circles
    included: what stood at its recording looks at earlier indexes, what fell later at higher ones.
    """
    if annulment.resolution is None or annulment.ruling is not None:
        return True
    cited = facts.resolution(annulment.resolution)
    if cited is None or cited.outcome is None or not cited.carried:
        return False
    if cited.outcome.index > annulment.index:  # as a correction may say
        return False
    for each in cited.annulments:
        if each.index == annulment.index:  # a resolution that annuls itself, as an import may say
            continue
        earlier = each.index < annulment.index
        if each.index < known and in_effect(each, facts, annulment.index if earlier else known):
            return False
    return True


def superseded_on(resolution: Resolution, facts: Facts) -> Span | None:
    """The days on which the earliest standing successor may have carried (rule 17).

    From that day the resolution authorises no new act; what was granted under it stays. Where no
    successor is surely the later one (rule 2), it may never be superseded: the last day is the end
    of time.
    """
    if resolution.outcome is None:
        return None
    days, surely = [], [date.max]
    for later in _successors(resolution, facts):
        follows = comes_after(later, resolution.outcome)
        if follows is not Tri.NO:
            days.append(later.day.earliest)
        if follows is Tri.YES:
            surely.append(later.day.latest)
    return Span(min(days), min(surely)) if days else None


def comes_after(later: Outcome, earlier: Outcome) -> Tri:
    """Whether one outcome was reached after another; recording breaks ties of equal full days."""
    return ordered((earlier.day, earlier.index), (later.day, later.index))


def _successors(resolution: Resolution, facts: Facts) -> Iterator[Outcome]:
    for stream in _named_successors(resolution, facts):
        successor = facts.resolution(stream)
        if successor is not None and successor.outcome is not None and standing(successor, facts):
            yield successor.outcome


def _named_successors(resolution: Resolution, facts: Facts) -> set[StreamId]:
    """Named on this resolution, or naming it when they were tabled: links show both ways."""
    named = {each.by for each in resolution.superseded_by}
    for stream in facts.citing(resolution.stream, "resolution"):
        citing = facts.resolution(stream)
        if citing is not None and citing.supersedes == resolution.stream:
            named.add(stream)
    return named - {resolution.stream}
