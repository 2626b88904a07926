"""Sums that run on from day to day: one more item costs only what comes after its day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from decimal import Decimal
from operator import add

Vector = tuple[Decimal, ...]


class Running:
    """Amounts that change on days, and their sums at the end of each of those days."""

    def __init__(self, width: int) -> None:
        """`width` amounts are summed beside each other."""
        self._zero: Vector = (Decimal("0.00"),) * width
        self._days: list[date] = []
        self._changes: list[Vector] = []
        self._sums: list[Vector] = []
        self._summed = 0
        """How many of the sums are still right."""

    def add(self, day: date, change: Vector) -> None:
        """From this day on everything is more (or less) by this."""
        if not self._days or day > self._days[-1]:
            self._days.append(day)
            self._changes.append(change)
            self._sums.append(self._zero)
            return
        place = bisect_left(self._days, day)
        if self._days[place] == day:
            self._changes[place] = _plus(self._changes[place], change)
        else:
            self._days.insert(place, day)
            self._changes.insert(place, change)
            self._sums.insert(place, self._zero)
        if place < self._summed:
            self._summed = place

    def at(self, day: date) -> Vector:
        """The sums at the end of a day."""
        self._sum_up()
        place = bisect_right(self._days, day)
        return self._sums[place - 1] if place else self._zero

    def turning(self, since: date) -> list[date]:
        """The days on which a sum changed, from the one that holds on `since` on."""
        return [day for day, _ in self.sums(since)]

    def sums(self, since: date) -> list[tuple[date, Vector]]:
        """The same days, each with the sums at its end."""
        self._sum_up()
        place = bisect_right(self._days, since)
        while place and self._same_before(place - 1):
            place -= 1
        first = max(0, place - 1)
        before = self._sums[first - 1] if first else self._zero
        found = []
        for place in range(first, len(self._days)):
            after = self._sums[place]
            if after != before:
                found.append((self._days[place], after))
                before = after
        return found

    def _same_before(self, place: int) -> bool:
        """What was added and taken off again on a day leaves no trace in the answer."""
        before = self._sums[place - 1] if place else self._zero
        return before == self._sums[place]

    def _sum_up(self) -> None:
        total = self._sums[self._summed - 1] if self._summed else self._zero
        for place in range(self._summed, len(self._days)):
            total = self._sums[place] = _plus(total, self._changes[place])
        self._summed = len(self._days)


def _plus(one: Vector, other: Vector) -> Vector:
    return tuple(map(add, one, other))
