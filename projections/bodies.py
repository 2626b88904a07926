"""Bodies: by which rules they decide, who sits on them, and what they may decide, on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.body import Body, RulesInForce, rules_on, seated
from govlog.domain.events import Fact
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
from govlog.domain.events.resolution import ResolutionAnnulled
from govlog.domain.standing import standing
from govlog.domain.stream import Recorded
from govlog.domain.tri import Tri, begun, both, negated, still, surely_last
from govlog.domain.values import Key, Money, Span, StreamId
from projections.known import Known
from projections.links import OUTCOMES, annulled_or_restored
from projections.spells import day_after, open_on, spells, turning
from projections.view import Segment, View


class BodyRow(Struct, frozen=True):
    body: StreamId
    name: str
    founded: Span
    superior: StreamId | None
    resolution: StreamId | None
    """The one that set it up; none where it rests on bylaws."""
    on_bylaws: bool
    role: BodyRole | None
    products: tuple[StreamId, ...]
    """Those it is the steering or coordination group of."""
    rules: Rules | None
    """By which it decides at the end of the day."""
    dissolved: bool
    fiction: bool


class SeatRow(Struct, frozen=True):
    """A seat while it is held; days on which that is open are marked uncertain."""

    body: StreamId
    seat: Key
    party: StreamId
    role: SeatRole
    organisation: StreamId | None
    alternate_for: Key | None
    since: Span
    until: date | None
    """The last day, where one was stated."""
    fiction: bool


class MandateRow(Struct, frozen=True):
    """A mandate while it is in force."""

    body: StreamId
    mandate: Key
    acts: tuple[ActKind, ...]
    products: tuple[StreamId, ...]
    """None named means every product."""
    limit_kind: LimitKind
    limit: Money | None
    resolution: StreamId | None
    stands: bool
    """False where the resolution that gave it does not stand: then it never was (rule 15)."""
    since: Span
    until: date | None
    shown: bool
    """False where an import cites neither resolution nor bylaws for it."""
    fiction: bool


def _bodies_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    return (each.stream for each in counted)


def _body_segments(subject: str, known: Known) -> Iterable[Segment]:
    body = known.facts.body(StreamId(subject))
    if body is None:
        return ()
    changes = [each.since for each in body.rules]

    def on(day: date) -> tuple[BodyRow, bool]:
        in_force = rules_on(body, day)
        row = BodyRow(
            body=body.stream,
            name=body.name,
            founded=body.founded,
            superior=body.superior,
            resolution=body.resolution,
            on_bylaws=body.on_bylaws,
            role=body.role,
            products=tuple(sorted(body.products)),
            rules=in_force.rules if in_force else None,
            dissolved=body.dissolved is not None and body.dissolved.latest <= day,
            fiction=body.fiction,
        )
        certain = not open_on(day, body.founded, body.dissolved, *changes)
        return row, certain and _surely_adopted_last(in_force, body, day)

    days = turning(body.founded, body.dissolved, *changes)
    return spells((day for day in days if day >= body.founded.earliest), on)


def _surely_adopted_last(in_force: RulesInForce | None, body: Body, day: date) -> bool:
    """Whatever days partial dates mean; those that a body began with came before all others."""
    others = [
        (each.since, each.index)
        for each in body.rules[1:]
        if each is not in_force and each.since.latest <= day
    ]
    return in_force is None or surely_last((in_force.since, in_force.index), others)


def _seats_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, MemberSeated | MemberLeft):
            yield f"{each.stream}/{each.fact.seat}"


def _seat_segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, key = subject.partition("/")
    body = known.facts.body(StreamId(stream))
    seat = body.seats.get(Key(key)) if body else None
    if body is None or seat is None:
        return ()
    row = SeatRow(
        body=body.stream,
        seat=seat.seat,
        party=seat.party,
        role=seat.role,
        organisation=seat.organisation,
        alternate_for=seat.alternate_for,
        since=seat.since,
        until=seat.until,
        fiction=body.fiction,
    )
    days = (*turning(seat.since, seat.left), *day_after(seat.until))
    return spells(days, _while(row, lambda day: seated(seat, day)))


def _mandates_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, MandateGranted | MandateEnded):
            yield f"{each.stream}/{each.fact.mandate}"
        elif isinstance(each.fact, (*OUTCOMES, ResolutionAnnulled)):
            for resolution in annulled_or_restored(each.stream, known):
                yield from _given_by(resolution, known)


def _given_by(resolution: StreamId, known: Known) -> Iterator[str]:
    for stream in known.facts.citing(resolution, "body"):
        body = known.facts.body(stream)
        for mandate in body.mandates.values() if body else ():
            if mandate.resolution == resolution:
                yield f"{stream}/{mandate.mandate}"


def _mandate_segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, key = subject.partition("/")
    body = known.facts.body(StreamId(stream))
    mandate = body.mandates.get(Key(key)) if body else None
    if body is None or mandate is None:
        return ()
    source = known.facts.resolution(mandate.resolution) if mandate.resolution else None
    row = MandateRow(
        body=body.stream,
        mandate=mandate.mandate,
        acts=tuple(sorted(mandate.acts)),
        products=tuple(sorted(mandate.products)),
        limit_kind=mandate.limit_kind,
        limit=mandate.limit,
        resolution=mandate.resolution,
        stands=mandate.resolution is None or (source is not None and standing(source, known.facts)),
        since=mandate.since,
        until=mandate.until,
        shown=mandate.shown,
        fiction=body.fiction,
    )

    def held(day: Span) -> Tri:
        ended = Tri.NO if mandate.ended is None else begun(mandate.ended, day)
        return both(begun(mandate.since, day), still(mandate.until, day), negated(ended))

    days = (*turning(mandate.since, mandate.ended), *day_after(mandate.until))
    return spells(days, _while(row, held))


def _while(
    row: Struct, holds: Callable[[Span], Tri]
) -> Callable[[date], tuple[Struct, bool] | None]:
    """The row on days on which it holds, uncertain where it only may."""

    def on(day: date) -> tuple[Struct, bool] | None:
        answer = holds(Span(day, day))
        return None if answer is Tri.NO else (row, answer is Tri.YES)

    return on


BODIES = View(
    name="bodies",
    row=BodyRow,
    reads=frozenset((BodyFounded, BodyEstablished, RulesAdopted, BodyDissolved)),
    touches=_bodies_touched,
    segments=_body_segments,
    filters=("name", "superior", "fiction"),
    scanned=("fiction",),
)
SEATS = View(
    name="seats",
    row=SeatRow,
    reads=frozenset((MemberSeated, MemberLeft)),
    touches=_seats_touched,
    segments=_seat_segments,
    filters=("party", "organisation", "body", "role"),
    scanned=("role",),
)
MANDATES = View(
    name="mandates",
    row=MandateRow,
    reads=frozenset((MandateGranted, MandateEnded, *OUTCOMES, ResolutionAnnulled)),
    touches=_mandates_touched,
    segments=_mandate_segments,
    filters=("body", "resolution"),
)
