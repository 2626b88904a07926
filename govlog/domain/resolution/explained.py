"""How a resolution came to its outcome, round by round, and where a source contradicts itself."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from govlog.domain.events.resolution import Counts, OutcomeWord
from govlog.domain.resolution.balloting import counted
from govlog.domain.resolution.states import Outcome, Resolution, Round
from govlog.domain.voting import Explanation, minuted


class Mismatch(StrEnum):
    """What is flagged and never repaired (rule 28)."""

    OUTCOME = "outcome"
    """The recorded outcome is not what its ballots or its counts give."""
    COUNTS = "counts"
    """The recorded counts are not those of the ballots."""


class Explained(Struct, frozen=True):
    """The outcome in effect, with each closed round explained; an open round stays unspoken."""

    outcome: Outcome | None
    rounds: tuple[Explanation, ...]
    mismatches: tuple[Mismatch, ...]


def explain(resolution: Resolution) -> Explained:
    """Explain every closed round by its roll, its rules and its ballots."""
    closed = [each for each in resolution.rounds if each.outcome is not None]
    rounds = [_round(each) for each in closed]
    deciding = resolution.deciding_round
    found = None if deciding is None else rounds[closed.index(deciding)]
    return Explained(resolution.outcome, tuple(rounds), _mismatches(resolution, deciding, found))


def _round(held: Round) -> Explanation:
    if held.minuted is not None and held.outcome is not None:
        return minuted(held.roll, held.present, held.conflicts, held.minuted, held.outcome.word)
    return counted(held)


def _mismatches(
    resolution: Resolution, held: Round | None, found: Explanation | None
) -> tuple[Mismatch, ...]:
    outcome = resolution.outcome
    if outcome is None:
        return ()
    by_ballots = held is not None and held.minuted is None and bool(held.ballots)
    flags: list[Mismatch] = []
    if found is not None and (by_ballots or (held is not None and held.minuted is not None)):
        another = by_ballots and found.option != outcome.option
        if found.word is not outcome.word or another:
            flags.append(Mismatch.OUTCOME)
        if by_ballots and outcome.counts is not None and _differ(outcome.counts, found.counts):
            flags.append(Mismatch.COUNTS)
    elif outcome.counts is not None and _contradict(outcome.word, outcome.counts):
        flags.append(Mismatch.OUTCOME)
    return tuple(flags)


_CAST = ("for_", "against", "abstain", "scored")
_NOT_CAST = ("recused", "absent", "not_voting")


def _differ(stated: Counts, found: Counts) -> bool:
    """A blank count of cast ballots means 0; of those who cast none, that the source is silent."""
    if stated == found:
        return False
    said = [*_CAST, *(name for name in _NOT_CAST if getattr(stated, name))]
    return any(getattr(stated, name) != getattr(found, name) for name in said)


def _contradict(word: OutcomeWord, counts: Counts) -> bool:
    """By simple majority: a source without roll says neither its rules nor who broke a tie."""
    if word is OutcomeWord.CARRIED:
        return counts.for_ < counts.against
    return word is OutcomeWord.LOST and counts.for_ > counts.against
