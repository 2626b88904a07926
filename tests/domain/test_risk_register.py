"""Risks are treated, reviewed and closed; to accept one takes a mandate (rule 15)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from govlog.domain.events.body import ActKind
from govlog.domain.events.resolution import Authorises
from govlog.domain.events.risk import (
    RiskClosed,
    RiskRaised,
    RiskReviewed,
    RiskTreated,
    Treatment,
)
from govlog.domain.refusals import AlreadyRecorded
from govlog.domain.risk import next_review_on
from govlog.domain.risk_taking import close_risk, raise_risk, review_risk, treat_risk
from govlog.domain.values import Key, StreamId
from govlog.domain.warrant import WithoutAuthority
from tests.domain.board import carried, day, text
from tests.domain.given import History
from tests.domain.measuring import TOOL, measured_community

RISK = StreamId("risk:r")


def raised(**more: Any) -> History:
    history = measured_community()
    fact = RiskRaised(decided_on=day("2024-01-01"), title=text("one operator"), **more)
    history.when(raise_risk, RISK, fact)
    return history


def treat(history: History, kind: Treatment, **more: Any) -> None:
    told = {"treatment": Key(kind), **more}
    fact = RiskTreated(decided_on=day(f"{history.given().recorded_on}"), kind=kind, **told)
    history.when(treat_risk, RISK, fact)


def next_review(history: History, when: str) -> str | None:
    risk = history.facts().risk(RISK)
    assert risk is not None
    return next_review_on(risk, date.fromisoformat(when))[0]


@pytest.mark.parametrize("kind", [Treatment.REDUCE, Treatment.SHARE, Treatment.AVOID])
def test_a_risk_is_reduced_shared_or_avoided_without_a_resolution(kind: Treatment) -> None:
    history = raised()
    treat(history, kind)
    risk = history.facts().risk(RISK)
    assert risk is not None
    assert [each.kind for each in risk.treatments] == [kind]


def test_a_risk_acceptance_cites_a_carried_resolution_with_a_mandate() -> None:
    history = raised(product=TOOL)
    with pytest.raises(WithoutAuthority, match="risk acceptance"):
        treat(history, Treatment.ACCEPT)
    other = StreamId(carried(history, "other", authorises=(Authorises(ActKind.ADMISSION),)))
    with pytest.raises(WithoutAuthority):
        treat(history, Treatment.ACCEPT, resolution=other)
    plan = StreamId(carried(history, "accept", authorises=(Authorises(ActKind.RISK_ACCEPTANCE),)))
    treat(history, Treatment.ACCEPT, resolution=plan)


def test_a_risk_of_no_product_is_accepted_under_a_mandate_for_every_product() -> None:
    history = raised()
    plan = StreamId(carried(history, "accept"))
    treat(history, Treatment.ACCEPT, resolution=plan)


def test_a_treatment_s_key_names_one_for_good() -> None:
    history = raised()
    treat(history, Treatment.REDUCE)
    with pytest.raises(AlreadyRecorded):
        treat(history, Treatment.REDUCE)


def test_the_next_review_is_the_one_named_last() -> None:
    history = raised(next_review=day("2024-06"))
    assert next_review(history, "2024-01-01") == "2024-06"
    treat(history.at("2024-02-01"), Treatment.REDUCE, next_review=day("2024-09"))
    reviewed = RiskReviewed(decided_on=day("2024-03-01"), findings=text("still there"))
    history.at("2024-03-01").when(review_risk, RISK, reviewed)
    days = ("2024-01-31", "2024-02-01", "2024-03-01")
    assert [next_review(history, each) for each in days] == ["2024-06", "2024-09", None]


def test_a_missed_review_ends_nothing() -> None:
    history = raised(next_review=day("2024-02"))
    treat(history.at("2025-01-01"), Treatment.REDUCE)
    risk = history.facts().risk(RISK)
    assert risk is not None
    assert risk.closed is None
    assert next_review(history, "2025-01-01") == "2024-02"


def test_a_risk_is_closed_once_and_stays() -> None:
    history = raised()
    closing = RiskClosed(decided_on=day("2024-01-01"), grounds=text("over"))
    history.when(close_risk, RISK, closing)
    with pytest.raises(AlreadyRecorded):
        history.when(close_risk, RISK, closing)
    assert history.facts().risk(RISK) is not None
