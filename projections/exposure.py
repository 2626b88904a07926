"""Exposure: how much of a product's money is at whose risk, in each currency, on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from projections.known import Known
from projections.links import MONEY, REACHING
from projections.view import ALWAYS, Segment, Tail, View


class ExposureRow(Struct, frozen=True):
    """Sums at the end of a day; at least and at most differ where partial dates leave it open."""

    product: StreamId
    currency: str
    bound_at_least: Decimal
    """Bound or paid, credits taken off."""
    bound_at_most: Decimal
    community_at_least: Decimal
    community_at_most: Decimal
    investor_at_least: Decimal
    investor_at_most: Decimal
    open: Decimal
    """Of that, listed until assumed or declined: `authority_void` and displaced shares."""
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for product, change in known.changes.items():
        drawn = known.account(product).drawn
        for currency in change.sums:
            if currency not in drawn:
                yield f"{product}/{currency}"


def segments(subject: str, known: Known) -> Iterable[Segment] | Tail:
    """The end of the timeline, from the first day whose sum has moved on."""
    stream, _, currency = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    if product is None:
        return ()
    exposed = known.account(product.stream).exposed.get(currency)
    if exposed is None:  # a correction left nothing in this currency
        return ()
    change = known.changes.get(product.stream)
    since = ALWAYS if change is None else change.sums.get(currency, ALWAYS)
    sums = exposed.sums(since)
    days = [day for day, _ in sums]
    found = []
    for (day, totals), until in zip(sums, [*days, None][1:], strict=True):
        bound, bound_most, community, community_most, investor, investor_most, listed = totals
        row = ExposureRow(
            product=product.stream,
            currency=currency,
            bound_at_least=bound,
            bound_at_most=bound_most,
            community_at_least=community,
            community_at_most=community_most,
            investor_at_least=investor,
            investor_at_most=investor_most,
            open=listed,
            fiction=product.fiction,
        )
        found.append(Segment(day, until, row, totals[0:6:2] == totals[1:6:2]))
    return Tail(since, found)


EXPOSURE = View(
    name="exposure",
    row=ExposureRow,
    reads=REACHING | MONEY,
    touches=touches,
    segments=segments,
    filters=("product", "currency", "fiction"),
    scanned=("currency", "fiction"),
)
