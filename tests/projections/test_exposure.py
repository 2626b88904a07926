"""What changes after an instalment was bound: assumptions, refusals, credits, sums by day."""

from __future__ import annotations

from decimal import Decimal

import pytest

from govlog.domain.attribution import Reason
from govlog.domain.events.product import (
    InstalmentCredited,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised
from govlog.domain.values import (
    Key,
    Money,
    Standing,
    StreamId,
)
from projections.investments import BorneBy
from tests.projections.community import (
    PLAN,
    TOOL,
    a_community,
    annul,
    asked,
    bind,
    carry,
    grant,
    on,
    text,
)


def test_an_assumption_works_forward_and_the_earlier_answer_stands() -> None:
    history = a_community()
    bind(history, "i", "2024-01-10", 400)
    history.at("2024-05-01")
    history.record("risk:r", RiskRaised(decided_on=on("2024-04-01"), title=text(), product=TOOL))
    history.record(
        "risk:r",
        RiskAssumed(
            decided_on=on("2024-05-01"),
            resolution=PLAN,
            assumption=Key("a"),
            product=TOOL,
            instalment=Key("i"),
            amount=Money(Decimal(150), "DKK"),
            reason=text(),
        ),
    )
    with asked(history) as views:
        exposure = views.of("exposure", "product:tool/DKK", "2024-04-30")
        assert (exposure.community_at_least, exposure.investor_at_least) == (0, 400)
        exposure = views.of("exposure", "product:tool/DKK", "2024-05-01")
        assert (exposure.community_at_least, exposure.investor_at_least) == (150, 250)
        row = views.of("investments", "product:tool/i", "2024-05-01")
        assert [each.reason for each in row.when_bound] == [Reason.NOT_COMMISSIONED]
        assert views.of("investments", "product:tool/i", "2024-04-30").when_bound is None
        risk = views.of("risks", "risk:r", "2024-05-01")
        assert (risk.status, risk.assumptions[0].in_force) == ("assumed", True)
        assert views.of("risks", "risk:r", "2024-04-30").status == "raised"


def test_a_declined_risk_is_off_the_open_list_and_its_bearer_stays() -> None:
    history = a_community()
    carry(history, "resolution:money", "2024-01-10")
    grant(history, "c", "2024-01-10", resolution=StreamId("resolution:money"))
    bind(history, "i", "2024-01-10")
    annul(history, "resolution:money", "2024-01-10")
    history.at("2024-02-01")
    history.record("risk:r", RiskRaised(decided_on=on("2024-02-01"), title=text()))
    declined = RiskDeclined(
        decided_on=on("2024-02-01"), product=TOOL, instalment=Key("i"), reason=text()
    )
    history.record("risk:r", declined)
    with asked(history) as views:
        assert views.of("exposure", "product:tool/DKK", "2024-01-31").open == 400
        assert views.of("exposure", "product:tool/DKK", "2024-02-01").open == 0
        row = views.of("investments", "product:tool/i", "2024-02-01")
        assert (row.open, row.bearer) == (False, BorneBy.INVESTOR)
        assert views.of("risks", "risk:r", "2024-02-01").status == "declined"


def test_a_credit_reduces_exposure_from_its_day_and_returns_no_headroom() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10")
    bind(history, "i", "2024-01-10", 400)
    history.at("2024-03-01")
    back = Money(Decimal(100), "DKK")
    history.record(
        TOOL, InstalmentCredited(decided_on=on("2024-03-01"), instalment=Key("i"), amount=back)
    )
    with asked(history) as views:
        assert views.of("exposure", "product:tool/DKK", "2024-02-29").bound_at_least == 400
        assert views.of("exposure", "product:tool/DKK", "2024-03-01").bound_at_least == 300
        assert views.of("investments", "product:tool/i", "2024-03-01").at_risk == 300
        assert views.of("commissions", "product:tool/c", "2024-03-01").headroom.at_least == 600


def test_an_instalment_of_uncertain_day_is_uncertain_until_it_surely_was_bound() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10")
    history.at("2024-04-01")
    bind(history, "i", "2024-02", 400)
    with asked(history) as views:
        assert views.row("investments", "product:tool/i", "2024-01-31") is None
        certain = [
            views.existing("investments", "product:tool/i", day).certain
            for day in ("2024-02-01", "2024-02-28", "2024-02-29")
        ]
        assert certain == [False, False, True]
        maybe = views.of("exposure", "product:tool/DKK", "2024-02-15")
        assert (maybe.bound_at_least, maybe.bound_at_most) == (0, 400)
        drawn = views.of("commissions", "product:tool/c", "2024-02-15")
        assert (drawn.headroom.at_least, drawn.headroom.at_most) == (600, 1000)


@pytest.mark.parametrize("standing", [Standing.SOUGHT, Standing.PROPOSED, Standing.APPROVED])
def test_money_that_is_not_bound_is_listed_and_at_nobody_s_risk(standing: Standing) -> None:
    history = a_community()
    bind(history, "i", "2024-01-10", standing=standing)
    with asked(history) as views:
        row = views.of("investments", "product:tool/i", "2024-01-10")
        assert (row.bearer, row.shares, row.at_risk) == (BorneBy.NOBODY, (), 0)
        assert views.all("exposure", "2024-01-10") == []
