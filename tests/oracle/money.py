"""What parties mean to invest, have bound, and what of it is at whose risk (rules 6 to 14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.product import (
    InstalmentCommitted,
    InvestmentDeclared,
    InvestmentWithdrawn,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Key
from tests.oracle.bearing import NOUGHT, Bearing, Parts
from tests.oracle.days import decided, may_be
from tests.oracle.displacing import Marks
from tests.oracle.disputes import disputed
from tests.oracle.grounds import Grounds
from tests.oracle.products import fiction_of
from tests.oracle.saying import AtLeast, AtMost, WhenFull, Within

Risks = list[Recorded[Fact]]
Displaced = Mapping[Key, Marks] | None
"""What lost its place, by instalment; None where that is not worked out."""


def declarations(grounds: Grounds, day: date) -> dict[str, Any]:
    """What parties said they mean to put in, and whether they took it back (rule 14)."""
    found = {}
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, InvestmentDeclared) or grounds.decided(each)[0] > day:
            continue
        found[f"{each.stream}/{fact.investment}"] = {
            "product": each.stream,
            "investment": fact.investment,
            "investor": fact.investor,
            "scope_item": fact.scope_item,
            "amount": fact.amount,
            "standing": fact.standing,
            "withdrawn": any(
                isinstance(one.fact, InvestmentWithdrawn)
                and one.fact.investment == fact.investment
                and grounds.decided(one)[0] <= day
                for one in grounds.of(each.stream)
            ),
            "relies_on": fact.relies_on,
            "purpose": fact.purpose,
            "declared": decided(each),
            "fiction": fiction_of(grounds, each.stream),
        }
    return found


def investments(bearing: Bearing, day: date, risks: Risks, lost: Displaced) -> dict[str, Any]:
    """Every instalment but for its shares, which are compared one by one."""
    grounds = bearing.grounds
    found = {}
    for each in bearing.product.facts:
        fact = each.fact
        if not isinstance(fact, InstalmentCommitted) or grounds.bound(each)[0] > day:
            continue
        parts = bearing.parts_on(each, day, risks) if fact.instalment in bearing.parts else ()
        found[f"{each.stream}/{fact.instalment}"] = {
            "product": each.stream,
            "instalment": fact.instalment,
            "investor": fact.investor,
            "scope_item": fact.scope_item,
            "amount": fact.amount,
            "at_risk": sum((part.amount for part in parts), NOUGHT),
            "standing": fact.standing,
            "bearer": WhenFull(_bearer(parts)),
            "disputed": disputed(grounds, each, day),
            "bound": may_be(each, fact.bound_on),
            "relies_on": fact.relies_on,
            "investment": fact.investment,
            "event": each.id,
            "fiction": fiction_of(grounds, each.stream),
            **_listed(bearing, each, parts, day, risks, lost),
        }
    return found


def _bearer(parts: Parts) -> str:
    bearers = {part.bearer for part in parts}
    return "nobody" if not bearers else "mixed" if len(bearers) > 1 else bearers.pop()


def _listed(
    bearing: Bearing, each: Recorded[Fact], parts: Parts, day: date, risks: Risks, lost: Displaced
) -> dict[str, Any]:
    """Whether something of it is listed until assumed or declined (rules 11, 12 and 21)."""
    if lost is None:
        return {}
    low, high = open_amount(bearing, each, parts, day, risks, lost)
    if (low > 0) is not (high > 0):
        return {}
    return {"open": WhenFull(high > 0)}


def open_amount(
    bearing: Bearing, each: Recorded[Fact], parts: Parts, day: date, risks: Risks, lost: Displaced
) -> tuple[Decimal, Decimal]:
    """What has no authority, and what lost its place; of the latter credits may have taken some.

    What is assumed is taken from `authority_void` first; of the rest no rule says which part.
    """
    if bearing.declined(each, day, risks):
        return NOUGHT, NOUGHT
    name = each.fact.instalment  # type: ignore[attr-defined]
    void, own = (_own(parts, void=void) for void in (True, False))
    gone = sum((amount for _, amount in (lost or {}).get(name, [])), NOUGHT)
    at_first = _own(bearing.parts.get(name, ()), void=False)
    least = max(NOUGHT, own - max(NOUGHT, at_first - gone))
    return void + min(least, gone), void + min(gone, own)


def _own(parts: Parts, *, void: bool) -> Decimal:
    return sum(
        (
            part.amount
            for part in parts
            if part.bearer == "investor" and (part.reason == "authority_void") is void
        ),
        NOUGHT,
    )


def exposure(bearing: Bearing, day: date, risks: Risks, lost: Displaced) -> dict[str, Any]:
    """Sums by currency: bound less credits, what each side bears of it, and what is listed."""
    found: dict[str, Any] = {}
    open_: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for each in bearing.instalments():
        fact = each.fact
        assert isinstance(fact, InstalmentCommitted)
        if bearing.grounds.bound(each)[0] > day:
            continue
        currency, parts = fact.amount.currency, bearing.parts_on(each, day, risks)
        sums = found.setdefault(currency, dict.fromkeys(("bound", "community", "investor"), NOUGHT))
        # More than was paid does not come back.
        sums["bound"] += max(NOUGHT, fact.amount.amount - bearing.credited(each, day))
        for part in parts:
            sums[part.bearer] += part.amount
        listed = open_amount(bearing, each, parts, day, risks, lost)
        open_.setdefault(currency, []).append(listed)
    return {
        f"{bearing.product.stream}/{currency}": {
            "product": bearing.product.stream,
            "currency": currency,
            **{f"{name}_at_least": AtLeast(amount) for name, amount in sums.items()},
            **{f"{name}_at_most": AtMost(amount) for name, amount in sums.items()},
            **_open(open_[currency], lost),
            "fiction": fiction_of(bearing.grounds, bearing.product.stream),
        }
        for currency, sums in found.items()
    }


def _open(listed: list[tuple[Decimal, Decimal]], lost: Displaced) -> dict[str, Any]:
    if lost is None:
        return {}
    low, high = (sum((each[end] for each in listed), NOUGHT) for end in (0, 1))
    return {"open": Within(low, high)}
