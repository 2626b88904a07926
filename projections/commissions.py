"""Commissions: their terms, whether they are in force, and what is left under their ceiling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from govlog.domain.attribution.terms import Judged
from govlog.domain.authority import Flaw
from govlog.domain.commitment import Product
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import (
    Ceiling,
    CeilingKind,
    Key,
    PartialDate,
    Personal,
    Span,
    StreamId,
    cents,
)
from projections.known import Known
from projections.links import MONEY, REACHING
from projections.running import Vector
from projections.spells import open_on, tail
from projections.sums import DRAWN, NONE
from projections.terms import CommissionStatus, Terms, status_on, term_days, terms_on
from projections.view import ALWAYS, Segment, Tail, View

NOTHING: Vector = (NONE,) * DRAWN


class Headroom(Struct, frozen=True):
    """What is left under the ceiling; both the same where no partial date leaves it open."""

    at_least: Decimal
    at_most: Decimal


class CommissionRow(Struct, frozen=True):
    product: StreamId
    commission: Key
    status: CommissionStatus
    scope: tuple[str, ...]
    parties: tuple[StreamId, ...]
    """None named means any investor."""
    currency: str
    ceiling: Ceiling
    drawn_at_least: Decimal
    """What instalments bound by the end of the day have drawn; partial dates leave a range."""
    drawn_at_most: Decimal
    headroom: Headroom | None
    """None where the ceiling is `none` (boundless) or `unknown`."""
    until: date | None
    """The last day in force."""
    next_review: PartialDate | None
    """Overdue where its last day is before today: readers compare, a missed review ends nothing."""
    granted: Span
    works_from: Span
    """Nothing reaches back: the latest of its own day and that of its resolution (rule 10)."""
    resolution: StreamId | None
    flaw: Flaw
    """Why it has no authority; empty where it has."""
    proven: bool
    """False where authority is only worded by a source (rule 16)."""
    vision: Personal | None
    governance: Personal | None
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for product, change in known.changes.items():
        judged = known.account(product).judged
        names = {*change.commissions, *[each for each in change.sums if each in judged]}
        for name in names:
            yield f"{product}/{name}"


def segments(subject: str, known: Known) -> Iterable[Segment] | Tail:
    """Where only the sum drawn has moved, the end of the timeline from that day on."""
    stream, _, name = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    if product is None or Key(name) not in product.commissions:
        return ()
    account = known.account(product.stream)
    judged = account.judged[Key(name)]
    drawn = account.drawn.get(name)
    reviews = product.commissions[Key(name)].reviews
    change = known.changes.get(product.stream)
    since = ALWAYS
    if change is not None and Key(name) not in change.commissions:
        since = change.sums.get(name, ALWAYS)

    def on(day: date) -> tuple[CommissionRow, bool] | None:
        if day < judged.commission.granted.decided.earliest:
            return None
        terms = terms_on(judged, day, reviews)
        return _row(product, judged, terms, NOTHING if drawn is None else drawn.at(day), day)

    return tail((*term_days(judged, reviews), *(drawn.turning(since) if drawn else ())), on, since)


def _row(
    product: Product, judged: Judged, terms: Terms, drawn: Vector, day: date
) -> tuple[CommissionRow, bool]:
    commission, authority = judged.commission, judged.authority
    status, sure = status_on(judged, terms.until, day)
    at_least, at_most = drawn
    row = CommissionRow(
        product=product.stream,
        commission=commission.commission,
        status=status,
        scope=tuple(sorted(terms.scope)),
        parties=tuple(sorted(terms.parties)),
        currency=terms.ceiling.currency,
        ceiling=terms.ceiling,
        drawn_at_least=cents(at_least),
        drawn_at_most=cents(at_most),
        headroom=_headroom(terms.ceiling, at_least, at_most),
        until=terms.until,
        next_review=terms.next_review,
        granted=commission.granted.decided,
        works_from=authority.works_from,
        resolution=commission.granted.resolution,
        flaw=authority.flaw,
        proven=authority.proven,
        vision=commission.vision,
        governance=commission.governance,
        fiction=product.fiction,
    )
    return row, sure and terms.certain and not open_on(day, commission.granted.decided)


def _headroom(ceiling: Ceiling, at_least: Decimal, at_most: Decimal) -> Headroom | None:
    """Rule 9: cut below what is drawn it leaves nothing."""
    if ceiling.kind is not CeilingKind.AMOUNT or ceiling.amount is None:
        return None
    return Headroom(
        at_least=cents(max(NONE, ceiling.amount - at_most)),
        at_most=cents(max(NONE, ceiling.amount - at_least)),
    )


COMMISSIONS = View(
    name="commissions",
    row=CommissionRow,
    reads=REACHING | MONEY,
    touches=touches,
    segments=segments,
    filters=("product", "resolution", "status", "next_review", "fiction"),
    scanned=("next_review", "fiction"),
)
