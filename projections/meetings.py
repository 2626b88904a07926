"""Meetings: the agenda with what became of each item, who was there, and the minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.meeting import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MinutesApproved,
    MinutesDrafted,
    RollTaken,
)
from govlog.domain.events.resolution import (
    ResolutionAnnulled,
    ResolutionSuperseded,
    ResolutionTabled,
)
from govlog.domain.meeting import Draft, Meeting, RollCall, place_of
from govlog.domain.quorum import Attendance, attendance
from govlog.domain.stream import Recorded
from govlog.domain.tri import surely_last
from govlog.domain.values import Key, Personal, Span, StreamId
from projections.agenda import Item, ItemRow, items_of
from projections.known import Known
from projections.links import ON_ITS_OWN, OUTCOMES, annulled_or_restored
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class MeetingStatus(StrEnum):
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class MinutesStatus(StrEnum):
    NONE = "none"
    DRAFT = "draft"
    APPROVED = "approved"


class OnRoll(Struct, frozen=True):
    seat: Key
    party: StreamId
    votes: bool
    """False for observers and for a member whose alternate is seated (rule 24)."""
    present: bool


class Attended(Struct, frozen=True):
    """The roll as it was taken last."""

    seats: tuple[OnRoll, ...]
    presiding: Key | None
    rule_version: str
    attendance: Attendance
    day: Span


class Minutes(Struct, frozen=True):
    status: MinutesStatus
    drafts: int
    """How many there were; the latest one is shown."""
    minuted_by: StreamId | None = None
    text: Personal | None = None
    drafted: Span | None = None
    approved: Span | None = None
    approved_by: StreamId | None = None
    """The later meeting that approved them."""
    signed_by: tuple[StreamId, ...] = ()


class MeetingRow(Struct, frozen=True):
    """A meeting, or a written procedure, at the end of a day."""

    meeting: StreamId
    body: StreamId
    status: MeetingStatus
    title: Personal | None
    written: bool
    """A written procedure is a meeting without a room."""
    place: str | None
    called: Span
    day: Span
    """As called: when it was to be held, or to begin."""
    until: date | None
    held: Span | None
    """Its last day."""
    grounds: Personal | None
    """Why it was cancelled."""
    remark: Personal | None
    roll: Attended | None
    rolls: int
    """How many times it was taken."""
    items: tuple[ItemRow, ...]
    minutes: Minutes
    minutes_status: MinutesStatus
    fiction: bool


_OWN = (
    MeetingCalled,
    RollTaken,
    MeetingHeld,
    MeetingCancelled,
    MinutesDrafted,
    MinutesApproved,
)
_OF_ITEMS = (
    ResolutionTabled,
    *ON_ITS_OWN,
    *OUTCOMES,
    ResolutionSuperseded,
    ResolutionAnnulled,
    ItemOpened,
)


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        kind = type(each.fact)
        if kind in _OWN:
            yield each.stream
            continue
        alone = kind in ON_ITS_OWN
        for stream in (each.stream,) if alone else annulled_or_restored(each.stream, known):
            resolution = known.facts.resolution(stream)
            yield from resolution.meetings if resolution else ()
            yield from known.facts.citing(stream, "meeting")
        yield from _named(each.fact)


def _named(fact: Fact) -> Iterator[str]:
    """The meetings of a fact, where after a correction the resolution may be no item any more."""
    for told in (fact, getattr(fact, "roll", None)):
        for member in ("meeting", "to"):
            meeting: str | None = getattr(told, member, None)
            if meeting is not None:
                yield meeting


def segments(subject: str, known: Known) -> Iterable[Segment]:
    meeting = known.facts.meeting(StreamId(subject))
    if meeting is None:
        return ()
    items = list(items_of(meeting, known))
    spans = [meeting.called, meeting.held, meeting.cancelled]
    spans += [each.day for each in meeting.rolls]
    spans += [each.day for each in meeting.drafts]
    spans += [meeting.approved.day] if meeting.approved else []
    for item in items:
        spans += item.spans

    def on(day: date) -> tuple[MeetingRow, bool]:
        row, in_order = _meeting_on(meeting, items, day)
        return row, in_order and not open_on(day, *spans)

    return spells((day for day in turning(*spans) if day >= meeting.called.earliest), on)


def _meeting_on(meeting: Meeting, items: Sequence[Item], day: date) -> tuple[MeetingRow, bool]:
    """What has surely happened by the end of the day; whether it is sure what came last of it."""
    rolls, drafts = _by_then(meeting.rolls, day), _by_then(meeting.drafts, day)
    draft = drafts[-1] if drafts else None
    minutes = _minutes(meeting, drafts, day)
    held = meeting.held if meeting.held and meeting.held.latest <= day else None
    cancelled = meeting.cancelled is not None and meeting.cancelled.latest <= day
    status = MeetingStatus.CANCELLED if cancelled else MeetingStatus.CALLED
    row = MeetingRow(
        meeting=meeting.stream,
        body=meeting.body,
        status=MeetingStatus.HELD if held else status,
        title=meeting.title,
        written=meeting.written,
        place=meeting.place,
        called=meeting.called,
        day=meeting.day,
        until=meeting.until,
        held=held,
        grounds=meeting.grounds if cancelled else None,
        remark=meeting.remark if held else None,
        roll=_attended(rolls[-1]) if rolls else None,
        rolls=len(rolls),
        items=tuple(row for each in items if (row := each.on(day, draft)) is not None),
        minutes=minutes,
        minutes_status=minutes.status,
        fiction=meeting.fiction,
    )
    return row, _in_order(rolls) and _in_order(drafts)


T = TypeVar("T", RollCall, Draft)


def _by_then(told: Iterable[T], day: date) -> Sequence[T]:
    """By the end of a day, the last one last."""
    return sorted([each for each in told if each.day.latest <= day], key=place_of)


def _in_order(told: Sequence[RollCall] | Sequence[Draft]) -> bool:
    places = [(each.day, each.index) for each in told]
    return not places or surely_last(places[-1], places[:-1])


def _attended(roll: RollCall) -> Attended:
    return Attended(
        seats=tuple(
            OnRoll(each.seat, each.party, each.votes, each.seat in roll.present)
            for each in roll.seats
        ),
        presiding=roll.presiding,
        rule_version=roll.rules.version,
        attendance=attendance(roll.seats, roll.rules, roll.present),
        day=roll.day,
    )


def _minutes(meeting: Meeting, drafts: Sequence[Draft], day: date) -> Minutes:
    if not drafts:
        return Minutes(MinutesStatus.NONE, 0)
    latest, approval = drafts[-1], meeting.approved
    if approval is not None and approval.day.latest > day:
        approval = None
    return Minutes(
        status=MinutesStatus.APPROVED if approval else MinutesStatus.DRAFT,
        drafts=len(drafts),
        minuted_by=latest.minuted_by,
        text=latest.text,
        drafted=latest.day,
        approved=approval.day if approval else None,
        approved_by=approval.meeting if approval else None,
        signed_by=approval.signed_by if approval else (),
    )


MEETINGS = View(
    name="meetings",
    row=MeetingRow,
    reads=frozenset((*_OWN, *_OF_ITEMS)),
    touches=touches,
    segments=segments,
    filters=("body", "status", "minutes_status", "written", "fiction"),
    scanned=("minutes_status", "written", "fiction"),
)
