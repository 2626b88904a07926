"""Who sits on a body: seats taken and left."""

from __future__ import annotations

from datetime import date

from govlog.domain.body.backing import require_alive
from govlog.domain.body.body import Body, Seat, begins, rules_on
from govlog.domain.errors import RuleViolation
from govlog.domain.events.body import MemberLeft, MemberSeated, SeatRole
from govlog.domain.facts import Given
from govlog.domain.refusals import AlreadyRecorded, existing, require_known, require_unused
from govlog.domain.tri import Tri, begun, either, negated, still
from govlog.domain.values import Key, Span, last_day, span


class OneSeatEach(RuleViolation):
    """A party holds one seat of a body at a time."""

    slug = "one-seat-each"
    rule = 25


class OneSeatPerOrganisation(RuleViolation):
    """Where a body's rules say so, a member organisation holds one seat of it (rule 25)."""

    slug = "one-seat-per-organisation"
    rule = 25


class AlternateOfNobody(RuleViolation):
    """An alternate stands in for a member's seat; nobody else does (rule 24)."""

    slug = "alternate-of-nobody"
    rule = 24


class NoSuchSeat(RuleViolation):
    slug = "no-such-seat"
    rule = 23


class LeftBeforeSeated(RuleViolation):
    """A seat ends after it began (rule 2)."""

    slug = "left-before-seated"
    rule = 2


def seat_member(body: Body | None, proposed: MemberSeated, given: Given) -> MemberSeated:
    """Record that a party takes a seat; a seat's key names this holding and is not used again."""
    held = existing(body, "body")
    require_unused(proposed.seat, proposed.seat in held.seats, "seat")
    require_alive(held, proposed, given)
    require_known(given.facts, proposed.party, "party")
    require_known(given.facts, proposed.organisation, "organisation")
    _require_member_to_stand_in_for(held, proposed, given)
    since = begins(proposed.since, span(proposed.decided_on, given.recorded_on))
    until = last_day(proposed.until) if proposed.until else None
    for seat in held.seats.values():
        if seat.party == proposed.party and _apart(seat, since, until) is Tri.NO:
            raise OneSeatEach(
                f"{proposed.party} holds the seat {seat.seat!r} of this body in that time",
                mend="record first that the party left that seat, or seat somebody else",
                party=proposed.party,
                seat=seat.seat,
            )
    if not given.importing:
        _require_one_of_its_organisation(held, proposed, since, until)
    return proposed


def vacate_seat(body: Body | None, proposed: MemberLeft, given: Given) -> MemberLeft:
    """Record the first day on which a seat is empty."""
    held = existing(body, "body")
    seat = held.seats.get(proposed.seat)
    if seat is None:
        raise no_such_seat(proposed.seat, held)
    if seat.left is not None:
        raise AlreadyRecorded(
            f"the seat {seat.seat!r} was left already",
            mend="nothing more needs to be recorded",
            seat=seat.seat,
            left_on=seat.left.latest.isoformat(),
        )
    day = span(proposed.decided_on, given.recorded_on)
    if not given.importing and day.latest < seat.since.earliest:
        raise LeftBeforeSeated(
            f"the seat {seat.seat!r} was not yet held on {proposed.decided_on}",
            mend="state the first day on which the seat is empty",
            seat=seat.seat,
            since=seat.since.earliest.isoformat(),
            decided_on=proposed.decided_on,
        )
    return proposed


def no_such_seat(key: Key, body: Body) -> NoSuchSeat:
    return NoSuchSeat(
        f"{body.stream} has no seat {key!r}",
        mend="name one of its seats",
        seat=key,
        seats=sorted(body.seats),
    )


def _require_one_of_its_organisation(
    body: Body, proposed: MemberSeated, since: Span, until: date | None
) -> None:
    """Alternates and observers hold no seat of their organisation."""
    rules = rules_on(body, since.latest)
    beside = (SeatRole.ALTERNATE, SeatRole.OBSERVER)
    if rules is None or not rules.rules.one_seat_per_organisation or proposed.role in beside:
        return
    for seat in body.seats.values():
        same = seat.organisation is not None and seat.organisation == proposed.organisation
        if same and seat.role not in beside and _apart(seat, since, until) is Tri.NO:
            raise OneSeatPerOrganisation(
                f"{seat.organisation} holds the seat {seat.seat!r} of this body in that time",
                mend="record first that the seat was left, or seat somebody of another one",
                organisation=seat.organisation,
                seat=seat.seat,
                rules=rules.rules.version,
            )


def _apart(seat: Seat, since: Span, until: date | None) -> Tri:
    """Whether a seat was over before another begins, or begins after the other is over."""
    return either(
        (
            Tri.NO if seat.left is None else begun(seat.left, since),
            negated(still(seat.until, since)),
            Tri.NO if until is None else negated(begun(seat.since, Span(until, until))),
        )
    )


def _require_member_to_stand_in_for(body: Body, proposed: MemberSeated, given: Given) -> None:
    stands_in = proposed.role is SeatRole.ALTERNATE
    if proposed.alternate_for is None:
        if not stands_in or given.importing:
            return
        why, mend = "an alternate stands in for nobody", "name the member's seat in alternate_for"
    elif not stands_in:
        why, mend = "only an alternate stands in for a seat", "leave alternate_for out"
    else:
        seat = body.seats.get(proposed.alternate_for)
        if seat is not None and seat.role not in (SeatRole.ALTERNATE, SeatRole.OBSERVER):
            return
        why, mend = "that is not a member's seat of this body", "name a member's seat"
    raise AlternateOfNobody(
        why, mend=mend, alternate_for=proposed.alternate_for, role=proposed.role
    )
