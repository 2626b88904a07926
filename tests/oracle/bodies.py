"""Bodies with their rules, who sits on them, and what they may decide (rules 2, 3, 15, 24)."""

from __future__ import annotations

from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.body import (
    BodyDissolved,
    BodyEstablished,
    BodyFounded,
    MandateGranted,
    MemberLeft,
    MemberSeated,
    Rules,
    RulesAdopted,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId, first_day
from tests.oracle.days import begins, decided, last
from tests.oracle.grounds import Grounds

FOUNDING = (BodyFounded, BodyEstablished)


def bodies(grounds: Grounds, day: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in grounds.facts:
        fact = each.fact
        if isinstance(fact, FOUNDING) and grounds.decided(each)[0] <= day:
            found[each.stream] = {
                "body": each.stream,
                "name": fact.name,
                "founded": decided(each),
                "superior": fact.superior,
                "resolution": getattr(fact, "resolution", None),
                "on_bylaws": isinstance(fact, BodyFounded),
                "role": fact.role,
                "products": tuple(sorted(fact.products)),
                "rules": rules_on(grounds, each.stream, day),
                "dissolved": happened(grounds, each.stream, BodyDissolved, day),
                "fiction": fact.fiction,
            }
    return found


def rules_on(grounds: Grounds, body: StreamId, day: date) -> Rules | None:
    """Those adopted last by the end of the day (rule 3)."""
    adopted = [
        each
        for each in grounds.of(body)
        if isinstance(each.fact, (*FOUNDING, RulesAdopted)) and grounds.decided(each)[0] <= day
    ]
    if not adopted:
        return None
    # A body that adopts rules is there: those it began with come first, whatever dates allow.
    later = [each for each in adopted if isinstance(each.fact, RulesAdopted)]
    found = max(later, key=grounds.decided) if later else adopted[0]
    rules: Rules = found.fact.rules  # type: ignore[attr-defined]
    return rules


def happened(grounds: Grounds, stream: StreamId, kind: type[Fact], day: date) -> bool:
    return any(
        isinstance(each.fact, kind) and grounds.decided(each)[0] <= day
        for each in grounds.of(stream)
    )


def founding(grounds: Grounds, body: StreamId) -> Fact | None:
    return next((each.fact for each in grounds.of(body) if isinstance(each.fact, FOUNDING)), None)


def is_fiction(grounds: Grounds, body: StreamId) -> bool:
    return bool(getattr(founding(grounds, body), "fiction", False))


def seats(grounds: Grounds, day: date) -> dict[str, Any]:
    """Who holds which seat at the end of the day."""
    found = {}
    for each in grounds.facts:
        fact = each.fact
        if isinstance(fact, MemberSeated) and sits(grounds, each, day):
            found[f"{each.stream}/{fact.seat}"] = {
                "body": each.stream,
                "seat": fact.seat,
                "party": fact.party,
                "role": fact.role,
                "organisation": fact.organisation,
                "alternate_for": fact.alternate_for,
                "since": begins(each),
                "until": last(fact.until),
                "fiction": is_fiction(grounds, each.stream),
            }
    return found


def sits(grounds: Grounds, seat: Recorded[Fact], day: date) -> bool:
    """From its day on, until its last day, and not from the day on which the seat was left."""
    fact = seat.fact
    assert isinstance(fact, MemberSeated)
    since = grounds.decided(seat)[0] if fact.since is None else first_day(fact.since)
    left = any(
        isinstance(one.fact, MemberLeft)
        and one.fact.seat == fact.seat
        and grounds.decided(one)[0] <= day
        for one in grounds.of(seat.stream)
    )
    until = last(fact.until)
    return since <= day and not left and (until is None or day <= until)


def mandates(grounds: Grounds, day: date) -> dict[str, Any]:
    """Those in force at the end of the day; one whose own resolution fell never was (rule 15)."""
    found = {}
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, MandateGranted):
            continue
        if grounds.mandate_since(each) <= day and not grounds.mandate_over(each, day):
            found[f"{each.stream}/{fact.mandate}"] = {
                "body": each.stream,
                "mandate": fact.mandate,
                "acts": tuple(sorted(fact.acts)),
                "products": tuple(sorted(fact.products)),
                "limit_kind": fact.limit_kind,
                "limit": fact.limit,
                "resolution": fact.resolution,
                "stands": grounds.mandate_stands(each),
                "since": begins(each),
                "until": last(fact.until),
                "shown": fact.batch is None or fact.resolution is not None or bool(fact.evidence),
                "fiction": is_fiction(grounds, each.stream),
            }
    return found
