"""What the oracle answers at two dates: what every possibility agrees on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product as every
from random import Random

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    InstalmentCommitted,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined
from govlog.domain.stream import Recorded
from govlog.domain.values import CeilingKind, Key, StreamId
from tests.oracle.bearing import BOUNDLESS, Bearing, Parts
from tests.oracle.counting import Log, counted
from tests.oracle.grounds import Grounds
from tests.oracle.world import Days, full, worlds

MOST_WORLDS = 60
MOST_EVERY_WAY = 2
"""So many unknown ceilings are tried in every combination."""


class Told(Struct, frozen=True):
    """An instalment in one world on one day."""

    bound: bool
    parts: Parts
    declined: bool
    credited: Decimal
    flags: tuple[str, ...]
    """What shows on the day it was bound, and ends no cover (rule 7g)."""


class Possibilities:
    """Everything known at the end of a log, in every world."""

    def __init__(self, log: Log, asked: date, most: int = MOST_WORLDS, seed: int = 0) -> None:
        self.log, self.asked = log, asked
        self.facts = counted(log)
        self.days = list(worlds(self.facts, [asked], most, seed))
        self.grounds = [Grounds(log, each, facts=self.facts) for each in self.days]
        self._bearings: dict[StreamId, list[Bearing]] = {}

    @property
    def full(self) -> bool:
        """Whether there is one possibility only: every date is full."""
        return all(map(full, self.facts))

    def settled(self, product: StreamId) -> bool:
        """Whether the product's answers are certain: full dates, and no unknown ceiling."""
        return self.full and not any(self._unknown(product))

    def bearings(self, product: StreamId) -> list[Bearing]:
        if product not in self._bearings:
            unknown = list(self._unknown(product))
            self._bearings[product] = [
                Bearing(grounds, product, dict(zip(unknown, amounts, strict=True)))
                for grounds in self.grounds
                for amounts in _amounts(len(unknown), every_way=len(self.grounds) == 1)
            ]
        return self._bearings[product]

    def _unknown(self, product: StreamId) -> Iterator[Key]:
        """Commissions with an unknown ceiling: each may be any amount (rule 9)."""
        found = {
            each.fact.commission
            for each in self.facts
            if each.stream == product
            and isinstance(each.fact, CommissionGranted | CommissionAmended)
            and each.fact.ceiling is not None
            and each.fact.ceiling.kind is CeilingKind.UNKNOWN
        }
        yield from sorted(found)

    def products(self) -> list[StreamId]:
        return list(dict.fromkeys(e.stream for e in self.facts if e.stream.startswith("product:")))

    def instalments(self, product: StreamId) -> list[Recorded[Fact]]:
        return [
            each
            for each in self.facts
            if each.stream == product and isinstance(each.fact, InstalmentCommitted)
        ]

    def risks(self) -> list[Recorded[Fact]]:
        return [each for each in self.facts if isinstance(each.fact, RiskAssumed | RiskDeclined)]

    def told(self, each: Recorded[Fact], day: date) -> list[Told]:
        """An instalment on a day, in every world; its parts as if it was bound by then."""
        return [
            Told(
                bound=bearing.grounds.bound(each)[0] <= day,
                parts=bearing.parts_on(each, day, self.risks())
                if each.fact.instalment in bearing.parts  # type: ignore[attr-defined]
                else (),
                declined=bearing.declined(each, day, self.risks()),
                credited=bearing.credited(each, day),
                flags=tuple(bearing.flags(each)),
            )
            for bearing in self.bearings(each.stream)
        ]


def _amounts(number: int, *, every_way: bool) -> list[tuple[Decimal, ...]]:
    """What so many unknown ceilings may be; of many, all the same and some others."""
    each = [Decimal(0), Decimal(70), Decimal(300), BOUNDLESS]
    if number < 2 or (every_way and number <= MOST_EVERY_WAY):
        return list(every(each, repeat=number))
    random = Random(number)
    same = [(amount,) * number for amount in each]
    return same + [tuple(random.choices(each, k=number)) for _ in range(4)]


__all__ = ["Days", "Possibilities", "Told"]
