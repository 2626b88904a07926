"""Acts about products: on what authority, shown how, and which level they set (15, 16, 18, 29)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from govlog.domain.events import Act, Fact
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionRevoked,
    ProductAdmitted,
)
from govlog.domain.events.risk import RiskAssumed, RiskTreated
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from tests.oracle.commissions import LEAVING, Product
from tests.oracle.days import decided
from tests.oracle.flaws import flaw
from tests.oracle.grounds import Grounds, kind_of_act
from tests.oracle.products import fiction_of
from tests.oracle.resolutions import in_effect, outcomes, tablings
from tests.oracle.saying import OnDay, Surely

SETTING = (ProductAdmitted, LevelChanged, *LEAVING)
"""What sets a level, or ends it."""


def proofs(grounds: Grounds, day: date) -> dict[str, Any]:
    """Every act about a product: from it to the resolution, and how that is shown."""
    found = {}
    for each in grounds.acts:
        product = grounds.product_of(each)
        if grounds.decided(each)[0] <= day and product.startswith("product:"):
            found[f"{product}/{each.id}"] = _proof(grounds, each, product)
    return found


def _proof(grounds: Grounds, each: Recorded[Fact], product: StreamId) -> dict[str, Any]:
    fact: Any = each.fact
    authority = grounds.authority(each)
    shown = "proven" if authority.proven else "unproven"
    about, subject = _matter(fact)
    return {
        "act": kind_of_act(fact),
        "product": product,
        "about": about,
        "subject": subject,
        "event": each.id,
        "decided": decided(each),
        "works_from": works_from(grounds, each),
        "authority": "given" if authority.given else "void",
        "flaw": flaw(grounds, each),
        "proven": Surely(authority.given and authority.proven),
        "shown": shown if authority.given else "void",
        "resolution": fact.resolution,
        **_resolved(grounds, fact.resolution),
        "fiction": fiction_of(grounds, product),
    }


def works_from(grounds: Grounds, act: Recorded[Fact]) -> OnDay:
    """Rule 10: of an act that takes cover away not before the day of notice, where stated."""
    takes_away = isinstance(act.fact, (CommissionAmended, CommissionRevoked, *LEAVING))
    return OnDay((grounds.end(act) if takes_away else grounds.start(act))[0])


def _matter(fact: Fact) -> tuple[str, str]:
    match fact:
        case CommissionGranted() | CommissionAmended() | CommissionRevoked():
            return "commission", fact.commission
        case RiskAssumed():
            return "risk", fact.assumption
        case RiskTreated():
            return "risk", fact.treatment
    return "product", ""


def _resolved(grounds: Grounds, resolution: StreamId | None) -> dict[str, Any]:
    """What the resolution came to, as known now."""
    tabled = grounds.tabled(resolution) if resolution else None
    stream = grounds.of(resolution) if resolution else []
    reached = in_effect(outcomes(stream))
    return {
        "body": None if tabled is None else tabled.body,
        "meeting": None if tabled is None else tablings(stream)[-1].meeting,
        "outcome": None if reached is None else reached.word,
        "outcome_proof": None if reached is None else reached.proof,
        "reason": None if reached is None else reached.reason,
        "counts": None if reached is None else reached.counts,
        "option": None if reached is None else reached.option,
    }


# -- levels


def levels(grounds: Grounds, day: date) -> dict[str, Any]:
    found = {}
    for each in grounds.facts:
        if isinstance(each.fact, SETTING) and grounds.decided(each)[0] <= day:
            product = Product(grounds, each.stream)
            setting = set_by(product, day)
            found[f"{each.stream}/{each.id}"] = {
                **_level(product, each),
                "in_effect": setting is not None and setting.id == each.id,
            }
    return found


def set_by(product: Product, day: date) -> Recorded[Fact] | None:
    """The act that sets the level at the end of a day, or ends it; the last one counts."""
    return max(_setting(product, day), key=product.working, default=None)


def _setting(product: Product, day: date) -> Iterator[Recorded[Fact]]:
    for each in product.facts:
        sets = isinstance(each.fact, SETTING) and product.valid(each)
        if sets and product.working(each)[0] <= day:
            yield each


def level_of(fact: Fact | None) -> str | None:
    if isinstance(fact, LevelChanged):
        return fact.to_level
    return fact.level if isinstance(fact, ProductAdmitted) else None


def _level(product: Product, each: Recorded[Fact]) -> dict[str, Any]:
    fact, grounds = each.fact, product.grounds
    assert isinstance(fact, Act)
    change = fact if isinstance(fact, LevelChanged) else None
    authority = grounds.authority(each)
    return {
        "product": each.stream,
        "act": kind_of_act(fact),
        "level": level_of(fact),
        "from_level": change and change.from_level,
        "from_fits": None if change is None else _before(product, each) == change.from_level,
        "decided": decided(each),
        "works_from": works_from(grounds, each),
        "authority": "given" if authority.given else "void",
        "flaw": flaw(grounds, each),
        "proven": Surely(authority.given and authority.proven),
        "resolution": fact.resolution,
        "decided_by": change and change.decided_by,
        "grounds": change and change.grounds,
        "evaluation": change and change.evaluation,
        "criteria_version": change and change.criteria_version,
        "next_review": change and change.next_review,
        "event": each.id,
        "evidence": change.evidence if change else (),
        "fiction": fiction_of(grounds, each.stream),
    }


def _before(product: Product, change: Recorded[Fact]) -> str | None:
    """The level on the day of a decision, by what else sets it: recorded earlier on one day."""
    day, place = product.grounds.decided(change)
    others = [
        each
        for each in _setting(product, day)
        if each.id != change.id and (product.working(each)[0] < day or each.index < place)
    ]
    return level_of(max(others, key=product.working).fact) if others else None
