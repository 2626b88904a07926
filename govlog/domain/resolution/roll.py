"""The roll of a vote: made from the seats of the day, or taken from a meeting (rule 23)."""

from __future__ import annotations

from govlog.domain.errors import RuleViolation
from govlog.domain.events.resolution import RollFixed
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, known_body
from govlog.domain.resolution.at_meeting import roll_taken
from govlog.domain.resolution.entitlement import Entitled, FixRoll, NotSeated, entitled
from govlog.domain.resolution.order import require_not_before
from govlog.domain.resolution.states import Resolution
from govlog.domain.resolution.tabling import require_on_the_table
from govlog.domain.values import StreamId


class RollIsFixed(RuleViolation):
    """A fixed roll changes only by correction (rule 23)."""

    slug = "roll-is-fixed"
    rule = 23


def fix_roll(resolution: Resolution | None, proposed: FixRoll, given: Given) -> RollFixed:
    """Open a round of voting on the seats and rules of the day."""
    held = existing(resolution, "resolution")
    require_on_the_table(held)
    if held.open_round is not None:
        raise RollIsFixed(
            f"voting is open in round {held.open_round.number}, with its roll fixed",
            mend="close that round first",
            round=held.open_round.number,
        )
    if not given.importing:
        require_not_before(proposed, held.tabled, "the resolution was tabled", given)
    return roll_of(held, proposed, given)


def roll_of(resolution: Resolution, asked: FixRoll, given: Given) -> RollFixed:
    """The roll of a resolution's next round: a meeting's, or the body's seats of the day."""
    if asked.meeting is not None:
        roll = _taken(resolution, asked, asked.meeting, given)
    else:
        roll = entitled(known_body(given.facts, resolution.body, "body"), asked, given)
    return RollFixed(
        decided_on=asked.decided_on,
        undated_because=asked.undated_because,
        evidence=asked.evidence,
        batch=asked.batch,
        source_recorded_at=asked.source_recorded_at,
        pending=asked.pending,
        round=len(resolution.rounds) + 1,
        seats=roll.seats,
        presiding=roll.presiding,
        rules=roll.rules,
        meeting=asked.meeting,
    )


def _taken(resolution: Resolution, asked: FixRoll, meeting: StreamId, given: Given) -> Entitled:
    """A meeting's roll, with somebody else in the chair where the item asks for it."""
    taken = roll_taken(resolution, meeting, asked, given)
    if asked.alternates or asked.held is not None or asked.rules is not None:
        raise RollIsFixed(
            "the roll is taken from the meeting, as it was taken there",
            mend="leave alternates, held and rules out, or leave meeting out",
            meeting=meeting,
        )
    presiding = taken.presiding if asked.presiding is None else asked.presiding
    if presiding is not None and all(each.seat != presiding for each in taken.seats):
        raise NotSeated(
            f"{presiding!r} presides but is not on the roll",
            mend="name a seat that is on the roll",
            presiding=presiding,
            seats=[each.seat for each in taken.seats],
        )
    return Entitled(taken.seats, presiding, taken.rules)
