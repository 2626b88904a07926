"""Voting on a fixed roll: conflicts, ballots and the count."""

from __future__ import annotations

from govlog.domain.body.seats import no_such_seat
from govlog.domain.errors import First, NotAllowed, RuleViolation
from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeWord,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    RollSeat,
    VoteCast,
)
from govlog.domain.facts import Given
from govlog.domain.refusals import AlreadyRecorded, existing, known_body
from govlog.domain.resolution.order import require_not_before
from govlog.domain.resolution.states import Resolution, Round
from govlog.domain.resolution.tabling import IsWithdrawn, require_undecided
from govlog.domain.values import HIGHEST_SCORE, LOWEST_SCORE, Ballot, Key
from govlog.domain.voting import Explanation, count, count_scores


class VotingNotOpen(RuleViolation):
    """Roll and rules are fixed when voting opens (rule 23)."""

    slug = "voting-not-open"
    rule = 23


class NotOnRoll(RuleViolation):
    """Who is not on the roll has no part in the vote (rule 23)."""

    slug = "not-on-roll"
    rule = 23


class NoBallot(RuleViolation):
    """Observers and members whose alternate is seated have no ballot (rule 24)."""

    slug = "no-ballot"
    rule = 24


class IsRecused(RuleViolation):
    """A conflict removes the ballot (rule 27)."""

    slug = "is-recused"
    rule = 27


class WrongBallot(RuleViolation):
    """Options are scored, a resolution without options is voted for or against (rule 25)."""

    slug = "wrong-ballot"
    rule = 25


class WrongScore(RuleViolation):
    """Each option is scored once, within the range; one that is left out is blank (rule 25)."""

    slug = "wrong-score"
    rule = 25


class VotedLive(NotAllowed):
    """Who is on a roll that was fixed live votes there (TRUST, scope `vote`)."""

    slug = "voted-live"


class NotYourSeat(NotAllowed):
    """A vote is cast by whoever holds the seat (TRUST, scope `vote`)."""

    slug = "not-your-seat"


def declare_conflict(
    resolution: Resolution | None, proposed: ConflictDeclared, given: Given
) -> ConflictDeclared:
    """Before the count it removes the ballot, later it turns nothing by itself (rule 27)."""
    held = existing(resolution, "resolution")
    if held.withdrawn:
        raise IsWithdrawn("the resolution was withdrawn", mend="nothing is voted on")
    if held.rounds:
        _require_vote(held.rounds[-1], proposed.seat)
    else:
        body = known_body(given.facts, held.body, "body")
        if proposed.seat not in body.seats:
            raise no_such_seat(proposed.seat, body)
    if proposed.seat in held.conflicts:
        raise AlreadyRecorded(
            f"the seat {proposed.seat!r} has declared its conflict already",
            mend="nothing more needs to be recorded",
            seat=proposed.seat,
        )
    return proposed


def cast_vote(resolution: Resolution | None, proposed: VoteCast, given: Given) -> VoteCast:
    """Cast a ballot for one's own seat; the last one before the count counts.

    An import records what others cast in a round that came with an import as well; a second
    person approves it as a whole (rule 5).
    """
    now = _open(existing(resolution, "resolution"))
    seat = _require_vote(now, proposed.seat)
    if given.importing:
        _require_imported(now, seat)
    else:
        if seat.party != given.person and seat.party not in given.organisations:
            raise NotYourSeat(
                f"the seat {seat.seat!r} is held by {seat.party}",
                mend="cast the ballot of your own seat, or of an organisation you act for",
                seat=seat.seat,
                holder=seat.party,
            )
        if now.opened is not None:
            require_not_before(proposed, now.opened, "the roll was fixed", given)
    _require_fitting(now, proposed)
    recused = seat.seat in now.conflicts or now.ballots.get(seat.seat) is Ballot.RECUSED
    if recused and proposed.ballot not in (Ballot.RECUSED, Ballot.ABSENT):
        raise IsRecused(
            f"the seat {seat.seat!r} is recused",
            mend="who has a conflict casts no ballot",
            seat=seat.seat,
            ballot=proposed.ballot,
        )
    return proposed


