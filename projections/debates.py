"""Debates: who spoke and who did not, which formats were tried, what was replied and decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.debate import Closing, Debate, closed_on, silent_groups
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.debate import (
    DebateClosed,
    DebateOpened,
    DebateReopened,
    Familiarity,
    FormatTried,
    KeyPoint,
    ReplyGiven,
    Signatory,
    Stance,
    VoiceAdded,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Personal, Span, StreamId
from projections.known import Known
from projections.spells import from_then_on, open_on, spells, turning
from projections.view import Segment, View


class DebateStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Tried(Struct, frozen=True):
    """A format of debate that was tried."""

    format: str
    remark: Personal | None
    day: Span


class Replied(Struct, frozen=True):
    """A body's answer, point by point, with who signed it."""

    body: StreamId
    key_points: tuple[KeyPoint, ...]
    signatories: tuple[Signatory, ...]
    day: Span


class DebateRow(Struct, frozen=True):
    """A debate at the end of a day; its voices are rows of their own."""

    debate: StreamId
    title: Personal
    question: Personal
    opened: Span
    opened_by: StreamId | None
    status: DebateStatus
    groups: tuple[str, ...]
    """Those that were to be heard."""
    heard: tuple[str, ...]
    """Those that have spoken, invited or not."""
    silent: tuple[str, ...]
    """Those that were to be heard and have not spoken."""
    formats: tuple[Tried, ...]
    replies: tuple[Replied, ...]
    conclusion: Personal | None
    resolutions: tuple[StreamId, ...]
    """The decisions that followed."""
    confidential: bool
    """Its texts are for few, until it is opened."""
    fiction: bool


class VoiceRow(Struct, frozen=True):
    debate: StreamId
    voice: Key
    group: str
    party: StreamId | None
    familiarity: Familiarity | None
    stance: Stance | None
    text: Personal
    day: Span
    fiction: bool


def _debates_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    fresh = {each.index for each in counted}
    for each in counted:
        fact = each.fact
        if not isinstance(fact, VoiceAdded) or _first_of_group(each, fact.group, fresh, known):
            yield each.stream


def _first_of_group(
    spoken: Recorded[Fact], group: str, fresh: Collection[int], known: Known
) -> bool:
    """Whether nobody of the group had spoken as early: else the debate looks the same as before.

    `fresh` are the facts that begin to count together: what one of them tells is new as well.
    """
    debate = known.facts.debate(spoken.stream)
    day = spoken.decided
    return debate is not None and not any(
        voice.group == group
        and voice.index not in fresh
        and voice.day.earliest <= day.earliest
        and voice.day.latest <= day.latest
        for voice in debate.voices.values()
    )


def _debate_segments(subject: str, known: Known) -> Iterable[Segment]:
    debate = known.facts.debate(StreamId(subject))
    if debate is None:
        return ()
    first = _first_heard(debate)
    spans = [debate.opened, *first.values()]
    spans += [each.day for each in debate.formats]
    spans += [each.day for each in debate.replies]
    spans += [each.day for each in debate.closings]
    spans += [each.reopened for each in debate.closings if each.reopened is not None]

    def on(day: date) -> tuple[DebateRow, bool]:
        closing, sure = closed_on(debate, day)
        return _debate_on(debate, first, closing, day), sure and not open_on(day, *spans)

    return spells((day for day in turning(*spans) if day >= debate.opened.earliest), on)


def _first_heard(debate: Debate) -> dict[str, Span]:
    """By group, the days on which it may have been heard first."""
    first: dict[str, Span] = {}
    for voice in debate.voices.values():
        held = first.get(voice.group, voice.day)
        first[voice.group] = Span(
            min(held.earliest, voice.day.earliest), min(held.latest, voice.day.latest)
        )
    return first


def _debate_on(
    debate: Debate, first: dict[str, Span], closing: Closing | None, day: date
) -> DebateRow:
    """What has surely happened by the end of the day."""
    heard = {group for group, heard in first.items() if heard.latest <= day}
    return DebateRow(
        debate=debate.stream,
        title=debate.title,
        question=debate.question,
        opened=debate.opened,
        opened_by=debate.opened_by,
        status=DebateStatus.CLOSED if closing else DebateStatus.OPEN,
        groups=debate.groups,
        heard=tuple(sorted(heard)),
        silent=silent_groups(debate, heard),
        formats=tuple(
            Tried(each.format, each.remark, each.day)
            for each in debate.formats
            if each.day.latest <= day
        ),
        replies=tuple(
            Replied(each.body, each.key_points, each.signatories, each.day)
            for each in debate.replies
            if each.day.latest <= day
        ),
        conclusion=closing.conclusion if closing else None,
        resolutions=closing.resolutions if closing else (),
        confidential=debate.confidential,
        fiction=debate.fiction,
    )


def _voices_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, VoiceAdded):
            yield f"{each.stream}/{each.fact.voice}"


def _voice_segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, key = subject.partition("/")
    debate = known.facts.debate(StreamId(stream))
    voice = debate.voices.get(Key(key)) if debate else None
    if debate is None or voice is None:
        return ()
    row = VoiceRow(
        debate=debate.stream,
        voice=voice.voice,
        group=voice.group,
        party=voice.party,
        familiarity=voice.familiarity,
        stance=voice.stance,
        text=voice.text,
        day=voice.day,
        fiction=debate.fiction,
    )
    return from_then_on(row, voice.day)


DEBATES = View(
    name="debates",
    row=DebateRow,
    reads=frozenset(
        (
            DebateOpened,
            VoiceAdded,
            FormatTried,
            ReplyGiven,
            DebateClosed,
            DebateReopened,
            ItemOpened,
        )
    ),
    touches=_debates_touched,
    segments=_debate_segments,
    filters=("status", "fiction"),
    scanned=("fiction",),
)
VOICES = View(
    name="voices",
    row=VoiceRow,
    reads=frozenset((VoiceAdded,)),
    touches=_voices_touched,
    segments=_voice_segments,
    filters=("party", "debate", "group"),
    scanned=("group",),
)
