"""Minutes: drafted by one, approved by others."""

from __future__ import annotations

from msgspec.structs import replace

from govlog.domain.errors import First, RuleViolation
from govlog.domain.events.meeting import ItemMinutes, MinutesApproved, MinutesDrafted
from govlog.domain.facts import Given
from govlog.domain.meeting.calling import closed
from govlog.domain.meeting.meeting import Draft, Meeting
from govlog.domain.quorum import attendance
from govlog.domain.refusals import (
    AlreadyRecorded,
    existing,
    known_body,
    known_meeting,
    require_known,
)
from govlog.domain.resolution.order import require_not_before
from govlog.domain.values import StreamId


class NotHeldYet(RuleViolation):
    """What is minuted has happened."""

    slug = "not-held-yet"


class NotOnAgenda(RuleViolation):
    """The minutes tell of items that were on the agenda, each by its key or its resolution."""

    slug = "not-on-agenda"


class NothingMinuted(RuleViolation):
    """Minutes are a text, or a document that is named as evidence."""

    slug = "nothing-minuted"


class NotQuorate(RuleViolation):
    """An inquorate meeting approves nothing (rules 24 and 26)."""

    slug = "not-quorate"
    rule = 26


class MinutesByOne(RuleViolation):
    """Who minutes does not approve the minutes alone."""

    slug = "minutes-by-one"


def draft_minutes(
    meeting: Meeting | None, proposed: MinutesDrafted, given: Given
) -> MinutesDrafted:
    """Record a draft; until one is approved another may take its place, and all are kept."""
    held = existing(meeting, "meeting")
    _require_unapproved(held)
    require_known(given.facts, proposed.minuted_by, "minuted_by")
    for item in proposed.items:
        _require_item(held, item, given)
    if not given.importing:
        _require_over(held, proposed, given)
        if proposed.text is None and not proposed.items and not proposed.evidence:
            raise NothingMinuted(
                "the draft holds no text and names no document",
                mend="give text, items, or the document in evidence",
            )
    return replace(proposed, minuted_by=proposed.minuted_by or given.person)


def approve_minutes(
    meeting: Meeting | None, proposed: MinutesApproved, given: Given
) -> MinutesApproved:
    """Record who found the latest draft right: a later meeting of the body, or its signatories."""
    held = existing(meeting, "meeting")
    _require_unapproved(held)
    draft = held.draft
    if draft is None:
        raise NotHeldYet(
            "there are no minutes to approve",
            mend="record a draft first",
            first=First("draft_minutes", held.stream),
        )
    for party in proposed.signed_by:
        require_known(given.facts, party, "signed_by")
    if proposed.meeting is not None:
        later = known_meeting(given.facts, proposed.meeting, "meeting")
        if not given.importing:
            _require_later(held, later)
    if not given.importing:
        require_not_before(proposed, draft.day, "the minutes were drafted", given)
        _require_others(held, draft, proposed, given)
    return proposed


def _require_unapproved(meeting: Meeting) -> None:
    if meeting.approved is not None:
        raise AlreadyRecorded(
            "the minutes are approved",
            mend="what is wrong in approved minutes is corrected, not drafted anew",
            approved_on=meeting.approved.day.latest.isoformat(),
        )


def _require_over(meeting: Meeting, proposed: MinutesDrafted, given: Given) -> None:
    over = meeting.held or meeting.cancelled
    if over is None:
        raise NotHeldYet(
            "the meeting has neither been held nor cancelled",
            mend="record first that it was held",
            first=First("hold_meeting", meeting.stream),
        )
    require_not_before(proposed, over, "the meeting", given)


def _require_item(meeting: Meeting, told: ItemMinutes, given: Given) -> None:
    known = {each.item: each.resolution for each in meeting.agenda}
    stream = known.get(told.item) if told.item is not None else told.resolution
    resolution = given.facts.resolution(stream) if stream is not None else None
    at_it = resolution is not None and (
        meeting.stream in resolution.meetings or stream in known.values()
    )
    if not at_it and (told.item is None or told.item not in known):
        raise NotOnAgenda(
            f"{told.item or told.resolution or 'an item without a name'} was not on the agenda",
            mend="name an item of the agenda, or a resolution that was tabled at the meeting",
            items=sorted(known),
        )
    if resolution is not None and resolution.confidential:
        raise closed(resolution.stream)


def _require_later(meeting: Meeting, later: Meeting) -> None:
    if later.body != meeting.body:
        why, mend = f"is a meeting of {later.body}", f"name a meeting of {meeting.body}"
    elif later.stream == meeting.stream or later.day.latest < meeting.day.earliest:
        why, mend = "is not later", "name a later meeting of the body"
    elif later.cancelled is not None or (later.held is None and later.roll is None):
        why, mend = "has not been held", "record first that it was held, or take its roll"
    else:
        _require_quorate(later)
        return
    raise NotHeldYet(f"{later.stream} {why}", mend=mend, meeting=later.stream)


def _require_quorate(meeting: Meeting) -> None:
    if meeting.roll is None:
        return
    there = attendance(meeting.roll.seats, meeting.roll.rules, meeting.roll.present)
    if not there.quorum_met:
        raise NotQuorate(
            f"{there.present} of {there.seated} were at {meeting.stream} and"
            f" {there.quorum_needed} make a quorum",
            mend="name a quorate meeting, or in signed_by another who sits on the body",
            meeting=meeting.stream,
            present=there.present,
            quorum_needed=there.quorum_needed,
        )


def _require_others(
    meeting: Meeting, draft: Draft, proposed: MinutesApproved, given: Given
) -> None:
    if proposed.meeting is not None:
        return
    body = known_body(given.facts, meeting.body, "body")
    seated: set[StreamId] = {each.party for each in body.seats.values()}
    others = [each for each in proposed.signed_by if each in seated and each != draft.minuted_by]
    if not others:
        raise MinutesByOne(
            f"the minutes of {draft.minuted_by} are approved by nobody else of {meeting.body}",
            mend="name the later meeting that approved them, or in signed_by another who sits on"
            " the body",
            minuted_by=draft.minuted_by,
            signed_by=proposed.signed_by,
        )
