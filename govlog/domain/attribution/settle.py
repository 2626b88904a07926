"""The answers for all instalments of a product at one size of the log (rules 6-9 and 13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.attribution.answer import Circumstances, circumstances
from govlog.domain.attribution.draw import Drawn
from govlog.domain.attribution.drawing import Drawing
from govlog.domain.attribution.shares import Share, Verdict
from govlog.domain.attribution.terms import judge_commissions
from govlog.domain.authorities import Authorities
from govlog.domain.commitment import Instalment, Product
from govlog.domain.facts import Facts
from govlog.domain.sweep import Step, Tail, sweep
from govlog.domain.values import Key, Span


class Settlement(Struct, frozen=True):
    """The verdicts of a product's instalments, and what its commissions have given."""

    circumstances: Circumstances
    verdicts: Map[Key, Verdict] = Map()
    drawn: Map[Key, Drawn] = Map()
    """By commission, over its life."""
    void_drawn: Map[Key, Drawn] = Map()
    """By commission, what it would have given besides, had all its acts had authority (rule 8)."""
    tail: Tail = Tail()


def settle(product: Product, facts: Facts) -> Settlement:
    """Answer for every instalment of the product, as known in `facts`."""
    return _drawn(Settlement(around(product, Authorities(facts))), product.instalments.values())


def around(product: Product, authorities: Authorities) -> Circumstances:
    """What stands about the product apart from its instalments, judged."""
    return circumstances(product, judge_commissions(product, authorities), authorities)


def extend(settlement: Settlement, *instalments: Instalment) -> Settlement | None:
    """Answer for further instalments; None where one does not certainly come after all before.

    Equal to settling anew, at a cost that does not grow with the instalments there are.
    """
    for each in instalments:
        if each.attributed and not settlement.tail.precedes(each.bound, each.index):
            return None
    return _drawn(settlement, instalments)


def preview(settlement: Settlement, product: Product, asked: Instalment) -> Verdict:
    """The verdict on an instalment that is only asked about: would it be covered?"""
    extended = extend(settlement, asked)
    if extended is None:
        empty = Settlement(settlement.circumstances)
        extended = _drawn(empty, (*product.instalments.values(), asked))
    return extended.verdicts[asked.instalment]


class _Placed(Struct, frozen=True):
    instalment: Instalment

    @property
    def day(self) -> Span:
        return self.instalment.bound

    @property
    def index(self) -> int:
        return self.instalment.index


def _drawn(start: Settlement, instalments: Iterable[Instalment]) -> Settlement:
    drawing = Drawing(start.circumstances, start.drawn, start.void_drawn)
    verdicts = start.verdicts.mutate()
    tail = start.tail
    for verdict, instalment in in_turn(drawing, [each for each in instalments if each.attributed]):
        verdicts[verdict.instalment] = verdict
        tail = tail.after(instalment.bound, instalment.index)
    return replace(
        start,
        verdicts=verdicts.finish(),
        drawn=drawing.drawn.finish(),
        void_drawn=drawing.void_drawn.finish(),
        tail=tail,
    )


def in_turn(
    drawing: Drawing, attributed: Sequence[Instalment]
) -> Iterable[tuple[Verdict, Instalment]]:
    """Draw instalments in their order, which is that of the last day each may be bound on."""
    if len(attributed) == 1 and attributed[0].bound.certain:
        (only,) = attributed
        return ((_verdict(only, drawing.at_once(only)), only),)
    return _by_steps(drawing, attributed)


def _by_steps(
    drawing: Drawing, attributed: Sequence[Instalment]
) -> Iterator[tuple[Verdict, Instalment]]:
    for step, placed in sweep(_Placed(each) for each in attributed):
        instalment = placed.instalment
        certain = instalment.bound.certain
        if step is Step.MUST:
            shares = drawing.at_once(instalment) if certain else drawing.must(instalment)
            yield _verdict(instalment, shares), instalment
        elif not certain:
            drawing.may(instalment)


def _verdict(instalment: Instalment, shares: tuple[Share, ...]) -> Verdict:
    return Verdict(
        instalment.instalment,
        instalment.investor,
        instalment.amount.currency,
        instalment.bound,
        shares,
    )
