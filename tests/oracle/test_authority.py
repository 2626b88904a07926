"""Acts about money are judged as the oracle does."""

from __future__ import annotations

from hypothesis import given

from tests.domain.acts import histories, made_up
from tests.domain.given import History
from tests.oracle.judging import misjudged


@made_up(300)
@given(histories(partial=False))
def test_where_all_dates_are_full_both_judge_alike(history: History) -> None:
    assert list(misjudged(history)) == []


@made_up(100)
@given(histories(partial=True))
def test_what_is_judged_for_certain_is_so_in_every_world(history: History) -> None:
    assert list(misjudged(history)) == []
