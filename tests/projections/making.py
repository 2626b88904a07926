"""One small community with few keys and streams, so that made-up facts about it meet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from govlog.domain.events import Act, Fact, body, meeting, party, product, resolution, risk
from govlog.domain.values import (
    Ballot,
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Standing,
    StreamId,
)
from tests.projections.chronicle import Chronicle

Step = tuple[str, Fact]
Counted = resolution.ResolutionCarried | resolution.ResolutionLost | resolution.ResolutionLapsed
PERSONS = tuple(StreamId(f"party:p{n}") for n in range(5))
ORGANISATIONS = tuple(StreamId(f"party:o{n}") for n in range(3))
BODIES = (StreamId("body:board"), StreamId("body:group"))
RESOLUTIONS = tuple(StreamId(f"resolution:r{n}") for n in range(6))
PRODUCTS = (StreamId("product:x"), StreamId("product:y"))
DEBATES = (StreamId("debate:d"),)
MEETINGS = (StreamId("meeting:m"), StreamId("meeting:n"))
RISKS = (StreamId("risk:a"), StreamId("risk:b"))
CATALOGUES = (StreamId("catalogue:k"),)
ITEMS = ("api", "app")
OPTIONS = (Key("north"), Key("south"))
CRITERIA = ("R1", "R2", "G1")
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


def life(fact: type[Act], **more: Any) -> Callable[[Chronicle], Step]:
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
        meeting=c.one_of((None, *MEETINGS)),
        recommended_by=c.one_of(RESOLUTIONS) if c.chance(0.1) else None,
        options=options(c) if c.chance(0.3) else (),
    )


def options(c: Chronicle) -> tuple[resolution.Option, ...]:
    return tuple(resolution.Option(each, c.text()) for each in OPTIONS)


def ballot(c: Chronicle) -> Step:
    scored = resolution.VoteCast(
        decided_on=c.when(),
        seat=c.one_of(SEATS),
        ballot=Ballot.SCORED,
        scores=tuple(
            resolution.Score(each, c.one_of((None, -10, 0, 3, 10))) for each in c.some_of(OPTIONS)
        ),
    )
    plain = resolution.VoteCast(
        decided_on=c.when(), seat=c.one_of(SEATS), ballot=c.one_of(list(Ballot))
    )
    return c.one_of(RESOLUTIONS), c.one_of((scored, plain))


def call(c: Chronicle) -> Step:
    about = c.some_of(RESOLUTIONS)
    return c.one_of(MEETINGS), meeting.MeetingCalled(
        decided_on=c.when(),
        body=BODIES[0],
        day=c.when() or PartialDate("2024"),
        until=c.limit(),
        written=c.chance(0.3),
        title=c.text(),
        agenda=tuple(
            meeting.AgendaItem(
                Key(f"a{number}"),
                c.one_of(list(resolution.ItemKind)),
                title=c.one_of((None, c.text())),
                resolution=each,
            )
            for number, each in enumerate(about)
        ),
    )


def draft(c: Chronicle) -> Step:
    items = [meeting.ItemMinutes(c.text(), item=Key(f"a{number}")) for number in range(2)]
    items.append(meeting.ItemMinutes(c.text(), resolution=c.one_of(RESOLUTIONS)))
    return c.one_of(MEETINGS), meeting.MinutesDrafted(
        decided_on=c.when(),
        minuted_by=c.one_of((None, *PERSONS)),
        text=c.text(),
        items=c.some_of(items),
    )


def roll(c: Chronicle) -> tuple[StreamId, resolution.RollFixed]:
    rounds = sum(isinstance(each.fact, resolution.RollFixed) for each in c.log)
    fact = resolution.RollFixed(
        decided_on=c.when(),
        round=rounds + 1,
        seats=VOTERS,
        presiding=SEATS[0],
        rules=body.Rules(version="b"),
        meeting=c.one_of((None, *MEETINGS)),
    )
    return c.one_of(RESOLUTIONS), fact


def counted(fact: type[Counted]) -> Callable[[Chronicle], Step]:
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
