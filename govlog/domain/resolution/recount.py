"""A correction of roll, ballot or conflict derives the outcome anew (rule 27)."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from govlog.domain.events.any_stream import FactCorrected
from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeMinuted,
    OutcomeWord,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    RollFixed,
    VoteCast,
)
from govlog.domain.recorded import Recorded
from govlog.domain.resolution.balloting import counted
from govlog.domain.resolution.resolution import evolve as plainly
from govlog.domain.resolution.states import Resolution
from govlog.domain.voting import minuted

_COUNTED = (RollFixed, VoteCast, ConflictDeclared)
"""What a count is made of."""
_ROLL = {"roll", "present"}
"""What makes up the quorum of minutes: a mended date derives nothing anew, least of all minutes
that an import brought as their source has them (rule 28)."""

Count = ResolutionCarried | ResolutionLost | ResolutionLapsed

_OF: dict[OutcomeWord, type[Count]] = {
    OutcomeWord.CARRIED: ResolutionCarried,
    OutcomeWord.LOST: ResolutionLost,
    OutcomeWord.LAPSED: ResolutionLapsed,
}


def evolve(resolution: Resolution | None, recorded: Recorded[Fact]) -> Resolution | None:
    """The resolution after one more fact, its outcomes derived from what is corrected."""
    if resolution is not None:
        recorded = _as_derived(resolution, recorded)
    after = plainly(resolution, recorded)
    if after is not None and _may_turn_a_count(recorded):
        return replace(after, recount=True)
    return after


def _may_turn_a_count(recorded: Recorded[Fact]) -> bool:
    """Roll, ballot or conflict is corrected; or was when the votes were counted, and is so no more
    where the correction was withdrawn.
    """
    fact = recorded.fact
    return isinstance(fact, FactCorrected) or (
        bool(recorded.corrected) and isinstance(fact, _COUNTED)
    )


def _as_derived(resolution: Resolution, recorded: Recorded[Fact]) -> Recorded[Fact]:
    """A count, or minutes, as roll and ballots give it now that they are corrected.

    A historical outcome stays as its source gives it, and is compared (rule 28).
    """
    fact = recorded.fact
    if resolution.recount and isinstance(fact, Count):
        return replace(recorded, fact=_counted(resolution, fact))
    if isinstance(fact, OutcomeMinuted) and fact.roll and not _ROLL.isdisjoint(recorded.corrected):
        conflicts = resolution.conflicts & {each.seat for each in fact.roll.seats}
        found = minuted(fact.roll, fact.present, conflicts, fact.manner, fact.outcome)
        return replace(recorded, fact=replace(fact, outcome=found.word))
    return recorded


def _counted(resolution: Resolution, fact: Count) -> Fact:
    now = resolution.open_round
    if now is None:
        return fact
    found = counted(now)
    outcome = _OF[found.word]
    said: dict[str, Any] = {name: getattr(fact, name) for name in Fact.__struct_fields__}
    if outcome is ResolutionCarried:
        said["option"] = found.option
    return outcome(**said, counts=found.counts, reason=found.reason)
