"""Voting on a fixed roll: conflicts, ballots and the count."""

from __future__ import annotations

from govlog.domain.body.seats import no_such_seat
from govlog.domain.errors import NotAllowed, RuleViolation
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
from govlog.domain.values import Ballot, Key
from govlog.domain.voting import Explanation, count


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

    An import records what others cast; a second person approves it as a whole (rule 5).
    """
    now = _open(existing(resolution, "resolution"))
    seat = _require_vote(now, proposed.seat)
    if not given.importing:
        if seat.party != given.person and seat.party not in given.organisations:
            raise NotYourSeat(
                f"the seat {seat.seat!r} is held by {seat.party}",
                mend="cast the ballot of your own seat, or of an organisation you act for",
                seat=seat.seat,
                holder=seat.party,
            )
        if now.opened is not None:
            require_not_before(proposed, now.opened, "the roll was fixed", given)
    recused = seat.seat in now.conflicts or now.ballots.get(seat.seat) is Ballot.RECUSED
    if recused and proposed.ballot not in (Ballot.RECUSED, Ballot.ABSENT):
        raise IsRecused(
            f"the seat {seat.seat!r} is recused",
            mend="who has a conflict casts no ballot",
            seat=seat.seat,
            ballot=proposed.ballot,
        )
    return proposed


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
    return outcome(
        decided_on=proposed.decided_on,
        undated_because=proposed.undated_because,
        evidence=proposed.evidence,
        batch=proposed.batch,
        source_recorded_at=proposed.source_recorded_at,
        pending=proposed.pending,
        counts=explanation.counts,
        reason=explanation.reason,
    )


def counted(now: Round, without: frozenset[Key] = frozenset()) -> Explanation:
    """A round's count, if need be without the ballots of further seats."""
    return count(now.roll, now.ballots, now.conflicts | without)


_OUTCOME: dict[OutcomeWord, type[ResolutionCarried | ResolutionLost | ResolutionLapsed]] = {
    OutcomeWord.CARRIED: ResolutionCarried,
    OutcomeWord.LOST: ResolutionLost,
    OutcomeWord.LAPSED: ResolutionLapsed,
}


def _open(resolution: Resolution) -> Round:
    require_undecided(resolution)
    now = resolution.open_round
    if now is None:
        raise VotingNotOpen("voting is not open", mend="fix the roll first: that opens a round")
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
