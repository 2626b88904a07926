"""The items of a meeting: what it decided on each, and how that stands now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events.meeting import AgendaItem
from govlog.domain.events.resolution import ItemKind, OutcomeWord
from govlog.domain.meeting import Draft, Meeting
from govlog.domain.resolution import Outcome, Postponement, Resolution
from govlog.domain.values import Key, Personal, Span, StreamId
from projections.course import Course, ResolutionStatus, outcomes
from projections.known import Known


class Decided(Struct, frozen=True):
    """What the meeting itself decided on an item."""

    word: OutcomeWord
    reason: str
    day: Span
    option: Key | None
    """The one carried, where the item has options."""


class PutOff(Struct, frozen=True):
    """The meeting did not decide."""

    day: Span
    to: StreamId | None


class ItemRow(Struct, frozen=True):
    item: Key | None
    """Its key in the call; none where the item was put on the agenda afterwards."""
    kind: ItemKind
    title: Personal | None
    """None for a closed item: its texts stand on its resolution."""
    resolution: StreamId | None
    debate: StreamId | None
    closed: bool
    decided: Decided | None
    postponed: PutOff | None
    status: ResolutionStatus | None
    """How the resolution stands on the day asked about, wherever that was decided."""
    minutes: Personal | None


class Item:
    """One item, with the resolution that it is about as known now."""

    def __init__(self, meeting: Meeting, told: AgendaItem | None, course: Course | None) -> None:
        self._meeting = meeting
        self._told = told
        self._course = course

    @property
    def spans(self) -> Sequence[Span | None]:
        return self._course.spans if self._course else ()

    def on(self, day: date, draft: Draft | None) -> ItemRow | None:
        """None before the resolution was put on it, where the call does not name it."""
        told, course = self._told, self._course
        resolution = course.resolution if course else None
        if told is None and (resolution is None or not self._is_on_it(resolution, day)):
            return None
        closed = resolution is not None and resolution.confidential
        title = told.title if told else None
        if title is None and resolution is not None and not closed:
            title = resolution.title
        kind = told.kind if told else resolution.kind if resolution else ItemKind.INFORMATION
        return ItemRow(
            item=told.item if told else None,
            kind=kind,
            title=title,
            resolution=resolution.stream if resolution else told.resolution if told else None,
            debate=told.debate if told else None,
            closed=closed,
            decided=self._decided(day),
            postponed=self._postponed(day),
            status=course.on(day).status if course else None,
            minutes=self._minutes(draft),
        )

    def _is_on_it(self, resolution: Resolution, day: date) -> bool:
        """Tabled for this meeting, postponed to it, or voted on by its roll."""
        here = self._meeting.stream
        put_off = [each.postponed for each in resolution.tablings if each.postponed]
        days: list[Span | None] = [each.day for each in resolution.tablings if each.meeting == here]
        days += [each.day for each in put_off if each.to == here]
        days += [each.opened for each in resolution.rounds if each.roll.meeting == here]
        return any(each is not None and each.latest <= day for each in days)

    def _decided(self, day: date) -> Decided | None:
        found = [each for each in self._outcomes_here() if each.day.latest <= day]
        if not found:
            return None
        last = found[-1]
        return Decided(last.word, last.reason, last.day, last.option)

    def _outcomes_here(self) -> Iterator[Outcome]:
        """By the meeting's roll, or after it was tabled here and before it was tabled elsewhere."""
        if self._course is None:
            return
        resolution = self._course.resolution
        by_roll = {
            each.outcome.index: each.roll.meeting
            for each in resolution.rounds
            if each.outcome and each.roll.meeting
        }
        here = self._meeting.stream
        ends = [each.index for each in resolution.tablings[1:]]
        between = [
            (each.index, end)
            for each, end in zip(resolution.tablings, [*ends, None], strict=True)
            if each.meeting == here
        ]
        for outcome in outcomes(resolution):
            at = by_roll.get(outcome.index)
            tabled_here = any(
                start < outcome.index and (end is None or outcome.index < end)
                for start, end in between
            )
            if at == here or (at is None and tabled_here):
                yield outcome

    def _postponed(self, day: date) -> PutOff | None:
        off: Postponement | None = None
        for each in self._course.resolution.tablings if self._course else ():
            on_it = each.meeting == self._meeting.stream
            if on_it and each.postponed and each.postponed.day.latest <= day:
                off = each.postponed
        return None if off is None else PutOff(off.day, off.to)

    def _minutes(self, draft: Draft | None) -> Personal | None:
        stream = self._course.resolution.stream if self._course else None
        for told in draft.items if draft else ():
            if self._told is not None and told.item == self._told.item:
                return told.text
            if told.resolution is not None and told.resolution == stream:
                return told.text
        return None


def items_of(meeting: Meeting, known: Known) -> Iterator[Item]:
    """Those of the call in its order, then what was put on the agenda afterwards."""
    for told in meeting.agenda:
        resolution = known.facts.resolution(told.resolution) if told.resolution else None
        yield Item(meeting, told, Course(resolution, known.facts) if resolution else None)
    tabled = []
    for stream in known.facts.citing(meeting.stream, "resolution"):
        resolution = known.facts.resolution(stream)
        if resolution is None or meeting.has_on_agenda(stream):
            continue
        if meeting.stream in resolution.meetings:
            tabled.append(resolution)
    for resolution in sorted(tabled, key=lambda each: each.index):
        yield Item(meeting, None, Course(resolution, known.facts))
