"""A body: its rules, seats and mandates over time."""

from __future__ import annotations

from datetime import date

from immutables import Map
from msgspec import Struct

from govlog.domain.events.body import ActKind, LimitKind, Rules, SeatRole
from govlog.domain.values import Key, Money, Span, StreamId


class Seat(Struct, frozen=True):
    """One seat as somebody holds or held it."""

    seat: Key
    party: StreamId
    role: SeatRole
    since: Span
    until: date | None
    """The last day, where stated."""
    left: Span | None
    """The first day not, where the member left."""
    organisation: StreamId | None
    alternate_for: Key | None
    index: int


class RulesInForce(Struct, frozen=True):
    rules: Rules
    since: Span
    index: int


class Mandate(Struct, frozen=True):
    """What the body may decide; who gave it is `resolution`, or the bylaws when None."""

    mandate: Key
    acts: frozenset[ActKind]
    products: frozenset[StreamId]
    """Empty means every product."""
    limit_kind: LimitKind
    limit: Money | None
    resolution: StreamId | None
    since: Span
    """The days it may have begun to cover (from `since` as a limit, else `decided_on`)."""
    until: date | None
    ended: Span | None
    """The first day not, when it was ended."""
    index: int


class Body(Struct, frozen=True, kw_only=True):
    stream: StreamId
    name: str
    founded: Span
    resolution: StreamId | None = None
    superior: StreamId | None = None
    rules: tuple[RulesInForce, ...] = ()
    seats: Map[Key, Seat] = Map()
    mandates: Map[Key, Mandate] = Map()
    dissolved: Span | None = None
    fiction: bool = False
