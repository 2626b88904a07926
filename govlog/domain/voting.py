"""Quorum, majority, tie and conflict rules: ballots in, an explained outcome out (rules 23-27)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.body import Majority, Rules, TieRule
from govlog.domain.events.resolution import Counts, Minuted, OutcomeWord, RollFixed, RollSeat, Score
from govlog.domain.quorum import as_counted, is_present, needed
from govlog.domain.scoring import OptionSum, choose
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
    HIGHEST_SUM = "highest_sum"
    NO_SUM_ABOVE_ZERO = "no_sum_above_zero"
    CONSENSUS = "consensus"
    WRITTEN = "written"


_WEIGHING = (Ballot.FOR, Ballot.AGAINST, Ballot.SCORED)


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
    """Whether it weighed for or against, or for options."""
    scores: tuple[Score, ...] = ()


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
    sums: tuple[OptionSum, ...] = ()
    """By option, in the order in which they were tabled."""
    option: Key | None = None
    """The one that a scored vote carried."""

    @property
    def tie_rule(self) -> TieRule:
        return self.rules.tie

    @property
    def rule_version(self) -> str:
        return self.rules.version


def count(
    roll: RollFixed, ballots: Mapping[Key, Ballot], conflicts: Collection[Key] = ()
) -> Explanation:
    """Count one round of ballots; whose seat is in conflict has none (rule 27)."""
    poll = _polled(roll, ballots, conflicts)
    counts = poll.counts
    tied = roll.rules.majority is Majority.SIMPLE and counts.for_ == counts.against
    casting = poll.ballots.get(roll.presiding) if roll.presiding is not None else None
    if not poll.quorum_met:
        word, reason = OutcomeWord.LAPSED, Reason.INQUORATE
    elif roll.rules.majority is Majority.TWO_THIRDS_PRESENT:
        word, reason = _two_thirds(counts)
    else:
        word, reason = _simple(counts, roll.rules.tie, casting)
    return _explain(
        poll,
        word=word,
        reason=reason,
        tied=tied,
        casting_vote=casting if reason is Reason.CASTING_VOTE else None,
    )


def count_scores(
    roll: RollFixed,
    options: Sequence[Key],
    ballots: Mapping[Key, Ballot],
    scores: Mapping[Key, tuple[Score, ...]],
    conflicts: Collection[Key] = (),
) -> Explanation:
    """Count one round of scored ballots over options (rule 25), with the quorum of any vote."""
    poll = _polled(roll, ballots, conflicts)
    scoring = {
        seat: scores.get(seat, ()) for seat, each in poll.ballots.items() if each is Ballot.SCORED
    }
    chair_breaks_ties = roll.rules.tie is TieRule.CHAIR
    chosen = choose(options, scoring, roll.presiding, chair_breaks_ties=chair_breaks_ties)
    option = chosen.option
    if not poll.quorum_met:
        word, reason, option = OutcomeWord.LAPSED, Reason.INQUORATE, None
    elif option is not None:
        word = OutcomeWord.CARRIED
        reason = Reason.CASTING_VOTE if chosen.tied else Reason.HIGHEST_SUM
    else:
        word = OutcomeWord.LOST
        reason = Reason.TIE if chosen.tied else Reason.NO_SUM_ABOVE_ZERO
    explained = _explain(
        poll,
        word=word,
        reason=reason,
        tied=chosen.tied,
        casting_vote=Ballot.SCORED if reason is Reason.CASTING_VOTE else None,
    )
    seats = tuple(replace(each, scores=scoring.get(each.seat, ())) for each in explained.seats)
    return replace(explained, seats=seats, sums=chosen.sums, option=option)


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
    poll = _polled(roll, dict.fromkeys(present, Ballot.NOT_VOTING), conflicts)
    return _explain(
        poll,
        word=word if poll.quorum_met else OutcomeWord.LAPSED,
        reason=Reason(manner.value) if poll.quorum_met else Reason.INQUORATE,
        tied=False,
        casting_vote=None,
    )


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
    return counts.for_ + counts.against + counts.abstain + counts.not_voting + counts.scored


class _Poll(Struct, frozen=True):
    """A round before it is decided: who counts, with which ballot, and who is there."""

    roll: RollFixed
    ballots: dict[Key, Ballot]
    """Of each seat that votes, as they count."""
    counts: Counts
    present: int
    quorum_needed: int
    conflicts: Collection[Key]

    @property
    def quorum_met(self) -> bool:
        return self.present >= self.quorum_needed


def _polled(roll: RollFixed, ballots: Mapping[Key, Ballot], conflicts: Collection[Key]) -> _Poll:
    counted = as_counted(roll.seats, ballots, conflicts)
    return _Poll(
        roll,
        counted,
        counts=_counts(counted.values()),
        present=sum([is_present(each, roll.rules) for each in counted.values()]),
        quorum_needed=needed(roll.rules, len(counted)),
        conflicts=conflicts,
    )


def _counts(ballots: Collection[Ballot]) -> Counts:
    cast = list(ballots)
    return Counts(*[cast.count(each) for each in _BALLOTS])


_BALLOTS = (
    Ballot.FOR,
    Ballot.AGAINST,
    Ballot.ABSTAIN,
    Ballot.RECUSED,
    Ballot.ABSENT,
    Ballot.NOT_VOTING,
    Ballot.SCORED,
)
"""In the order in which `Counts` has them."""


def _explain(
    poll: _Poll, *, word: OutcomeWord, reason: Reason, tied: bool, casting_vote: Ballot | None
) -> Explanation:
    roll, counted, absent = poll.roll, poll.ballots, Ballot.ABSENT
    return Explanation(
        round=roll.round,
        word=word,
        reason=reason.value,
        rules=roll.rules,
        seats=tuple(
            [_tally(each, counted.get(each.seat, absent), roll.rules) for each in roll.seats]
        ),
        counts=poll.counts,
        seated=len(counted),
        present=poll.present,
        quorum_needed=poll.quorum_needed,
        quorum_met=poll.quorum_met,
        entitled=_entitled(poll.counts),
        tied=tied,
        presiding=roll.presiding,
        casting_vote=casting_vote,
        conflicts=tuple([seat for seat in counted if seat in poll.conflicts]),
    )


def _tally(seat: RollSeat, ballot: Ballot, rules: Rules) -> SeatTally:
    return SeatTally(
        seat.seat,
        seat.party,
        ballot,
        votes=seat.votes,
        present=seat.votes and is_present(ballot, rules),
        counted=seat.votes and ballot in _WEIGHING,
    )
