"""Every view of what is invested in one product beside the oracle: all that happens bears on it."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from tests.domain.given import History
from tests.oracle.agreement import Asked
from tests.oracle.answers import Possibilities
from tests.oracle.everything import ANSWERED
from tests.projections.built import readable
from tests.projections.community import Answers

DAYS = tuple(date(2024, month, day) for month, day in ((2, 1), (2, 20), (3, 15), (4, 2), (12, 31)))
BEGINNING = 8
"""So many facts there are before the first commission."""

PAIRS = st.tuples(st.sampled_from(DAYS), st.integers(0, 100))


def misshown(history: History, asked: list[tuple[date, int]]) -> list[str]:
    """In words; asked as of days, and as known when some hundredths were not recorded yet."""
    log, found = history.log, list[str]()
    with readable(log) as views, views.snapshot() as now:
        for day, before in asked:
            size = len(log) - (len(log) - BEGINNING) * before // 100
            possible = Possibilities(log[:size], day)
            found += Asked(Answers(now), possible, day, size, ANSWERED).disagreements()
    return found
