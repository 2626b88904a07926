"""The product and the oracle answer alike, over histories that came in through the front door."""

from __future__ import annotations

from collections import Counter

import pytest

from govlog.domain.events.any_stream import ApprovalRefused, FactCorrected
from govlog.domain.events.product import CommissionAmended, CommissionRevoked, ProductExited
from govlog.domain.events.resolution import ResolutionAnnulled, ResolutionSuperseded
from govlog.domain.events.risk import RiskAssumed
from tests.oracle.comparing import compare
from tests.oracle.stories import told

# Always the same histories here, so that nobody's work waits for luck; `make oracle` draws others.


@pytest.mark.parametrize("seed", range(12))
def test_every_view_agrees_with_the_oracle_where_all_dates_are_full(seed: int) -> None:
    comparison = compare(seed, steps=50, partial=0.0, pairs=6)
    assert comparison.disagreements == []
    assert comparison.compared > 50


@pytest.mark.parametrize("seed", range(100, 108))
def test_nothing_is_called_certain_that_some_possibility_denies(seed: int) -> None:
    comparison = compare(seed, steps=30, partial=0.06, pairs=3)
    assert comparison.disagreements == []
    assert comparison.compared > 20


def test_the_histories_have_all_that_can_befall_a_commission() -> None:
    seen: Counter[object] = Counter()
    for seed in range(12):
        with told(seed, 50) as t:
            seen.update(type(each.fact) for each in t.log)
            seen.update(reason for each in t.log for reason in each.fact.pending)
            assert sum(t.refused.values()) < len(t.log)
    expected = {CommissionAmended, CommissionRevoked, ProductExited, RiskAssumed, ApprovalRefused}
    expected |= {ResolutionAnnulled, ResolutionSuperseded, FactCorrected}
    assert {each for each in (*expected, "late", "import") if not seen[each]} == set()
