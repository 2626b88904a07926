"""Who bears the risk of each instalment of a product in one world: rules 6 to 14, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events import Act, Fact
from govlog.domain.events.product import (
    CommissionAmended,
    InstalmentCommitted,
    InstalmentCredited,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined
from govlog.domain.stream import Recorded
from govlog.domain.values import CeilingKind, Key, Standing, StreamId
from tests.oracle.commissions import Product, Terms, key_of
from tests.oracle.grounds import Grounds

NOUGHT = Decimal(0)
BOUNDLESS = Decimal(10) ** 15
CONDITIONS = (
    "out_of_scope",
    "wrong_party",
    "wrong_currency",
    "date",
    "withdrawn_product",
    "over_ceiling",
)
"""In the order of rule 8; only what is not withdrawn is asked what it has left (ADR 0041)."""


class Part(Struct, frozen=True):
    """A part of an instalment with one answer; `bearer` is community or investor."""

    amount: Decimal
    bearer: str
    reason: str
    commission: Key | None = None
    resolution: StreamId | None = None
    proven: bool = False


Parts = tuple[Part, ...]


class Bearing:
    """The answers for one product; `unknown` says how much each unknown ceiling is."""

    def __init__(
        self, grounds: Grounds, product: StreamId, unknown: Mapping[Key, Decimal] | None = None
    ) -> None:
        self.product = Product(grounds, product)
        self.grounds = grounds
        self._unknown = unknown or {}
        self._drawn: dict[Key, Decimal] = {}
        self._supposed: dict[Key, Decimal] = {}
        self.parts: dict[Key, Parts] = {}
        for each in self.instalments():
            fact = each.fact
            assert isinstance(fact, InstalmentCommitted)
            self.parts[fact.instalment] = tuple(self._draw(each))

    def instalments(self) -> list[Recorded[Fact]]:
        """What is bound or paid (rule 14), in the order in which ceilings are drawn (rule 9)."""
        found = [
            each
            for each in self.product.facts
            if isinstance(each.fact, InstalmentCommitted)
            and each.fact.standing in (Standing.BOUND, Standing.PAID)
        ]
        return sorted(found, key=self.grounds.bound)

    def drawn(self, commission: Key, day: date) -> Decimal:
        """What instalments bound by the end of a day have drawn under a commission's ceiling."""
        return sum(
            (
                part.amount
                for each in self.instalments()
                if self.grounds.bound(each)[0] <= day
                for part in self.parts[each.fact.instalment]  # type: ignore[attr-defined]
                if part.reason == "covered" and part.commission == commission
            ),
            NOUGHT,
        )

    # -- on the day it was bound

    def _tried(self, fact: InstalmentCommitted) -> list[Recorded[Fact]]:
        """The named commission first, then the others in the order granted (rule 7)."""
        granted = self.product.commissions()
        named = [each for each in granted if key_of(each) == fact.relies_on]
        return named + [each for each in granted if each not in named]

    def _draw(self, each: Recorded[Fact]) -> list[Part]:
        fact = each.fact
        assert isinstance(fact, InstalmentCommitted)
        day = self.grounds.bound(each)[0]
        left, parts = fact.amount.amount, []
        tried = self._tried(fact)
        valid = [one for one in tried if self.grounds.authority(one).given]
        for one in valid:
            if self._failing(one, fact, day) is None:
                taken = min(left, self._left(one, day))
                self._drawn[key_of(one)] = self._drawn.get(key_of(one), NOUGHT) + taken
                parts.append(self._covered(one, taken, day))
                left -= taken
        for one in tried:
            taken = min(left, self._supposedly_left(one, fact, day))
            if taken > 0:
                self._supposed[key_of(one)] = self._supposed.get(key_of(one), NOUGHT) + taken
                parts.append(self._void(one, taken))
                left -= taken
        parts.append(self._own_risk(valid, fact, day, left))
        return [part for part in parts if part.amount > 0]

    def _covered(self, one: Recorded[Fact], amount: Decimal, day: date) -> Part:
        """Proven where the grant and what has amended it by then is (rule 16)."""
        acts = [
            each
            for each in self.product.on(one, CommissionAmended)
            if self.grounds.authority(each).given and self.grounds.end(each)[0] <= day
        ]
        proven = all(self.grounds.authority(each).proven for each in [one, *acts])
        return Part(amount, "community", "covered", key_of(one), _resolution(one), proven)

    def _void(self, one: Recorded[Fact], amount: Decimal) -> Part:
        """With the resolution that gave none: the grant's, else the first amendment's to work."""
        amendments = sorted(self.product.on(one, CommissionAmended), key=self.grounds.end)
        flawed = [each for each in [one, *amendments] if not self.grounds.authority(each).given]
        resolution = _resolution(flawed[0])
        return Part(amount, "investor", "authority_void", key_of(one), resolution)

    def _failing(
        self, one: Recorded[Fact], fact: InstalmentCommitted, day: date, *, as_if: bool = False
    ) -> str | None:
        """The first condition that a commission does not meet (rules 7 and 8), as a reason."""
        terms = self.product.terms(one, day, as_if=as_if)
        if fact.scope_item not in terms.scope:
            return "out_of_scope"
        if terms.parties and fact.investor not in terms.parties:
            return "wrong_party"
        if terms.ceiling.currency != fact.amount.currency:
            return "wrong_currency"
        status = self.product.status(one, day, as_if=as_if)
        if status != "in_force":
            return "before_commission" if status == "not_yet" else status
        if not as_if and self._left(one, day) <= 0:
            return "over_ceiling"
        return None

    def _ceiling(self, one: Recorded[Fact], terms: Terms) -> Decimal:
        match terms.ceiling.kind:
            case CeilingKind.NONE:
                return BOUNDLESS
            case CeilingKind.UNKNOWN:
                return self._unknown.get(key_of(one), NOUGHT)
        assert terms.ceiling.amount is not None
        return terms.ceiling.amount

    def _left(self, one: Recorded[Fact], day: date) -> Decimal:
        """Cut below what is drawn it leaves nothing; a raise never reaches back (rule 9)."""
        ceiling = self._ceiling(one, self.product.terms(one, day))
        return max(NOUGHT, ceiling - self._drawn.get(key_of(one), NOUGHT))

    def _supposedly_left(
        self, one: Recorded[Fact], fact: InstalmentCommitted, day: date
    ) -> Decimal:
        """What it would have covered, had it or its amendments had authority (rule 8)."""
        void = not self.grounds.authority(one).given or any(
            not self.grounds.authority(each).given
            for each in self.product.on(one, CommissionAmended)
        )
        if not void or self._failing(one, fact, day, as_if=True) is not None:
            return NOUGHT
        ceiling = self._ceiling(one, self.product.terms(one, day, as_if=True))
        used = self._drawn.get(key_of(one), NOUGHT) + self._supposed.get(key_of(one), NOUGHT)
        return max(NOUGHT, ceiling - used)

    def _own_risk(
        self, valid: list[Recorded[Fact]], fact: InstalmentCommitted, day: date, left: Decimal
    ) -> Part:
        """The reason of the named commission, else of the one that met most conditions (rule 8)."""
        if not valid:
            return Part(left, "investor", "not_commissioned")
        named = [one for one in valid if key_of(one) == fact.relies_on]
        met = {key_of(one): _met(self._failing(one, fact, day)) for one in valid}
        best = named[0] if named else max(valid, key=lambda one: met[key_of(one)])
        reason = self._failing(best, fact, day)
        assert reason is not None or left == 0
        return Part(left, "investor", reason or "", key_of(best))

    # -- on a later day

    def parts_on(self, each: Recorded[Fact], day: date, risks: list[Recorded[Fact]]) -> Parts:
        """With what has come back and been taken over by then (rules 6, 12 and 14)."""
        fact = each.fact
        assert isinstance(fact, InstalmentCommitted)
        parts = _less(self.parts[fact.instalment], self.credited(each, day))
        for one in sorted(risks, key=self.grounds.start):
            taking = one.fact
            if (
                isinstance(taking, RiskAssumed)
                and (taking.product, taking.instalment) == (each.stream, fact.instalment)
                and taking.amount.currency == fact.amount.currency
                and self.grounds.authority(one).given
                and self.grounds.start(one)[0] <= day
            ):
                parts = _assumed(parts, taking, proven=self.grounds.authority(one).proven)
        return tuple(parts)

    def declined(self, each: Recorded[Fact], day: date, risks: list[Recorded[Fact]]) -> bool:
        return any(
            isinstance(one.fact, RiskDeclined)
            and (one.fact.product, one.fact.instalment) == (each.stream, each.fact.instalment)  # type: ignore[attr-defined]
            and self.grounds.start(one)[0] <= day
            for one in risks
        )

    def flags(self, each: Recorded[Fact]) -> Iterator[str]:
        day = self.grounds.bound(each)[0]
        if not self.product.admitted(day):
            yield "not_admitted"
        if self.product.paused(day):
            yield "paused"

    def credited(self, each: Recorded[Fact], day: date) -> Decimal:
        """What came back by a day reduces what is at risk, and returns no headroom (rule 14)."""
        return sum(
            (
                one.fact.amount.amount
                for one in self.product.facts
                if isinstance(one.fact, InstalmentCredited)
                and one.fact.instalment == each.fact.instalment  # type: ignore[attr-defined]
                and self.grounds.decided(one)[0] <= day
            ),
            NOUGHT,
        )


