"""The elements of OS2iot's set-up, each with its evidence, or claimed only, or missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.agreement import AuthorityJoined, ContributionAgreed, VendorContracted
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.body import BodyDissolved, BodyRole
from govlog.domain.events.product import ProductProposed
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from tests.oracle.agreements import coordinator, joining_in_force, over, start
from tests.oracle.bodies import FOUNDING, happened
from tests.oracle.claims import findings, holds
from tests.oracle.days import begins, decided, last
from tests.oracle.grounds import Grounds
from tests.oracle.saying import AnyOrder

TOPICS = {
    "authorities": "authorities_joined",
    "coordinator": "product_coordinator",
    "steering_group": "steering_group",
    "coordination_group": "coordination_group",
    "central_economy": "central_economy",
    "vendor_agreement": "vendor_agreement",
}
"""The six that OS2's board named, each with the topic of claims about it."""


def sustainability(grounds: Grounds, day: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in grounds.facts:
        if isinstance(each.fact, ProductProposed) and grounds.decided(each)[0] <= day:
            elements = {name: element(grounds, each.stream, name, day) for name in TOPICS}
            shown = [one["shown"] for one in elements.values()]
            found[each.stream] = {
                "product": each.stream,
                "elements": elements,
                "evidenced": shown.count("evidenced"),
                "claimed": shown.count("claimed"),
                "missing": shown.count("missing"),
                "complete": shown.count("evidenced") == len(TOPICS),
                "fiction": each.fact.fiction,
            }
    return found


def element(grounds: Grounds, product: StreamId, name: str, day: date) -> dict[str, Any]:
    evidence = tuple(EVIDENCE[name](grounds, product, day))
    said = [
        each
        for each in grounds.of(product)
        if isinstance(each.fact, Stated)
        and each.fact.topic == TOPICS[name]
        and grounds.held(each)[0] <= day
    ]
    last_word = max(said, key=grounds.held).fact if said else None
    shown = "evidenced" if evidence else "missing"
    # A source that says last that there is none claims nothing.
    if not evidence and isinstance(last_word, Stated) and last_word.count != 0:
        shown = "claimed"
    return {
        "shown": shown,
        "count": len(evidence),
        "evidence": AnyOrder(evidence),
        "claims": AnyOrder(tuple(_said(each) for each in said)),
        "findings": AnyOrder(tuple(findings(grounds, product, TOPICS[name], day))),
    }


def _said(each: Recorded[Fact]) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, Stated)
    return {
        "event": each.id,
        "text": fact.text,
        "by": fact.by,
        "count": fact.count,
        "holds": holds(each),
        "holds_on": fact.holds_on,
    }


def _agreed(each: Recorded[Fact], who: StreamId) -> dict[str, Any]:
    return {
        "event": each.id,
        "who": who,
        "since": begins(each),
        "until": last(each.fact.until),  # type: ignore[attr-defined]
        "resolution": None,
        "references": each.fact.evidence,
    }


def _authorities(grounds: Grounds, product: StreamId, day: date) -> Iterator[dict[str, Any]]:
    facts = [each.fact for each in grounds.of(product)]
    for party in sorted({fact.party for fact in facts if isinstance(fact, AuthorityJoined)}):
        joining = joining_in_force(grounds, product, party, day)
        if joining is not None:
            yield _agreed(joining, party)


def _coordinator(grounds: Grounds, product: StreamId, day: date) -> Iterator[dict[str, Any]]:
    found = coordinator(grounds, product, day)
    if found is not None:
        yield _agreed(found, found.fact.party)  # type: ignore[attr-defined]


def _payers(grounds: Grounds, product: StreamId, day: date) -> Iterator[dict[str, Any]]:
    for each in grounds.of(product):
        if isinstance(each.fact, ContributionAgreed) and _holds(grounds, each, day):
            yield _agreed(each, each.fact.party)


def _vendors(grounds: Grounds, product: StreamId, day: date) -> Iterator[dict[str, Any]]:
    for each in grounds.of(product):
        if isinstance(each.fact, VendorContracted) and _holds(grounds, each, day):
            yield _agreed(each, each.fact.vendor)


def _holds(grounds: Grounds, each: Recorded[Fact], day: date) -> bool:
    return start(grounds, each)[0] <= day and not over(each, day)


def _groups(
    grounds: Grounds, product: StreamId, day: date, role: BodyRole
) -> Iterator[dict[str, Any]]:
    """Bodies that are there, and whose own resolution, if any, stands (rule 21)."""
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, FOUNDING) or fact.role is not role or product not in fact.products:
            continue
        resolution = getattr(fact, "resolution", None)
        gone = happened(grounds, each.stream, BodyDissolved, day)
        stands = resolution is None or grounds.stands(resolution)
        if stands and not gone and grounds.decided(each)[0] <= day:
            yield {
                "event": each.id,
                "who": each.stream,
                "since": decided(each),
                "until": None,
                "resolution": resolution,
                "references": (),
            }


EVIDENCE: dict[str, Any] = {
    "authorities": _authorities,
    "coordinator": _coordinator,
    "steering_group": lambda g, p, d: _groups(g, p, d, BodyRole.STEERING_GROUP),
    "coordination_group": lambda g, p, d: _groups(g, p, d, BodyRole.COORDINATION_GROUP),
    "central_economy": _payers,
    "vendor_agreement": _vendors,
}
