"""A board with its log: who acts, and orders as the API and imports would place them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from govlog.application.decision_log import Actor, DecisionLog, Order, Receipt
from govlog.domain.events.any_stream import Approved
from govlog.domain.events.body import (
    ActKind,
    BodyFounded,
    MandateGranted,
    MemberSeated,
    Rules,
    SeatRole,
)
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.product import (
    CommissionGranted,
    CommissionRevoked,
    InstalmentCommitted,
    ProductAdmitted,
    ProductProposed,
    ProductRenamed,
)
from govlog.domain.events.resolution import (
    Authorises,
    ItemKind,
    Minuted,
    OutcomeMinuted,
    ResolutionAnnulled,
    ResolutionTabled,
)
from govlog.domain.values import (
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Personal,
    Reference,
    StreamId,
)
from govlog.persistence.access import SCOPES

BOARD = StreamId("body:board")
LAMP = StreamId("product:lamp")
PLAN = StreamId("resolution:plan")
ACME = StreamId("party:acme")
TODAY = PartialDate("2026-11-23")
"""The day of the tests' clock."""
LONG_AGO = PartialDate("2026-03-01")

ADA = Actor(StreamId("party:ada"), "token-ada", SCOPES, frozenset({ACME}))
BOB = Actor(StreamId("party:bob"), "token-bob", SCOPES)
CLEO = Actor(StreamId("party:cleo"), "token-cleo", SCOPES)


def founded(key: StreamId = BOARD, late_days: int = 30) -> Order:
    fact = BodyFounded(
        name="Board",
        rules=Rules(version="1", late_entry_days=late_days),
        decided_on=TODAY,
        evidence=(Reference("bylaws.md"),),
    )
    return Order("found_body", key, fact)


def registered(party: StreamId = ACME, name: str = "Acme") -> Order:
    fact = PartyRegistered(kind=PartyKind.ORGANISATION, name=name, decided_on=TODAY)
    return Order("register_party", party, fact)


def proposed(product: StreamId | None = LAMP, when: PartialDate = TODAY, **more: Any) -> Order:
    return Order("propose_product", product, ProductProposed(name="Lamp", decided_on=when), **more)


def renamed(
    name: str, product: StreamId = LAMP, when: PartialDate = TODAY, expected: int | None = None
) -> Order:
    fact = ProductRenamed(name=name, decided_on=when)
    return Order("rename_product", product, fact, expected)


def bound(
    name: str,
    product: StreamId = LAMP,
    when: PartialDate = TODAY,
    amount: int = 100,
    commission: str | None = None,
) -> Order:
    fact = InstalmentCommitted(
        instalment=Key(name),
        investor=ACME,
        scope_item="bulb",
        amount=Money(Decimal(amount), "DKK"),
        bound_on=when,
        decided_on=when,
        relies_on=None if commission is None else Key(commission),
    )
    return Order("commit_instalment", product, fact)


def tabled(resolution: StreamId = PLAN, **more: Any) -> Order:
    fact = ResolutionTabled(
        body=BOARD,
        kind=ItemKind.DECISION,
        title=Personal(text="The plan"),
        decided_on=TODAY,
        **more,
    )
    return Order("table_resolution", resolution, fact)


def minuted(resolution: StreamId = PLAN) -> Order:
    fact = OutcomeMinuted(manner=Minuted.CONSENSUS, present=(Key("chair"),), decided_on=TODAY)
    return Order("minute_outcome", resolution, fact)


def granted(
    name: str, resolution: StreamId = PLAN, product: StreamId = LAMP, ceiling: int = 1000
) -> Order:
    fact = CommissionGranted(
        commission=Key(name),
        scope=("bulb",),
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(ceiling)),
        resolution=resolution,
        decided_on=TODAY,
    )
    return Order("grant_commission", product, fact)


def revoked(commission: str, when: PartialDate, resolution: StreamId = PLAN) -> Order:
    fact = CommissionRevoked(commission=Key(commission), resolution=resolution, decided_on=when)
    return Order("revoke_commission", LAMP, fact)


def admitted(product: StreamId = LAMP, resolution: StreamId = PLAN) -> Order:
    return Order("admit_product", product, ProductAdmitted(resolution=resolution, decided_on=TODAY))


def annulled(resolution: StreamId = PLAN) -> Order:
    fact = ResolutionAnnulled(ground="ruling", ruling=Reference("ruling-7.pdf"), decided_on=TODAY)
    return Order("annul_resolution", resolution, fact)


def approved(stream: StreamId, *facts: str) -> Order:
    return Order("approve", stream, Approved(facts=facts))


def board_at_work(log: DecisionLog) -> Receipt:
    """A board that may do everything, its plan carried, a product admitted and commissioned."""
    seat = MemberSeated(
        seat=Key("chair"),
        party=BOB.person,
        role=SeatRole.CHAIR,
        decided_on=TODAY,
        evidence=(Reference("minutes.md"),),
    )
    mandate = MandateGranted(
        mandate=Key("all"),
        acts=tuple(ActKind),
        decided_on=TODAY,
        evidence=(Reference("bylaws.md"),),
    )
    authorises = tuple(Authorises(act) for act in ActKind)
    return log.record(
        [
            founded(),
            registered(),
            registered(BOB.person, "Bob Ltd"),
            Order("seat_member", BOARD, seat),
            Order("grant_mandate", BOARD, mandate),
            tabled(authorises=authorises),
            minuted(),
            proposed(),
            admitted(),
            granted("order"),
        ],
        ADA,
    )
