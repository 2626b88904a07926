"""Every view of what is invested in one product answers as the oracle does."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.acts import made_up
from tests.domain.given import History
from tests.domain.investing import investments
from tests.oracle.invested import PAIRS, misshown


@made_up(25)
@given(investments(partial=False), st.lists(PAIRS, min_size=3, max_size=3))
def test_the_views_of_an_invested_product_agree_where_all_dates_are_full(
    history: History, asked: list[tuple[date, int]]
) -> None:
    assert misshown(history, asked) == []


@made_up(10)
@given(investments(partial=True), st.lists(PAIRS, min_size=2, max_size=2))
def test_no_view_of_an_invested_product_calls_certain_what_some_possibility_denies(
    history: History, asked: list[tuple[date, int]]
) -> None:
    assert misshown(history, asked) == []
