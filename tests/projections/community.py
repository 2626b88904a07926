"""A community in a few lines: facts as they would be recorded, and the views of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Approved
from govlog.domain.events.body import ActKind, BodyFounded, MandateGranted, Rules
from govlog.domain.events.product import (
    CommissionGranted,
    InstalmentCommitted,
    ProductAdmitted,
    ProductProposed,
)
from govlog.domain.events.resolution import (
    ItemKind,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionTabled,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import (
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Personal,
    Reference,
    StreamId,
)
from projections.catalogue import VIEWS
from projections.reading import Row, Snapshot
from tests.domain.given import History
from tests.projections.built import readable

BOARD = StreamId("body:board")
PLAN = StreamId("resolution:plan")
TOOL = StreamId("product:tool")
VENDOR = StreamId("party:vendor")


def text(words: str = "words") -> Personal:
    return Personal(commitment=words)


def on(day: str) -> PartialDate:
    return PartialDate(day)


def a_community(day: str = "2024-01-10") -> History:
    """A board that may decide everything, and a product it has admitted by a plan it carried."""
    history = History().at(day)
    history.record(
        BOARD, BodyFounded(decided_on=on("2020-01-01"), name="board", rules=Rules(version="bylaws"))
    )
    history.record(
        BOARD,
        MandateGranted(
            decided_on=on("2020-01-01"),
            mandate=Key("all"),
            acts=tuple(ActKind),
            evidence=(Reference("bylaws.md"),),
        ),
    )
    carry(history, PLAN, day)
    history.record(TOOL, ProductProposed(decided_on=on(day), name="Tool"))
    history.record(TOOL, ProductAdmitted(decided_on=on(day), resolution=PLAN, level="1"))
    return history


def carry(history: History, resolution: str, day: str, **more: Any) -> None:
    """Table a resolution of the board, carried by a vote that a source shows."""
    told = {"body": BOARD, **more}
    tabled = ResolutionTabled(
        decided_on=on(day), kind=ItemKind.DECISION, title=text("title"), **told
    )
    history.record(resolution, tabled)
    outcome = OutcomeRecorded(decided_on=on(day), outcome=OutcomeWord.CARRIED, vote_shown=True)
    history.record(resolution, outcome)


def grant(
    history: History, name: str, day: str, ceiling: int | None = 1000, **more: Any
) -> Recorded[Fact]:
    """Grant a commission of the tool for its interface, on the plan unless said otherwise."""
    amount = None if ceiling is None else Decimal(ceiling)
    kind = CeilingKind.NONE if amount is None else CeilingKind.AMOUNT
    told = {"resolution": PLAN, "scope": ("api",), **more}
    stream = told.pop("stream", TOOL)
    fact = CommissionGranted(
        decided_on=on(day), commission=Key(name), ceiling=Ceiling(kind, "DKK", amount), **told
    )
    return history.record(stream, fact)


def bind(history: History, name: str, day: str, amount: int = 400, **more: Any) -> Recorded[Fact]:
    """The vendor becomes bound for the tool's interface."""
    told = {"scope_item": "api", "investor": VENDOR, "bound_on": on(day), **more}
    stream = told.pop("stream", TOOL)
    money = Money(Decimal(amount), "DKK")
    fact = InstalmentCommitted(decided_on=on(day), instalment=Key(name), amount=money, **told)
    return history.record(stream, fact)


def approve(history: History, *waiting: Recorded[Fact]) -> Recorded[Fact]:
    """A second person approves facts of one stream."""
    return history.record(waiting[0].stream, Approved(facts=tuple(each.id for each in waiting)))


def annul(history: History, resolution: str, day: str) -> Recorded[Fact]:
    fact = ResolutionAnnulled(decided_on=on(day), ground="ruling", explanation=text())
    return history.record(resolution, fact)


class Answers:
    """The views of a history, asked by day and by how many of its facts were known."""

    def __init__(self, now: Snapshot) -> None:
        self.now = now

    def row(self, view: str, key: str, day: str, known: int | None = None) -> Row | None:
        return self.now.item(view, key, as_of=date.fromisoformat(day), known=known)

    def existing(self, view: str, key: str, day: str, known: int | None = None) -> Row:
        row = self.row(view, key, day, known)
        assert row is not None, f"{view} has no {key} on {day}"
        return row

    def of(self, view: str, key: str, day: str, known: int | None = None) -> Any:
        """What an existing row says."""
        return decoded(view, self.existing(view, key, day, known))

    def all(self, view: str, day: str, known: int | None = None, **filters: Any) -> list[Any]:
        page = self.now.page(
            view, filters=filters, as_of=date.fromisoformat(day), known=known, limit=500
        )
        return [decoded(view, row) for row in page.rows]


def decoded(view: str, row: Row) -> Any:
    shape = next(each.row for each in VIEWS if each.name == view)
    return msgspec.json.decode(row.body, type=shape)


@contextmanager
def asked(history: History) -> Iterator[Answers]:
    with readable(history.log) as views, views.snapshot() as now:
        yield Answers(now)
