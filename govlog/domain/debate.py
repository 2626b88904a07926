"""A debate: who spoke, in which formats, what was replied, and which groups stayed silent."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.errors import First, RuleViolation
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
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, require_known, require_new, require_unused
from govlog.domain.stream import Recorded
from govlog.domain.tri import MAYBE, NO, ordered
from govlog.domain.values import Key, Personal, Span, StreamId, span


class DebateIsClosed(RuleViolation):
    slug = "debate-is-closed"


class DebateIsOpen(RuleViolation):
    slug = "debate-is-open"


class RepeatedPoint(RuleViolation):
    """The points of one reply are told apart by their keys."""

    slug = "repeated-point"


class Voice(Struct, frozen=True):
    """Somebody spoke; group and familiarity stand even when the text is erased."""

    voice: Key
    group: str
    text: Personal
    party: StreamId | None
    familiarity: Familiarity | None
    stance: Stance | None
    day: Span
    index: int


class Format(Struct, frozen=True):
    """A form of debate that was tried."""

    format: str
    remark: Personal | None
    day: Span
    index: int


class Reply(Struct, frozen=True):
    """A body's answer, point by point."""

    body: StreamId
    key_points: tuple[KeyPoint, ...]
    signatories: tuple[Signatory, ...]
    day: Span
    index: int


class Closing(Struct, frozen=True):
    """A debate ended; `reopened` when it went on after all."""

    day: Span
    conclusion: Personal | None
    resolutions: tuple[StreamId, ...]
    index: int
    reopened: Span | None = None


class Debate(Struct, frozen=True, kw_only=True):
    stream: StreamId
    title: Personal
    question: Personal
    opened: Span
    index: int
    opened_by: StreamId | None = None
    groups: tuple[str, ...] = ()
    voices: Map[Key, Voice] = Map()
    formats: tuple[Format, ...] = ()
    replies: tuple[Reply, ...] = ()
    closings: tuple[Closing, ...] = ()
    confidential: bool = False
    fiction: bool = False

    @property
    def closed(self) -> Closing | None:
        """The closing in effect; None while the debate goes on."""
        if self.closings and self.closings[-1].reopened is None:
            return self.closings[-1]
        return None


def closed_on(debate: Debate, day: date) -> tuple[Closing | None, bool]:
    """The closing in effect at the end of a day, and whether it is sure what came last (rule 3).

    A correction may leave open, or turn, on which of two days a debate was closed and reopened.
    """
    closing = next((each for each in reversed(debate.closings) if each.day.latest <= day), None)
    if closing is None or closing.reopened is None or closing.reopened.latest > day:
        return closing, True
    # It is reopened only once it is closed, so on one full day by a later fact.
    went_on = ordered((closing.day, closing.index), (closing.reopened, closing.index + 1))
    return (closing if went_on is NO else None), went_on is not MAYBE


def silent_groups(debate: Debate, heard: Container[str]) -> tuple[str, ...]:
    """The groups that were to be heard and are not among those `heard`, as the opening has them."""
    return tuple(group for group in debate.groups if group not in heard)


def evolve(debate: Debate | None, recorded: Recorded[Fact]) -> Debate | None:
    """The debate after one more fact; what is out of place leaves it as it is."""
    day, index = recorded.decided, recorded.index
    match recorded.fact:
        case DebateOpened() as fact if debate is None:
            return _opened(fact, recorded)
        case VoiceAdded(voice=key) as fact if debate is not None and key not in debate.voices:
            return replace(debate, voices=debate.voices.set(key, _voice(fact, recorded)))
        case FormatTried() as fact if debate is not None:
            tried = Format(fact.format, fact.remark, day, index)
            return replace(debate, formats=(*debate.formats, tried))
        case ReplyGiven() as fact if debate is not None:
            reply = Reply(fact.body, fact.key_points, fact.signatories, day, index)
            return replace(debate, replies=(*debate.replies, reply))
        case DebateClosed() as fact if debate is not None and debate.closed is None:
            closing = Closing(day, fact.conclusion, fact.resolutions, index)
            return replace(debate, closings=(*debate.closings, closing))
        case DebateReopened() if debate is not None and debate.closed is not None:
            reopened = replace(debate.closed, reopened=day)
            return replace(debate, closings=(*debate.closings[:-1], reopened))
        case ItemOpened() if debate is not None:
            return replace(debate, confidential=False)
        case _:
            return debate


def open_debate(debate: Debate | None, proposed: DebateOpened, given: Given) -> DebateOpened:
    require_new(debate, "debate")
    require_known(given.facts, proposed.opened_by, "opened_by")
    return proposed


def add_voice(debate: Debate | None, proposed: VoiceAdded, given: Given) -> VoiceAdded:
    debate = existing(debate, "debate")
    require_unused(proposed.voice, proposed.voice in debate.voices, "voice")
    _require_open(debate, proposed, given)
    require_known(given.facts, proposed.party, "party")
    return proposed


def try_format(debate: Debate | None, proposed: FormatTried, given: Given) -> FormatTried:
    _require_open(existing(debate, "debate"), proposed, given)
    return proposed


def give_reply(debate: Debate | None, proposed: ReplyGiven, given: Given) -> ReplyGiven:
    """A body may answer after the debate has closed: a reply is not a voice in it."""
    existing(debate, "debate")
    require_known(given.facts, proposed.body, "body")
    for signatory in proposed.signatories:
        require_known(given.facts, signatory.party, "signatories")
        require_known(given.facts, signatory.organisation, "signatories")
    points = [point.point for point in proposed.key_points]
    if len(points) != len(set(points)):
        raise RepeatedPoint(
            "two points of the reply have one key",
            mend="give each point a key of its own",
            points=points,
        )
    return proposed


def close_debate(debate: Debate | None, proposed: DebateClosed, given: Given) -> DebateClosed:
    debate = existing(debate, "debate")
    if debate.closed is not None:
        raise DebateIsClosed(
            "the debate is closed already",
            mend="reopen it first",
            first=First("reopen_debate", debate.stream),
        )
    for resolution in proposed.resolutions:
        require_known(given.facts, resolution, "resolutions")
    return proposed


def reopen_debate(debate: Debate | None, proposed: DebateReopened, given: Given) -> DebateReopened:
    if existing(debate, "debate").closed is None:
        raise DebateIsOpen("the debate is open", mend="nothing needs to be reopened")
    return proposed


def _require_open(debate: Debate, proposed: Fact, given: Given) -> None:
    """What surely happened before the closing is only recorded late, and belongs to the debate."""
    day = span(proposed.decided_on, given.recorded_on)
    if debate.closed is not None and day.latest >= debate.closed.day.earliest:
        raise DebateIsClosed(
            "the debate is closed and hears no more voices",
            mend="reopen the debate first, or state the day before it closed",
            first=First("reopen_debate", debate.stream),
            closed_on=debate.closed.day.earliest.isoformat(),
            decided_on=proposed.decided_on,
        )


def _opened(fact: DebateOpened, recorded: Recorded[Fact]) -> Debate:
    return Debate(
        stream=recorded.stream,
        title=fact.title,
        question=fact.question,
        opened=recorded.decided,
        index=recorded.index,
        opened_by=fact.opened_by,
        groups=fact.groups,
        confidential=fact.confidential,
        fiction=fact.fiction,
    )


def _voice(fact: VoiceAdded, recorded: Recorded[Fact]) -> Voice:
    return Voice(
        voice=fact.voice,
        group=fact.group,
        text=fact.text,
        party=fact.party,
        familiarity=fact.familiarity,
        stance=fact.stance,
        day=recorded.decided,
        index=recorded.index,
    )
