"""Every view beside the oracle, row for row and member for member, at a pair of dates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from govlog.domain.values import StreamId
from projections.reading import Row, Snapshot
from tests.oracle import (
    acts,
    agreements,
    ballots,
    bodies,
    calendar,
    catalogues,
    claims,
    debates,
    disputes,
    entries,
    evaluations,
    meetings,
    money,
    parties,
    portfolio,
    resolutions,
    risks,
    sustainability,
    texts,
)
from tests.oracle.answers import Possibilities
from tests.oracle.bearing import Bearing
from tests.oracle.counting import Log
from tests.oracle.displacing import displaced
from tests.oracle.grounds import Grounds
from tests.oracle.saying import unlike

T = TypeVar("T")
Rows = Mapping[str, Mapping[str, Any]]

BY_POSSIBILITY: dict[str, Callable[[Grounds, date], Rows]] = {
    "parties": parties.parties,
    "names": parties.names,
    "bodies": bodies.bodies,
    "seats": bodies.seats,
    "mandates": bodies.mandates,
    "debates": debates.debates,
    "voices": debates.voices,
    "meetings": meetings.meetings,
    "resolutions": resolutions.resolutions,
    "ballots": ballots.ballots,
    "declarations": money.declarations,
    "proofs": acts.proofs,
    "levels": acts.levels,
    "evaluations": evaluations.evaluations,
    "catalogues": catalogues.catalogues,
    "criteria": catalogues.criteria,
    "sustainability": sustainability.sustainability,
    "participations": agreements.participations,
    "agreements": agreements.agreements,
    "disputes": disputes.disputes,
    "risks": risks.risks,
    "calendar": calendar.calendar,
    "claims": claims.claims,
}
BY_PRODUCT: dict[str, Callable[[Bearing, date], Rows]] = {
    "portfolio": portfolio.portfolio,
    "commissions": portfolio.commissions,
}
OF_MONEY: dict[str, Callable[[Bearing, date, money.Risks, money.Displaced], Rows]] = {
    "investments": money.investments,
    "exposure": money.exposure,
}
BY_LOG: dict[str, Callable[[Log, date], Rows]] = {
    "timeline": entries.timeline,
    "approvals": entries.approvals,
    "late_entries": entries.late_entries,
}
ANSWERED = frozenset((*BY_POSSIBILITY, *BY_PRODUCT, *OF_MONEY, *BY_LOG))
WITH_MONEY = frozenset(
    ("resolutions", "mandates", "proofs", "levels", "risks", "approvals", *BY_PRODUCT, *OF_MONEY)
)
"""What shows money, and on what it rests."""

MOST = 15
"""So many possibilities are held to views that do not depend on amounts; the ends come first."""

ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("investments", "shares"): "`agreement` compares them share by share",
    ("investments", "when_bound"): "`comparing` holds the day it was bound to what was displaced",
    (
        "investments",
        "displaced",
    ): "follows from the shares; `comparing` holds the amounts to rule 11",
    ("late_entries", "flipped"): "readers fill it in; the shares before and after are compared",
}
"""Members of rows that are not compared here, and where they are."""


class Everything:
    """All views at one size of a log and one day, beside what the oracle knows."""

    def __init__(
        self, now: Snapshot, possible: Possibilities, day: date, views: frozenset[str]
    ) -> None:
        self._now, self._possible, self._day, self._views = now, possible, day, views
        self._size = len(possible.log)
        self._lost: dict[StreamId, money.Displaced] = {}
        self.compared = 0
        self.members: dict[str, set[str]] = {}
        """By view, what was compared of its rows."""

    def disagreements(self) -> Iterator[str]:
        possible, day = self._possible, self._day
        for view, answer in self._asked(BY_POSSIBILITY):
            told = [answer(grounds, day) for grounds in possible.grounds[:MOST]]
            yield from self._rows(view, told, full=possible.full)
            yield from self._strange(view, {key for rows in told for key in rows})
        for view, rows in self._asked(BY_LOG):
            yield from self._log(view, rows(possible.log, day))
        for view, _ in (*self._asked(BY_PRODUCT), *self._asked(OF_MONEY)):
            yield from self._of_products(view)

    def _asked(self, answers: Mapping[str, T]) -> list[tuple[str, T]]:
        return [(view, answer) for view, answer in answers.items() if view in self._views]

    def _of_products(self, view: str) -> Iterator[str]:
        listed: set[str] = set()
        for product in self._possible.products():
            told = [self._answer(view, each) for each in self._possible.bearings(product)]
            listed.update(key for rows in told for key in rows)
            yield from self._rows(view, told, full=self._possible.settled(product))
        yield from self._strange(view, listed)

    def _answer(self, view: str, bearing: Bearing) -> Rows:
        if view in BY_PRODUCT:
            return BY_PRODUCT[view](bearing, self._day)
        lost = self._displaced(bearing.product.stream)
        return OF_MONEY[view](bearing, self._day, self._possible.risks(), lost)

    def _displaced(self, product: StreamId) -> money.Displaced:
        """At the end of a log only: it is found by answering at every size before it."""
        if self._size < self._now.size or not self._possible.settled(product):
            return None
        if product not in self._lost:
            self._lost[product] = displaced(self._possible.log, product)
        return self._lost[product]

    def _rows(self, view: str, told: Sequence[Rows], *, full: bool) -> Iterator[str]:
        """A certain row has to hold in every possibility; of others the view says less."""
        for key in sorted({key for rows in told for key in rows}):
            self.compared += 1
            row = self._row(view, key)
            where = f"{view} {key} as of {self._day} known at {self._size}"
            if row is None:
                yield f"{where}: no row, oracle {next(r[key] for r in told if key in r)}"
            elif full and not row.certain:
                yield f"{where}: left open, though every date is full"
            elif row.certain:
                said = json.loads(row.body)
                for rows in told:
                    words = self._words(view, said, rows.get(key), full=full)
                    if words:
                        yield f"{where}: {words}"
                        break

    def _words(self, view: str, said: Any, told: Mapping[str, Any] | None, *, full: bool) -> str:
        if told is None:
            return "is there for certain"
        self.members.setdefault(view, set()).update(told)
        return "; ".join(unlike(said, told, full=full))

    def _log(self, view: str, told: Rows) -> Iterator[str]:
        """What the log itself shows is the same in every possibility."""
        for key, row in told.items():
            self.compared += 1
            shown = self._row(view, key)
            where = f"{view} {key} as of {self._day} known at {self._size}"
            if shown is None:
                yield f"{where}: no row, oracle {row}"
            elif words := self._words(view, json.loads(shown.body), row, full=True):
                yield f"{where}: {words}"
        yield from self._strange(view, {*told})

    def _row(self, view: str, key: str) -> Row | None:
        return self._now.item(view, key, as_of=self._day, known=self._size)

    def _strange(self, view: str, listed: set[str]) -> Iterator[str]:
        """Rows that the view lists and no possibility has."""
        after: int | None = None
        while True:
            page = self._now.page(view, as_of=self._day, known=self._size, after=after, limit=500)
            for row in page.rows:
                if row.certain and row.key not in listed:
                    yield (
                        f"{view} {row.key} as of {self._day} known at {self._size}:"
                        f" listed, and the oracle has no such row"
                    )
            if page.next is None:
                return
            after = page.next


def searches(
    now: Snapshot, log: Log, known: Mapping[str, str], queries: Sequence[str], day: date
) -> Iterator[str]:
    """Searching finds what a plain scan finds."""
    holds = texts.index(log, known)
    for query in queries:
        said = list(now.search(query, as_of=day, known=len(log), limit=500).positions)
        told = texts.found(log, holds, query, day)
        if said != told:
            yield f"search {query!r} as of {day} known at {len(log)}: {said}, oracle {told}"
