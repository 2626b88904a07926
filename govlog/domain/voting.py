"""Quorum, majority, tie and conflict rules: ballots in, an explained outcome out (rules 23-27)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from msgspec import Struct

from govlog.domain.events.body import Majority, QuorumOf, Rules, TieRule
from govlog.domain.events.resolution import Counts, Minuted, OutcomeWord, RollFixed, RollSeat
from govlog.domain.values import Ballot, Key, StreamId


class Reason(StrEnum):
    """What decided, as one word."""

    INQUORATE = "inquorate"
    MAJORITY = "majority"
    NO_MAJORITY = "no_majority"
    TWO_THIRDS = "two_thirds"
    BELOW_TWO_THIRDS = "below_two_thirds"
    CASTING_VOTE = "casting_vote"
    """A tie on which the one presiding cast for or against."""
    TIE = "tie"
    """A tie that nobody broke."""
    CONSENSUS = "consensus"
    WRITTEN = "written"


class SeatTally(Struct, frozen=True):
    """How one seat on the roll counted."""

    seat: Key
    party: StreamId
    ballot: Ballot
    """As it counted: absent without a ballot, recused with a conflict."""
    votes: bool
    """False for observers and members whose alternate is seated (rule 24)."""
    present: bool
    counted: bool
    """Whether it weighed for or against."""


class Explanation(Struct, frozen=True, kw_only=True):
    """One round's outcome and everything it rests on."""

    round: int
    word: OutcomeWord
    reason: str
    rules: Rules
    """`rules.version` names them."""
    seats: tuple[SeatTally, ...]
    counts: Counts
    seated: int
    present: int
    quorum_needed: int
    """The smallest number of present that is quorate."""
    quorum_met: bool
    entitled: int
    """Present and entitled to vote (rule 25)."""
    tied: bool
    presiding: Key | None
    casting_vote: Ballot | None
    """The ballot of the one presiding, where a tie turned on it."""
    conflicts: tuple[Key, ...]

    @property
    def tie_rule(self) -> TieRule:
        return self.rules.tie

    @property
    def rule_version(self) -> str:
        return self.rules.version


class Attendance(Struct, frozen=True):
    """Whether those who are there make a quorum of those who vote (rule 24)."""

    seated: int
    present: int
    quorum_needed: int
    quorum_met: bool


def attendance(seats: Collection[RollSeat], rules: Rules, present: Collection[Key]) -> Attendance:
    """Count who is there, before anybody votes; whoever is recused is so from one item only."""
    voting = [each.seat for each in seats if each.votes]
    there = sum(seat in present for seat in voting)
    needed = _needed(rules, len(voting))
    return Attendance(len(voting), there, needed, there >= needed)


def count(
    roll: RollFixed, ballots: Mapping[Key, Ballot], conflicts: Collection[Key] = ()
) -> Explanation:
    """Count one round of ballots; whose seat is in conflict has none (rule 27)."""
    counted = {seat: _counted(ballots.get(seat), seat in conflicts) for seat in _voting(roll)}
    counts = _counts(counted.values())
    met = _quorate(roll.rules, len(counted), _present(counted, roll.rules))
    tied = roll.rules.majority is Majority.SIMPLE and counts.for_ == counts.against
    casting = counted.get(roll.presiding) if roll.presiding is not None else None
    if not met:
        word, reason = OutcomeWord.LAPSED, Reason.INQUORATE
    elif roll.rules.majority is Majority.TWO_THIRDS_PRESENT:
        word, reason = _two_thirds(counts)
    else:
        word, reason = _simple(counts, roll.rules.tie, casting)
    return _explain(
        roll,
        counted,
        conflicts,
        word=word,
        reason=reason,
        tied=tied,
        casting_vote=casting if reason is Reason.CASTING_VOTE else None,
    )


def minuted(
    roll: RollFixed,
    present: Collection[Key],
    conflicts: Collection[Key],
    manner: Minuted,
    word: OutcomeWord,
) -> Explanation:
    """Explain what the minutes say: nobody's ballot is known, only who took part.

    Consensus and the written procedure need a quorum like any vote (rule 24); an inquorate one
    lapses (rule 26), whatever `word` says.
    """
    took_part = {
        seat: _counted(Ballot.NOT_VOTING if seat in present else None, seat in conflicts)
        for seat in _voting(roll)
    }
    met = _quorate(roll.rules, len(took_part), _present(took_part, roll.rules))
    return _explain(
        roll,
        took_part,
        conflicts,
        word=word if met else OutcomeWord.LAPSED,
        reason=Reason(manner.value) if met else Reason.INQUORATE,
        tied=False,
        casting_vote=None,
    )


