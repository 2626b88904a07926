"""What facts would change once they count: the verdicts that flip, for a dry run (rule 22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govlog.domain.attribution import carry, settle
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Facts
from govlog.domain.impact import Flip, flips
from govlog.domain.reach import products_reached
from govlog.domain.stream import Recorded


def preview(
    before: Facts, after: Facts, counting: Sequence[Recorded[Fact]], cause: str
) -> Iterator[Flip]:
    """The instalments whose answer differs once all of `counting` count.

    `cause` is the event that is named where a share loses its place: with one fact that fact, with
    several what lets them count.
    """
    if len(counting) == 1:
        yield from flips(before, after, counting[0])
        return
    products = {product for fact in counting for product in products_reached(fact, after)}
    for product in sorted(products):
        old, new = before.product(product), after.product(product)
        if old is None or new is None or not old.instalments:
            continue
        was, now = settle(old, before), settle(new, after)
        for instalment, verdict in was.verdicts.items():
            fresh = carry(verdict, now.verdicts[instalment], cause)
            if fresh != verdict:
                yield Flip(product, instalment, verdict.investor, verdict, fresh)
