"""Facts about meetings: called, counted, held or cancelled, minuted."""

from __future__ import annotations

from msgspec import Struct

from govlog.domain.events.body import Rules
from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import ItemKind, RollSeat
from govlog.domain.values import Key, PartialDate, Personal, StreamId


class AgendaItem(Struct, frozen=True, omit_defaults=True):
    """One item of an agenda; the texts of a closed item stand on its resolution alone."""

    item: Key
    kind: ItemKind
    title: Personal | None = None
    """The resolution's where left out."""
    resolution: StreamId | None = None
    debate: StreamId | None = None


class ItemMinutes(Struct, frozen=True, omit_defaults=True):
    """What the minutes say about one item, by its key or by its resolution."""

    text: Personal
    item: Key | None = None
    resolution: StreamId | None = None


class MeetingCalled(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A body is called together; `decided_on` is the day of the call."""

    body: StreamId
    day: PartialDate
    """The day it is to be held, or on which a written procedure begins; it may lie ahead."""
    until: PartialDate | None = None
    """Its last day, where it has several: the time limit of a written procedure."""
    written: bool = False
    """A written procedure is a meeting without a room."""
    place: str | None = None
    title: Personal | None = None
    agenda: tuple[AgendaItem, ...] = ()
    fiction: bool = False


class RollTaken(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Who is entitled to vote, who presides, by which rules, and who is there.

    Taken once for as many items as are put to the vote; taken again when people come or go.
    """

    seats: tuple[RollSeat, ...]
    presiding: Key | None
    rules: Rules
    present: tuple[Key, ...] = ()


class MeetingHeld(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The meeting was held; `decided_on` is its last day."""

    remark: Personal | None = None


class MeetingCancelled(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The meeting was called off, or broken off with nothing decided, as where too few came."""

    grounds: Personal | None = None


class MinutesDrafted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Minutes as somebody wrote them; until they are approved a later draft replaces them."""

    minuted_by: StreamId | None = None
    """The person who recorded the draft where left out."""
    text: Personal | None = None
    items: tuple[ItemMinutes, ...] = ()


class MinutesApproved(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The latest draft is what was said: by a later meeting of the body, or by who signed it."""

    meeting: StreamId | None = None
    signed_by: tuple[StreamId, ...] = ()
