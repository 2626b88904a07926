"""Who bears what is answered as the oracle does."""

from __future__ import annotations

from hypothesis import given

from tests.domain.acts import made_up
from tests.domain.given import History
from tests.domain.investing import investments
from tests.oracle.bearers import misattributed


@made_up(150)
@given(investments(partial=False))
def test_where_all_dates_are_full_both_name_the_same_bearers(history: History) -> None:
    assert list(misattributed(history)) == []


@made_up(40)
@given(investments(partial=True))
def test_who_is_said_to_bear_for_certain_does_so_in_every_world(history: History) -> None:
    assert list(misattributed(history)) == []
