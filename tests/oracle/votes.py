"""What came of a vote: rules 23 to 28, ballot by ballot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.body import Majority, QuorumOf, Rules, TieRule
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    ResolutionTabled,
    RollFixed,
    VoteCast,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Ballot, Key

CLOSING = (ResolutionCarried, ResolutionLost, ResolutionLapsed)
PRESENT = (Ballot.FOR, Ballot.AGAINST, Ballot.ABSTAIN, Ballot.NOT_VOTING, Ballot.SCORED)


class Outcome(Struct, frozen=True):
    """What a resolution came to, and by which fact."""

    word: OutcomeWord
    by: Recorded[Fact]
    option: Key | None
    """What a scored vote carried."""
    shown: bool
    """Whether a vote or minutes show it; else it is authority as a source words it (rule 16)."""


def in_conflict(told: Iterable[Fact]) -> set[Key]:
    return {fact.seat for fact in told if isinstance(fact, ConflictDeclared)}


def ballots(roll: RollFixed, told: Sequence[Fact]) -> dict[Key, Ballot]:
    """What each seat that votes did: absent without a ballot, recused where in conflict.

    A conflict puts nobody in the room who is known to have been absent (ADR 0041).
    """
    cast = {each.seat: Ballot.ABSENT for each in roll.seats if each.votes}
    last = {fact.seat: fact.ballot for fact in told if isinstance(fact, VoteCast)}
    cast |= {seat: ballot for seat, ballot in last.items() if seat in cast}
    for seat in in_conflict(told):
        if seat in cast and last.get(seat) is not Ballot.ABSENT:
            cast[seat] = Ballot.RECUSED
    return cast


def quorate(rules: Rules, cast: dict[Key, Ballot]) -> bool:
    """Rule 24: against all seated on the roll, whatever they did."""
    seated = len(cast)
    present = sum(each in PRESENT for each in cast.values())
    if rules.recused_count_as_present:
        present += sum(each is Ballot.RECUSED for each in cast.values())
    match rules.quorum:
        case QuorumOf.AT_LEAST_HALF:
            return 2 * present >= seated
        case QuorumOf.MORE_THAN_HALF:
            return 2 * present > seated
        case QuorumOf.TWO_THIRDS:
            return 3 * present >= 2 * seated
    return True


def count(roll: RollFixed, cast: dict[Key, Ballot]) -> OutcomeWord:
    """Rules 25 and 26."""
    if not quorate(roll.rules, cast):
        return OutcomeWord.LAPSED
    in_favour = sum(each is Ballot.FOR for each in cast.values())
    against = sum(each is Ballot.AGAINST for each in cast.values())
    if roll.rules.majority is Majority.TWO_THIRDS_PRESENT:
        entitled = sum(each in PRESENT for each in cast.values())
        carried = in_favour > 0 and 3 * in_favour >= 2 * entitled
    elif in_favour == against:
        casting = cast.get(roll.presiding) if roll.presiding is not None else None
        carried = roll.rules.tie is TieRule.CHAIR and casting is Ballot.FOR
    else:
        carried = in_favour > against
    return OutcomeWord.CARRIED if carried else OutcomeWord.LOST


def winner(
    roll: RollFixed, options: Sequence[Key], cast: dict[Key, Ballot], told: Iterable[Fact]
) -> Key | None:
    """Rule 25: the highest sum above 0; on a tie the one that the chair scored higher."""
    scores: dict[Key, dict[Key, int]] = {}
    for fact in told:
        if isinstance(fact, VoteCast) and cast.get(fact.seat) is Ballot.SCORED:
            scores[fact.seat] = {each.option: each.score or 0 for each in fact.scores}
    sums = {each: sum(of.get(each, 0) for of in scores.values()) for each in options}
    highest = max(sums.values())
    best = [each for each in options if sums[each] == highest and highest > 0]
    chair = scores.get(roll.presiding) if roll.presiding is not None else None
    if len(best) > 1 and chair is not None and roll.rules.tie is TieRule.CHAIR:
        most = max(chair.get(each, 0) for each in best)
        best = [each for each in best if chair.get(each, 0) == most]
    return best[0] if len(best) == 1 else None


def closed(
    each: Recorded[Fact], roll: RollFixed, options: Sequence[Key], told: Sequence[Fact]
) -> Outcome:
    """What a round came to when it was closed."""
    cast = ballots(roll, told)
    if not options:
        return Outcome(count(roll, cast), each, None, shown=True)
    if not quorate(roll.rules, cast):
        return Outcome(OutcomeWord.LAPSED, each, None, shown=True)
    chosen = winner(roll, options, cast, told)
    word = OutcomeWord.LOST if chosen is None else OutcomeWord.CARRIED
    return Outcome(word, each, chosen, shown=True)


def minuted(each: Recorded[Fact], fact: OutcomeMinuted, told: Sequence[Fact]) -> Outcome:
    """As the minutes say, unless too few of the roll were present: then it lapsed (rule 26).

    What an import brings stands as its source has it (rule 28), until a correction of the roll or
    of those present derives it anew (rule 27).
    """
    if fact.roll is not None and (fact.batch is None or "present" in each.corrected):
        cast = [VoteCast(seat=one, ballot=Ballot.NOT_VOTING) for one in fact.present]
        there = ballots(fact.roll, [*told, *cast])
        if not quorate(fact.roll.rules, there):
            return Outcome(OutcomeWord.LAPSED, each, None, shown=True)
    return Outcome(fact.outcome, each, fact.option, shown=True)


def outcome(stream: Sequence[Recorded[Fact]]) -> Outcome | None:
    """Of one resolution's counted facts in order of recording; None while nothing is decided.

    An inquorate round leaves an earlier result as it was, and what carried takes no new round
    (rule 26), also where it turns out to have carried only by a correction.
    """
    found: Outcome | None = None
    roll: RollFixed | None = None
    options: tuple[Key, ...] = ()
    told: list[Fact] = []
    for each in stream:
        fact, reached = each.fact, None
        if isinstance(fact, ResolutionTabled):
            options = tuple(one.option for one in fact.options)
        elif isinstance(fact, RollFixed):
            # A conflict is with the matter, so it holds for a re-vote, too (rules 26 and 27).
            roll, told = fact, [one for one in told if isinstance(one, ConflictDeclared)]
        elif isinstance(fact, CLOSING) and roll is not None:
            reached = closed(each, roll, options, told)
        elif isinstance(fact, OutcomeMinuted):
            conflicts = [one for one in told if isinstance(one, ConflictDeclared)]
            reached = minuted(each, fact, conflicts)
        elif isinstance(fact, OutcomeRecorded):
            reached = Outcome(fact.outcome, each, fact.option, fact.vote_shown)
        told.append(fact)
        if reached is not None and (found is None or reached.word is not OutcomeWord.LAPSED):
            found = reached
        if found is not None and found.word is OutcomeWord.CARRIED:
            return found
    return found
