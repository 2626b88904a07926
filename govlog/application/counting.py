"""How each kind of stream takes one more fact, and which facts begin to count through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from msgspec.structs import replace

from govlog.application.batches import advance_batch
from govlog.domain import (
    body,
    catalogue,
    commitment,
    continuity,
    debate,
    meeting,
    party,
    resolution,
    risk,
)
from govlog.domain.corrected import MENDS
from govlog.domain.events.any_stream import Approved
from govlog.domain.events.fact import Fact
from govlog.domain.stream import NOTHING, WORDS, Evolve, Folded, Recorded, advance, fold, mends
from govlog.domain.values import StreamId, kind_of

Advance = Callable[[Folded[Any], Recorded[Fact]], Folded[Any]]

EVOLVE: Mapping[str, Evolve[Any]] = {
    "party": party.evolve,
    "body": body.evolve,
    "debate": debate.evolve,
    "meeting": meeting.evolve,
    "resolution": resolution.evolve,
    "catalogue": catalogue.evolve,
    "product": commitment.evolve,
    "risk": risk.evolve,
    "log": continuity.evolve,
}
"""How a fact changes the state of each kind of stream."""

ADVANCE: Mapping[str, Advance] = {
    **{kind: partial(advance, evolve) for kind, evolve in EVOLVE.items()},
    "batch": advance_batch,
}
"""How each kind of stream takes one more fact."""


def fold_all(kind: str, facts: Iterable[Recorded[Fact]]) -> Folded[Any]:
    """Fold a stream of some kind from nothing."""
    evolve = EVOLVE.get(kind)
    if evolve is not None:
        return fold(evolve, facts)
    folded: Folded[Any] = NOTHING
    step = ADVANCE.get(kind)
    if step is not None:
        for recorded in facts:
            folded = step(folded, recorded)
    return folded


class Step(NamedTuple):
    """A stream after one more fact."""

    folded: Folded[Any]
    counting: tuple[Recorded[Fact], ...]
    """The facts that begin to count through it. Where that is a correction, it comes first, and
    then what it makes others of: each as it was and as it is now."""


def take(
    before: Folded[Any],
    recorded: Recorded[Fact],
    told: Callable[[StreamId], Sequence[Recorded[Fact]]],
) -> Step:
    """Take one more fact of a stream; `told` gives the facts before it, where they are needed."""
    kind, counting = kind_of(recorded.stream), begun(before, recorded)
    if not mends(before, recorded):
        return Step(ADVANCE[kind](before, recorded), counting)
    facts = told(recorded.stream)
    after = fold_all(kind, (*facts, recorded))
    return Step(after, (*counting, *_turned(kind, facts, before, after)))


def _turned(
    kind: str, facts: Iterable[Recorded[Fact]], before: Folded[Any], after: Folded[Any]
) -> Iterator[Recorded[Fact]]:
    """The counting facts that read differently now, as they were and as they are.

    In a resolution every fact: what a round gave may depend on all that were recorded before it.
    Other corrections are as they were: the one that is taken now is the cause of all.
    """
    for fact in facts:
        if fact.id in after.pending or fact.id in after.refused or type(fact.fact) in MENDS:
            continue
        was, now = before.corrected.get(fact.id, fact), after.corrected.get(fact.id, fact)
        if was != now:
            yield was
        if was != now or kind == "resolution":
            yield now


def begun(before: Folded[Any], recorded: Recorded[Fact]) -> tuple[Recorded[Fact], ...]:
    """The facts that begin to count through one fact of a stream, in the order of the log."""
    fact = recorded.fact
    if type(fact) not in WORDS:
        return () if fact.pending else (recorded,)
    if not isinstance(fact, Approved):
        return ()
    approved = (before.pending[each] for each in {*fact.facts} if each in before.pending)
    return tuple(sorted(approved, key=lambda each: each.index))


def cause_of(counting: Sequence[Recorded[Fact]], event: Recorded[Fact]) -> str:
    """The event that is named as the cause of what an event lets count: the one fact that does, or
    the one correction; of several at once the event itself, such as their approval."""
    mending = [each for each in counting if type(each.fact) in MENDS]
    those = mending or counting
    return those[0].id if len(those) == 1 else event.id


def as_counted(recorded: Recorded[Fact]) -> Recorded[Fact]:
    """The same fact as if it had to wait for nobody."""
    if not recorded.fact.pending:
        return recorded
    return replace(recorded, fact=replace(recorded.fact, pending=()))
