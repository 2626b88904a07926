"""Which shares lost their place to a fact recorded later (rule 11): by answering at every size."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Approved
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId
from tests.oracle.bearing import NOUGHT, Bearing
from tests.oracle.counting import Log, counted
from tests.oracle.grounds import Grounds
from tests.oracle.world import worlds

Marks = list[tuple[frozenset[str], Decimal]]
"""Amounts that lost their place, with the facts that began to count just then."""


def displaced(log: Log, product: StreamId) -> dict[Key, Marks]:
    """Of each instalment what lost its place and did not get it back, the latest last.

    What an act without authority would have covered has not lost its place: it is `authority_void`;
    nor has what a correction takes off the amount, for it never was.
    """
    marks: dict[Key, Marks] = {}
    before: dict[Key, tuple[Decimal, Decimal, Decimal]] = {}
    for size in range(1, len(log) + 1):
        newest = log[size - 1].fact
        if newest.pending:
            continue
        facts = frozenset(_named(log[size - 1]))
        days = next(worlds(counted(log[:size]), [], 1))
        bearing = Bearing(Grounds(log[:size], days), product)
        after = {
            name: (
                sum((part.amount for part in parts if part.bearer == "community"), NOUGHT),
                sum((part.amount for part in parts if part.reason == "authority_void"), NOUGHT),
                sum((part.amount for part in parts), NOUGHT),
            )
            for name, parts in bearing.parts.items()
        }
        for name, (covered, void, amount) in after.items():
            if name in before:
                lost = before[name][0] - covered - max(NOUGHT, void - before[name][1])
                grown = amount - before[name][2]
                # An amount that a correction changes is neither lost nor come back.
                lost = max(NOUGHT, lost + min(grown, NOUGHT)) or min(
                    NOUGHT, lost + max(grown, NOUGHT)
                )
                _book(marks.setdefault(name, []), facts, lost)
                _fit(marks[name], amount - covered - void)
        before = after
    return marks


def _named(newest: Recorded[Fact]) -> Iterator[str]:
    """The fact itself; of several that an approval makes count as a whole, the approval, too."""
    if isinstance(newest.fact, Approved):
        yield from newest.fact.facts
    if not isinstance(newest.fact, Approved) or len(newest.fact.facts) > 1:
        yield newest.id


def _book(marks: Marks, facts: frozenset[str], lost: Decimal) -> None:
    if lost > 0:
        marks.append((facts, lost))
    while lost < 0 and marks:
        known, held = marks.pop()
        lost += held
        if lost > 0:
            marks.append((known, lost))


def _fit(marks: Marks, uncovered: Decimal) -> None:
    """What a correction takes off the amount is not at risk, whatever it had lost to."""
    left = uncovered
    for place, (facts, lost) in enumerate(tuple(marks)):
        marks[place] = facts, min(lost, left)
        left -= marks[place][1]
    marks[:] = [each for each in marks if each[1]]
