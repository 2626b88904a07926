"""How facts become state: pending facts, and the fold that respects approval and correction.

A late or displacing fact counts only from its approval by a second person (rules 5, 10, 11).
Until then it stands in `pending` and changes no answer. When a correction begins or ceases to count
(rule 19), the stream is folded anew from its facts, with those mended that are corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.corrected import MENDS, in_effect, mended
from govlog.domain.events.any_stream import ApprovalRefused, Approved, FactCorrected
from govlog.domain.events.fact import Fact
from govlog.domain.recorded import Recorded

__all__ = ["NOTHING", "WORDS", "Evolve", "Folded", "Recorded", "advance", "fold", "mends"]

S = TypeVar("S")

WORDS = (Approved, ApprovalRefused)
"""A second person's word on facts that wait for it; it counts by what it does to them."""


class Folded(Struct, Generic[S], frozen=True):
    """A stream up to a version.

    `counted` is what answers see; `provisional` also holds the pending facts, as an import that is
    still to be approved as a whole sees itself. They are one object when nothing is pending.
    """

    version: int
    counted: S | None
    provisional: S | None
    pending: Map[str, Recorded[Fact]] = Map()
    refused: Map[str, Recorded[Fact]] = Map()
    corrections: tuple[Recorded[FactCorrected], ...] = ()
    """Those in effect, in the order they were recorded."""
    corrected: Map[str, Recorded[Fact]] = Map()
    """By event, the facts that they mend, as they read now."""


NOTHING: Folded[None] = Folded(version=0, counted=None, provisional=None)

Evolve = Callable[[S | None, Recorded[Fact]], S | None]


def advance(evolve: Evolve[S], folded: Folded[S], recorded: Recorded[Fact]) -> Folded[S]:
    """Take one more recorded fact of the stream into account; never refuses."""
    fact = recorded.fact
    if type(fact) in WORDS:
        return _spoken(evolve, folded, recorded)
    if fact.pending:
        return replace(
            folded,
            version=recorded.version,
            provisional=evolve(folded.provisional, recorded),
            pending=folded.pending.set(recorded.id, recorded),
        )
    counted = evolve(folded.counted, recorded)
    provisional = counted if not folded.pending else evolve(folded.provisional, recorded)
    return replace(folded, version=recorded.version, counted=counted, provisional=provisional)


def _spoken(evolve: Evolve[S], folded: Folded[S], word: Recorded[Fact]) -> Folded[S]:
    match word.fact:
        case Approved(facts=ids):
            return _approve(evolve, folded, word, ids)
        case ApprovalRefused(facts=ids):
            return _refuse(evolve, folded, word, ids)
    return folded


def mends(folded: Folded[S], recorded: Recorded[Fact]) -> bool:
    """Whether other corrections are in effect after this fact: then the stream is folded anew."""
    fact = recorded.fact
    if type(fact) in MENDS:
        return not fact.pending
    if type(fact) not in WORDS or not isinstance(fact, Approved):
        return False
    waiting = (folded.pending.get(each) for each in fact.facts)
    return any(each is not None and type(each.fact) in MENDS for each in waiting)


def fold(evolve: Evolve[S], facts: Iterable[Recorded[Fact]]) -> Folded[S]:
    """Fold one stream's facts, in their order, from nothing."""
    told = list(facts)
    corrections = in_effect(told)
    if corrections:
        told = mended(told, corrections)
    folded: Folded[S] = Folded(version=0, counted=None, provisional=None)
    for recorded in told:
        folded = advance(evolve, folded, recorded)
    if not corrections:
        return folded
    corrected = Map({each.id: each for each in told if each.corrected})
    return replace(folded, corrections=corrections, corrected=corrected)


def _approve(
    evolve: Evolve[S], folded: Folded[S], approval: Recorded[Fact], ids: Iterable[str]
) -> Folded[S]:
    counted, pending = folded.counted, folded.pending
    for fact_id in ids:
        if fact_id in pending:
            counted = evolve(counted, pending[fact_id])
            pending = pending.delete(fact_id)
    return replace(
        folded,
        version=approval.version,
        counted=counted,
        provisional=folded.provisional if pending else counted,
        pending=pending,
    )


def _refuse(
    evolve: Evolve[S], folded: Folded[S], refusal: Recorded[Fact], ids: Iterable[str]
) -> Folded[S]:
    pending, refused = folded.pending, folded.refused
    for fact_id in ids:
        if fact_id in pending:
            refused = refused.set(fact_id, pending[fact_id])
            pending = pending.delete(fact_id)
    provisional = folded.counted
    for fact in sorted(pending.values(), key=lambda each: each.index):
        provisional = evolve(provisional, fact)
    return replace(
        folded, version=refusal.version, provisional=provisional, pending=pending, refused=refused
    )
