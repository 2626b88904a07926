"""Made-up facts of every type about one small community, few keys and streams so that they meet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from govlog.domain.events import Fact, any_stream, body, debate, party, product, resolution, risk
from govlog.domain.values import (
    Ballot,
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Personal,
    Reference,
    Standing,
    StreamId,
)
from tests.projections.chronicle import Chronicle

Step = tuple[str, Fact]
PERSONS = tuple(StreamId(f"party:p{n}") for n in range(5))
ORGANISATIONS = tuple(StreamId(f"party:o{n}") for n in range(3))
BODIES = (StreamId("body:board"), StreamId("body:group"))
RESOLUTIONS = tuple(StreamId(f"resolution:r{n}") for n in range(6))
PRODUCTS = (StreamId("product:x"), StreamId("product:y"))
DEBATES = (StreamId("debate:d"),)
RISKS = (StreamId("risk:a"), StreamId("risk:b"))
ITEMS = ("api", "app")
SEATS = tuple(Key(f"s{n}") for n in range(4))
VOTERS = tuple(
    resolution.RollSeat(seat, person) for seat, person in zip(SEATS, PERSONS, strict=False)
)


def money(c: Chronicle) -> Money:
    return Money(
        Decimal(c.one_of(("100", "250.50", "40", "1000.00"))), c.one_of(("DKK",) * 5 + ("EUR",))
    )


def ceiling(c: Chronicle) -> Ceiling:
    kind = c.one_of((CeilingKind.AMOUNT,) * 5 + (CeilingKind.NONE, CeilingKind.UNKNOWN))
    amount = Decimal(c.one_of(("300", "500.00", "0"))) if kind is CeilingKind.AMOUNT else None
    return Ceiling(kind, c.one_of(("DKK",) * 6 + ("EUR",)), amount)


def act(c: Chronicle) -> dict[str, Any]:
    """What every act carries: mostly a resolution, sometimes only words, sometimes nothing."""
    kind = c.random.random()
    return {
        "decided_on": c.when(),
        "resolution": c.one_of(RESOLUTIONS[:3]) if kind < 0.85 else None,
        "authority_text": c.text() if 0.85 <= kind < 0.95 else None,
        "effective_from": c.limit() if c.chance(0.1) else None,
        "notified_on": c.limit() if c.chance(0.05) else None,
        "evidence": c.evidence(),
    }


def life(fact: type[Fact], **more: Any) -> Callable[[Chronicle], Step]:
    return lambda c: (c.one_of(PRODUCTS), fact(**act(c), **more))


def instalment_of(c: Chronicle) -> tuple[StreamId, Key, Money]:
    made = [each for each in c.log if isinstance(each.fact, product.InstalmentCommitted)]
    if not made:
        return PRODUCTS[0], Key("none"), money(c)
    each = c.one_of(made)
    assert isinstance(each.fact, product.InstalmentCommitted)
    return each.stream, each.fact.instalment, each.fact.amount


def grant(c: Chronicle) -> Step:
    return c.one_of(PRODUCTS), product.CommissionGranted(
        **act(c),
        commission=Key(f"c{len(c.log)}"),
        scope=c.some_of(ITEMS) or ITEMS[:1],
        ceiling=ceiling(c),
        parties=c.some_of(ORGANISATIONS) if c.chance(0.3) else (),
        until=c.limit(),
        next_review=c.limit(),
        vision=c.text(),
    )


def amend(c: Chronicle) -> Step:
    stream, key = on_commission(c)
    return stream, product.CommissionAmended(
        **act(c),
        commission=key,
        scope=c.one_of((None, ITEMS)),
        ceiling=c.one_of((None, ceiling(c))),
        parties=c.one_of((None, ORGANISATIONS[:1])),
        until=c.limit(),
    )


def on_commission(c: Chronicle) -> tuple[StreamId, Key]:
    granted = [each for each in c.log if isinstance(each.fact, product.CommissionGranted)]
    if not granted or c.chance(0.1):
        return c.one_of(PRODUCTS), Key("none")
    each = c.one_of(granted)
    assert isinstance(each.fact, product.CommissionGranted)
    return each.stream, each.fact.commission


def commit(c: Chronicle) -> Step:
    return c.one_of(PRODUCTS), product.InstalmentCommitted(
        decided_on=c.when(),
        instalment=Key(f"i{len(c.log)}"),
        investor=c.one_of(ORGANISATIONS),
        scope_item=c.one_of(ITEMS),
        amount=money(c),
        bound_on=c.when(),
        relies_on=c.one_of((None, on_commission(c)[1])),
        standing=c.one_of((Standing.BOUND,) * 5 + (Standing.PAID, Standing.APPROVED)),
    )


def credit(c: Chronicle) -> Step:
    stream, key, amount = instalment_of(c)
    back = Money(amount.amount / 2, amount.currency)
    return stream, product.InstalmentCredited(decided_on=c.when(), instalment=key, amount=back)


def assume(c: Chronicle) -> Step:
    stream, key, amount = instalment_of(c)
    return c.one_of(RISKS), risk.RiskAssumed(
        **act(c),
        assumption=Key(f"a{len(c.log)}"),
        product=stream,
        instalment=key,
        amount=amount,
        reason=c.text(),
    )


def decline(c: Chronicle) -> Step:
    stream, key, _ = instalment_of(c)
    return c.one_of(RISKS), risk.RiskDeclined(
        **act(c), product=stream, instalment=key, reason=c.text()
    )


def table(c: Chronicle) -> Step:
    return c.one_of(RESOLUTIONS), resolution.ResolutionTabled(
        decided_on=c.when(),
        body=c.one_of((*BODIES, BODIES[0])),
        kind=c.one_of((resolution.ItemKind.DECISION,) * 9 + (resolution.ItemKind.DISCUSSION,)),
        title=c.text(),
        case_paper=c.text(),
        debate=c.one_of((None, *DEBATES)),
        supersedes=c.one_of(RESOLUTIONS) if c.chance(0.2) else None,
    )


def roll(c: Chronicle) -> Step:
    rounds = sum(isinstance(each.fact, resolution.RollFixed) for each in c.log)
    fact = resolution.RollFixed(
        decided_on=c.when(),
        round=rounds + 1,
        seats=VOTERS,
        presiding=SEATS[0],
        rules=body.Rules(version="b"),
    )
    return c.one_of(RESOLUTIONS), fact


def counted(fact: type[Fact]) -> Callable[[Chronicle], Step]:
    return lambda c: (
        c.one_of(RESOLUTIONS),
        fact(decided_on=c.when(), counts=resolution.Counts(for_=2, against=1), reason="majority"),
    )


def mandate(c: Chronicle) -> Step:
    kind = c.one_of(list(body.LimitKind))
    return c.one_of(BODIES), body.MandateGranted(
        decided_on=c.when(),
        mandate=Key(f"m{c.random.randrange(4)}"),
        acts=tuple(body.ActKind),
        products=c.some_of(PRODUCTS) if c.chance(0.3) else (),
        limit_kind=kind,
        limit=None if kind is body.LimitKind.UNLIMITED else Money(Decimal(600), "DKK"),
        resolution=c.one_of((None, *RESOLUTIONS)),
        until=c.limit(),
        evidence=c.evidence(),
    )


def name_of(c: Chronicle) -> tuple[StreamId, dict[str, Any]]:
    if c.chance(0.5):
        return c.one_of(PERSONS), {"kind": party.PartyKind.PERSON, "name": c.text()}
    return c.one_of(ORGANISATIONS), {"kind": party.PartyKind.ORGANISATION, "name": f"O{len(c.log)}"}


MAKERS: dict[type[Fact], Callable[[Chronicle], Step]] = {
    any_stream.Stated: lambda c: (
        c.one_of((*BODIES, *PRODUCTS)),
        any_stream.Stated(
            decided_on=c.when(), topic="seated", text=c.text(), holds_on=c.when(), count=22
        ),
    ),
    party.PartyRegistered: lambda c: (
        (named := name_of(c))[0],
        party.PartyRegistered(decided_on=c.when(), group=c.one_of((None, "vendor")), **named[1]),
    ),
    party.PartyRenamed: lambda c: (
        (named := name_of(c))[0],
        party.PartyRenamed(decided_on=c.when(), name=named[1]["name"]),
    ),
    body.BodyFounded: lambda c: (
        c.one_of(BODIES),
        body.BodyFounded(decided_on=c.when(), name="board", rules=body.Rules(version="a")),
    ),
    body.BodyEstablished: lambda c: (
        c.one_of(BODIES),
        body.BodyEstablished(
            decided_on=c.when(),
            name="group",
            rules=body.Rules(version="a"),
            superior=BODIES[0],
            resolution=c.one_of(RESOLUTIONS),
        ),
    ),
    body.RulesAdopted: lambda c: (
        c.one_of(BODIES),
        body.RulesAdopted(decided_on=c.when(), rules=body.Rules(version=f"v{len(c.log)}")),
    ),
    body.MemberSeated: lambda c: (
        c.one_of(BODIES),
        body.MemberSeated(
            decided_on=c.when(),
            seat=c.one_of((*SEATS, Key(f"n{len(c.log)}"))),
            party=c.one_of(PERSONS),
            role=c.one_of(list(body.SeatRole)),
            since=c.one_of((None, c.limit())),
            until=c.limit(),
        ),
    ),
    body.MemberLeft: lambda c: (
        c.one_of(BODIES),
        body.MemberLeft(decided_on=c.when(), seat=c.one_of(SEATS)),
    ),
    body.MandateGranted: mandate,
    body.MandateEnded: lambda c: (
        c.one_of(BODIES),
        body.MandateEnded(decided_on=c.when(), mandate=Key(f"m{c.random.randrange(4)}")),
    ),
    body.BodyDissolved: lambda c: (BODIES[1], body.BodyDissolved(decided_on=c.when())),
    debate.DebateOpened: lambda c: (
        c.one_of(DEBATES),
        debate.DebateOpened(
            decided_on=c.when(), title=c.text(), question=c.text(), groups=("vendor", "citizen")
        ),
    ),
    debate.VoiceAdded: lambda c: (
        c.one_of(DEBATES),
        debate.VoiceAdded(
            decided_on=c.when(),
            voice=Key(f"v{len(c.log)}"),
            group=c.one_of(("vendor", "citizen", "press")),
            text=c.text(),
            party=c.one_of((None, *PERSONS)),
            familiarity=c.one_of((None, *debate.Familiarity)),
            stance=c.one_of((None, *debate.Stance)),
        ),
    ),
    debate.FormatTried: lambda c: (
        c.one_of(DEBATES),
        debate.FormatTried(decided_on=c.when(), format="workshop", remark=c.text()),
    ),
    debate.ReplyGiven: lambda c: (
        c.one_of(DEBATES),
        debate.ReplyGiven(
            decided_on=c.when(),
            body=BODIES[0],
            key_points=(debate.KeyPoint(Key("one"), c.text()),),
            signatories=tuple(map(debate.Signatory, c.some_of(PERSONS))),
        ),
    ),
    debate.DebateClosed: lambda c: (
        c.one_of(DEBATES),
        debate.DebateClosed(
            decided_on=c.when(), conclusion=c.text(), resolutions=c.some_of(RESOLUTIONS)
        ),
    ),
    debate.DebateReopened: lambda c: (
        c.one_of(DEBATES),
        debate.DebateReopened(decided_on=c.when(), grounds=c.text()),
    ),
    resolution.ResolutionTabled: table,
    resolution.RollFixed: roll,
    resolution.ConflictDeclared: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ConflictDeclared(decided_on=c.when(), seat=c.one_of(SEATS)),
    ),
    resolution.VoteCast: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.VoteCast(
            decided_on=c.when(), seat=c.one_of(SEATS), ballot=c.one_of(list(Ballot))
        ),
    ),
    resolution.ResolutionCarried: counted(resolution.ResolutionCarried),
    resolution.ResolutionLost: counted(resolution.ResolutionLost),
    resolution.ResolutionLapsed: counted(resolution.ResolutionLapsed),
    resolution.OutcomeMinuted: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.OutcomeMinuted(
            decided_on=c.when(),
            manner=c.one_of(list(resolution.Minuted)),
            roll=c.one_of((None, roll(c)[1])),
            present=c.some_of(SEATS),
            evidence=c.evidence(),
        ),
    ),
    resolution.OutcomeRecorded: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.OutcomeRecorded(
            decided_on=c.when(),
            outcome=c.one_of(
                (resolution.OutcomeWord.CARRIED,) * 3 + (resolution.OutcomeWord.LOST,)
            ),
            vote_shown=c.chance(0.5),
        ),
    ),
    resolution.ResolutionWithdrawn: lambda c: (
        c.one_of(RESOLUTIONS[3:]),
        resolution.ResolutionWithdrawn(decided_on=c.when(), grounds=c.text()),
    ),
    resolution.ResolutionSuperseded: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ResolutionSuperseded(decided_on=c.when(), by=c.one_of(RESOLUTIONS)),
    ),
    resolution.ResolutionAnnulled: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ResolutionAnnulled(
            decided_on=c.when(),
            ground="outside_mandate",
            resolution=c.one_of((None, *RESOLUTIONS)),
            explanation=c.text(),
        ),
    ),
    product.ProductProposed: lambda c: (
        c.one_of(PRODUCTS),
        product.ProductProposed(decided_on=c.when(), name=f"P{len(c.log)}", description=c.text()),
    ),
    product.ProductAdmitted: lambda c: life(product.ProductAdmitted, level=c.one_of(("1", "2")))(c),
    product.ProductDeclined: lambda c: life(product.ProductDeclined, grounds=c.text())(c),
    product.ProductPaused: life(product.ProductPaused),
    product.ProductResumed: life(product.ProductResumed),
    product.ProductExited: life(product.ProductExited),
    product.ProductClosed: life(product.ProductClosed),
    product.ProductRenamed: lambda c: (
        c.one_of(PRODUCTS),
        product.ProductRenamed(decided_on=c.when(), name=f"N{len(c.log)}"),
    ),
    product.CommissionGranted: grant,
    product.CommissionAmended: amend,
    product.CommissionReviewed: lambda c: (
        (found := on_commission(c))[0],
        product.CommissionReviewed(
            decided_on=c.when(), commission=found[1], next_review=c.limit(), findings=c.text()
        ),
    ),
    product.CommissionRevoked: lambda c: (
        (found := on_commission(c))[0],
        product.CommissionRevoked(**act(c), commission=found[1], grounds=c.text()),
    ),
    product.InvestmentDeclared: lambda c: (
        c.one_of(PRODUCTS),
        product.InvestmentDeclared(
            decided_on=c.when(),
            investment=Key(f"w{c.random.randrange(4)}"),
            investor=c.one_of(ORGANISATIONS),
            scope_item=c.one_of(ITEMS),
            amount=c.one_of((None, money(c))),
            purpose=c.text(),
        ),
    ),
    product.InstalmentCommitted: commit,
    product.InstalmentCredited: credit,
    product.InvestmentWithdrawn: lambda c: (
        c.one_of(PRODUCTS),
        product.InvestmentWithdrawn(
            decided_on=c.when(), investment=Key(f"w{c.random.randrange(4)}"), grounds=c.text()
        ),
    ),
    risk.RiskRaised: lambda c: (
        c.one_of(RISKS),
        risk.RiskRaised(decided_on=c.when(), title=c.text(), product=c.one_of((None, *PRODUCTS))),
    ),
    risk.RiskAssumed: assume,
    risk.RiskDeclined: decline,
}
"""By type; `Chronicle` itself gives the second person's words and the records of imports."""


