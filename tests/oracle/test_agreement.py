"""The product and the oracle answer alike, over histories that came in through the front door."""

from __future__ import annotations

import pytest

from tests.oracle.stretches import FULL, PARTIAL, agree

# The same histories for everybody, so that nobody's work waits for luck; `make oracle` has more.


@pytest.mark.parametrize("number", range(2))
def test_every_view_agrees_with_the_oracle_where_all_dates_are_full(number: int) -> None:
    assert agree(number, FULL).rows > 1000


def test_nothing_is_called_certain_that_some_possibility_denies() -> None:
    assert agree(1, PARTIAL).rows > 500
