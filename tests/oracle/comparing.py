"""A history's views beside the oracle, at pairs of dates; hypothesis makes up both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import strategies as st
from msgspec import Struct

from govlog.domain.values import StreamId
from tests.oracle.agreement import Asked
from tests.oracle.answers import Possibilities
from tests.oracle.counting import Log
from tests.oracle.displacing import displaced
from tests.oracle.everything import ANSWERED, WITH_MONEY, searches
from tests.oracle.histories import HUNDREDTHS, History, histories
from tests.oracle.stories import FIRST_DAY, Steps
from tests.oracle.wording import ASKED
from tests.projections.built import readable
from tests.projections.community import Answers

FEWEST = 15
"""So many facts does a community begin with; there is little to ask about fewer."""


class Pair(Struct, frozen=True, order=True):
    """How far before a history's end to ask: hundredths of its days, and of its length."""

    days: int
    facts: int


END = Pair(0, 0)


class Question(Struct, frozen=True):
    """A history, and at which dates it is asked about."""

    pairs: tuple[Pair, ...]
    history: History
    views: frozenset[str]


class Comparison(Struct):
    """How many rows were compared at how many pairs of dates, and where they disagree, in words."""

    pairs: int
    compared: int
    disagreements: list[str]
    members: dict[str, set[str]]
    """By view, the members of its rows that were compared."""


@st.composite
def questions(
    draw: st.DrawFn, acts: int, pairs: int, partial: float = 0.0, further: Steps = ()
) -> Question:
    """The pairs first, so that they stay what they are while the history shrinks."""
    pair = st.builds(Pair, HUNDREDTHS, HUNDREDTHS)
    asked = draw(st.lists(pair, min_size=pairs, max_size=pairs))
    views = ANSWERED if further else WITH_MONEY
    return Question(tuple(sorted({END, *asked})), draw(histories(acts, partial, further)), views)


def compare(question: Question) -> Comparison:
    """Ask about the end of the history, and at pairs of dates before it until one disagrees."""
    log, last = question.history.log, question.history.last
    texts = question.history.texts
    found = Comparison(0, 0, [], {})
    with readable(log, texts=texts) as views, views.snapshot() as now:
        for pair in question.pairs:
            size = len(log) - (len(log) - FEWEST) * pair.facts // 100
            day = last - timedelta(days=(last - FIRST_DAY).days * pair.days // 99)
            possible = Possibilities(log[:size], day)
            asked = Asked(Answers(now), possible, day, size, question.views)
            found.disagreements += asked.disagreements()
            found.compared += asked.compared
            found.pairs += 1
            for view, members in asked.everything.members.items():
                found.members.setdefault(view, set()).update(members)
            if found.disagreements:
                return found
        if question.views == ANSWERED:
            found.disagreements += searches(now, log, texts, ASKED, last)
        if Possibilities(log, last).full:
            found.disagreements += _displacements(Answers(now), log, last)
    return found


def _displacements(views: Answers, log: Log, day: date) -> Iterator[str]:
    possible = Possibilities(log, day)
    for product in possible.products():
        if possible.settled(product):
            yield from _displaced(views, possible, product, day)


def _displaced(
    views: Answers, possible: Possibilities, product: StreamId, day: date
) -> Iterator[str]:
    """Rule 11: the same amounts have lost their place, to facts that began to count just then."""
    expected = displaced(possible.log, product)
    for each in possible.instalments(product):
        name = each.fact.instalment  # type: ignore[attr-defined]
        row = views.of("investments", f"{product}/{name}", f"{day}")
        shares = row.shares if row.when_bound is None else row.when_bound
        found = [(one.displaced_by, one.amount) for one in shares if one.displaced_by]
        marks = expected.get(name, [])
        strange = [by for by, _ in found if not any(by in facts for facts, _ in marks)]
        credited = any(one.credited for one in possible.told(each, day))
        lost = sum(amount for _, amount in marks)
        if strange or (not credited and sum(amount for _, amount in found) != lost):
            yield f"displaced of {each.id}: view {found}, oracle {marks}"