def carried(name: StreamId, on: str) -> tuple[Step, ...]:
    when, title = PartialDate(on), Personal(commitment="ab" * 32)
    tabled = resolution.ResolutionTabled(
        decided_on=when, body=BODIES[0], kind=resolution.ItemKind.DECISION, title=title
    )
    outcome = resolution.OutcomeRecorded(
        decided_on=when, outcome=resolution.OutcomeWord.CARRIED, vote_shown=True
    )
    return (name, tabled), (name, outcome)


_BYLAWS = (Reference("bylaws.md"),)
BEGINNING: tuple[Step, ...] = (
    (
        BODIES[0],
        body.BodyFounded(
            decided_on=PartialDate("2020"), name="board", rules=body.Rules(version="a")
        ),
    ),
    (
        BODIES[0],
        body.MandateGranted(
            decided_on=PartialDate("2020"),
            mandate=Key("m"),
            acts=tuple(body.ActKind),
            evidence=_BYLAWS,
        ),
    ),
    *carried(RESOLUTIONS[0], "2022-05-01"),
    *carried(RESOLUTIONS[1], "2023-03"),
    *(
        (name, product.ProductProposed(decided_on=PartialDate("2021"), name=name))
        for name in PRODUCTS
    ),
)
"""What histories begin with, so that much of what follows has authority."""

OFTEN = (
    product.CommissionGranted,
    product.InstalmentCommitted,
    product.InstalmentCommitted,
    product.InstalmentCommitted,
    resolution.ResolutionTabled,
    resolution.OutcomeRecorded,
    risk.RiskAssumed,
)
"""What happens more often than the rest."""
