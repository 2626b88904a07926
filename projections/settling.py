"""A settlement that can go back: one more fact costs only what it may change.

Instalments are drawn in groups of which each certainly comes after all before; what the commissions
had given after every group is kept (these states share almost everything). An instalment that is
recorded out of order, or with a partial date, undoes the groups it may come before and has them
drawn again with it. When commissions change, a group is drawn again only where that may make a
difference to it, or where what was drawn before it has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from immutables import Map
from msgspec import Struct

from govlog.domain.attribution import Reason, Verdict
from govlog.domain.attribution.answer import Circumstances
from govlog.domain.attribution.draw import Drawn
from govlog.domain.attribution.drawing import Drawing
from govlog.domain.attribution.fitting import out_of_reach
from govlog.domain.attribution.settle import in_turn
from govlog.domain.attribution.terms import Judged
from govlog.domain.commitment import Instalment
from govlog.domain.sweep import Tail
from govlog.domain.tri import YES, ordered
from govlog.domain.values import Key

Changes = Mapping[Key, tuple[Judged | None, Judged]]
"""Commissions that are other than before: as they were, where they were there, and as they are."""


class Group(Struct, frozen=True):
    """Instalments that have to be drawn together, and what commissions had given after them."""

    members: tuple[Instalment, ...]
    drawn: Map[Key, Drawn]
    void_drawn: Map[Key, Drawn]
    tail: Tail


_NOTHING = Group((), Map(), Map(), Tail())


class Settling:
    """The verdicts of one product as facts come in; equal to settling it anew each time."""

    def __init__(self, around: Circumstances) -> None:
        self.around = around
        self.judged = _by_key(around)
        """Its commissions with the authority of everything about them."""
        self.verdicts: dict[Key, Verdict] = {}
        self.groups: list[Group] = []

    @property
    def last(self) -> Group:
        """The state after all instalments so far."""
        return self.groups[-1] if self.groups else _NOTHING

    def add(self, instalments: Iterable[Instalment]) -> dict[Key, Verdict]:
        """Take further instalments in; answers the verdicts that are other than before."""
        waiting = [each for each in instalments if each.attributed]
        while self.groups and not _all_after(self.groups[-1].tail, waiting):
            waiting.extend(self.groups.pop().members)
        fresh: dict[Key, Verdict] = {}
        for members in _groups(waiting):
            self.groups.append(self._drawn(self.last, members, fresh))
        return fresh

    def change(self, around: Circumstances) -> dict[Key, Verdict]:
        """Look again where commissions have changed; answers the verdicts that are other."""
        flags = (around.admitted, around.pauses) == (self.around.admitted, self.around.pauses)
        earlier, self.around, self.judged = self.judged, around, _by_key(around)
        changed = _changed(earlier, self.judged) if flags else None
        fresh: dict[Key, Verdict] = {}
        before = _NOTHING
        moved = False
        for place, group in enumerate(self.groups):
            if moved or not all(self._untouched(each, changed) for each in group.members):
                after = self._drawn(before, group.members, fresh)
                moved = (after.drawn, after.void_drawn) != (group.drawn, group.void_drawn)
                self.groups[place] = after
            before = self.groups[place]
        return fresh

    def _drawn(
        self, before: Group, members: tuple[Instalment, ...], fresh: dict[Key, Verdict]
    ) -> Group:
        """Draw a group after what was drawn before it, and tell which verdicts are other."""
        drawing, tail = Drawing(self.around, before.drawn, before.void_drawn), before.tail
        for verdict, instalment in in_turn(drawing, members):
            name = verdict.instalment
            if self.verdicts.get(name) != verdict:
                self.verdicts[name] = fresh[name] = verdict
            tail = tail.after(instalment.bound, instalment.index)
        return Group(members, drawing.drawn.finish(), drawing.void_drawn.finish(), tail)

    def _untouched(self, instalment: Instalment, changes: Changes | None) -> bool:
        """Whether none of the commissions that are other makes a difference to it.

        That is sure where they cover nothing of it, before or now, and others answer for what is at
        its own risk: the one it relies on (rule 8), or none is needed. And where it is covered
        whole, by commissions that are as they were and surely tried before all that are not.
        """
        if changes is None or instalment.relies_on in changes or not instalment.bound.certain:
            return False
        covering = self._covering_whole(instalment)
        named = self.judged.get(instalment.relies_on) if instalment.relies_on else None
        if covering is None and (named is None or named.authority.given is not YES):
            return False
        return all(
            (covering is not None and all(_surely_before(one, now) for one in covering))
            or (out_of_reach(now, instalment) and (was is None or out_of_reach(was, instalment)))
            for was, now in changes.values()
        )

    def _covering_whole(self, instalment: Instalment) -> list[Judged] | None:
        """The commissions that cover all of it; None where some is not covered for sure."""
        covering = []
        for share in self.verdicts[instalment.instalment].shares:
            if share.reason is not Reason.COVERED or share.commission is None:
                return None
            covering.append(self.judged[share.commission])
        return covering


def _all_after(tail: Tail, instalments: Iterable[Instalment]) -> bool:
    return all(tail.precedes(each.bound, each.index) for each in instalments)


def _by_key(around: Circumstances) -> dict[Key, Judged]:
    return {each.commission.commission: each for each in around.judged}


def _changed(before: Mapping[Key, Judged], after: Mapping[Key, Judged]) -> Changes:
    return {
        name: (before.get(name), each) for name, each in after.items() if before.get(name) != each
    }


def _surely_before(one: Judged, other: Judged) -> bool:
    first, second = one.commission.granted, other.commission.granted
    return ordered((first.decided, first.index), (second.decided, second.index)) is YES


def _groups(instalments: list[Instalment]) -> Iterable[tuple[Instalment, ...]]:
    """In order of days, uncertain ones first among those that may begin on the same day: so what
    certainly comes after one certainly comes after all before that one."""
    if len(instalments) == 1:
        return (tuple(instalments),)
    groups: list[tuple[Instalment, ...]] = []
    group: list[Instalment] = []
    tail = Tail()
    for each in sorted(instalments, key=_in_order):
        if group and tail.precedes(each.bound, each.index):
            groups.append(tuple(group))
            group = []
        group.append(each)
        tail = tail.after(each.bound, each.index)
    if group:
        groups.append(tuple(group))
    return groups


def _in_order(instalment: Instalment) -> tuple[object, ...]:
    return instalment.bound.earliest, instalment.bound.certain, instalment.index
