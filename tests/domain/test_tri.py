"""Answers that may be open: what `and`, `or` and the latest of several days come to."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from govlog.domain.tri import Tri, both, either, latest
from govlog.domain.values import Span

DAYS = st.dates(date(2024, 1, 1), date(2024, 1, 9))
SPANS = st.tuples(DAYS, DAYS).map(lambda days: Span(min(days), max(days)))


def test_and_is_the_least_of_its_answers_and_or_the_most() -> None:
    for number in range(4):
        for answers in product(Tri, repeat=number):
            assert both(*answers) is min(answers, default=Tri.YES)
            assert either(iter(answers)) is max(answers, default=Tri.NO)


@given(spans=st.lists(SPANS, min_size=1, max_size=4))
def test_the_latest_of_uncertain_days_is_as_early_and_as_late_as_the_latest_may_be(
    spans: list[Span],
) -> None:
    found = latest(*spans)
    assert found.earliest == max(each.earliest for each in spans)
    assert found.latest == max(each.latest for each in spans)
