"""Questions to the loaded demonstration, answered as plain values."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from govlog.application.facts import Facts
from govlog.demo.loader import DemoSummary
from govlog.domain.attribution import Share, preview, settle
from govlog.domain.commitment import Instalment
from govlog.domain.values import Key, Standing, StreamId, money, partial_date, span
from govlog.persistence.store import EventStore
from projections.reading import Snapshot

Answer = dict[str, Any]


class Demonstration(Struct, frozen=True):
    store: EventStore
    summary: DemoSummary
    views: Snapshot

    def since(self, batch: str) -> int:
        """The size of the log from which a batch counts."""
        return dict(zip(self.summary.batches, self.summary.sizes, strict=True))[batch]

    def rows(
        self, view: str, as_of: str | None = None, known: int | None = None, **filters: Any
    ) -> list[Answer]:
        day = date.fromisoformat(as_of) if as_of else None
        page = self.views.page(view, filters=filters, as_of=day, known=known, limit=1000)
        return [msgspec.json.decode(row.body) for row in page.rows]

    def row(
        self, view: str, key: str, as_of: str | None = None, known: int | None = None
    ) -> Answer | None:
        day = date.fromisoformat(as_of) if as_of else None
        row = self.views.item(view, key, as_of=day, known=known)
        return None if row is None else msgspec.json.decode(row.body)

    def shares(
        self, instalment: str, as_of: str | None = None, known: int | None = None
    ) -> list[tuple[str, str]]:
        """Amounts and reasons of an instalment, as `product/key` without `product:`."""
        row = self.row("investments", f"product:{instalment}", as_of, known)
        assert row is not None
        return [(share["amount"], share["reason"]) for share in row["shares"]]

    def text(self, value: Answer) -> str:
        """What stands behind a commitment."""
        return self.store.reveal([value["$c"]])[value["$c"]]

    def would_be(
        self, product: str, item: str, investor: str, amount: str, day: str
    ) -> tuple[Share, ...]:
        """Who would bear the risk of an instalment, as known today."""
        facts = Facts.at(self.store, self.store.size())
        held = facts.product(StreamId(product))
        assert held is not None
        asked = Instalment(
            instalment=Key("asked"),
            investor=StreamId(investor),
            scope_item=item,
            amount=money(amount, "DKK"),
            bound=span(partial_date(day), date.fromisoformat(day)),
            relies_on=None,
            standing=Standing.BOUND,
            index=self.store.size(),
            fact="asked",
        )
        return preview(settle(held, facts), held, asked).shares
