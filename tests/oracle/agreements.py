"""What carries a product as agreed: who takes part, coordinates, pays and is contracted."""

from __future__ import annotations

from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId, first_day
from tests.oracle.days import begins, last
from tests.oracle.grounds import Grounds
from tests.oracle.products import fiction_of
from tests.oracle.saying import AnyOrder
from tests.oracle.world import When

KINDS: dict[type[Fact], str] = {
    CoordinatorAppointed: "coordinator",
    ContributionAgreed: "contribution",
    VendorContracted: "vendor",
}


def start(grounds: Grounds, each: Recorded[Fact]) -> When:
    """A stated start is a limit, so its first day (rule 2); on one day recording breaks ties."""
    since = each.fact.since  # type: ignore[attr-defined]
    return grounds.decided(each) if since is None else (first_day(since), each.index)


def over(each: Recorded[Fact], day: date) -> bool:
    until = last(each.fact.until)  # type: ignore[attr-defined]
    return until is not None and until < day


def of_party(grounds: Grounds, product: StreamId, party: StreamId) -> list[Recorded[Fact]]:
    """How one authority came and went."""
    told = [
        each
        for each in grounds.of(product)
        if isinstance(each.fact, AuthorityJoined | AuthorityWithdrew) and each.fact.party == party
    ]
    return sorted(told, key=lambda each: start(grounds, each))


def takes_part(grounds: Grounds, product: StreamId, party: StreamId, day: date) -> bool:
    """At the end of a day: out-and-in on one day is no exit (rule 3)."""
    return joining_in_force(grounds, product, party, day) is not None


def joining_in_force(
    grounds: Grounds, product: StreamId, party: StreamId, day: date
) -> Recorded[Fact] | None:
    """By which it takes part, the latest of several; each holds until the next leaving."""
    joined: list[Recorded[Fact]] = []
    for each in of_party(grounds, product, party):
        if start(grounds, each)[0] <= day:
            joined = [*joined, each] if isinstance(each.fact, AuthorityJoined) else []
    holding = [each for each in joined if not over(each, day)]
    return holding[-1] if holding else None


def participations(grounds: Grounds, day: date) -> dict[str, Any]:
    found = {}
    pairs = [(e.stream, e.fact.party) for e in grounds.facts if isinstance(e.fact, AuthorityJoined)]
    for product, party in dict.fromkeys(pairs):
        entries = tuple(_entries(grounds, product, party, day))
        if entries:
            found[f"{product}/{party}"] = {
                "product": product,
                "party": party,
                "takes_part": takes_part(grounds, product, party, day),
                "entries": AnyOrder(entries),
                "fiction": fiction_of(grounds, product),
            }
    return found


def _entries(grounds: Grounds, product: StreamId, party: StreamId, day: date) -> Any:
    """Every time of taking part, with the withdrawal that follows it first (rule 4)."""
    told = of_party(grounds, product, party)
    for place, each in enumerate(told):
        if isinstance(each.fact, AuthorityJoined) and start(grounds, each)[0] <= day:
            after = [one for one in told[place:] if isinstance(one.fact, AuthorityWithdrew)]
            yield {
                "joined": begins(each),
                "event": each.id,
                "until": last(each.fact.until),
                "left": begins(after[0]) if after else None,
                "left_event": after[0].id if after else None,
                "evidence": each.fact.evidence,
            }


def coordinator(grounds: Grounds, product: StreamId, day: date) -> Recorded[Fact] | None:
    """The one appointed last by the end of a day; nobody where that appointment has ended."""
    appointed = [
        each
        for each in grounds.of(product)
        if isinstance(each.fact, CoordinatorAppointed) and start(grounds, each)[0] <= day
    ]
    if not appointed:
        return None
    latest = max(appointed, key=lambda each: start(grounds, each))
    return None if over(latest, day) else latest


def agreements(grounds: Grounds, day: date) -> dict[str, Any]:
    found = {}
    for each in grounds.facts:
        if type(each.fact) not in KINDS or start(grounds, each)[0] > day:
            continue
        in_force = not over(each, day)
        if isinstance(each.fact, CoordinatorAppointed):
            in_force = coordinator(grounds, each.stream, day) == each
        row = _row(each, in_force=in_force, fiction=fiction_of(grounds, each.stream))
        found[f"{each.stream}/{row['kind']}/{row['agreement']}"] = row
    return found


def _row(each: Recorded[Fact], *, in_force: bool, fiction: bool) -> dict[str, Any]:
    fact: Any = each.fact
    key = getattr(fact, "contribution", None) or getattr(fact, "contract", None) or each.id
    return {
        "product": each.stream,
        "kind": KINDS[type(fact)],
        "agreement": key,
        "party": fact.vendor if isinstance(fact, VendorContracted) else fact.party,
        "organisation": getattr(fact, "organisation", None),
        "appointed_by": getattr(fact, "appointed_by", None),
        "amount": getattr(fact, "amount", None),
        "every": getattr(fact, "every", None),
        "subject": getattr(fact, "subject", None),
        "since": begins(each),
        "until": last(fact.until),
        "in_force": in_force,
        "event": each.id,
        "evidence": fact.evidence,
        "fiction": fiction,
    }
