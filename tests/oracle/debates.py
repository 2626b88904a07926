"""Debates: who was heard by a day and who was not, what was tried, replied and decided."""

from __future__ import annotations

from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.debate import (
    DebateClosed,
    DebateOpened,
    DebateReopened,
    FormatTried,
    ReplyGiven,
    VoiceAdded,
)
from govlog.domain.stream import Recorded
from tests.oracle.days import decided
from tests.oracle.grounds import Grounds
from tests.oracle.saying import AnyOrder


def debates(grounds: Grounds, day: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, DebateOpened) or grounds.decided(each)[0] > day:
            continue
        stream = grounds.of(each.stream)
        by_then = [one for one in stream if _dated(one) and grounds.decided(one)[0] <= day]
        heard = {one.fact.group for one in by_then if isinstance(one.fact, VoiceAdded)}
        closed = _closed(grounds, by_then)
        found[each.stream] = {
            "debate": each.stream,
            "title": fact.title,
            "question": fact.question,
            "opened": decided(each),
            "opened_by": fact.opened_by,
            "status": "open" if closed is None else "closed",
            "groups": fact.groups,
            "heard": tuple(sorted(heard)),
            "silent": tuple(one for one in fact.groups if one not in heard),
            "formats": AnyOrder(tuple(_tried(one) for one in by_then if _is(one, FormatTried))),
            "replies": AnyOrder(tuple(_replied(one) for one in by_then if _is(one, ReplyGiven))),
            "conclusion": None if closed is None else closed.conclusion,
            "resolutions": () if closed is None else closed.resolutions,
            "confidential": fact.confidential and not any(_is(one, ItemOpened) for one in stream),
            "fiction": fact.fiction,
        }
    return found


def _is(each: Recorded[Fact], kind: type[Fact]) -> bool:
    return isinstance(each.fact, kind)


def _dated(each: Recorded[Fact]) -> bool:
    told = (DebateClosed, DebateReopened, FormatTried, ReplyGiven, VoiceAdded)
    return isinstance(each.fact, told)


def _closed(grounds: Grounds, by_then: list[Recorded[Fact]]) -> DebateClosed | None:
    """The closing in effect at the end of the day (rule 3)."""
    closed = None
    for each in sorted(by_then, key=grounds.decided):
        if isinstance(each.fact, DebateClosed):
            closed = each.fact
        elif isinstance(each.fact, DebateReopened):
            closed = None
    return closed


def _tried(each: Recorded[Fact]) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, FormatTried)
    return {"format": fact.format, "remark": fact.remark, "day": decided(each)}


def _replied(each: Recorded[Fact]) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, ReplyGiven)
    return {
        "body": fact.body,
        "key_points": fact.key_points,
        "signatories": fact.signatories,
        "day": decided(each),
    }


def voices(grounds: Grounds, day: date) -> dict[str, Any]:
    fictions = {
        each.stream: each.fact.fiction
        for each in grounds.facts
        if isinstance(each.fact, DebateOpened)
    }
    return {
        f"{each.stream}/{each.fact.voice}": {
            "debate": each.stream,
            "voice": each.fact.voice,
            "group": each.fact.group,
            "party": each.fact.party,
            "familiarity": each.fact.familiarity,
            "stance": each.fact.stance,
            "text": each.fact.text,
            "day": decided(each),
            "fiction": fictions[each.stream],
        }
        for each in grounds.facts
        if isinstance(each.fact, VoiceAdded) and grounds.decided(each)[0] <= day
    }
