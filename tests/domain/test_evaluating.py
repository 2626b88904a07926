"""Tallies are derived from rows; green needs evidence; not relevant is its own light (rule 30)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlog.domain.catalogue import UnknownLevel
from govlog.domain.disputing import (
    NothingDisputed,
    dispute_evaluation,
    dispute_investment,
    settle_dispute,
)
from govlog.domain.errors import NotFound
from govlog.domain.evaluating import (
    GreenWithoutEvidence,
    MeasuredTwice,
    NothingMeasured,
    WithoutCriteria,
    publish_evaluation,
    self_assess,
)
from govlog.domain.events.dispute import (
    DisputeOutcome,
    DisputeSettled,
    EvaluationDisputed,
    InvestmentDisputed,
)
from govlog.domain.events.evaluation import CriterionRow, Light, PrintedTotals, SelfAssessed
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.tallies import Tally, difference, tally, unproven_greens
from govlog.domain.values import Key, Personal, Reference, StreamId
from govlog.ledger.tiles import LARGEST_ENTRY
from govlog.persistence.entry import entry
from govlog.persistence.fields import sealed
from tests.domain.board import day, text
from tests.domain.given import History
from tests.domain.measuring import (
    LEVELS,
    REPORT,
    TOOL,
    evaluation,
    measured_community,
    product,
)

OS2FAKTOR = "g" * 9 + "y" * 22 + "r" * 12
LIGHT = {"g": Light.GREEN, "y": Light.YELLOW, "r": Light.RED}


def rows(lights: str) -> tuple[CriterionRow, ...]:
    return tuple(CriterionRow(f"R{n}", LIGHT[each]) for n, each in enumerate(lights))


def test_printed_totals_that_differ_are_shown_beside_the_derived_ones() -> None:
    derived = tally(rows(OS2FAKTOR))
    assert derived == Tally(9, 22, 12, 0)
    assert difference(PrintedTotals("by level", 8, 23, 12), derived) == Tally(-1, 1, 0, 0)
    assert difference(PrintedTotals("by theme", 9, 22, 12), derived) == Tally()


def test_not_relevant_is_a_light_of_its_own() -> None:
    lights = (Light.GREEN, Light.NOT_RELEVANT, Light.NOT_RELEVANT)
    found = tally(CriterionRow(f"R{n}", each) for n, each in enumerate(lights))
    assert found == Tally(green=1, not_relevant=2)


@given(st.lists(st.sampled_from(list(Light))))
def test_a_tally_counts_every_row_once(lights: list[Light]) -> None:
    found = tally(CriterionRow(f"R{n}", each) for n, each in enumerate(lights))
    assert sum(msgspec.structs.astuple(found)) == len(lights)


def test_green_needs_evidence() -> None:
    history = measured_community()
    bare = (CriterionRow("R1", Light.GREEN), CriterionRow("G1", Light.YELLOW))
    with pytest.raises(GreenWithoutEvidence, match="R1"):
        history.when(publish_evaluation, TOOL, evaluation(rows=bare))
    history.when(publish_evaluation, TOOL, evaluation())


def test_a_green_without_evidence_of_an_old_source_is_kept_and_named() -> None:
    history = measured_community()
    bare = (CriterionRow("R1", Light.GREEN), CriterionRow("G1", Light.GREEN, evidence=REPORT))
    history.when(publish_evaluation, TOOL, evaluation(rows=bare), importing=True)
    assert unproven_greens(product(history).evaluations["first"].rows) == ("R1",)


def test_printed_totals_are_never_refused_and_change_no_row() -> None:
    history = measured_community()
    wrong = (PrintedTotals("summary", 3, 0, 0),)
    history.when(publish_evaluation, TOOL, evaluation(printed=wrong))
    assert tally(product(history).evaluations["first"].rows) == Tally(1, 0, 1, 1)


def test_an_evaluation_says_against_which_version_it_measured() -> None:
    history = measured_community()
    with pytest.raises(WithoutCriteria):
        history.when(publish_evaluation, TOOL, evaluation(criteria_version=None))
    with pytest.raises(UnknownReference, match="no criteria version 'z'"):
        history.when(publish_evaluation, TOOL, evaluation(criteria_version=Key("z")))
    strange = evaluation(rows=(CriterionRow("X9", Light.RED),))
    with pytest.raises(UnknownReference, match="no criterion X9"):
        history.when(publish_evaluation, TOOL, strange, importing=True)
    history.when(publish_evaluation, TOOL, evaluation(criteria_version=None), importing=True)


def test_an_evaluation_measures_something_and_each_criterion_once() -> None:
    history = measured_community()
    with pytest.raises(NothingMeasured):
        history.when(publish_evaluation, TOOL, evaluation(rows=()))
    twice = (CriterionRow("R1", Light.RED), CriterionRow("R1", Light.YELLOW))
    with pytest.raises(MeasuredTwice):
        history.when(publish_evaluation, TOOL, evaluation(rows=twice))
    with pytest.raises(UnknownLevel):
        history.when(publish_evaluation, TOOL, evaluation(recommended_level=Key("9")))


def test_a_product_s_own_word_gives_it_no_level() -> None:
    history = measured_community()
    fact = SelfAssessed(
        decided_on=day("2024-01-01"),
        evaluation=Key("own"),
        rows=(CriterionRow("R1", Light.GREEN, evidence=REPORT),),
        catalogue=LEVELS,
        criteria_version=Key("a"),
        claimed_level=Key("3"),
    )
    history.when(self_assess, TOOL, fact)
    held = product(history)
    assert held.evaluations["own"].claimed_level == "3"
    assert held.levels == ()


def test_43_rows_with_long_grounds_and_evidence_fit_in_an_entry() -> None:
    """A sealed text takes 73 bytes however long it is; the sources of a row stand in full."""
    source = Reference(f"https://example.org/{'a' * 180}", "0" * 64)
    all_rows = tuple(
        CriterionRow(f"F{n}", Light.GREEN, Personal(text="g" * 5000), (source, source))
        for n in range(43)
    )
    stored, openings, _ = sealed(evaluation(rows=all_rows), f"{TOOL}@9")
    state = msgspec.json.encode(stored)
    framed = entry(TOOL, 9, "EvaluationPublished.v1", 0, "party:p", "t" * 12, state)
    assert len(openings) == 43
    assert len(framed) <= LARGEST_ENTRY


def test_a_dispute_about_an_evaluation_is_shown_and_changes_no_light() -> None:
    history = disputed()
    held = product(history)
    assert tally(held.evaluations["first"].rows) == Tally(1, 0, 1, 1)
    assert held.disputes["d"].criteria == ("G1",)
    assert held.disputes["d"].settled is None


def test_a_dispute_names_rows_that_were_measured() -> None:
    with pytest.raises(UnknownReference, match="no row for X9"):
        disputed(criteria=("X9",))
    with pytest.raises(NotFound):
        disputed(evaluation=Key("none"))


def test_a_dispute_is_settled_once() -> None:
    history = disputed()
    history.when(settle_dispute, TOOL, settled())
    assert product(history).disputes["d"].settled.outcome is DisputeOutcome.UPHELD
    with pytest.raises(AlreadyRecorded):
        history.when(settle_dispute, TOOL, settled())


def test_a_dispute_about_money_names_an_instalment_or_an_investment() -> None:
    history = measured_community()
    about: dict[str, Any] = {
        "decided_on": day("2024-01-01"),
        "dispute": Key("d"),
        "grounds": text(),
    }
    nothing = InvestmentDisputed(by=StreamId("party:ann"), **about)
    with pytest.raises(NothingDisputed):
        history.when(dispute_investment, TOOL, nothing)
    unknown = InvestmentDisputed(by=StreamId("party:ann"), instalment=Key("i"), **about)
    with pytest.raises(NotFound, match="no instalment 'i'"):
        history.when(dispute_investment, TOOL, unknown)


def disputed(**more: Any) -> History:
    history = measured_community()
    history.when(publish_evaluation, TOOL, evaluation())
    told: dict[str, Any] = {"evaluation": Key("first"), "criteria": ("G1",), **more}
    fact = EvaluationDisputed(
        decided_on=day("2024-01-01"),
        dispute=Key("d"),
        by=StreamId("party:ann"),
        grounds=text("not so"),
        **told,
    )
    history.when(dispute_evaluation, TOOL, fact)
    return history


def settled() -> DisputeSettled:
    return DisputeSettled(
        decided_on=day("2024-01-01"), dispute=Key("d"), outcome=DisputeOutcome.UPHELD
    )
