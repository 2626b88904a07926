"""Who is entitled to vote on a day, who presides, and by which rules (rules 23 to 25)."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from govlog.domain.body.backing import require_alive
from govlog.domain.body.body import Body, RulesInForce, Seat, rules_on, seated
from govlog.domain.body.seats import no_such_seat
from govlog.domain.errors import RuleViolation
from govlog.domain.events.body import Rules, SeatRole
from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import RollSeat
from govlog.domain.facts import Given
from govlog.domain.tri import Tri, begun, ordered
from govlog.domain.values import Key, Span, StreamId, span


class FixRoll(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked when voting opens; seats and rules come from the body as of `decided_on`."""

    alternates: tuple[Key, ...] = ()
    """The alternates who sit in for their members."""
    presiding: Key | None = None
    """The seat that presides; the chair's when left out (rule 25)."""
    held: tuple[Key, ...] | None = None
    """Where the dates of some seats leave open whether they are held: those that are."""
    rules: str | None = None
    """Where the dates of the rules leave open which are in force: their version."""
    meeting: StreamId | None = None
    """Take the roll that was taken at this meeting; only who presides may differ."""


class Entitled(Struct, frozen=True):
    """What a roll says, whatever it was taken for."""

    seats: tuple[RollSeat, ...]
    presiding: Key | None
    rules: Rules


class EmptyRoll(RuleViolation):
    """Without a seat that votes there is no quorum to measure (rule 24)."""

    slug = "empty-roll"
    rule = 24


class UncertainRoll(RuleViolation):
    """No day is invented: what the dates leave open must be said (rule 2)."""

    slug = "uncertain-roll"
    rule = 2


class NotSeated(RuleViolation):
    """The roll holds the seats held on its day, and no others (rule 23)."""

    slug = "not-seated"
    rule = 23


class NotAnAlternate(RuleViolation):
    """One alternate stands in for one seated member (rule 24)."""

    slug = "not-an-alternate"
    rule = 24


def sitting_in(body: Body, present: Collection[Key]) -> tuple[Key, ...]:
    """Of the alternates who are there, those whose members are not (rule 24)."""
    return tuple(
        each.seat
        for each in _seats(body, present)
        if each.role is SeatRole.ALTERNATE and each.alternate_for not in present
    )


def members_among(body: Body, present: Collection[Key]) -> tuple[Key, ...]:
    """Those who are there and are nobody's alternate."""
    return tuple(each.seat for each in _seats(body, present) if each.role is not SeatRole.ALTERNATE)


def _seats(body: Body, keys: Collection[Key]) -> list[Seat]:
    return [body.seats[key] for key in keys if key in body.seats]


def entitled(body: Body, asked: FixRoll, given: Given) -> Entitled:
    """Who may vote, who presides and by which rules, by the body's seats of the day."""
    require_alive(body, asked, given)
    day = span(asked.decided_on, given.recorded_on)
    sitting = _sitting(body, day, asked.held, given)
    stand_ins = [_stand_in(body, key, sitting, day) for key in asked.alternates]
    replaced = [each.alternate_for for each in stand_ins]
    if len(set(replaced)) < len(replaced):
        raise NotAnAlternate(
            "two alternates stand in for one seat",
            mend="name one of them",
            alternates=asked.alternates,
        )
    on_roll = sorted([*sitting, *stand_ins], key=lambda each: each.index)
    seats = tuple(
        RollSeat(
            seat=each.seat,
            party=each.party,
            votes=each.role is not SeatRole.OBSERVER and each.seat not in replaced,
        )
        for each in on_roll
    )
    if not any(each.votes for each in seats):
        raise EmptyRoll(
            f"nobody with a vote is seated on {body.stream} that day",
            mend="record who is seated first",
            body=body.stream,
        )
    return Entitled(
        seats, _presiding(asked.presiding, on_roll, given), _rules(body, day, asked.rules, given)
    )


def _sitting(body: Body, day: Span, said: Collection[Key] | None, given: Given) -> list[Seat]:
    """Members and observers seated that day; alternates sit only where they stand in."""
    for key in said or ():
        if key not in body.seats:
            raise no_such_seat(key, body)
    answers = {
        seat.seat: seated(seat, day)
        for seat in body.seats.values()
        if seat.role is not SeatRole.ALTERNATE
    }
    for key in said or ():
        if answers.get(key, Tri.NO) is Tri.NO:
            raise _not_seated(key, body)
    unsaid = sorted(key for key, answer in answers.items() if answer is Tri.MAYBE)
    if unsaid and said is None and not given.importing:
        raise UncertainRoll(
            f"the dates leave open whether {', '.join(unsaid)} were seated that day",
            mend="state the full day of the vote, or list in held those of them that were seated",
            seats=unsaid,
        )
    return [
        body.seats[key]
        for key, answer in answers.items()
        if answer is Tri.YES or (answer is Tri.MAYBE and (said is None or key in said))
    ]


def _stand_in(body: Body, key: Key, sitting: list[Seat], day: Span) -> Seat:
    seat = body.seats.get(key)
    if seat is None:
        raise no_such_seat(key, body)
    if seat.role is not SeatRole.ALTERNATE or seated(seat, day) is Tri.NO:
        raise NotAnAlternate(
            f"{key!r} is not an alternate's seat of that day",
            mend="name in alternates only alternates who were seated that day",
            seat=key,
        )
    if seat.alternate_for not in {each.seat for each in sitting}:
        raise NotAnAlternate(
            f"the member for whom {key!r} stands in is not seated that day",
            mend="seat the alternate as a member instead",
            seat=key,
            alternate_for=seat.alternate_for,
        )
    return seat


def _presiding(named: Key | None, on_roll: list[Seat], given: Given) -> Key | None:
    """Rule 25: the one the roll names, by default the chair."""
    if named is not None:
        if all(each.seat != named for each in on_roll):
            raise NotSeated(
                f"{named!r} presides but is not on the roll",
                mend="name a seat that is on the roll",
                presiding=named,
                seats=[each.seat for each in on_roll],
            )
        return named
    chairs = [each.seat for each in on_roll if each.role is SeatRole.CHAIR]
    if len(chairs) > 1 and not given.importing:
        raise UncertainRoll(
            "more than one chair is seated that day", mend="name who presides", seats=chairs
        )
    return chairs[0] if len(chairs) == 1 else None


def _rules(body: Body, day: Span, version: str | None, given: Given) -> Rules:
    """The rules in force that day; where their dates leave it open, the version that was named."""
    possible = [each for each in body.rules if _may_be_in_force(each, body, day)]
    named = [each for each in possible if version is None or each.rules.version == version]
    if len(named) == 1:
        return named[0].rules
    latest = rules_on(body, day.latest)
    if given.importing and version is None and latest is not None:
        return latest.rules
    raise UncertainRoll(
        f"the dates leave open by which rules {body.stream} decided that day"
        if possible
        else f"{body.stream} has no rules of that day",
        mend="state the full day of the vote, or name in rules the version that was in force",
        versions=[each.rules.version for each in possible],
    )


def _may_be_in_force(rules: RulesInForce, body: Body, day: Span) -> bool:
    if begun(rules.since, day) is Tri.NO:
        return False
    return not any(
        begun(other.since, day) is Tri.YES
        and ordered((rules.since, rules.index), (other.since, other.index)) is Tri.YES
        for other in body.rules
        if other.index != rules.index
    )


def _not_seated(key: Key, body: Body) -> NotSeated:
    return NotSeated(
        f"{key!r} was not a seat of {body.stream} that day",
        mend="name only seats whose dates leave it open",
        seat=key,
    )
