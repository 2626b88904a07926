"""Rule 18: OS2's model told as data: bodies, mandates and recommendations, no code of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from govlog.domain.authority import NOTHING, ActOf, Flaw, judge
from govlog.domain.body import establish_body, grant_mandate
from govlog.domain.body.backing import NotByThatBody
from govlog.domain.commissioning import grant_commission
from govlog.domain.commitment import Taken
from govlog.domain.events.body import (
    ActKind,
    BodyEstablished,
    LimitKind,
    MandateGranted,
    Rules,
)
from govlog.domain.events.product import CommissionGranted, ProductAdmitted, ProductProposed
from govlog.domain.events.resolution import (
    Authorises,
    ItemKind,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionTabled,
)
from govlog.domain.lifecycle import admit_product, propose_product
from govlog.domain.resolution import record_outcome, table_resolution
from govlog.domain.resolution.tabling import AuthorisesNothing
from govlog.domain.tri import Tri
from govlog.domain.values import Ceiling, CeilingKind, Key, Money, Span, StreamId
from govlog.domain.warrant import WithoutAuthority
from tests.domain.board import BOARD, BYLAWS, board, carried, day, text
from tests.domain.given import History

FIRST = "2024-01-01"
IOT, LOOP = StreamId("product:iot"), StreamId("product:loop")
STEERING, COORDINATION, SECRETARIAT = (
    StreamId(f"body:{name}") for name in ("steering", "coordination", "secretariat")
)
MONEY = (ActKind.COMMISSION, ActKind.AMENDMENT, ActKind.REVOCATION)


def dkk(amount: int) -> Money:
    return Money(Decimal(amount), "DKK")


def os2() -> History:
    """The board with everything; below it a steering group, a coordination group, a secretariat."""
    history = board()
    _mandate(history, BOARD, None, "bylaws", acts=tuple(ActKind), evidence=BYLAWS)
    plan = StreamId(carried(history, "organisation"))
    for below in (STEERING, COORDINATION, SECRETARIAT):
        fact = BodyEstablished(
            decided_on=day(FIRST),
            name=below,
            rules=Rules(version="terms of reference"),
            resolution=plan,
            superior=BOARD,
        )
        history.when(establish_body, below, fact)
    _mandate(history, STEERING, plan, "product", acts=MONEY, products=(IOT,))
    budget = {"limit_kind": LimitKind.BUDGET, "limit": dkk(100)}
    _mandate(history, COORDINATION, plan, "budget", acts=MONEY, **budget)
    _mandate(history, SECRETARIAT, plan, "levels", acts=(ActKind.LEVEL_CHANGE,))
    for product in (IOT, LOOP):
        history.when(propose_product, product, ProductProposed(decided_on=day(FIRST), name=product))
    return history


def _mandate(
    history: History, body: StreamId, given_by: StreamId | None, key: str, **more: Any
) -> None:
    fact = MandateGranted(decided_on=day(FIRST), mandate=Key(key), resolution=given_by, **more)
    history.when(grant_mandate, body, fact)


def resolve(
    history: History,
    body: StreamId,
    name: str,
    kind: ItemKind = ItemKind.DECISION,
    recommended_by: StreamId | None = None,
) -> StreamId:
    """A resolution of a body that carried, as its minutes say."""
    stream = StreamId(f"resolution:{name}")
    tabled = ResolutionTabled(
        decided_on=day(FIRST),
        body=body,
        kind=kind,
        title=text(name),
        recommended_by=recommended_by,
    )
    history.when(table_resolution, stream, tabled)
    outcome = OutcomeRecorded(decided_on=day(FIRST), outcome=OutcomeWord.CARRIED, vote_shown=True)
    history.when(record_outcome, stream, outcome, importing=True)
    return stream


def order(history: History, product: StreamId, under: StreamId, amount: int) -> None:
    """Commission something live under a resolution."""
    fact = CommissionGranted(
        decided_on=day(FIRST),
        commission=Key(f"c{len(history.log)}"),
        scope=("code",),
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(amount)),
        resolution=under,
    )
    history.when(grant_commission, product, fact)


def flaw(history: History, kind: ActKind, product: StreamId, under: StreamId) -> Flaw:
    taken = Taken(
        fact="x@1",
        index=len(history.log),
        decided=Span(*[history.given().recorded_on] * 2),
        resolution=under,
        worded=False,
        imported=False,
    )
    found = judge(ActOf(kind, product, NOTHING, taken), history.facts())
    assert (found.given is Tri.YES) is (found.flaw is Flaw.NONE)
    return found.flaw


def refused(history: History, product: StreamId, under: StreamId, amount: int) -> object:
    with pytest.raises(WithoutAuthority) as refusal:
        order(history, product, under, amount)
    return refusal.value.values["flaw"]


def test_the_board_admits_products_and_no_group_below_it_does() -> None:
    history = os2()
    for body in (STEERING, COORDINATION, SECRETARIAT):
        under = resolve(history, body, f"by-{body.partition(':')[2]}")
        with pytest.raises(WithoutAuthority):
            history.decide(
                admit_product, IOT, ProductAdmitted(decided_on=day(FIRST), resolution=under)
            )
    under = resolve(history, BOARD, "admit")
    history.when(admit_product, IOT, ProductAdmitted(decided_on=day(FIRST), resolution=under))


def test_the_board_is_last_instance_it_may_decide_whatever_a_group_below_it_may() -> None:
    history = os2()
    under = resolve(history, BOARD, "instead")
    order(history, IOT, under, 1_000_000)
    assert flaw(history, ActKind.REVOCATION, IOT, under) is Flaw.NONE


def test_a_steering_group_decides_on_its_product_within_its_mandate() -> None:
    history = os2()
    under = resolve(history, STEERING, "own")
    order(history, IOT, under, 1_000_000)
    assert refused(history, LOOP, under, 1) is Flaw.OUTSIDE_MANDATE
    assert flaw(history, ActKind.EXIT, IOT, under) is Flaw.OUTSIDE_MANDATE


def test_the_coordination_group_decides_within_a_budget() -> None:
    history = os2()
    under = resolve(history, COORDINATION, "within")
    order(history, IOT, under, 60)
    order(history, LOOP, under, 40)
    assert refused(history, LOOP, under, 1) is Flaw.OVER_LIMIT


def test_else_it_recommends_and_a_recommendation_is_no_decision() -> None:
    history = os2()
    recommendation = resolve(history, COORDINATION, "please", ItemKind.RECOMMENDATION)
    assert refused(history, LOOP, recommendation, 1) is Flaw.NOT_A_DECISION
    decision = resolve(history, BOARD, "agreed", recommended_by=recommendation)
    order(history, LOOP, decision, 500)
    tabled = history.facts().resolution(decision)
    assert tabled is not None
    assert tabled.recommended_by == recommendation


def test_a_recommendation_names_no_acts_that_it_would_authorise() -> None:
    fact = ResolutionTabled(
        decided_on=day(FIRST),
        body=COORDINATION,
        kind=ItemKind.RECOMMENDATION,
        title=text(),
        authorises=(Authorises(ActKind.COMMISSION),),
    )
    with pytest.raises(AuthorisesNothing):
        os2().decide(table_resolution, "resolution:r", fact)


def test_vendors_and_the_secretariat_hold_no_authority_over_product_money() -> None:
    history = os2()
    fact = BodyEstablished(
        decided_on=day(FIRST),
        name="vendors",
        rules=Rules(version="none"),
        resolution=StreamId("resolution:organisation"),
        superior=BOARD,
    )
    history.when(establish_body, "body:vendors", fact)
    vendors = resolve(history, StreamId("body:vendors"), "offer")
    secretariat = resolve(history, SECRETARIAT, "buy")
    for kind in MONEY:
        assert flaw(history, kind, IOT, vendors) is Flaw.NO_MANDATE
        assert flaw(history, kind, IOT, secretariat) is Flaw.OUTSIDE_MANDATE
    assert refused(history, IOT, vendors, 1) is Flaw.NO_MANDATE
    assert refused(history, IOT, secretariat, 1) is Flaw.OUTSIDE_MANDATE


def test_the_secretariat_sets_levels_under_the_board_s_mandate_and_takes_none_itself() -> None:
    history = os2()
    under = resolve(history, SECRETARIAT, "level")
    assert flaw(history, ActKind.LEVEL_CHANGE, IOT, under) is Flaw.NONE
    own = MandateGranted(decided_on=day(FIRST), mandate=Key("more"), acts=MONEY, resolution=under)
    with pytest.raises(NotByThatBody):
        history.decide(grant_mandate, SECRETARIAT, own)
