"""Histories that contain every event type, late entries, imports and partial dates, from a seed."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from tests.projections.chronicle import Chronicle
from tests.projections.makers import MAKERS, OFTEN, beginning


def history(seed: int, steps: int, spoken: str = "") -> list[Recorded[Fact]]:
    """The same for the same numbers; more steps only add to its end."""
    told = Chronicle(Random(seed), spoken)
    for stream, fact in beginning(told):
        told.record(stream, fact, at_once=True)
    kinds = [*MAKERS, *OFTEN]
    for _ in range(steps):
        told.pass_days()
        moved = told.random.random()
        if moved < 0.03:
            told.begin_import()
        elif moved < 0.1:
            told.end_import()
        elif moved < 0.2:
            told.speak()
        elif moved < 0.27:
            told.record(*told.correct(lambda kind: MAKERS[kind](told)[1]))
        else:
            told.record(*MAKERS[told.one_of(kinds)](told))
    return told.log


HISTORIES = st.builds(history, st.integers(0, 2**32), st.integers(0, 100))
