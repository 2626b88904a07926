"""What something is called on a day: names come and go, the id stays (rules 2 and 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct

from govlog.domain.tri import surely_last
from govlog.domain.values import Span

N = TypeVar("N")

EVER = Span(date.min, date.min)
"""Since when a party has had the name it was registered under: it is nobody's decision."""


class Called(Struct, Generic[N], frozen=True):
    """A name and the days from which it may have been used."""

    name: N
    since: Span
    index: int


def called_on(names: Sequence[Called[N]], day: date) -> tuple[N, bool]:
    """What it surely is called at the end of a day, and whether partial dates leave no other open.

    Before it has surely had a name, that is its first. Of two names on one day it is the one that
    was recorded last.
    """
    if len(names) == 1:
        only = names[0]
        return only.name, not only.since.earliest <= day < only.since.latest
    begun = [each for each in names if each.since.latest <= day]
    last = max(begun, key=lambda each: (each.since.latest, each.index), default=names[0])
    others = [(each.since, each.index) for each in begun if each is not last]
    waiting = any(each.since.earliest <= day < each.since.latest for each in names)
    return last.name, not waiting and surely_last((last.since, last.index), others)
