"""How often one client may do a thing."""

from __future__ import annotations

import pytest

from api.rates import Rate
from govlog.domain.errors import MalformedValue


def test_a_client_may_go_on_when_its_window_has_ended_and_others_are_not_counted_with_it() -> None:
    now = [100.0]
    rate = Rate("2/minute", clock=lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    assert rate.allows("b")
    now[0] += 59
    assert not rate.allows("a")
    now[0] += 1
    assert rate.allows("a")


@pytest.mark.parametrize("text", ["", "5", "0/minute", "x/minute", "5/week", "-1/second", "٣/hour"])
def test_a_rate_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(MalformedValue):
        Rate(text)
