"""The portfolio and its commissions: where products are in their life, and on which terms."""

from __future__ import annotations

from datetime import date
from typing import Any

from govlog.domain.events import Act, Fact
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionReviewed,
    ProductAdmitted,
    ProductProposed,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import CeilingKind, PartialDate
from tests.oracle.acts import level_of, set_by, works_from
from tests.oracle.bearing import NOUGHT, Bearing
from tests.oracle.commissions import LEAVING, LIFE, Product, key_of
from tests.oracle.days import decided
from tests.oracle.evaluations import recommended
from tests.oracle.flaws import flaw
from tests.oracle.grounds import kind_of_act
from tests.oracle.parties import called
from tests.oracle.products import fiction_of
from tests.oracle.saying import AnyOrder, AtLeast, AtMost, OnDay, Surely

IN_AND_OUT = (ProductAdmitted, *LEAVING)


def portfolio(bearing: Bearing, day: date) -> dict[str, Any]:
    product, grounds = bearing.product, bearing.grounds
    proposed = next((e for e in product.facts if isinstance(e.fact, ProductProposed)), None)
    if proposed is None or grounds.decided(proposed)[0] > day:
        return {}
    life = [each for each in product.life(day) if not isinstance(each.fact, ProductProposed)]
    stage = _stage(life[-1].fact) if life else "proposed"
    admitted, number = product.admitted(day), product.commissioned(day)
    setting = set_by(product, day)
    fact = proposed.fact
    assert isinstance(fact, ProductProposed)
    return {
        product.stream: {
            "product": product.stream,
            "name": called(grounds, product.stream, day),
            "stage": "admitted" if stage == "resumed" and admitted else stage,
            "admitted": admitted,
            "level": level_of(setting.fact) if setting else None,
            "recommended_level": recommended(grounds, product.stream, day),
            "paused": stage == "paused",
            "proven": Surely(_proven(product, life, admitted=admitted)),
            "commissioned": number > 0,
            "commissions": number,
            "proposed_by": fact.proposed_by,
            "description": fact.description,
            "life": AnyOrder(tuple(_lived(product, each) for each in _lives(product, day))),
            "fiction": fact.fiction,
        }
    }


def _stage(fact: Fact) -> str:
    return type(fact).__name__.removeprefix("Product").lower()


def _proven(product: Product, life: list[Recorded[Fact]], *, admitted: bool) -> bool:
    """Whether a shown vote or minutes put it where it is; none of what needs no authority does."""
    entries = [each for each in life if isinstance(each.fact, ProductAdmitted)]
    if admitted:
        return product.grounds.authority(entries[-1]).proven
    last = life[-1] if life else None
    moved = last is not None and isinstance(last.fact, IN_AND_OUT)
    return moved and last is not None and product.grounds.authority(last).proven


def _lives(product: Product, day: date) -> list[Recorded[Fact]]:
    """Every step by the day, also those that changed nothing: nothing is erased (rule 4)."""
    return [
        each
        for each in product.facts
        if isinstance(each.fact, LIFE)
        and not isinstance(each.fact, ProductProposed)
        and product.working(each)[0] <= day
    ]


def _lived(product: Product, each: Recorded[Fact]) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, Act)
    needs = kind_of_act(fact) is not None
    given = not needs or product.grounds.authority(each).given
    return {
        "stage": _stage(fact),
        "works_from": OnDay(product.working(each)[0]),
        "authority": "given" if given else "void",
        "resolution": fact.resolution,
        "event": each.id,
    }


# -- commissions


def commissions(bearing: Bearing, day: date) -> dict[str, Any]:
    product, grounds = bearing.product, bearing.grounds
    return {
        f"{product.stream}/{key_of(each)}": _commission(bearing, each, day)
        for each in product.commissions()
        if grounds.decided(each)[0] <= day
    }


def _commission(bearing: Bearing, each: Recorded[Fact], day: date) -> dict[str, Any]:
    product, grounds = bearing.product, bearing.grounds
    fact, terms = each.fact, product.terms(each, day)
    assert isinstance(fact, CommissionGranted)
    authority = grounds.authority(each)
    return {
        "product": product.stream,
        "commission": fact.commission,
        "status": product.status(each, day),
        "scope": tuple(sorted(terms.scope)),
        "parties": tuple(sorted(terms.parties)),
        "currency": terms.ceiling.currency,
        "ceiling": terms.ceiling,
        **_left(bearing, each, day),
        "until": terms.until,
        "next_review": next_review(product, each, day),
        "granted": decided(each),
        "works_from": works_from(grounds, each),
        "resolution": fact.resolution,
        "flaw": flaw(grounds, each),
        "proven": Surely(authority.given and authority.proven),
        "vision": fact.vision,
        "governance": fact.governance,
        "fiction": fiction_of(grounds, product.stream),
    }


def next_review(product: Product, granted: Recorded[Fact], day: date) -> PartialDate | None:
    """As named last by then: by the grant, an amendment in force, or a review that was held."""
    grounds, fact = product.grounds, granted.fact
    assert isinstance(fact, CommissionGranted)
    named = [
        each
        for each in product.on(granted, CommissionAmended)
        if each.fact.next_review is not None  # type: ignore[attr-defined]
        and grounds.authority(each).given
        and grounds.end(each)[0] <= day
    ]
    named += [
        each for each in product.on(granted, CommissionReviewed) if grounds.decided(each)[0] <= day
    ]
    if not named:
        return fact.next_review
    found: PartialDate | None = max(named, key=grounds.decided).fact.next_review  # type: ignore[attr-defined]
    return found


def _left(bearing: Bearing, each: Recorded[Fact], day: date) -> dict[str, Any]:
    """What is drawn under the ceiling by the end of a day; cut below that nothing is left (9)."""
    ceiling = bearing.product.terms(each, day).ceiling
    used = bearing.drawn(key_of(each), day)
    left = None
    if ceiling.kind is CeilingKind.AMOUNT and ceiling.amount is not None:
        left = max(NOUGHT, ceiling.amount - used)
    return {
        "drawn_at_least": AtLeast(used),
        "drawn_at_most": AtMost(used),
        "headroom": None if left is None else {"at_least": AtLeast(left), "at_most": AtMost(left)},
    }
