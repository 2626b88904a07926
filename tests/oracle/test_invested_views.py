"""Every view of what is invested in one product beside the oracle: all that happens bears on it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.acts import made_up
from tests.domain.given import History
from tests.domain.investing import investments
from tests.oracle.agreement import Asked
from tests.oracle.answers import Possibilities
from tests.oracle.everything import ANSWERED
from tests.projections.built import readable
from tests.projections.community import Answers

DAYS = tuple(date(2024, month, day) for month, day in ((2, 1), (2, 20), (3, 15), (4, 2), (12, 31)))
BEGINNING = 8
"""So many facts there are before the first commission."""

pairs = st.tuples(st.sampled_from(DAYS), st.integers(0, 100))


@made_up(25)
@given(investments(partial=False), st.lists(pairs, min_size=3, max_size=3))
def test_the_views_of_an_invested_product_agree_where_all_dates_are_full(
    history: History, asked: list[tuple[date, int]]
) -> None:
    assert disagreements(history, asked) == []


@made_up(10)
@given(investments(partial=True), st.lists(pairs, min_size=2, max_size=2))
def test_no_view_of_an_invested_product_calls_certain_what_some_possibility_denies(
    history: History, asked: list[tuple[date, int]]
) -> None:
    assert disagreements(history, asked) == []


def disagreements(history: History, asked: list[tuple[date, int]]) -> list[str]:
    """In words; asked as of days, and as known when some hundredths were not recorded yet."""
    log, found = history.log, list[str]()
    with readable(log) as views, views.snapshot() as now:
        for day, before in asked:
            size = len(log) - (len(log) - BEGINNING) * before // 100
            possible = Possibilities(log[:size], day)
            found += Asked(Answers(now), possible, day, size, ANSWERED).disagreements()
    return found
