"""The order in which uncertain happenings take from one pot, worked out from bounds (rule 13).

Each item may have happened on any day of its span. Every item is met twice: when it may begin to
take (an upper bound of its own taking needs only what was certainly taken before), and when it must
have (a lower bound needs all that may have been taken before). Sorting these steps once answers
both in near-linear time, without enumerating days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import IntEnum
from typing import Protocol, TypeVar

from msgspec import Struct

from govlog.domain.values import Span


class Step(IntEnum):
    MAY = 0
    MUST = 1


class Placed(Protocol):
    """Something with the days it may have happened and its position in the log."""

    @property
    def day(self) -> Span: ...

    @property
    def index(self) -> int: ...


P = TypeVar("P", bound=Placed)


def sweep(items: Iterable[P]) -> Iterator[tuple[Step, P]]:
    """Yield both steps of every item, so that bounds already known suffice at each.

    On one day come the MAY of uncertain items, then certain items in recording order (rule 2:
    recording breaks ties between equal full days only), then the MUST of uncertain ones.
    """
    steps = []
    for item in items:
        if item.day.certain:
            steps.append((item.day.earliest, 1, item.index, Step.MAY, item))
            steps.append((item.day.earliest, 1, item.index, Step.MUST, item))
        else:
            steps.append((item.day.earliest, 0, item.index, Step.MAY, item))
            steps.append((item.day.latest, 2, item.index, Step.MUST, item))
    steps.sort(key=lambda step: step[:4])
    for *_, step, item in steps:
        yield step, item


class Tail(Struct, frozen=True):
    """The last day in a sweep: what comes certainly after it needs no second look at the rest."""

    latest: date | None = None
    index: int = -1
    certain: bool = True
    """False where an uncertain day may be the latest."""

    def precedes(self, day: Span, index: int) -> bool:
        if self.latest is None or day.earliest > self.latest:
            return True
        return self.certain and day.certain and day.earliest == self.latest and index > self.index

    def after(self, day: Span, index: int) -> Tail:
        if self.latest is None or day.latest > self.latest:
            return Tail(day.latest, index, day.certain)
        if day.latest == self.latest:
            return Tail(self.latest, max(index, self.index), self.certain and day.certain)
        return self
