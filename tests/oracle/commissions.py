"""Commissions in one world: their terms on a day, whether they hold, and the product's life."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionRevoked,
    ProductAdmitted,
    ProductClosed,
    ProductDeclined,
    ProductExited,
    ProductPaused,
    ProductProposed,
    ProductResumed,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Ceiling, Key, StreamId, last_day
from tests.oracle.grounds import Grounds, kind_of_act
from tests.oracle.world import When

LEAVING = (ProductExited, ProductClosed)
LIFE = (
    ProductProposed,
    ProductAdmitted,
    ProductDeclined,
    ProductPaused,
    ProductResumed,
    *LEAVING,
)


class Terms(Struct, frozen=True):
    """What a commission says at the end of a day (rule 3)."""

    scope: tuple[str, ...]
    parties: tuple[StreamId, ...]
    ceiling: Ceiling
    until: date | None


class Product:
    """One product's facts in one world."""

    def __init__(self, grounds: Grounds, stream: StreamId) -> None:
        self.grounds, self.stream = grounds, stream
        self.facts = grounds.of(stream)

    def valid(self, each: Recorded[Fact]) -> bool:
        """An act without authority changes nothing (rule 15)."""
        return kind_of_act(each.fact) is None or self.grounds.authority(each).given

    # -- life

    def working(self, each: Recorded[Fact]) -> When:
        leaves = isinstance(each.fact, LEAVING)
        return self.grounds.end(each) if leaves else self.grounds.start(each)

    def life(self, day: date) -> list[Recorded[Fact]]:
        """What happened to it by the end of a day, the latest last."""
        by_then = [
            each
            for each in self.facts
            if isinstance(each.fact, LIFE) and self.valid(each) and self.working(each)[0] <= day
        ]
        return sorted(by_then, key=self.working)

    def admitted(self, day: date) -> bool:
        """In the portfolio at the end of the day."""
        inside = False
        for each in self.life(day):
            if isinstance(each.fact, ProductAdmitted):
                inside = True
            elif isinstance(each.fact, LEAVING):
                inside = False
        return inside

    def level(self, day: date) -> str | None:
        """Of admission, until a decision changes it; none outside the portfolio (rule 29)."""
        level: str | None = None
        changes = [
            each
            for each in self.facts
            if isinstance(each.fact, LevelChanged)
            and self.valid(each)
            and self.working(each)[0] <= day
        ]
        for each in sorted([*self.life(day), *changes], key=self.working):
            if isinstance(each.fact, ProductAdmitted):
                level = each.fact.level
            elif isinstance(each.fact, LevelChanged):
                level = each.fact.to_level
            elif isinstance(each.fact, LEAVING):
                level = None
        return level

    def paused(self, day: date) -> bool:
        paused = False
        for each in self.life(day):
            if isinstance(each.fact, ProductPaused):
                paused = True
            elif isinstance(each.fact, (ProductResumed, ProductAdmitted, *LEAVING)):
                paused = False
        return paused

    def out(self, day: date) -> bool:
        """Exited or closed at the end of the day, and not admitted again."""
        out = False
        for each in self.life(day):
            if isinstance(each.fact, LEAVING):
                out = True
            elif isinstance(each.fact, ProductAdmitted):
                out = False
        return out

    def withdrawn(self, granted: Recorded[Fact], day: date) -> bool:
        """Rule 7g: out that day, or left since the grant, whatever came after."""
        since = self.grounds.decided(granted)[0]
        left = {self.working(e)[0] for e in self.life(day) if isinstance(e.fact, LEAVING)}
        return self.out(day) or any(self.out(each) for each in left if since <= each)

    # -- commissions

    def commissions(self) -> list[Recorded[Fact]]:
        """All that were granted, in the order granted (rule 7)."""
        found = [each for each in self.facts if isinstance(each.fact, CommissionGranted)]
        return sorted(found, key=self.grounds.decided)

    def on(self, granted: Recorded[Fact], kind: type[Fact]) -> list[Recorded[Fact]]:
        """The amendments or revocations of a commission."""
        return [
            each
            for each in self.facts
            if isinstance(each.fact, kind) and each.fact.commission == key_of(granted)  # type: ignore[attr-defined]
        ]

    def terms(self, granted: Recorded[Fact], day: date, *, as_if: bool = False) -> Terms:
        """The terms at the end of a day; `as_if` also amendments without authority had it."""
        fact = granted.fact
        assert isinstance(fact, CommissionGranted)
        until = None if fact.until is None else last_day(fact.until)
        terms = Terms(fact.scope, fact.parties, fact.ceiling, until)
        amendments = [
            each
            for each in self.on(granted, CommissionAmended)
            if as_if or self.grounds.authority(each).given
        ]
        for each in sorted(amendments, key=self.grounds.end):
            if self.grounds.end(each)[0] <= day:
                terms = _changed(terms, each.fact)
        return terms

    def revoked(self, granted: Recorded[Fact]) -> date:
        """The first day of a revocation; the end of time where there is none."""
        days = [
            self.grounds.end(each)[0]
            for each in self.on(granted, CommissionRevoked)
            if self.grounds.authority(each).given
        ]
        return min(days, default=date.max)

    def status(self, granted: Recorded[Fact], day: date, *, as_if: bool = False) -> str:
        """Why a commission does not hold on a day; `in_force` where it does."""
        if not as_if and not self.grounds.authority(granted).given:
            return "authority_void"
        if day < self.grounds.start(granted)[0]:
            return "not_yet"
        until = self.terms(granted, day, as_if=as_if).until or date.max
        # Where both hold, the one that came first.
        if self.revoked(granted) <= min(day, until):
            return "revoked"
        if until < day:
            return "expired"
        return "withdrawn_product" if self.withdrawn(granted, day) else "in_force"

    def commissioned(self, day: date) -> int:
        """How many commissions are in force."""
        return sum(self.status(each, day) == "in_force" for each in self.commissions())


def key_of(granted: Recorded[Fact]) -> Key:
    assert isinstance(granted.fact, CommissionGranted)
    return granted.fact.commission


def _changed(terms: Terms, fact: Fact) -> Terms:
    assert isinstance(fact, CommissionAmended)
    return Terms(
        terms.scope if fact.scope is None else fact.scope,
        terms.parties if fact.parties is None else fact.parties,
        terms.ceiling if fact.ceiling is None else fact.ceiling,
        terms.until if fact.until is None else last_day(fact.until),
    )
