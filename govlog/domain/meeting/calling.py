"""A meeting is called, and held or cancelled."""

from __future__ import annotations

from govlog.domain.body.backing import require_alive
from govlog.domain.errors import RuleViolation
from govlog.domain.events.meeting import MeetingCalled, MeetingCancelled, MeetingHeld
from govlog.domain.events.resolution import ItemKind
from govlog.domain.facts import Given
from govlog.domain.meeting.meeting import Meeting
from govlog.domain.refusals import (
    existing,
    known_body,
    known_resolution,
    require_known,
    require_new,
)
from govlog.domain.resolution.order import require_not_before
from govlog.domain.values import StreamId, first_day, last_day


class RepeatedItem(RuleViolation):
    """The items of one agenda are told apart by their keys, and each case stands once."""

    slug = "repeated-item"


class NotOfThatBody(RuleViolation):
    """A body decides on what is put before it, and on nothing that lies with another."""

    slug = "not-of-that-body"
    rule = 15


class CalledTooLate(RuleViolation):
    """A meeting is called for a day that has not passed, and ends no earlier than it begins."""

    slug = "called-too-late"
    rule = 2


class ClosedItem(RuleViolation):
    """Agenda and minutes are public; what a closed item says stands on its resolution alone."""

    slug = "closed-item"


class MeetingIsOver(RuleViolation):
    """A meeting is held once, or cancelled."""

    slug = "meeting-is-over"


def call_meeting(meeting: Meeting | None, proposed: MeetingCalled, given: Given) -> MeetingCalled:
    """Call a body together, in a room or in writing, with the items to be taken up."""
    require_new(meeting, "meeting")
    body = known_body(given.facts, proposed.body, "body")
    require_alive(body, proposed, given)
    _require_agenda(proposed, given)
    if not given.importing:
        _require_ahead(proposed)
    return proposed


def hold_meeting(meeting: Meeting | None, proposed: MeetingHeld, given: Given) -> MeetingHeld:
    """Record that the meeting took place; `decided_on` is its last day."""
    held = existing(meeting, "meeting")
    require_going_on(held)
    if not given.importing:
        require_not_before(proposed, held.called, "the meeting was called", given)
        if held.roll is not None:
            require_not_before(proposed, held.roll.day, "its roll was taken", given)
    return proposed


def cancel_meeting(
    meeting: Meeting | None, proposed: MeetingCancelled, given: Given
) -> MeetingCancelled:
    """Record that the meeting was called or broken off; nothing takes its roll from it."""
    require_going_on(existing(meeting, "meeting"))
    return proposed


def require_going_on(meeting: Meeting) -> None:
    """Refuse what cannot happen to a meeting that was held or cancelled."""
    if meeting.cancelled is not None:
        raise MeetingIsOver("the meeting was cancelled", mend="call another one")
    if meeting.held is not None:
        raise MeetingIsOver(
            f"the meeting was held on {meeting.held.latest}",
            mend="nothing more needs to be recorded, or call another one",
            held_on=meeting.held.latest.isoformat(),
        )


def closed(resolution: StreamId) -> ClosedItem:
    """The refusal of a public text about a closed item."""
    return ClosedItem(
        f"{resolution} is a closed item",
        mend="leave its text out: the outcome shows, its texts stand on the resolution",
        resolution=resolution,
    )


def _require_agenda(proposed: MeetingCalled, given: Given) -> None:
    keys = [each.item for each in proposed.agenda]
    cases = [each.resolution for each in proposed.agenda if each.resolution is not None]
    if len(keys) != len(set(keys)) or len(cases) != len(set(cases)):
        raise RepeatedItem(
            "two items of the agenda have one key, or are about one resolution",
            mend="give each item a key of its own, and put each resolution on it once",
            items=keys,
            resolutions=cases,
        )
    for item in proposed.agenda:
        require_known(given.facts, item.debate, "debate")
        if item.resolution is None:
            continue
        resolution = known_resolution(given.facts, item.resolution, "resolution")
        if resolution.confidential and item.title is not None:
            raise closed(item.resolution)
        deciding = item.kind is ItemKind.DECISION and resolution.body != proposed.body
        if deciding and not given.importing:
            raise NotOfThatBody(
                f"{item.resolution} lies with {resolution.body}",
                mend="put it on the agenda for information or discussion, or table one that lies"
                f" with {proposed.body}",
                item=item.item,
                body=resolution.body,
            )


def _require_ahead(proposed: MeetingCalled) -> None:
    start, end = proposed.day, proposed.until
    if proposed.decided_on is not None and last_day(start) < first_day(proposed.decided_on):
        raise CalledTooLate(
            f"the meeting is called on {proposed.decided_on} for {start}",
            mend="state in decided_on the day of the call",
            day=start,
            decided_on=proposed.decided_on,
        )
    if end is not None and last_day(end) < first_day(start):
        raise CalledTooLate(
            f"the meeting ends on {end} and begins on {start}",
            mend="name in until its last day",
            day=start,
            until=end,
        )