def _resolution(act: Recorded[Fact]) -> StreamId | None:
    assert isinstance(act.fact, Act)
    return act.fact.resolution


def _met(failing: str | None) -> int:
    """How many conditions were met before the first that was not."""
    if failing is None:
        return len(CONDITIONS)
    return CONDITIONS.index(failing if failing in CONDITIONS else "date")


def _less(parts: Parts, credited: Decimal) -> list[Part]:
    """What came back comes off what was drawn last (ADR 0041)."""
    kept = []
    for part in reversed(parts):
        gone = min(credited, part.amount)
        credited -= gone
        kept.append(replace(part, amount=part.amount - gone))
    return [part for part in reversed(kept) if part.amount > 0]


def _assumed(parts: list[Part], taking: RiskAssumed, *, proven: bool) -> list[Part]:
    """At most what is at own risk, `authority_void` first; the surplus lapses (rule 12)."""
    left = taking.amount.amount
    amounts = [part.amount for part in parts]
    taken = []
    order = sorted(range(len(parts)), key=lambda n: parts[n].reason != "authority_void")
    for place in order:
        if parts[place].bearer == "investor":
            moved = min(left, amounts[place])
            amounts[place] -= moved
            left -= moved
            taken.append(
                Part(
                    moved,
                    "community",
                    "assumed",
                    parts[place].commission,
                    taking.resolution,
                    proven,
                )
            )
    kept = [
        replace(part, amount=amount)
        for part, amount in zip(parts, amounts, strict=True)
        if amount > 0
    ]
    return [*kept, *(part for part in taken if part.amount > 0)]
