"""What carries a product, as agreed: coordinator, authorities, contributions, contracts."""

from __future__ import annotations

from datetime import date

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.agreement import (
    Agreement,
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.tri import Tri, begun, both, negated, ordered, still, surely_last
from govlog.domain.values import (
    Key,
    Money,
    PartialDate,
    Personal,
    Reference,
    Span,
    StreamId,
    first_day,
    last_day,
)


class Lasting(Struct, frozen=True):
    """From when to when something is agreed, and which fact says so."""

    since: Span
    until: date | None
    """The last day, where it is limited."""
    index: int
    fact: str
    evidence: tuple[Reference, ...] = ()


class Coordination(Struct, frozen=True):
    party: StreamId
    organisation: StreamId | None
    appointed_by: StreamId | None
    lasting: Lasting


class Leaving(Struct, frozen=True):
    """An authority takes part no longer from `since` on."""

    since: Span
    index: int
    fact: str
    grounds: Personal | None


class Contribution(Struct, frozen=True):
    contribution: Key
    party: StreamId
    amount: Money | None
    every: str | None
    lasting: Lasting


class Contract(Struct, frozen=True):
    contract: Key
    vendor: StreamId
    subject: Personal | None
    amount: Money | None
    lasting: Lasting


class Participation(Struct, frozen=True):
    """How one authority came and went; coming back erases nothing (rule 4)."""

    joined: tuple[Lasting, ...] = ()
    left: tuple[Leaving, ...] = ()


class Agreements(Struct, frozen=True):
    coordinators: tuple[Coordination, ...] = ()
    authorities: Map[StreamId, Participation] = Map()
    contributions: Map[Key, Contribution] = Map()
    contracts: Map[Key, Contract] = Map()


def agree(agreements: Agreements, recorded: Recorded[Fact]) -> Agreements:
    """The agreements after one more fact; never refuses."""
    match recorded.fact:
        case CoordinatorAppointed() as fact:
            coordination = Coordination(
                fact.party, fact.organisation, fact.appointed_by, _lasting(fact, recorded)
            )
            return replace(agreements, coordinators=(*agreements.coordinators, coordination))
        case AuthorityJoined(party=party) as fact:
            before = agreements.authorities.get(party, Participation())
            after = replace(before, joined=(*before.joined, _lasting(fact, recorded)))
            return replace(agreements, authorities=agreements.authorities.set(party, after))
        case AuthorityWithdrew(party=party) as fact:
            before = agreements.authorities.get(party, Participation())
            gone = Leaving(_begins(fact.since, recorded), recorded.index, recorded.id, fact.grounds)
            after = replace(before, left=(*before.left, gone))
            return replace(agreements, authorities=agreements.authorities.set(party, after))
        case ContributionAgreed(contribution=key) as fact if key not in agreements.contributions:
            pays = Contribution(key, fact.party, fact.amount, fact.every, _lasting(fact, recorded))
            return replace(agreements, contributions=agreements.contributions.set(key, pays))
        case VendorContracted(contract=key) as fact if key not in agreements.contracts:
            contract = Contract(
                key, fact.vendor, fact.subject, fact.amount, _lasting(fact, recorded)
            )
            return replace(agreements, contracts=agreements.contracts.set(key, contract))
        case _:
            return agreements


def lasts(lasting: Lasting, day: Span) -> Tri:
    """Whether something agreed is in force at the end of a day."""
    return both(begun(lasting.since, day), still(lasting.until, day))


def takes_part(participation: Participation, day: Span) -> Tri:
    """Whether an authority takes part at the end of a day (rule 3: out-and-in is no exit).

    Each joining holds until a withdrawal that follows it: by day, on one full day as recorded.
    """
    answer = Tri.NO
    for joining in participation.joined:
        gone = [
            both(
                ordered((joining.since, joining.index), (leaving.since, leaving.index)),
                begun(leaving.since, day),
            )
            for leaving in participation.left
        ]
        answer = max(answer, both(lasts(joining, day), negated(max(gone, default=Tri.NO))))
    return answer


def coordinator_on(agreements: Agreements, day: date) -> tuple[Coordination | None, bool]:
    """Who coordinates at the end of a day: the one appointed last, and whether that is certain.

    When a limited appointment has ended nobody does: the one before was followed for good.
    """
    today = Span(day, day)
    appointed = [(each, begun(each.lasting.since, today)) for each in agreements.coordinators]
    certain = all(answer is not Tri.MAYBE for _, answer in appointed)
    sure = [each for each, answer in appointed if answer is Tri.YES]
    last = max(sure, key=_by_start, default=None)
    if last is not None:
        others = [_place(each) for each in sure if each is not last]
        certain = certain and surely_last(_place(last), others)
    if last is None or still(last.lasting.until, today) is Tri.NO:
        return None, certain
    return last, certain


def _place(coordination: Coordination) -> tuple[Span, int]:
    return coordination.lasting.since, coordination.lasting.index


def _by_start(coordination: Coordination) -> tuple[date, date, int]:
    lasting = coordination.lasting
    return lasting.since.latest, lasting.since.earliest, lasting.index


def _lasting(fact: Agreement, recorded: Recorded[Fact]) -> Lasting:
    until = last_day(fact.until) if fact.until else None
    begins = _begins(fact.since, recorded)
    return Lasting(begins, until, recorded.index, recorded.id, fact.evidence)


def _begins(since: PartialDate | None, recorded: Recorded[Fact]) -> Span:
    """A stated start is a limit, so its first day (rule 2); else the day it was decided."""
    return recorded.decided if since is None else Span(first_day(since), first_day(since))