def _require_imported(now: Round, seat: RollSeat) -> None:
    """An import would else cast the ballots of those who vote here themselves."""
    if now.roll.batch is None:
        raise VotedLive(
            "the roll of this round was fixed live: those on it cast their own ballots",
            mend=f"have the holder of the seat {seat.seat!r} vote, or minute the outcome",
            seat=seat.seat,
            holder=seat.party,
        )


def close_voting(
    resolution: Resolution | None, proposed: Fact, given: Given
) -> ResolutionCarried | ResolutionLost | ResolutionLapsed:
    """Count the open round; what comes out is the fact to record."""
    now = _open(existing(resolution, "resolution"))
    if not given.importing:
        for earlier in (now.opened, now.last_cast):
            if earlier is not None:
                require_not_before(proposed, earlier, "the last step of the vote", given)
    explanation = counted(now)
    outcome = _OUTCOME[explanation.word]
    chosen = {"option": explanation.option} if outcome is ResolutionCarried else {}
    return outcome(
        decided_on=proposed.decided_on,
        undated_because=proposed.undated_because,
        evidence=proposed.evidence,
        batch=proposed.batch,
        source_recorded_at=proposed.source_recorded_at,
        pending=proposed.pending,
        counts=explanation.counts,
        reason=explanation.reason,
        **chosen,
    )


def counted(now: Round, without: frozenset[Key] = frozenset()) -> Explanation:
    """A round's count, if need be without the ballots of further seats."""
    conflicts = now.conflicts | without
    if now.options:
        return count_scores(now.roll, now.options, now.ballots, now.scores, conflicts)
    return count(now.roll, now.ballots, conflicts)


_OUTCOME: dict[OutcomeWord, type[ResolutionCarried | ResolutionLost | ResolutionLapsed]] = {
    OutcomeWord.CARRIED: ResolutionCarried,
    OutcomeWord.LOST: ResolutionLost,
    OutcomeWord.LAPSED: ResolutionLapsed,
}


_WEIGHING = (Ballot.FOR, Ballot.AGAINST)


def _require_fitting(now: Round, proposed: VoteCast) -> None:
    scored = proposed.ballot is Ballot.SCORED
    if (now.options and proposed.ballot in _WEIGHING) or (scored and not now.options):
        raise WrongBallot(
            f"a ballot {proposed.ballot} does not fit this vote",
            mend="score the options" if now.options else "vote for or against, or abstain",
            ballot=proposed.ballot,
            options=now.options,
        )
    told = [each.option for each in proposed.scores]
    twice = len(told) != len(set(told))
    if twice or (told and not scored) or set(told) - {*now.options}:
        raise WrongScore(
            "scores go with a scored ballot, one at most for each option of the resolution",
            mend="name each option once, or leave it out to leave it blank",
            scored=told,
            options=now.options,
        )
    beyond = [
        each.option
        for each in proposed.scores
        if each.score is not None and not LOWEST_SCORE <= each.score <= HIGHEST_SCORE
    ]
    if beyond:
        raise WrongScore(
            f"the scores of {', '.join(beyond)} are out of range",
            mend=f"score each option from {LOWEST_SCORE} to {HIGHEST_SCORE}",
            beyond=beyond,
        )


def _open(resolution: Resolution) -> Round:
    require_undecided(resolution)
    now = resolution.open_round
    if now is None:
        raise VotingNotOpen(
            "voting is not open",
            mend="fix the roll first: that opens a round",
            first=First("fix_roll", resolution.stream),
        )
    return now


def _require_vote(now: Round, key: Key) -> RollSeat:
    seat = now.seat(key)
    if seat is None:
        raise NotOnRoll(
            f"the seat {key!r} is not on the roll",
            mend="name a seat on the roll",
            seat=key,
            seats=[each.seat for each in now.roll.seats],
        )
    if not seat.votes:
        raise NoBallot(
            f"the seat {key!r} has no ballot in this round",
            mend="observers never vote, and where an alternate is seated, the alternate does",
            seat=key,
        )
    return seat
