"""What is known of one product's money: verdicts, what changed them later, and their sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from operator import neg

from msgspec import Struct

from govlog.domain.attribution import Exposure, Verdict, carry, timeline
from govlog.domain.attribution.settle import around
from govlog.domain.attribution.terms import Judged
from govlog.domain.attribution.timeline import NO_TAKEOVER, Takeover, takeovers
from govlog.domain.authorities import Authorities
from govlog.domain.commitment import Product
from govlog.domain.events import Fact
from govlog.domain.events.product import (
    CommissionReviewed,
    InstalmentCommitted,
    InstalmentCredited,
)
from govlog.domain.facts import Facts
from govlog.domain.stream import Recorded
from govlog.domain.tri import MAYBE
from govlog.domain.values import Key
from projections.acts import JudgedAct, judge_acts
from projections.running import Running, Vector
from projections.settling import Settling
from projections.sums import drawn, exposed

_LIGHT = frozenset((InstalmentCredited, CommissionReviewed))
"""They change no terms and no verdict."""

Remembered = Callable[[Key], Verdict | None]
"""The verdict on an instalment as it stood before, with its marks of displacement."""

Moved = dict[str, date]
"""By commission key or currency: the day before the first on which its sum changed."""

_ONE_DAY = timedelta(days=1)


class Change(Struct, frozen=True, kw_only=True):
    """What one event changed about a product."""

    terms: bool
    """Whether its life, its commissions or any authority may have changed."""
    commissions: set[Key]
    acts: set[str]
    """By the event that records the act."""
    instalments: set[Key]
    sums: Moved
    since: date = date.min
    """Before this day its commissions make no difference to it that they did not make before."""


class Holding(Struct, frozen=True):
    """Where one instalment stands: its verdict, and what became of it from day to day."""

    verdict: Verdict
    exposures: tuple[Exposure, ...]


class Account:
    """One product at one size of the log; `take` moves it on by one event."""

    def __init__(self, product: Product, facts: Facts) -> None:
        self.product = product
        authorities = Authorities(facts)
        self._settling = Settling(around(product, authorities))
        self._settling.add(product.instalments.values())
        self.acts = judge_acts(product, authorities)
        """By the event that records the act."""
        self.holdings: dict[Key, Holding] = {}
        """By instalment; of those only that are attributed (rule 14)."""
        self.drawn: dict[str, Running] = {}
        """By commission: see `sums.drawn`."""
        self.exposed: dict[str, Running] = {}
        """By currency: see `sums.exposed`."""
        self._takeovers = takeovers(product.stream, facts)

    @property
    def judged(self) -> Mapping[Key, Judged]:
        """Its commissions with the authority of everything about them."""
        return self._settling.judged

    @property
    def size(self) -> int:
        """How much memory it takes, in instalments."""
        return len(self.holdings) + 1

    def restore(
        self, fact_id: str, remembered: Remembered, counted: Sequence[Recorded[Fact]] = ()
    ) -> Change:
        """Take up the verdicts where they were left, as one event has moved them.

        `counted` is what that event made count: a correction may leave nothing of a sum or an act.
        """
        moved: Moved = {}
        for name, verdict in self._settling.verdicts.items():
            self._hold(name, carry(remembered(name), verdict, fact_id), moved)
        for each in counted:
            if isinstance(each.fact, InstalmentCommitted):
                moved.setdefault(each.fact.amount.currency, date.min)
        return Change(
            terms=True,
            commissions=set(self.judged),
            acts={*self.acts, *(each.id for each in counted)},
            instalments=set(self.product.instalments),
            sums=dict.fromkeys(moved, date.min),
        )

    def take(
        self, counted: Sequence[Recorded[Fact]], product: Product, facts: Facts, fact_id: str
    ) -> Change:
        """Move on by the facts that one event made count and that reach this product.

        Money and reviews change no authority and no terms that a verdict rests on: a missed review
        ends nothing.
        """
        bound, named, commissions, terms = _sorted_out(counted)
        acts = set[str]()
        fresh: dict[Key, Verdict] = {}
        since = date.min
        earlier, self.product = self.product, product
        if terms:
            judged, authorities = self.judged, Authorities(facts)
            fresh = self._settling.change(around(product, authorities))
            acts = self._act(judge_acts(product, authorities), counted)
            named |= self._take_over(takeovers(product.stream, facts))
            others = {name for name, each in self.judged.items() if judged.get(name) != each}
            commissions |= others
            since = _first_day([(judged.get(name), self.judged[name]) for name in others])
        if bound:
            fresh |= self._bind(bound, earlier)
        named.update(bound, fresh)
        moved: Moved = {}
        for name in named:
            held = self.holdings.get(name)
            verdict = held.verdict if held else None
            if name in fresh:
                verdict = carry(verdict, fresh[name], fact_id)
            if verdict is not None:
                self._hold(name, verdict, moved)
        return Change(
            terms=terms or bool(commissions),
            commissions=commissions,
            acts=acts,
            instalments=named,
            sums=moved,
            since=since,
        )

    def _bind(self, names: Sequence[Key], earlier: Product) -> dict[Key, Verdict]:
        for name in names:
            if name in earlier.instalments:
                # Told anew under the same key, as only an import could try: the first is no more.
                self._settling = Settling(self._settling.around)
                return self._settling.add(self.product.instalments.values())
        return self._settling.add([self.product.instalments[name] for name in names])

    def _act(self, fresh: Mapping[str, JudgedAct], counted: Sequence[Recorded[Fact]]) -> set[str]:
        """The acts that changed; all where a resolution or a body they rest on may have."""
        before, self.acts = self.acts, dict(fresh)
        names = before.keys() | fresh.keys()
        if any(each.stream != self.product.stream for each in counted):
            return set(names)
        return {name for name in names if before.get(name) != fresh.get(name)}

    def _take_over(self, fresh: dict[Key, Takeover]) -> set[Key]:
        before, self._takeovers = self._takeovers, fresh
        names = before.keys() | fresh.keys()
        return {
            name
            for name in names
            if before.get(name) != fresh.get(name) and name in self.product.instalments
        }

    def _hold(self, name: Key, verdict: Verdict, moved: Moved) -> None:
        instalment = self.product.instalments[name]
        exposures = timeline(verdict, instalment, self._takeovers.get(name, NO_TAKEOVER))
        before = self.holdings.get(name)
        after = self.holdings[name] = Holding(verdict, exposures)
        if before is not None:
            self._enter(before, moved, off=True)
        self._enter(after, moved)

    def _enter(self, holding: Holding, moved: Moved, *, off: bool = False) -> None:
        """Add what a holding adds to the sums, or take it off again."""
        for commission, day, change in drawn(holding.verdict):
            _add(self.drawn, commission, day, tuple(map(neg, change)) if off else change, moved)
        for day, change in exposed(holding.exposures):
            signed = tuple(map(neg, change)) if off else change
            _add(self.exposed, holding.verdict.currency, day, signed, moved)


def _first_day(others: Sequence[tuple[Judged | None, Judged]]) -> date:
    """The first day on which commissions that are other may make a difference to their product.

    That is known of new ones alone, where neither authority nor an exit leaves anything open.
    """
    for was, now in others:
        if was is not None or now.exits or now.authority.given is MAYBE:
            return date.min
    return min((now.authority.works_from.earliest for _, now in others), default=date.min)


def _sorted_out(
    counted: Sequence[Recorded[Fact]],
) -> tuple[list[Key], set[Key], set[Key], bool]:
    """Instalments bound, instalments credited, commissions reviewed; whether there is more."""
    bound, credited, reviewed = list[Key](), set[Key](), set[Key]()
    more = False
    for each in counted:
        fact = each.fact
        if isinstance(fact, InstalmentCommitted):
            bound.append(fact.instalment)
        elif type(fact) not in _LIGHT:
            more = True
        elif isinstance(fact, InstalmentCredited):
            credited.add(fact.instalment)
        elif isinstance(fact, CommissionReviewed):
            reviewed.add(fact.commission)
    return bound, credited, reviewed, more


def _add(pots: dict[str, Running], pot: str, day: date, change: Vector, moved: Moved) -> None:
    running = pots.get(pot)
    if running is None:
        running = pots[pot] = Running(len(change))
    running.add(day, change)
    since = day - _ONE_DAY if day > date.min else day
    if pot not in moved or since < moved[pot]:
        moved[pot] = since
