"""The risk register: what is done about each risk, what was taken over, reviewed and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.risk import (
    RiskAssumed,
    RiskClosed,
    RiskDeclined,
    RiskRaised,
    RiskReviewed,
    RiskTreated,
    Treatment,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, StreamId
from tests.oracle.acts import works_from
from tests.oracle.counting import order_of_counting
from tests.oracle.days import decided
from tests.oracle.flaws import flaw
from tests.oracle.grounds import Grounds, kind_of_act
from tests.oracle.saying import AnyOrder, Surely

TOLD = (RiskTreated, RiskAssumed, RiskReviewed, RiskClosed)


def risks(grounds: Grounds, day: date) -> dict[str, Any]:
    return {
        each.stream: _row(grounds, each, day)
        for each in grounds.facts
        if isinstance(each.fact, RiskRaised) and grounds.decided(each)[0] <= day
    }


def _row(grounds: Grounds, each: Recorded[Fact], day: date) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, RiskRaised)
    told = [
        one
        for one in grounds.of(each.stream)
        if isinstance(one.fact, TOLD) and grounds.decided(one)[0] <= day
    ]
    treatments = [one for one in told if isinstance(one.fact, RiskTreated)]
    assumptions = [one for one in told if isinstance(one.fact, RiskAssumed)]
    refusals = [
        one
        for one in grounds.of(each.stream)
        if isinstance(one.fact, RiskDeclined) and grounds.start(one)[0] <= day
    ]
    closings = [one for one in grounds.of(each.stream) if isinstance(one.fact, RiskClosed)]
    first = min(closings, key=lambda one: order_of_counting(grounds.log, one), default=None)
    closed = first if first in told else None
    return {
        "risk": each.stream,
        "status": _status(grounds, treatments, assumptions, refusals, closed, day),
        "title": fact.title,
        "description": fact.description,
        "product": fact.product,
        "owner": fact.owner,
        "raised": decided(each),
        "treatments": AnyOrder(tuple(_treated(grounds, one, day) for one in treatments)),
        "assumptions": AnyOrder(tuple(_assumed(grounds, one, day) for one in assumptions)),
        "refusals": AnyOrder(tuple(_declined(one) for one in refusals)),
        "reviews": AnyOrder(
            tuple(
                {"decided": decided(one), "findings": one.fact.findings}
                for one in told
                if isinstance(one.fact, RiskReviewed)
            )
        ),
        "next_review": next_review(grounds, each.stream, day),
        "closed": decided(closed) if closed else None,
        "closed_because": closed.fact.grounds if closed else None,  # type: ignore[attr-defined]
        "fiction": fact.fiction,
    }


def _status(
    grounds: Grounds,
    treatments: Sequence[Recorded[Fact]],
    assumptions: Sequence[Recorded[Fact]],
    refusals: Sequence[Recorded[Fact]],
    closed: Recorded[Fact] | None,
    day: date,
) -> str:
    """The furthest that it has come, by what has authority (rules 12 and 15)."""
    kinds = {one.fact.kind for one in treatments if _in_force(grounds, one, day)}  # type: ignore[attr-defined]
    if closed is not None:
        return "closed"
    if any(_in_force(grounds, one, day) for one in assumptions):
        return "assumed"
    if refusals:
        return "declined"
    if Treatment.ACCEPT in kinds:
        return "accepted"
    return "treated" if kinds else "raised"


def _in_force(grounds: Grounds, act: Recorded[Fact], day: date) -> bool:
    """Whoever owns a risk may reduce, share or avoid it without a resolution (rule 15)."""
    needs = kind_of_act(act.fact) is not None
    given = not needs or grounds.authority(act).given
    return given and grounds.start(act)[0] <= day


def _judged(grounds: Grounds, act: Recorded[Fact]) -> dict[str, Any]:
    if kind_of_act(act.fact) is None:
        return {"flaw": "", "proven": Surely(True)}
    authority = grounds.authority(act)
    return {
        "flaw": flaw(grounds, act),
        "proven": Surely(authority.given and authority.proven),
    }


def _treated(grounds: Grounds, each: Recorded[Fact], day: date) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, RiskTreated)
    return {
        "treatment": fact.treatment,
        "kind": fact.kind,
        "description": fact.description,
        "owner": fact.owner,
        "decided": decided(each),
        "resolution": fact.resolution,
        "in_force": _in_force(grounds, each, day),
        **_judged(grounds, each),
    }


def _assumed(grounds: Grounds, each: Recorded[Fact], day: date) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, RiskAssumed)
    return {
        "assumption": fact.assumption,
        "product": fact.product,
        "instalment": fact.instalment,
        "amount": fact.amount,
        "reason": fact.reason,
        "resolution": fact.resolution,
        "works_from": works_from(grounds, each),
        "in_force": _in_force(grounds, each, day),
        **_judged(grounds, each),
    }


def _declined(each: Recorded[Fact]) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, RiskDeclined)
    return {
        "product": fact.product,
        "instalment": fact.instalment,
        "reason": fact.reason,
        "decided": decided(each),
    }


def next_review(grounds: Grounds, risk: StreamId, day: date) -> PartialDate | None:
    """As named last by the end of a day; a review that names none leaves none."""
    named = [
        each
        for each in grounds.of(risk)
        if (
            isinstance(each.fact, RiskRaised | RiskReviewed)
            or (isinstance(each.fact, RiskTreated) and each.fact.next_review is not None)
        )
        and grounds.decided(each)[0] <= day
    ]
    raised = [each for each in named if isinstance(each.fact, RiskRaised)]
    later = [each for each in named if not isinstance(each.fact, RiskRaised)]
    last = max(later, key=grounds.decided) if later else raised[0] if raised else None
    found: PartialDate | None = last.fact.next_review if last else None  # type: ignore[attr-defined]
    return found
