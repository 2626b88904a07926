"""One made-up history, its views and the oracle, asked at pairs of dates drawn from its number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from msgspec import Struct

from govlog.domain.values import StreamId
from tests.oracle.agreement import Asked
from tests.oracle.answers import Possibilities
from tests.oracle.counting import Log
from tests.oracle.displacing import displaced
from tests.oracle.stories import FIRST_DAY, told
from tests.projections.built import readable
from tests.projections.community import Answers


class Comparison(Struct):
    """How many rows were compared, and where they disagree, in words."""

    compared: int
    disagreements: list[str]


def compare(seed: int, steps: int, partial: float, pairs: int) -> Comparison:
    """Tell a history; ask about its end, and about pairs of a day and a size before it."""
    with told(seed, steps, partial) as t:
        log, last = t.log, t.day
    found = Comparison(0, [])
    random = Random(seed)
    with readable(log) as views, views.snapshot() as now:
        for number in range(pairs):
            size = random.randrange(15, len(log) + 1) if number else len(log)
            day = _any_day(random, last) if number else last
            asked = Asked(Answers(now), Possibilities(log[:size], day), day, size)
            found.disagreements += asked.disagreements()
            found.compared += asked.compared
        if not partial:
            found.disagreements += _displacements(Answers(now), log, last)
    found.disagreements = [f"history {seed}: {each}" for each in found.disagreements]
    return found


def _any_day(random: Random, last: date) -> date:
    return FIRST_DAY + timedelta(days=random.randrange((last - FIRST_DAY).days + 1))


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
