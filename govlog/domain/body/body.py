"""A body: its rules, seats and mandates over time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.body import (
    ActKind,
    BodyDissolved,
    BodyEstablished,
    BodyFounded,
    BodyRole,
    LimitKind,
    MandateEnded,
    MandateGranted,
    MemberLeft,
    MemberSeated,
    Rules,
    RulesAdopted,
    SeatRole,
)
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Facts
from govlog.domain.stream import Recorded
from govlog.domain.tri import Tri, begun, both, negated, still
from govlog.domain.values import Key, Money, PartialDate, Span, StreamId, first_day, last_day


class Seat(Struct, frozen=True):
    """One seat as somebody holds or held it; its key names this holding and is never reused."""

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
    shown: bool = True
    """False where an import cites neither resolution nor bylaws for it."""


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
    on_bylaws: bool = False
    """Founded, so it rests on bylaws rather than on another body's resolution."""
    role: BodyRole | None = None
    products: frozenset[StreamId] = frozenset()
    """Those it is the steering or coordination group of."""
    fact: str = ""
    """The event that began it: `stream@version`."""


def evolve(body: Body | None, recorded: Recorded[Fact]) -> Body | None:
    """The body after one more fact; what is out of place leaves it as it is."""
    match recorded.fact:
        case BodyFounded() | BodyEstablished() as begun_ if body is None:
            return _begin(begun_, recorded)
        case RulesAdopted(rules=rules) if body is not None:
            adopted = RulesInForce(rules, recorded.decided, recorded.index)
            return replace(body, rules=(*body.rules, adopted))
        case MemberSeated(seat=seat) as seated if body is not None and seat not in body.seats:
            return replace(body, seats=body.seats.set(seat, _seat(seated, recorded)))
        case MemberLeft(seat=seat) if body is not None:
            return _leave(body, seat, recorded.decided)
        case MandateGranted(mandate=mandate) as granted if (
            body is not None and mandate not in body.mandates
        ):
            return replace(body, mandates=body.mandates.set(mandate, _mandate(granted, recorded)))
        case MandateEnded(mandate=mandate) if body is not None:
            return _end(body, mandate, recorded.decided)
        case BodyDissolved() if body is not None and body.dissolved is None:
            return replace(body, dissolved=recorded.decided)
        case _:
            return body


def rules_on(body: Body, day: date) -> RulesInForce | None:
    """The rules the body decides by at the end of a day (rule 3).

    Of rules with partial dates those that may have come last by then; recording breaks ties.
    """
    begun_by_then = [each for each in body.rules if each.since.earliest <= day]
    return max(
        begun_by_then,
        key=lambda each: (min(each.since.latest, day), each.since.earliest, each.index),
        default=None,
    )


def seated(seat: Seat, day: Span) -> Tri:
    """Whether a seat was held at the end of a day (rule 3), that may itself be uncertain."""
    gone = Tri.NO if seat.left is None else begun(seat.left, day)
    return both(begun(seat.since, day), still(seat.until, day), negated(gone))


def superiors(body: Body, facts: Facts) -> Iterator[StreamId]:
    """The bodies above this one, nearest first; a circle of them ends where it closes."""
    seen = {body.stream}
    above = body.superior
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        higher = facts.body(above)
        above = higher.superior if higher else None


def begins(since: PartialDate | None, decided: Span) -> Span:
    """Rule 2: a stated `since` is a limit, so its first day; without it, when it was decided."""
    return decided if since is None else Span(first_day(since), first_day(since))


def _begin(fact: BodyFounded | BodyEstablished, recorded: Recorded[Fact]) -> Body:
    established = fact if isinstance(fact, BodyEstablished) else None
    return Body(
        stream=recorded.stream,
        name=fact.name,
        founded=recorded.decided,
        resolution=established.resolution if established else None,
        superior=fact.superior,
        rules=(RulesInForce(fact.rules, recorded.decided, recorded.index),),
        fiction=fact.fiction,
        on_bylaws=established is None,
        role=fact.role,
        products=frozenset(fact.products),
        fact=recorded.id,
    )


def _seat(fact: MemberSeated, recorded: Recorded[Fact]) -> Seat:
    return Seat(
        seat=fact.seat,
        party=fact.party,
        role=fact.role,
        since=begins(fact.since, recorded.decided),
        until=None if fact.until is None else last_day(fact.until),
        left=None,
        organisation=fact.organisation,
        alternate_for=fact.alternate_for,
        index=recorded.index,
    )


def _leave(body: Body, key: Key, day: Span) -> Body:
    seat = body.seats.get(key)
    if seat is None or seat.left is not None:
        return body
    return replace(body, seats=body.seats.set(key, replace(seat, left=day)))


def _mandate(fact: MandateGranted, recorded: Recorded[Fact]) -> Mandate:
    return Mandate(
        mandate=fact.mandate,
        acts=frozenset(fact.acts),
        products=frozenset(fact.products),
        limit_kind=fact.limit_kind,
        limit=fact.limit,
        resolution=fact.resolution,
        since=begins(fact.since, recorded.decided),
        until=None if fact.until is None else last_day(fact.until),
        ended=None,
        index=recorded.index,
        shown=fact.resolution is not None or bool(fact.evidence),
    )


def _end(body: Body, key: Key, day: Span) -> Body:
    mandate = body.mandates.get(key)
    if mandate is None or mandate.ended is not None:
        return body
    return replace(body, mandates=body.mandates.set(key, replace(mandate, ended=day)))
