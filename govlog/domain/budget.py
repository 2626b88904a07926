"""Budgets: mandates limited by the sum of what was decided under them (rule 15).

An act fits when the ceilings, raises and assumptions decided before it under the same mandate leave
room for it whole. With partial dates the sums are bounds, as in `sweep`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain

from govlog.domain.authority import NOTHING, ActOf, Amount, Authority, holds, judge
from govlog.domain.authority import within_single_limit as fits_alone
from govlog.domain.body import Body, Mandate
from govlog.domain.commitment import Amendment, Commission, Product
from govlog.domain.events.body import ActKind, LimitKind
from govlog.domain.facts import Facts
from govlog.domain.risk import Assumption
from govlog.domain.sweep import Step, sweep
from govlog.domain.tri import MAYBE, NO, YES, Tri
from govlog.domain.values import Ceiling, CeilingKind, Key, Span, StreamId


class Authorities:
    """Judges acts at one size of the log, remembering verdicts and budget places."""

    def __init__(self, facts: Facts, proposed: ActOf | None = None) -> None:
        """With an act that is not in the log yet, and takes its place under the budgets too."""
        self.facts = facts
        self._proposed = () if proposed is None else (proposed,)
        self._judged: dict[str, Authority] = {}
        self._places: dict[StreamId, dict[str, Tri]] = {}

    def of(self, act: ActOf) -> Authority:
        """The authority of an act, budgets included."""
        fact = act.taken.fact
        if fact not in self._judged:
            self._judged[fact] = judge(act, self.facts, self._place(act))
        return self._judged[fact]

    def _place(self, act: ActOf) -> Tri | None:
        if act.amount == NOTHING or act.taken.resolution is None:
            return None
        resolution = self.facts.resolution(act.taken.resolution)
        if resolution is None:
            return None
        if resolution.body not in self._places:
            self._fill(resolution.body)
        return self._places[resolution.body].get(act.taken.fact)

    def _fill(self, stream: StreamId) -> None:
        """What an amendment raises follows from whether those before it found a place.

        So all are placed as if all found one; where some do not, again without these, until the
        same are left out. Each time at least one more act is settled, in the order decided.
        """
        self._places[stream] = {}
        body = self.facts.body(stream)
        left_out: frozenset[str] = frozenset()
        tried: set[frozenset[str]] = set()
        while body is not None and left_out not in tried:
            tried.add(left_out)
            found = self._places[stream] = places(body, self, self._proposed)
            left_out = frozenset(fact for fact, place in found.items() if place is NO)

    def ceiling_before(
        self, product: Product, commission: Commission, amendment: Amendment
    ) -> Ceiling:
        """The ceiling an amendment starts from: one without authority changes nothing (rule 15)."""
        ceiling = commission.ceiling
        for earlier in sorted(commission.amendments, key=_in_order):
            if _in_order(earlier) >= _in_order(amendment):
                break
            if earlier.ceiling is None:
                continue
            raised = _raise(ceiling, earlier.ceiling)
            act = ActOf(ActKind.AMENDMENT, product.stream, raised, earlier.taken)
            if judge(act, self.facts, self._place(act)).given is not NO:
                ceiling = earlier.ceiling
        return ceiling


def grant_of(product: Product, commission: Commission) -> ActOf:
    """A grant as an act: it commits its whole ceiling."""
    return ActOf(
        ActKind.COMMISSION, product.stream, amount_of(commission.ceiling), commission.granted
    )


def amendment_of(
    product: Product, commission: Commission, amendment: Amendment, authorities: Authorities
) -> ActOf:
    """An amendment as an act: it commits what it raises the ceiling by."""
    raised = NOTHING
    if amendment.ceiling is not None:
        before = authorities.ceiling_before(product, commission, amendment)
        raised = _raise(before, amendment.ceiling)
    return ActOf(ActKind.AMENDMENT, product.stream, raised, amendment.taken)


def assumption_of(assumption: Assumption) -> ActOf:
    """An assumption as an act: it commits its amount."""
    return ActOf(
        ActKind.ASSUMPTION,
        assumption.product,
        Amount(assumption.currency, assumption.amount),
        assumption.taken,
    )


def amount_of(ceiling: Ceiling) -> Amount:
    """A ceiling as a commitment: open where it is none or unknown."""
    if ceiling.kind is CeilingKind.AMOUNT and ceiling.amount is not None:
        return Amount(ceiling.currency, ceiling.amount)
    return Amount(ceiling.currency, open=True)


def _raise(before: Ceiling, after: Ceiling) -> Amount:
    new = amount_of(after)
    old = amount_of(before)
    if new.open or old.open or new.currency != old.currency:
        return NOTHING if old.open and not new.open else new
    return Amount(new.currency, new.value - old.value) if new.value > old.value else NOTHING


def _in_order(amendment: Amendment) -> tuple[Span, int]:
    return amendment.taken.decided, amendment.taken.index


def places(body: Body, authorities: Authorities, proposed: Iterable[ActOf] = ()) -> dict[str, Tri]:
    """Whether each act that needs a budget of the body fits into it, by the act's event id.

    `proposed` are acts under resolutions of the body that are not in the log yet.
    """
    budgets = [each for each in body.mandates.values() if each.limit_kind is LimitKind.BUDGET]
    if not budgets:
        return {}
    budgets.sort(key=lambda mandate: mandate.index)
    needing = {
        act.taken.fact: (act, open_to)
        for act in chain(_acts_under(body, authorities), proposed)
        if (open_to := _open_to(act, body, budgets, authorities.facts))
    }
    return _fill(needing)


def _fill(needing: dict[str, tuple[ActOf, list[Mandate]]]) -> dict[str, Tri]:
    at_least: defaultdict[Key, Decimal] = defaultdict(Decimal)
    at_most: defaultdict[Key, Decimal] = defaultdict(Decimal)
    taken_at_most: dict[tuple[str, Key], Decimal] = {}
    placed: dict[str, Tri] = {}
    for step, act in sweep(act for act, _ in needing.values()):
        fact, value = act.taken.fact, act.amount.value
        possible = [
            mandate
            for mandate in needing[fact][1]
            if (fact, mandate.mandate) in taken_at_most
            or (step is Step.MAY and at_least[mandate.mandate] + value <= _limit(mandate))
        ]
        if step is Step.MAY:
            for mandate in possible:
                at_most[mandate.mandate] += value
                taken_at_most[fact, mandate.mandate] = value
            continue
        certain = [each for each in possible if at_most[each.mandate] <= _limit(each)]
        placed[fact] = YES if certain else MAYBE if possible else NO
        if certain and certain[0] is possible[0]:
            at_least[certain[0].mandate] += value
    return placed


def _limit(mandate: Mandate) -> Decimal:
    return mandate.limit.amount if mandate.limit is not None else Decimal(0)


def _open_to(act: ActOf, body: Body, budgets: list[Mandate], facts: Facts) -> list[Mandate]:
    """The budgets an act would have to fit; none where it has no authority or needs no budget."""
    resolution = facts.resolution(act.taken.resolution) if act.taken.resolution else None
    if resolution is None or resolution.outcome is None or judge(act, facts).given is NO:
        return []
    day = resolution.outcome.day
    for mandate in body.mandates.values():
        limited = mandate.limit_kind is LimitKind.BUDGET
        alone = mandate.limit_kind is LimitKind.UNLIMITED or fits_alone(mandate, act.amount)
        if not limited and alone and holds(mandate, act, day, facts) is YES:
            return []
    return [
        each
        for each in budgets
        if fits_alone(each, act.amount) and holds(each, act, day, facts) is not NO
    ]


def _acts_under(body: Body, authorities: Authorities) -> Iterator[ActOf]:
    facts = authorities.facts
    for stream in sorted(facts.citing(body.stream, "resolution")):
        resolution = facts.resolution(stream)
        if resolution is None or resolution.body != body.stream:
            continue
        for product in sorted(facts.citing(stream, "product")):
            yield from _under(stream, _acts_of(facts.product(product), authorities))
        for risk in sorted(facts.citing(stream, "risk")):
            decision = facts.risk(risk)
            if decision is not None:
                yield from _under(stream, map(assumption_of, decision.assumptions))


def _under(resolution: StreamId, acts: Iterable[ActOf]) -> Iterator[ActOf]:
    return (act for act in acts if act.taken.resolution == resolution and act.amount != NOTHING)


def _acts_of(product: Product | None, authorities: Authorities) -> Iterator[ActOf]:
    if product is None:
        return
    for commission in product.commissions.values():
        yield grant_of(product, commission)
        for amendment in commission.amendments:
            yield amendment_of(product, commission, amendment, authorities)
