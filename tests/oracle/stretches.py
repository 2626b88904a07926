"""Stretches of histories: always the same for the same number, wherever they are made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from msgspec import Struct

from tests.oracle.chapters import CHAPTERS
from tests.oracle.comparing import Question, compare, questions

T = TypeVar("T")
LENGTH = 9
"""Histories in a stretch. From the tenth on hypothesis would vary those before, which here is a
waste: what differs in one act is mostly the same history."""
FULL = questions(acts=35, pairs=6)
"""About money, and asked about the views that show it."""
PARTIAL = questions(acts=20, pairs=4, partial=0.1)
"""Shorter, for each is answered in many worlds."""
BROAD = questions(acts=50, pairs=4, further=CHAPTERS)
"""About everything, and asked about every view."""
BROAD_PARTIAL = questions(acts=25, pairs=3, partial=0.06, further=CHAPTERS)


class Tally(Struct):
    """How much was compared in a stretch."""

    histories: int = 0
    pairs: int = 0
    rows: int = 0
    members: dict[str, set[str]] = {}
    """By view, the members of its rows."""


def each_of(
    number: int, made: st.SearchStrategy[T], look: Callable[[T], None], *, shrink: bool = True
) -> None:
    """Look at all that hypothesis makes up for a number; what fails shrinks to what matters."""

    @seed(number)
    @settings(
        max_examples=LENGTH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=tuple(Phase) if shrink else (Phase.generate,),
    )
    @given(made)
    def run(one: T) -> None:
        look(one)

    run()


def agree(number: int, asked: st.SearchStrategy[Question], *, shrink: bool = True) -> Tally:
    """Hold a stretch to the oracle; AssertionError, in words, where a view disagrees."""
    tally = Tally()

    def look(question: Question) -> None:
        found = compare(question)
        tally.histories += 1
        tally.pairs += found.pairs
        tally.rows += found.compared
        for view, members in found.members.items():
            tally.members.setdefault(view, set()).update(members)
        assert not found.disagreements, "\n".join(found.disagreements)

    each_of(number, asked, look, shrink=shrink)
    return tally
