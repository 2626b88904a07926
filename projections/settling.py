"""A settlement that can go back: one more instalment costs only what may come after it.

Instalments are drawn in groups of which each certainly comes after all before; the settlement after
every group is kept (they share almost everything). An instalment that is recorded out of order, or
with a partial date, undoes the groups it may come before and has them drawn again with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.attribution import Settlement, settle
from govlog.domain.attribution.settle import extend
from govlog.domain.commitment import Instalment, Product
from govlog.domain.facts import Facts
from govlog.domain.sweep import Tail
from govlog.domain.values import Key


class Group(Struct, frozen=True):
    """Instalments that have to be drawn together, and the settlement after them."""

    members: tuple[Instalment, ...]
    after: Settlement


class Settling:
    """The verdicts of one product as its instalments come in."""

    def __init__(self, product: Product, facts: Facts) -> None:
        self._empty = settle(replace(product, instalments=Map()), facts)
        self._groups: list[Group] = []
        self.add(product.instalments.values())

    @property
    def now(self) -> Settlement:
        """The settlement with all instalments so far; equal to settling them at once."""
        return self._groups[-1].after if self._groups else self._empty

    def add(self, instalments: Iterable[Instalment]) -> set[Key]:
        """Take further instalments in; answers whose verdicts may be other than before."""
        waiting = [each for each in instalments if each.attributed]
        while self._groups and not all(self._certainly_last(each) for each in waiting):
            waiting.extend(self._groups.pop().members)
        for group in _groups(waiting):
            after = extend(self.now, *group)
            if after is None:
                raise AssertionError("a group comes after all groups before it")
            self._groups.append(Group(group, after))
        return {each.instalment for each in waiting}

    def judge_again(self, product: Product, facts: Facts) -> bool:
        """Look again at what commissions rest on; whether all verdicts were worked out anew."""
        empty = settle(replace(product, instalments=Map()), facts)
        if empty.circumstances == self._empty.circumstances:
            return False
        self._empty = empty
        self._groups = []
        self.add(product.instalments.values())
        return True

    def _certainly_last(self, instalment: Instalment) -> bool:
        return self.now.tail.precedes(instalment.bound, instalment.index)


def _groups(instalments: list[Instalment]) -> Iterator[tuple[Instalment, ...]]:
    """In order of days, uncertain ones first among those that may begin on the same day: so what
    certainly comes after one certainly comes after all before that one."""
    group: list[Instalment] = []
    tail = Tail()
    for each in sorted(instalments, key=_in_order):
        if group and tail.precedes(each.bound, each.index):
            yield tuple(group)
            group = []
        group.append(each)
        tail = tail.after(each.bound, each.index)
    if group:
        yield tuple(group)


def _in_order(instalment: Instalment) -> tuple[object, ...]:
    return instalment.bound.earliest, instalment.bound.certain, instalment.index
