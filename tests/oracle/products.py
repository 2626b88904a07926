"""What of a product is the same on every day."""

from __future__ import annotations

from govlog.domain.events.product import ProductProposed
from govlog.domain.values import StreamId
from tests.oracle.grounds import Grounds


def proposal(grounds: Grounds, product: StreamId) -> ProductProposed | None:
    for each in grounds.of(product):
        if isinstance(each.fact, ProductProposed):
            return each.fact
    return None


def fiction_of(grounds: Grounds, product: StreamId) -> bool:
    found = proposal(grounds, product)
    return found is not None and found.fiction
