"""What the oracle answers for the other views, in one world at the end of one day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Approved
from govlog.domain.events.body import (
    BodyDissolved,
    BodyEstablished,
    BodyFounded,
    MandateGranted,
    MemberLeft,
    MemberSeated,
)
from govlog.domain.events.debate import DebateOpened, VoiceAdded
from govlog.domain.events.product import (
    InstalmentCommitted,
    ProductProposed,
)
from govlog.domain.events.resolution import (
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionTabled,
    ResolutionWithdrawn,
    RollFixed,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised
from govlog.domain.stream import Recorded
from govlog.domain.values import first_day, last_day
from tests.oracle.bearing import Bearing
from tests.oracle.commissions import Product, key_of
from tests.oracle.counting import Log, word_on
from tests.oracle.grounds import Grounds, product_of
from tests.oracle.votes import CLOSING, outcome
from tests.oracle.world import happenings, reach

Rows = Mapping[str, Mapping[str, Any]]
ENDING = (*CLOSING, OutcomeMinuted, OutcomeRecorded)


def commissions(bearing: Bearing, day: date) -> Rows:
    found = {}
    product, grounds = bearing.product, bearing.grounds
    for each in product.commissions():
        if grounds.decided(each)[0] <= day:
            terms = product.terms(each, day)
            found[f"{product.stream}/{key_of(each)}"] = {
                "status": product.status(each, day),
                "scope": tuple(sorted(terms.scope)),
                "parties": tuple(sorted(terms.parties)),
                "ceiling": terms.ceiling,
                "until": terms.until,
                "drawn": bearing.drawn(key_of(each), day),
                "works_from": grounds.start(each)[0],
                "proven": grounds.authority(each).proven,
            }
    return found


def portfolio(product: Product, day: date) -> Rows:
    grounds = product.grounds
    proposed = [each for each in product.facts if isinstance(each.fact, ProductProposed)]
    if not proposed or grounds.decided(proposed[0])[0] > day:
        return {}
    life = [each for each in product.life(day) if not isinstance(each.fact, ProductProposed)]
    stage = _stage(life[-1].fact) if life else "proposed"
    admitted = product.admitted(day)
    number = product.commissioned(day)
    return {
        product.stream: {
            "stage": "admitted" if stage == "resumed" and admitted else stage,
            "admitted": admitted,
            "level": product.level(day),
            "commissioned": number > 0,
            "commissions": number,
        }
    }


def _stage(fact: Fact) -> str:
    return type(fact).__name__.removeprefix("Product").lower()


def resolutions(grounds: Grounds, day: date) -> Rows:
    found = {}
    for each in grounds.facts:
        if isinstance(each.fact, ResolutionTabled) and grounds.decided(each)[0] <= day:
            stream = grounds.of(each.stream)
            by_then = [one for one in stream if _dated(one) and grounds.decided(one)[0] <= day]
            reached = outcome([one for one in stream if one in by_then or not _ends(one)])
            superseded = grounds.superseded(each.stream)
            status = "voting" if _voting(by_then) else "tabled"
            if any(isinstance(one.fact, ResolutionWithdrawn) for one in by_then):
                status = "withdrawn"
            elif reached is not None:
                status = reached.word.value
                if reached.word is OutcomeWord.CARRIED:
                    if grounds.annulled(each.stream):
                        status = "annulled"
                    elif superseded is not None and superseded[0] <= day:
                        status = "superseded"
            found[each.stream] = {
                "status": status,
                "word": None if reached is None else reached.word.value,
                "option": None if reached is None else reached.option,
                "superseded_by": tuple(
                    (one, grounds.stands(one)) for one in sorted(grounds.successors(each.stream))
                ),
            }
    return found


def _dated(each: Recorded[Fact]) -> bool:
    return any(True for _ in happenings(each))


def _ends(each: Recorded[Fact]) -> bool:
    return isinstance(each.fact, ENDING)


def _voting(known: list[Recorded[Fact]]) -> bool:
    opened = False
    for each in known:
        if isinstance(each.fact, RollFixed):
            opened = True
        elif isinstance(each.fact, CLOSING):
            opened = False
    return opened


def risks(grounds: Grounds, day: date) -> Rows:
    found = {}
    for each in grounds.facts:
        if isinstance(each.fact, RiskRaised) and grounds.decided(each)[0] <= day:
            told = grounds.of(each.stream)
            assumed = {
                one.fact.assumption: grounds.authority(one).given and grounds.start(one)[0] <= day
                for one in told
                if isinstance(one.fact, RiskAssumed) and grounds.decided(one)[0] <= day
            }
            declined = [
                one.fact.instalment
                for one in told
                if isinstance(one.fact, RiskDeclined) and grounds.start(one)[0] <= day
            ]
            status = "assumed" if any(assumed.values()) else "declined" if declined else "raised"
            found[each.stream] = {
                "status": status,
                "assumed": assumed,
                "declined": sorted(declined),
            }
    return found


def proofs(grounds: Grounds, day: date) -> Rows:
    return {
        f"{product_of(each)}/{each.id}": {
            "authority": "given" if grounds.authority(each).given else "void",
            "proven": grounds.authority(each).proven,
        }
        for each in grounds.acts
        if grounds.decided(each)[0] <= day
    }


def debates(grounds: Grounds, day: date) -> Rows:
    found = {}
    for each in grounds.facts:
        if isinstance(each.fact, DebateOpened) and grounds.decided(each)[0] <= day:
            heard = {
                one.fact.group
                for one in grounds.of(each.stream)
                if isinstance(one.fact, VoiceAdded) and grounds.decided(one)[0] <= day
            }
            found[each.stream] = {
                "heard": tuple(sorted(heard)),
                "silent": tuple(one for one in each.fact.groups if one not in heard),
            }
    return found


def bodies(grounds: Grounds, day: date) -> Rows:
    return {
        each.stream: {
            "dissolved": any(
                isinstance(one.fact, BodyDissolved) and grounds.decided(one)[0] <= day
                for one in grounds.of(each.stream)
            ),
        }
        for each in grounds.facts
        if isinstance(each.fact, BodyFounded | BodyEstablished) and grounds.decided(each)[0] <= day
    }


def seats(grounds: Grounds, day: date) -> Rows:
    """Who holds which seat at the end of the day."""
    found = {}
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, MemberSeated):
            continue
        since = grounds.decided(each)[0]
        if fact.since is not None:
            since = max(since, first_day(fact.since))
        left = any(
            isinstance(one.fact, MemberLeft)
            and one.fact.seat == fact.seat
            and grounds.decided(one)[0] <= day
            for one in grounds.of(each.stream)
        )
        over = fact.until is not None and last_day(fact.until) < day
        if since <= day and not left and not over:
            found[f"{each.stream}/{fact.seat}"] = {"party": fact.party}
    return found


def mandates(grounds: Grounds, day: date) -> Rows:
    return {
        f"{each.stream}/{each.fact.mandate}": {"stands": grounds.mandate_stands(each)}
        for each in grounds.facts
        if isinstance(each.fact, MandateGranted)
        and grounds.mandate_since(each) <= day
        and not grounds.mandate_over(each, day)
    }


def approvals(log: Log, day: date) -> Rows:
    """Everything that waits or waited for a second person, and the word on it (rule 5)."""
    found = {}
    for each in log:
        if each.fact.pending and each.recorded_on <= day:
            word = word_on(log, each.id)
            counting = "pending"
            if word is not None:
                counting = "approved" if isinstance(word.fact, Approved) else "refused"
            days = [each.fact.decided_on]
            if isinstance(each.fact, InstalmentCommitted):
                days.append(each.fact.bound_on)
            earliest = min(reach(each, when)[0] for when in days)
            found[each.id] = {
                "counting": counting,
                "late_days": None if None in days else (each.recorded_on - earliest).days,
                "word": None if word is None else word.id,
                "word_by": None if word is None else word.recorded_by,
            }
    return found


def exposure(
    bearing: Bearing, risks: list[Recorded[Fact]], day: date
) -> dict[str, dict[str, Decimal]]:
    """Sums by currency: bound less credits, and what of it each side bears."""
    found: dict[str, dict[str, Decimal]] = {}
    for each in bearing.instalments():
        fact = each.fact
        assert isinstance(fact, InstalmentCommitted)
        if bearing.grounds.bound(each)[0] > day:
            continue
        sums = found.setdefault(
            fact.amount.currency, dict.fromkeys(("bound", "community", "investor"), Decimal(0))
        )
        # More than was paid does not come back.
        sums["bound"] += max(Decimal(0), fact.amount.amount - bearing.credited(each, day))
        for part in bearing.parts_on(each, day, risks):
            sums[part.bearer] += part.amount
    return found


__all__ = [
    "approvals",
    "bodies",
    "commissions",
    "debates",
    "exposure",
    "mandates",
    "portfolio",
    "proofs",
    "resolutions",
    "risks",
    "seats",
]
