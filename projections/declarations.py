"""Declarations: what parties said they mean to put into a product, before any of it was bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.product import InvestmentDeclared, InvestmentWithdrawn
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Money, Personal, Span, Standing, StreamId
from projections.known import Known
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class DeclarationRow(Struct, frozen=True):
    product: StreamId
    investment: Key
    """Its instalments are rows of `investments`."""
    investor: StreamId
    scope_item: str
    amount: Money | None
    standing: Standing
    withdrawn: bool
    """Nothing more will be bound under it (rule 14)."""
    relies_on: Key | None
    purpose: Personal | None
    declared: Span
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, InvestmentDeclared | InvestmentWithdrawn):
            yield f"{each.stream}/{each.fact.investment}"


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, name = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    declared = product.investments.get(Key(name)) if product else None
    if product is None or declared is None:
        return ()

    def on(day: date) -> tuple[DeclarationRow, bool]:
        row = DeclarationRow(
            product=product.stream,
            investment=declared.investment,
            investor=declared.investor,
            scope_item=declared.scope_item,
            amount=declared.amount,
            standing=declared.standing,
            withdrawn=declared.withdrawn is not None and declared.withdrawn.latest <= day,
            relies_on=declared.relies_on,
            purpose=declared.purpose,
            declared=declared.declared,
            fiction=product.fiction,
        )
        return row, not open_on(day, declared.declared, declared.withdrawn)

    days = turning(declared.declared, declared.withdrawn)
    return spells((day for day in days if day >= declared.declared.earliest), on)


DECLARATIONS = View(
    name="declarations",
    row=DeclarationRow,
    reads=frozenset((InvestmentDeclared, InvestmentWithdrawn)),
    touches=touches,
    segments=segments,
    filters=("product", "investor", "withdrawn"),
    scanned=("withdrawn",),
)
