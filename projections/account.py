"""What is known of one product's money: verdicts, what changed them later, and their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from immutables import Map
from msgspec import Struct

from govlog.domain.attribution import Exposure, Settlement, Verdict, carry, timeline
from govlog.domain.attribution.terms import Judged
from govlog.domain.attribution.timeline import NO_TAKEOVER, Takeover, takeovers
from govlog.domain.commitment import Product
from govlog.domain.events import Fact
from govlog.domain.events.product import (
    CommissionReviewed,
    InstalmentCommitted,
    InstalmentCredited,
)
from govlog.domain.facts import Facts
from govlog.domain.stream import Recorded
from govlog.domain.values import Key
from projections.acts import JudgedAct, judge_acts
from projections.running import Running, Vector
from projections.settling import Settling
from projections.sums import DRAWN, drawn, exposed

Remembered = Callable[[Key], Verdict | None]
"""The verdict on an instalment as it stood before, with its marks of displacement."""

Moved = dict[str, date]
"""By commission key or currency: the day before the first on which its sum changed."""

_MONEY = (InstalmentCommitted, InstalmentCredited)
_HARMLESS = (*_MONEY, CommissionReviewed)
"""They change no authority and no terms that a verdict rests on; a missed review ends nothing."""
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


class Holding(Struct, frozen=True):
    """Where one instalment stands: its verdict, and what became of it from day to day."""

    verdict: Verdict
    exposures: tuple[Exposure, ...]


class Account:
    """One product at one size of the log; `take` moves it on by one event."""

    def __init__(self, product: Product, facts: Facts) -> None:
        self.product = product
        self._settling = Settling(product, facts)
        self.judged = _by_key(self._settling.now)
        """Its commissions with the authority of everything about them."""
        self.acts = judge_acts(product, facts)
        """By the event that records the act."""
        self.holdings: dict[Key, Holding] = {}
        """By instalment; of those only that are attributed (rule 14)."""
        self.drawn: dict[str, Running] = {}
        """By commission: see `sums.drawn`."""
        self.exposed: dict[str, Running] = {}
        """By currency: see `sums.exposed`."""
        self._takeovers = takeovers(product.stream, facts)
        self._verdicts: Map[Key, Verdict] = Map()
        """As settled, without marks of displacement."""

    @property
    def size(self) -> int:
        """How much memory it takes, in instalments."""
        return len(self.holdings) + 1

    def restore(self, fact_id: str, remembered: Remembered) -> Change:
        """Take up the verdicts where they were left, as one event has moved them."""
        moved: Moved = {}
        self._verdicts = self._settling.now.verdicts
        for name, verdict in self._verdicts.items():
            self._hold(name, carry(remembered(name), verdict, fact_id), moved)
        return Change(
            terms=True,
            commissions=set(self.judged),
            acts=set(self.acts),
            instalments=set(self.product.instalments),
            sums=dict.fromkeys(moved, date.min),
        )

    def take(
        self, counted: Sequence[Recorded[Fact]], product: Product, facts: Facts, fact_id: str
    ) -> Change:
        """Move on by the facts that one event made count and that reach this product."""
        earlier, self.product = self.product.instalments, product
        named = {each.fact.instalment for each in counted if isinstance(each.fact, _MONEY)}
        bound = {
            each.fact.instalment for each in counted if isinstance(each.fact, InstalmentCommitted)
        }
        reviewed = {
            each.fact.commission for each in counted if isinstance(each.fact, CommissionReviewed)
        }
        terms = not all(isinstance(each.fact, _HARMLESS) for each in counted)
        if any(name in earlier for name in bound):  # told anew, which only an import could try
            self._settling = Settling(product, facts)
            redrawn: Iterable[Key] = self._settling.now.verdicts
        else:
            redrawn = self._settling.add(product.instalments[name] for name in bound)
        commissions, acts = reviewed, set()
        if terms:
            if self._settling.judge_again(product, facts):
                redrawn = self._settling.now.verdicts
            commissions = reviewed | self._judge()
            acts = self._act(judge_acts(product, facts), counted)
            named |= self._take_over(takeovers(product.stream, facts))
        fresh = self._fresh(redrawn)
        moved: Moved = {}
        for name in named | fresh.keys():
            held = self.holdings.get(name)
            before = held.verdict if held else None
            verdict = carry(before, fresh[name], fact_id) if name in fresh else before
            if verdict is not None:
                self._hold(name, verdict, moved)
        return Change(
            terms=terms or bool(reviewed),
            commissions=commissions,
            acts=acts,
            instalments=named | fresh.keys(),
            sums=moved,
        )

    def _fresh(self, names: Iterable[Key]) -> dict[Key, Verdict]:
        """The verdicts that differ from before."""
        before, self._verdicts = self._verdicts, self._settling.now.verdicts
        return {
            name: self._verdicts[name] for name in names if self._verdicts[name] != before.get(name)
        }

    def _judge(self) -> set[Key]:
        before, self.judged = self.judged, _by_key(self._settling.now)
        return {name for name, each in self.judged.items() if before.get(name) != each}

    def _act(self, fresh: Mapping[str, JudgedAct], counted: Sequence[Recorded[Fact]]) -> set[str]:
        """The acts that changed; all where a resolution or a body they rest on may have."""
        before, self.acts = self.acts, dict(fresh)
        if any(each.stream != self.product.stream for each in counted):
            return set(fresh)
        names = before.keys() | fresh.keys()
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
            for pot, day, change in _entries(before):
                self._add(pot, day, tuple([-each for each in change]), moved)
        for pot, day, change in _entries(after):
            self._add(pot, day, change, moved)

    def _add(self, pot: str, day: date, change: Vector, moved: Moved) -> None:
        pots = self.drawn if len(change) == DRAWN else self.exposed
        running = pots.get(pot)
        if running is None:
            running = pots[pot] = Running(len(change))
        running.add(day, change)
        since = day - _ONE_DAY if day > date.min else day
        moved[pot] = min(since, moved.get(pot, since))


def _by_key(settlement: Settlement) -> dict[Key, Judged]:
    return {each.commission.commission: each for each in settlement.circumstances.judged}


def _entries(holding: Holding) -> Iterator[tuple[str, date, Vector]]:
    yield from drawn(holding.verdict)
    currency = holding.verdict.currency
    for day, change in exposed(holding.exposures):
        yield currency, day, change
