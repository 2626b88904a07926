"""Meetings: the agenda with what became of each item, who was there, and the minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.meeting import (
    AgendaItem,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MinutesApproved,
    MinutesDrafted,
    RollTaken,
)
from govlog.domain.events.resolution import ItemKind, ResolutionTabled
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId, first_day, last_day
from tests.oracle.days import decided, last, stretch
from tests.oracle.grounds import Grounds
from tests.oracle.resolutions import outcomes, status, tablings
from tests.oracle.rounds import quorum_needed, rounds


def meetings(grounds: Grounds, day: date) -> dict[str, Any]:
    return {
        each.stream: _row(grounds, each, day)
        for each in grounds.facts
        if isinstance(each.fact, MeetingCalled)
        # It was called no later than it was to be held.
        and min(grounds.decided(each)[0], last_day(each.fact.day)) <= day
    }


def _row(grounds: Grounds, each: Recorded[Fact], day: date) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, MeetingCalled)
    held = _latest(grounds, each.stream, MeetingHeld, day)
    cancelled = _latest(grounds, each.stream, MeetingCancelled, day)
    rolls = _by_day(grounds, each.stream, RollTaken, day)
    minutes = _minutes(grounds, each.stream, day)
    by = last_day(fact.day)
    return {
        "meeting": each.stream,
        "body": fact.body,
        "status": "held" if held else "cancelled" if cancelled else "called",
        "title": fact.title,
        "written": fact.written,
        "place": fact.place,
        "called": stretch(*(min(end, by) for end in decided(each).values())),
        "day": stretch(first_day(fact.day), by),
        "until": last(fact.until),
        "held": decided(held) if held else None,
        "grounds": cancelled.fact.grounds if cancelled else None,  # type: ignore[attr-defined]
        "remark": held.fact.remark if held else None,  # type: ignore[attr-defined]
        "roll": _attended(rolls[-1]) if rolls else None,
        "rolls": len(rolls),
        "items": tuple(_items(grounds, each, day)),
        "minutes": minutes,
        "minutes_status": minutes["status"],
        "fiction": fact.fiction,
    }


def _by_day(
    grounds: Grounds, meeting: StreamId, kind: type[Fact], day: date
) -> list[Recorded[Fact]]:
    """What happened by the end of a day, the latest last (rule 3)."""
    found = [
        each
        for each in grounds.of(meeting)
        if isinstance(each.fact, kind) and grounds.decided(each)[0] <= day
    ]
    return sorted(found, key=grounds.decided)


def _latest(
    grounds: Grounds, meeting: StreamId, kind: type[Fact], day: date
) -> Recorded[Fact] | None:
    found = _by_day(grounds, meeting, kind, day)
    return found[-1] if found else None


def _attended(roll: Recorded[Fact]) -> dict[str, Any]:
    """Observers and members whose alternate is seated do not count (rule 24)."""
    fact = roll.fact
    assert isinstance(fact, RollTaken)
    entitled = [each.seat for each in fact.seats if each.votes]
    present = [each for each in entitled if each in fact.present]
    needed = quorum_needed(fact.rules, len(entitled))
    return {
        "seats": tuple(
            {
                "seat": each.seat,
                "party": each.party,
                "votes": each.votes,
                "present": each.seat in fact.present,
            }
            for each in fact.seats
        ),
        "presiding": fact.presiding,
        "rule_version": fact.rules.version,
        "attendance": {
            "seated": len(entitled),
            "present": len(present),
            "quorum_needed": needed,
            "quorum_met": len(present) >= needed,
        },
        "day": decided(roll),
    }


def _minutes(grounds: Grounds, meeting: StreamId, day: date) -> dict[str, Any]:
    """Until a draft is approved a later one takes its place."""
    drafts = _by_day(grounds, meeting, MinutesDrafted, day)
    approved = _latest(grounds, meeting, MinutesApproved, day) if drafts else None
    draft = drafts[-1] if drafts else None
    told = draft.fact if draft else None
    word = approved.fact if approved else None
    assert told is None or isinstance(told, MinutesDrafted)
    assert word is None or isinstance(word, MinutesApproved)
    return {
        "status": "approved" if approved else "draft" if drafts else "none",
        "drafts": len(drafts),
        "minuted_by": (told.minuted_by or draft.recorded_by) if told and draft else None,
        "text": told.text if told else None,
        "drafted": decided(draft) if draft else None,
        "approved": decided(approved) if approved else None,
        "approved_by": word.meeting if word else None,
        "signed_by": word.signed_by if word else (),
    }


# -- items


def _items(grounds: Grounds, meeting: Recorded[Fact], day: date) -> Iterator[dict[str, Any]]:
    """Those of the call in its order, then what was put on the agenda afterwards."""
    fact = meeting.fact
    assert isinstance(fact, MeetingCalled)
    for told in fact.agenda:
        yield _item(grounds, meeting.stream, told, told.resolution, day)
    named = {told.resolution for told in fact.agenda}
    for each in grounds.facts:
        others = isinstance(each.fact, ResolutionTabled) and each.stream not in named
        if others and _on_it(grounds, each.stream, meeting.stream, day):
            yield _item(grounds, meeting.stream, None, each.stream, day)


def _on_it(grounds: Grounds, resolution: StreamId, meeting: StreamId, day: date) -> bool:
    """Tabled for this meeting, postponed to it, or voted on by its roll, by a day."""
    stream = grounds.of(resolution)
    times = [each.by for each in tablings(stream) if each.meeting == meeting]
    times += [e.off for e in tablings(stream) if e.off and e.off.fact.to == meeting]  # type: ignore[attr-defined]
    times += [held.opened for held in rounds(stream) if held.meeting == meeting]
    return any(grounds.decided(each)[0] <= day for each in times)


def _item(
    grounds: Grounds,
    meeting: StreamId,
    told: AgendaItem | None,
    resolution: StreamId | None,
    day: date,
) -> dict[str, Any]:
    tabled = grounds.tabled(resolution) if resolution else None
    opened = any(isinstance(e.fact, ItemOpened) for e in grounds.of(resolution or meeting))
    closed = tabled is not None and tabled.confidential and not opened
    title = told.title if told else None
    if title is None and tabled is not None and not closed:
        title = tabled.title
    kind = told.kind if told else tabled.kind if tabled else ItemKind.INFORMATION
    known = resolution if tabled else None
    return {
        "item": told.item if told else None,
        "kind": kind,
        "title": title,
        "resolution": resolution,
        "debate": told.debate if told else None,
        "closed": closed,
        "decided": _decided(grounds, known, meeting, day) if known else None,
        "postponed": _put_off(grounds, known, meeting, day) if known else None,
        "status": status(grounds, known, day) if known else None,
        "minutes": _minuted(grounds, meeting, told, resolution, day),
    }


def _decided(
    grounds: Grounds, resolution: StreamId, meeting: StreamId, day: date
) -> dict[str, Any] | None:
    """What the meeting itself decided: by its roll, or while the item was on its table."""
    stream = grounds.of(resolution)
    here = [
        each
        for each in outcomes(stream)
        if grounds.decided(each.by)[0] <= day
        and (each.meeting or _table(stream, each.by.index)) == meeting
    ]
    if not here:
        return None
    reached = here[-1]
    return {
        "word": reached.word,
        "reason": reached.reason,
        "day": decided(reached.by),
        "option": reached.option,
    }


def _table(stream: Sequence[Recorded[Fact]], index: int) -> StreamId | None:
    """The meeting on whose table it was when something was recorded."""
    before = [each for each in tablings(stream) if each.by.index < index]
    return before[-1].meeting if before else None


def _put_off(
    grounds: Grounds, resolution: StreamId, meeting: StreamId, day: date
) -> dict[str, Any] | None:
    off = [
        each.off
        for each in tablings(grounds.of(resolution))
        if each.meeting == meeting and each.off and grounds.decided(each.off)[0] <= day
    ]
    if not off:
        return None
    return {"day": decided(off[-1]), "to": off[-1].fact.to}  # type: ignore[attr-defined]


def _minuted(
    grounds: Grounds,
    meeting: StreamId,
    told: AgendaItem | None,
    resolution: StreamId | None,
    day: date,
) -> Any:
    """What the latest draft says about the item, by its key or by its resolution."""
    draft = _latest(grounds, meeting, MinutesDrafted, day)
    for each in draft.fact.items if draft else ():  # type: ignore[attr-defined]
        if told is not None and each.item == told.item:
            return each.text
        if each.resolution is not None and each.resolution == resolution:
            return each.text
    return None
