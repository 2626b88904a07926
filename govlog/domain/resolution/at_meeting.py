"""What an item that is taken up at a meeting takes from it: the roll, and who was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govlog.domain.errors import First, RuleViolation
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Given
from govlog.domain.refusals import known_meeting
from govlog.domain.resolution.order import require_not_before
from govlog.domain.resolution.states import Resolution
from govlog.domain.tri import Tri, begun
from govlog.domain.values import StreamId, span

if TYPE_CHECKING:
    from govlog.domain.meeting import Meeting, RollCall


class NotAtThatMeeting(RuleViolation):
    """An item takes its roll from the meeting at which it is taken up, and from no other."""

    slug = "not-at-that-meeting"
    rule = 23


class NoRollTaken(RuleViolation):
    """Where nobody was counted there is no roll to take (rule 23)."""

    slug = "no-roll-taken"
    rule = 23


def roll_taken(resolution: Resolution, meeting: StreamId, proposed: Fact, given: Given) -> RollCall:
    """The latest roll of a meeting, for an item that is voted on or minuted at it."""
    held = known_meeting(given.facts, meeting, "meeting")
    if held.roll is None:
        raise NoRollTaken(
            f"no roll was taken at {meeting}",
            mend="take the meeting's roll first, or leave meeting out",
            first=First("take_roll", meeting),
            meeting=meeting,
        )
    if not given.importing:
        require_at(resolution, held)
        require_not_before(proposed, held.roll.day, "the meeting's roll was taken", given)
        _require_before_its_end(held, proposed, given)
    return held.roll


def require_at(resolution: Resolution, meeting: Meeting) -> None:
    """Refuse a meeting of another body, one that was cancelled, or one without this item."""
    if meeting.body != resolution.body:
        why, mend = f"is a meeting of {meeting.body}", f"name a meeting of {resolution.body}"
    elif meeting.cancelled is not None:
        why, mend = "was cancelled", "postpone the item to another meeting"
    elif meeting.stream in resolution.meetings or meeting.has_on_agenda(resolution.stream):
        return
    else:
        why, mend = "does not have it", "table it at that meeting, or leave meeting out"
    raise NotAtThatMeeting(
        f"{meeting.stream} {why}", mend=mend, meeting=meeting.stream, resolution=resolution.stream
    )


def _require_before_its_end(meeting: Meeting, proposed: Fact, given: Given) -> None:
    day = span(proposed.decided_on, given.recorded_on)
    if meeting.held is not None and begun(day, meeting.held) is Tri.NO:
        raise NotAtThatMeeting(
            f"{proposed.decided_on} is after the meeting's last day, {meeting.held.latest}",
            mend="state the day of the meeting, or leave meeting out",
            meeting=meeting.stream,
            held_on=meeting.held.latest.isoformat(),
        )
