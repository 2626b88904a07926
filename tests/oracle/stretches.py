"""Stretches of histories: always the same for the same number, wherever they are made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from msgspec import Struct

from tests.oracle.chapters import CHAPTERS
from tests.oracle.comparing import Question, compare, questions
from tests.oracle.mending import MENDING

T = TypeVar("T")
LENGTH = 9
"""Histories in a stretch. From the tenth on hypothesis would vary those before, which here is a
waste: what differs in one act is mostly the same history."""
SMALL_LENGTH = 40
"""Of histories of one matter alone; these are soon looked through."""
FULL = questions(acts=35, pairs=6)
"""About money, and asked about the views that show it."""
PARTIAL = questions(acts=20, pairs=4, partial=0.1)
"""Shorter, for each is answered in many worlds."""
BROAD = questions(acts=50, pairs=4, further=CHAPTERS)
"""About everything, and asked about every view."""
MENDED = questions(acts=40, pairs=4, further=MENDING)
"""The same, with corrections of whatever may be corrected."""
BROAD_PARTIAL = questions(acts=25, pairs=3, partial=0.06, further=CHAPTERS)


class Tally(Struct):
    """How much was compared in a stretch."""

    histories: int = 0
    pairs: int = 0
    rows: int = 0
    members: dict[str, set[str]] = {}
    """By view, the members of its rows."""


def each_of(
    number: int,
    made: st.SearchStrategy[T],
    look: Callable[[T], None],
    *,
    shrink: bool = True,
    length: int = LENGTH,
) -> None:
    """Look at all that hypothesis makes up for a number; what fails shrinks to what matters."""

    @seed(number)
    @settings(
        max_examples=length,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=tuple(Phase) if shrink else (Phase.generate,),
    )
    @given(made)
    def run(one: T) -> None:
        look(one)

    run()


def hold(
    number: int,
    made: st.SearchStrategy[T],
    disagreements: Callable[[T], Iterable[str]],
    *,
    shrink: bool = True,
) -> Tally:
    """Hold made-up histories of one matter to the oracle; AssertionError where any disagrees."""
    tally = Tally()

    def look(one: T) -> None:
        tally.histories += 1
        found = list(disagreements(one))
        assert not found, "\n".join(found)

    each_of(number, made, look, shrink=shrink, length=SMALL_LENGTH)
    return tally


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
