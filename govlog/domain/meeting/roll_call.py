"""The roll of a meeting, taken once for many items (rules 23 and 24)."""

from __future__ import annotations

from govlog.domain.body.seats import no_such_seat
from govlog.domain.events.fact import Fact
from govlog.domain.events.meeting import RollTaken
from govlog.domain.facts import Given
from govlog.domain.meeting.calling import MeetingIsOver
from govlog.domain.meeting.meeting import Meeting
from govlog.domain.refusals import existing, known_body
from govlog.domain.resolution.balloting import NotOnRoll
from govlog.domain.resolution.entitlement import (
    Entitled,
    FixRoll,
    entitled,
    members_among,
    sitting_in,
)
from govlog.domain.resolution.order import require_not_before
from govlog.domain.tri import Tri, begun
from govlog.domain.values import Key, span


class TakeRoll(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked when the roll is called; seats and rules come from the body of the day."""

    present: tuple[Key, ...] = ()
    """An alternate among them sits in for a member who is not."""
    presiding: Key | None = None
    """The seat that presides; the chair's when left out (rule 25)."""
    rules: str | None = None
    """Where the dates of the rules leave open which are in force: their version."""


def take_roll(meeting: Meeting | None, proposed: TakeRoll, given: Given) -> RollTaken:
    """Count who is there; what is voted on from here on can take its roll from this one."""
    held = existing(meeting, "meeting")
    _require_running(held, proposed, given)
    body = known_body(given.facts, held.body, "body")
    for key in proposed.present:
        if key not in body.seats:
            raise no_such_seat(key, body)
    asked = FixRoll(
        decided_on=proposed.decided_on,
        alternates=sitting_in(body, proposed.present),
        presiding=proposed.presiding,
        held=members_among(body, proposed.present) if proposed.present else None,
        rules=proposed.rules,
    )
    roll = entitled(body, asked, given)
    _require_on_roll(roll, proposed)
    return RollTaken(
        decided_on=proposed.decided_on,
        undated_because=proposed.undated_because,
        evidence=proposed.evidence,
        batch=proposed.batch,
        source_recorded_at=proposed.source_recorded_at,
        pending=proposed.pending,
        seats=roll.seats,
        presiding=roll.presiding,
        rules=roll.rules,
        present=proposed.present,
    )


def _require_running(meeting: Meeting, proposed: TakeRoll, given: Given) -> None:
    if meeting.cancelled is not None:
        raise MeetingIsOver("the meeting was cancelled", mend="call another one")
    if given.importing:
        return
    require_not_before(proposed, meeting.called, "the meeting was called", given)
    day = span(proposed.decided_on, given.recorded_on)
    if meeting.held is not None and begun(day, meeting.held) is Tri.NO:
        raise MeetingIsOver(
            f"the meeting was held on {meeting.held.latest}",
            mend="state a day on or before that",
            held_on=meeting.held.latest.isoformat(),
        )


def _require_on_roll(roll: Entitled, proposed: TakeRoll) -> None:
    strangers = sorted(set(proposed.present) - {each.seat for each in roll.seats})
    if strangers:
        raise NotOnRoll(
            f"{', '.join(strangers)} are present but not on the roll",
            mend="list in present only seats of that day; an alternate where the member is absent",
            seats=strangers,
        )
