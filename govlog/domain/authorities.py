"""Judges acts whose authority hangs on others: raises of a ceiling, draws on a budget (rule 15).

Acts that bear on each other form a circle. One sweep through it, in the order decided, meets every
act when all that matters to it is settled as far as it ever will be.
"""

from __future__ import annotations

from collections.abc import Iterator

from govlog.domain.authority import NOTHING, ActOf, Authority, judge
from govlog.domain.budget import Budgets, budgets_of
from govlog.domain.commitment import Commission, Product
from govlog.domain.facts import Facts
from govlog.domain.raising import AmendmentOf, assumption_of, grant_of, raised, without_raise
from govlog.domain.sweep import Step, sweep
from govlog.domain.tri import MAYBE, NO, Tri
from govlog.domain.values import StreamId

AnyAct = ActOf | AmendmentOf


class Authorities:
    """Judges acts at one size of the log, remembering the verdicts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._judged: dict[str, Authority] = {}
        self._budgeted: dict[StreamId, bool] = {}

    def of(self, act: AnyAct) -> Authority:
        """The authority of an act; one that is not in the log yet takes its place in it, too."""
        fact = act.taken.fact
        if fact not in self._judged:
            if self._hangs_on_others(act):
                self._settle(act)
            else:
                self._judged[fact] = judge(_plain(act), self.facts)
        return self._judged[fact]

    def _hangs_on_others(self, act: AnyAct) -> bool:
        if isinstance(act, AmendmentOf):
            return act.amendment.ceiling is not None
        return act.amount != NOTHING and self._budgeting(act) is not None

    def _settle(self, act: AnyAct) -> None:
        budgets = Budgets(self.facts)
        acts: dict[str, ActOf] = {}
        for step, each in sweep(self._circle(act)):
            fact = each.taken.fact
            if step is Step.MAY:
                acts[fact] = raised(each, self._given) if isinstance(each, AmendmentOf) else each
                budgets.begin(acts[fact])
            else:
                place = budgets.settle(acts[fact])
                self._judged[fact] = judge(acts[fact], self.facts, place)

    def _given(self, amendment: AmendmentOf) -> Tri:
        """Whether an amendment has authority, as far as that is settled."""
        judged = self._judged.get(amendment.taken.fact)
        if judged is not None:
            return judged.given
        at_best = judge(without_raise(amendment), self.facts).given
        return NO if at_best is NO else MAYBE

    def _circle(self, act: AnyAct) -> list[AnyAct]:
        """All acts that bear on an act: of the same commission, under budgets of the same body."""
        found: dict[str, AnyAct] = {}
        bodies: set[StreamId] = set()
        pending = [act]
        while pending:
            each = pending.pop()
            if each.taken.fact in found:
                continue
            found[each.taken.fact] = each
            if isinstance(each, AmendmentOf):
                pending.extend(_amendments(each.product, each.commission))
            body = self._budgeting(each)
            if body is not None and body not in bodies:
                bodies.add(body)
                pending.extend(_acts_under(body, self.facts))
        return list(found.values())

    def _budgeting(self, act: AnyAct) -> StreamId | None:
        """The body whose budgets an act may draw on; None where its body has none."""
        if act.taken.resolution is None:
            return None
        resolution = self.facts.resolution(act.taken.resolution)
        if resolution is None:
            return None
        stream = resolution.body
        if stream not in self._budgeted:
            body = self.facts.body(stream)
            self._budgeted[stream] = body is not None and bool(budgets_of(body))
        return stream if self._budgeted[stream] else None


def _plain(act: AnyAct) -> ActOf:
    return without_raise(act) if isinstance(act, AmendmentOf) else act


def _amendments(product: StreamId, commission: Commission) -> Iterator[AmendmentOf]:
    """Those that may raise its ceiling."""
    for each in commission.amendments:
        if each.ceiling is not None:
            yield AmendmentOf(product, commission, each)


def _acts_under(body: StreamId, facts: Facts) -> Iterator[AnyAct]:
    """All that the resolutions of a body commit."""
    for stream in facts.citing(body, "resolution"):
        resolution = facts.resolution(stream)
        if resolution is None or resolution.body != body:
            continue
        for name in facts.citing(stream, "product"):
            product = facts.product(name)
            if product is not None:
                yield from (each for each in _acts_of(product) if each.taken.resolution == stream)
        for name in facts.citing(stream, "risk"):
            risk = facts.risk(name)
            for assumption in risk.assumptions if risk is not None else ():
                if assumption.taken.resolution == stream:
                    yield assumption_of(assumption)


def _acts_of(product: Product) -> Iterator[AnyAct]:
    for commission in product.commissions.values():
        yield grant_of(product, commission)
        yield from _amendments(product.stream, commission)
