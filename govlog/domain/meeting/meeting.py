"""A meeting: its agenda, who was there, whether it was held, and its minutes."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.body import Rules
from govlog.domain.events.fact import Fact
from govlog.domain.events.meeting import (
    AgendaItem,
    ItemMinutes,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MinutesApproved,
    MinutesDrafted,
    RollTaken,
)
from govlog.domain.events.resolution import RollSeat
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Personal, Span, StreamId, first_day, last_day


class RollCall(Struct, frozen=True):
    """Who was entitled and who was there; items voted on take their roll from the latest."""

    seats: tuple[RollSeat, ...]
    presiding: Key | None
    rules: Rules
    present: frozenset[Key]
    day: Span
    index: int


class Draft(Struct, frozen=True):
    """Minutes that wait for approval, or have it."""

    minuted_by: StreamId
    text: Personal | None
    items: tuple[ItemMinutes, ...]
    day: Span
    index: int


class MinutesApproval(Struct, frozen=True):
    """Who found the minutes right: a later meeting of the body, or those who signed."""

    meeting: StreamId | None
    signed_by: tuple[StreamId, ...]
    day: Span
    index: int


def place_of(told: RollCall | Draft) -> tuple[date, int]:
    """By day; recording breaks ties (rule 2)."""
    return told.day.latest, told.index


class Meeting(Struct, frozen=True, kw_only=True):
    stream: StreamId
    body: StreamId
    day: Span
    """As called: when it was to be held, or to begin."""
    until: date | None
    """As called: its last day, where it has several."""
    called: Span
    index: int
    written: bool = False
    place: str | None = None
    title: Personal | None = None
    agenda: tuple[AgendaItem, ...] = ()
    rolls: tuple[RollCall, ...] = ()
    held: Span | None = None
    cancelled: Span | None = None
    grounds: Personal | None = None
    """Why it was cancelled."""
    remark: Personal | None = None
    drafts: tuple[Draft, ...] = ()
    approved: MinutesApproval | None = None
    fiction: bool = False

    @property
    def roll(self) -> RollCall | None:
        """The one taken last (rule 3)."""
        return max(self.rolls, key=place_of, default=None)

    @property
    def draft(self) -> Draft | None:
        """The minutes drafted last."""
        return max(self.drafts, key=place_of, default=None)

    def has_on_agenda(self, resolution: StreamId) -> bool:
        """Whether the call names this resolution."""
        return any(each.resolution == resolution for each in self.agenda)


def evolve(meeting: Meeting | None, recorded: Recorded[Fact]) -> Meeting | None:
    """The meeting after one more fact; what is out of place leaves it as it is."""
    day, index = recorded.decided, recorded.index
    match recorded.fact:
        case MeetingCalled() as fact:
            return meeting or _called(fact, recorded)
        case _ if meeting is None:
            return None
        case RollTaken() as fact if meeting.cancelled is None:
            present = frozenset(fact.present)
            roll = RollCall(fact.seats, fact.presiding, fact.rules, present, day, index)
            return replace(meeting, rolls=(*meeting.rolls, roll))
        case MeetingHeld(remark=remark) if meeting.held is None and meeting.cancelled is None:
            return replace(meeting, held=day, remark=remark)
        case MeetingCancelled(grounds=why) if meeting.held is None and meeting.cancelled is None:
            return replace(meeting, cancelled=day, grounds=why)
        case MinutesDrafted() as fact if meeting.approved is None:
            by = fact.minuted_by or recorded.recorded_by
            draft = Draft(by, fact.text, fact.items, day, index)
            return replace(meeting, drafts=(*meeting.drafts, draft))
        case MinutesApproved() as fact if meeting.drafts and meeting.approved is None:
            approval = MinutesApproval(fact.meeting, fact.signed_by, day, index)
            return replace(meeting, approved=approval)
        case _:
            return meeting


def _called(fact: MeetingCalled, recorded: Recorded[Fact]) -> Meeting:
    """Where the day of the call is not known, it was no later than the meeting."""
    by = last_day(fact.day)
    called = Span(min(recorded.decided.earliest, by), min(recorded.decided.latest, by))
    return Meeting(
        stream=recorded.stream,
        body=fact.body,
        day=Span(first_day(fact.day), last_day(fact.day)),
        until=None if fact.until is None else last_day(fact.until),
        called=called,
        index=recorded.index,
        written=fact.written,
        place=fact.place,
        title=fact.title,
        agenda=fact.agenda,
        fiction=fact.fiction,
    )