def _voting(roll: RollFixed) -> list[Key]:
    """Rule 24: observers never count, and a member whose alternate is seated has no ballot.

    The alternate then stands for the seat, so each seat is counted once among all seated.
    """
    return [each.seat for each in roll.seats if each.votes]


def _counted(ballot: Ballot | None, conflicted: bool) -> Ballot:
    """Rule 24: no ballot is absent. Rule 27: a conflict removes the ballot; it puts nobody in the
    room who is known to have been absent.
    """
    if conflicted and ballot is not Ballot.ABSENT:
        return Ballot.RECUSED
    return ballot or Ballot.ABSENT


def _is_present(ballot: Ballot, rules: Rules) -> bool:
    """Rule 24: abstaining and not voting are present, recused only if the rule says so."""
    if ballot is Ballot.RECUSED:
        return rules.recused_count_as_present
    return ballot is not Ballot.ABSENT


def _present(counted: Mapping[Key, Ballot], rules: Rules) -> int:
    return sum(_is_present(ballot, rules) for ballot in counted.values())


def _needed(rules: Rules, seated: int) -> int:
    """The smallest number of present that meets the quorum of all seated (rule 24)."""
    match rules.quorum:
        case QuorumOf.AT_LEAST_HALF:
            return (seated + 1) // 2
        case QuorumOf.MORE_THAN_HALF:
            return seated // 2 + 1
        case QuorumOf.TWO_THIRDS:
            return (2 * seated + 2) // 3
        case QuorumOf.NONE:
            return 0


def _quorate(rules: Rules, seated: int, present: int) -> bool:
    return present >= _needed(rules, seated)


def _simple(counts: Counts, tie: TieRule, casting: Ballot | None) -> tuple[OutcomeWord, Reason]:
    """Rule 25: more for than against; on a tie, 0-0 included, the one presiding decides."""
    if counts.for_ > counts.against:
        return OutcomeWord.CARRIED, Reason.MAJORITY
    if counts.for_ < counts.against:
        return OutcomeWord.LOST, Reason.NO_MAJORITY
    if tie is TieRule.CHAIR and casting is Ballot.FOR:
        return OutcomeWord.CARRIED, Reason.CASTING_VOTE
    if tie is TieRule.CHAIR and casting is Ballot.AGAINST:
        return OutcomeWord.LOST, Reason.CASTING_VOTE
    return OutcomeWord.LOST, Reason.TIE


def _two_thirds(counts: Counts) -> tuple[OutcomeWord, Reason]:
    """Rule 25: at least 2/3 of those present and entitled to vote; of none, nobody was for it."""
    if counts.for_ > 0 and 3 * counts.for_ >= 2 * _entitled(counts):
        return OutcomeWord.CARRIED, Reason.TWO_THIRDS
    return OutcomeWord.LOST, Reason.BELOW_TWO_THIRDS


def _entitled(counts: Counts) -> int:
    """Present and entitled: who abstains or does not vote could have voted, who is recused could
    not. So a recused member is left out here even where the rule counts it towards the quorum.
    """
    return counts.for_ + counts.against + counts.abstain + counts.not_voting


def _counts(ballots: Collection[Ballot]) -> Counts:
    cast = list(ballots)
    return Counts(
        for_=cast.count(Ballot.FOR),
        against=cast.count(Ballot.AGAINST),
        abstain=cast.count(Ballot.ABSTAIN),
        recused=cast.count(Ballot.RECUSED),
        absent=cast.count(Ballot.ABSENT),
        not_voting=cast.count(Ballot.NOT_VOTING),
    )


def _explain(
    roll: RollFixed,
    counted: Mapping[Key, Ballot],
    conflicts: Collection[Key],
    *,
    word: OutcomeWord,
    reason: Reason,
    tied: bool,
    casting_vote: Ballot | None,
) -> Explanation:
    counts = _counts(counted.values())
    present = _present(counted, roll.rules)
    return Explanation(
        round=roll.round,
        word=word,
        reason=reason.value,
        rules=roll.rules,
        seats=tuple(
            SeatTally(
                seat=each.seat,
                party=each.party,
                ballot=(ballot := counted.get(each.seat, Ballot.ABSENT)),
                votes=each.votes,
                present=each.votes and _is_present(ballot, roll.rules),
                counted=each.votes and ballot in (Ballot.FOR, Ballot.AGAINST),
            )
            for each in roll.seats
        ),
        counts=counts,
        seated=len(counted),
        present=present,
        quorum_needed=_needed(roll.rules, len(counted)),
        quorum_met=_quorate(roll.rules, len(counted), present),
        entitled=_entitled(counts),
        tied=tied,
        presiding=roll.presiding,
        casting_vote=casting_vote,
        conflicts=tuple(seat for seat in counted if seat in conflicts),
    )
