"""Investments: for each instalment who bears the risk, why, and on which authority, on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.attribution import Bearer, Exposure, Share, Verdict
from govlog.domain.commitment import Instalment, Product
from govlog.domain.events import Fact
from govlog.domain.events.dispute import DisputeSettled, InvestmentDisputed
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Money, Span, Standing, StreamId, cents
from projections.disputes import (
    dispute_days,
    disputed_on,
    disputes_about,
    instalments_disputed,
)
from projections.known import Known
from projections.links import MONEY, REACHING
from projections.spells import from_then_on, spells
from projections.view import Segment, View


class BorneBy(StrEnum):
    """Who bears the risk of an instalment as a whole."""

    COMMUNITY = "community"
    INVESTOR = "investor"
    UNDETERMINED = "undetermined"
    MIXED = "mixed"
    NOBODY = "nobody"
    """Nothing is at risk: only sought, proposed or approved (rule 14), or credited in full."""


class InstalmentRow(Struct, frozen=True):
    """An instalment from the day it may have been bound; uncertain until it surely was."""

    product: StreamId
    instalment: Key
    investor: StreamId
    scope_item: str
    amount: Money
    """As bound."""
    at_risk: Decimal
    """What is left of it after credits; the sum of the shares."""
    standing: Standing
    bearer: BorneBy
    open: bool
    """A share is listed until it is assumed or declined (rules 11, 12 and 21)."""
    displaced: bool
    """A share lost its place to a fact recorded later (rule 11)."""
    disputed: bool
    """Somebody does not agree, and that is not settled; only an act changes the answer."""
    shares: tuple[Share, ...]
    when_bound: tuple[Share, ...] | None
    """The shares on the day it was bound, where later facts have changed them."""
    bound: Span
    relies_on: Key | None
    """The commission the investor named."""
    investment: Key | None
    event: str
    """The event that records it: `stream@version`."""
    fiction: bool


_DISPUTING = (InvestmentDisputed, DisputeSettled)


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, _DISPUTING):
            yield from (f"{each.stream}/{name}" for name in instalments_disputed(each, known))
    for product, change in known.changes.items():
        for name in change.instalments:
            yield f"{product}/{name}"


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, name = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    instalment = product.instalments.get(Key(name)) if product else None
    if product is None or instalment is None:
        return ()
    holding = known.account(product.stream).holdings.get(instalment.instalment)
    timeline: Iterable[Segment]
    if holding is None:
        row = _row(product, instalment, (), ())
        timeline = from_then_on(row, instalment.bound)
    else:
        verdict = holding.verdict
        timeline = [_segment(product, instalment, verdict, each) for each in holding.exposures]
    return timeline if not product.disputes else _disputed(tuple(timeline), product, instalment)


def _disputed(
    timeline: Sequence[Segment], product: Product, instalment: Instalment
) -> Iterable[Segment]:
    """The same timeline, marked while a dispute about the instalment is open."""
    disputes = disputes_about(product, instalment)
    starts = [each.valid_from for each in timeline]
    ends = [each.valid_until for each in timeline if each.valid_until is not None]

    def on(day: date) -> tuple[Struct, bool] | None:
        place = bisect_right(starts, day)
        held = timeline[place - 1] if place else None
        if held is None or (held.valid_until is not None and held.valid_until <= day):
            return None
        disputed, certain = disputed_on(disputes, day)
        return replace(held.row, disputed=disputed), held.certain and certain

    return spells((*starts, *ends, *dispute_days(disputes)), on)


def _segment(
    product: Product, instalment: Instalment, verdict: Verdict, exposure: Exposure
) -> Segment:
    row = _row(product, instalment, exposure.shares, verdict.shares)
    return Segment(exposure.valid_from, exposure.valid_until, row, exposure.certain)


def _row(
    product: Product,
    instalment: Instalment,
    shares: Sequence[Share],
    when_bound: Sequence[Share],
) -> InstalmentRow:
    at_risk, is_open, displaced = Decimal(0), False, False
    for each in shares:
        at_risk += each.amount
        is_open = is_open or each.open
        displaced = displaced or each.displaced_by is not None
    return InstalmentRow(
        product=product.stream,
        instalment=instalment.instalment,
        investor=instalment.investor,
        scope_item=instalment.scope_item,
        amount=instalment.amount,
        at_risk=cents(at_risk),
        standing=instalment.standing,
        bearer=_bearer(shares),
        open=is_open,
        displaced=displaced,
        disputed=False,
        shares=tuple([each.written() for each in shares]),
        when_bound=(
            None
            if shares is when_bound or shares == when_bound
            else tuple([each.written() for each in when_bound])
        ),
        bound=instalment.bound,
        relies_on=instalment.relies_on,
        investment=instalment.investment,
        event=instalment.fact,
        fiction=product.fiction,
    )


def _bearer(shares: Sequence[Share]) -> BorneBy:
    if len(shares) == 1:
        return _BORNE_BY[shares[0].bearer]
    bearers = {each.bearer for each in shares}
    if not bearers:
        return BorneBy.NOBODY
    return BorneBy.MIXED if len(bearers) > 1 else _BORNE_BY[bearers.pop()]


_BORNE_BY = {each: BorneBy(each.value) for each in Bearer}


def verdict_of(row: InstalmentRow) -> Verdict:
    """The verdict that a row was made from, with its marks of displacement."""
    return Verdict(
        row.instalment,
        row.investor,
        row.amount.currency,
        row.bound,
        row.shares if row.when_bound is None else row.when_bound,
    )


INVESTMENTS = View(
    name="investments",
    row=InstalmentRow,
    reads=REACHING | MONEY | {*_DISPUTING},
    touches=touches,
    segments=segments,
    filters=(
        "product",
        "investor",
        "open",
        "bearer",
        "displaced",
        "disputed",
        "scope_item",
        "standing",
        "fiction",
    ),
    scanned=("displaced", "disputed", "scope_item", "standing", "fiction"),
)
