"""The product and the oracle answer alike, over histories that came in through the front door."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings

from govlog.domain.events.any_stream import ApprovalRefused, FactCorrected
from govlog.domain.events.product import CommissionAmended, CommissionRevoked, ProductExited
from govlog.domain.events.resolution import ResolutionAnnulled, ResolutionSuperseded
from govlog.domain.events.risk import RiskAssumed
from tests.oracle.comparing import Question, compare, questions
from tests.oracle.histories import History, histories

ALWAYS_THE_SAME = settings(derandomize=True, suppress_health_check=list(HealthCheck))
"""So that nobody's work waits for luck; `make oracle` asks of many more."""


def test_every_view_agrees_with_the_oracle_where_all_dates_are_full() -> None:
    rows = 0

    @settings(ALWAYS_THE_SAME, max_examples=15)
    @given(questions(acts=35, pairs=6))
    def agrees(question: Question) -> None:
        nonlocal rows
        comparison = compare(question)
        assert comparison.disagreements == []
        rows += comparison.compared

    agrees()
    assert rows > 15 * 100


def test_nothing_is_called_certain_that_some_possibility_denies() -> None:
    rows = 0

    @settings(ALWAYS_THE_SAME, max_examples=12)
    @given(questions(acts=20, pairs=3, partial=0.06))
    def agrees(question: Question) -> None:
        nonlocal rows
        comparison = compare(question)
        assert comparison.disagreements == []
        rows += comparison.compared

    agrees()
    assert rows > 12 * 50


def test_the_histories_have_all_that_can_befall_a_commission() -> None:
    seen: Counter[object] = Counter()

    @settings(ALWAYS_THE_SAME, max_examples=12)
    @given(histories(acts=35))
    def happens(history: History) -> None:
        seen.update(type(each.fact) for each in history.log)
        seen.update(reason for each in history.log for reason in each.fact.pending)

    happens()
    expected = {CommissionAmended, CommissionRevoked, ProductExited, RiskAssumed, ApprovalRefused}
    expected |= {ResolutionAnnulled, ResolutionSuperseded, FactCorrected}
    assert {each for each in (*expected, "late", "import") if not seen[each]} == set()
