"""Whether an act has authority: rules 15 to 18 and 21, in one world, as known at one size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.body import (
    ActKind,
    BodyDissolved,
    BodyEstablished,
    BodyFounded,
    LimitKind,
    MandateEnded,
    MandateGranted,
)
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.fact import Act
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionRevoked,
    ProductAdmitted,
    ProductClosed,
    ProductExited,
)
from govlog.domain.events.resolution import (
    ItemKind,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionSuperseded,
    ResolutionTabled,
)
from govlog.domain.events.risk import RiskAssumed, RiskRaised, RiskTreated, Treatment
from govlog.domain.stream import Recorded
from govlog.domain.values import Ceiling, CeilingKind, Money, StreamId, first_day, last_day
from tests.oracle.counting import Log, counted, order_of_counting
from tests.oracle.votes import Outcome, outcome
from tests.oracle.world import Days, When, reach

KIND_OF_ACT: dict[type[Fact], ActKind] = {
    CommissionGranted: ActKind.COMMISSION,
    CommissionAmended: ActKind.AMENDMENT,
    CommissionRevoked: ActKind.REVOCATION,
    ProductAdmitted: ActKind.ADMISSION,
    ProductExited: ActKind.EXIT,
    ProductClosed: ActKind.EXIT,
    RiskAssumed: ActKind.ASSUMPTION,
    LevelChanged: ActKind.LEVEL_CHANGE,
}
"""Rule 15's list; other facts need no mandate."""


def kind_of_act(fact: Fact) -> ActKind | None:
    """None of what needs no mandate: of what is done about a risk only an acceptance does."""
    if isinstance(fact, RiskTreated):
        return ActKind.RISK_ACCEPTANCE if fact.kind is Treatment.ACCEPT else None
    return KIND_OF_ACT.get(type(fact))


class Authority(Struct, frozen=True):
    """Whether an act has it, and whether a vote or minutes show it (rule 16)."""

    given: bool
    proven: bool = False


VOID = Authority(given=False)


class Grounds:
    """Everything that confers authority, as known at the end of `log`, on the days of one world."""

    def __init__(
        self,
        log: Log,
        days: Days,
        batch: StreamId | None = None,
        facts: Sequence[Recorded[Fact]] | None = None,
    ) -> None:
        """`facts` are those that count, where they are known: every world has the same."""
        self.log, self._days = log, days
        self.facts = counted(log, batch) if facts is None else facts
        self._streams: dict[StreamId, list[Recorded[Fact]]] = {}
        for each in self.facts:
            self._streams.setdefault(each.stream, []).append(each)
        for stream, told in self._streams.items():
            if stream.startswith("resolution:") and any(each.fact.pending for each in told):
                # Its rounds follow each other as they come to count.
                told.sort(key=lambda each: order_of_counting(log, each))
        self._earlier: dict[int, Grounds] = {}
        self._annulled: dict[StreamId, bool] = {}

    def when_recorded(self, each: Recorded[Fact]) -> Grounds:
        """The same world as it was known when a fact was recorded; an import sees itself."""
        if each.index not in self._earlier:
            before = self.log[: each.index]
            self._earlier[each.index] = Grounds(before, self._days, each.fact.batch)
        return self._earlier[each.index]

    def decided(self, each: Recorded[Fact]) -> When:
        """What still waits is in no world, but an import sees it: on the first day it may be."""
        found = self._days.get((each.id, "decided_on"))
        return found or (reach(each, each.fact.decided_on)[0], each.index)

    def held(self, claim: Recorded[Fact]) -> When:
        """When a source says that something held."""
        return self._days[claim.id, "holds_on"]

    def bound(self, each: Recorded[Fact]) -> When:
        return self._days[each.id, "bound_on"]

    def of(self, stream: StreamId) -> list[Recorded[Fact]]:
        return self._streams.get(stream, [])

    # -- resolutions

    def tabled(self, resolution: StreamId) -> ResolutionTabled | None:
        for each in self.of(resolution):
            if isinstance(each.fact, ResolutionTabled):
                return each.fact
        return None

    def outcome(self, resolution: StreamId) -> Outcome | None:
        return outcome(self.of(resolution))

    def carried(self, resolution: StreamId) -> When | None:
        """When a resolution carried; None where it did not."""
        found = self.outcome(resolution)
        if found is None or found.word is not OutcomeWord.CARRIED:
            return None
        return self.decided(found.by)

    def annulled(self, resolution: StreamId) -> bool:
        """Rule 21: some annulment of it is in effect."""
        if resolution not in self._annulled:
            self._annulled[resolution] = any(
                self.takes_effect(each)
                for each in self.of(resolution)
                if isinstance(each.fact, ResolutionAnnulled)
            )
        return self._annulled[resolution]

    def takes_effect(self, annulment: Recorded[Fact]) -> bool:
        """Only if what it cites stood when it was recorded, and is not annulled later."""
        cited = annulment.fact.resolution  # type: ignore[attr-defined]
        if cited is None or annulment.fact.ruling is not None:  # type: ignore[attr-defined]
            return True
        return self.when_recorded(annulment).stands(cited) and self.stands(cited)

    def stands(self, resolution: StreamId) -> bool:
        return self.carried(resolution) is not None and not self.annulled(resolution)

    def superseded(self, resolution: StreamId) -> When | None:
        """The earliest day from which a later resolution that stands took its place (rule 17)."""
        own = self.carried(resolution)
        days = [
            day
            for each in self.successors(resolution)
            if self.stands(each)
            and (day := self.carried(each)) is not None
            and (own is None or day > own)
        ]
        return min(days, default=None)

    def successors(self, resolution: StreamId) -> set[StreamId]:
        told = [each.fact for each in self.of(resolution)]
        named = {fact.by for fact in told if isinstance(fact, ResolutionSuperseded)}
        naming = {
            each.stream
            for each in self.facts
            if isinstance(each.fact, ResolutionTabled) and each.fact.supersedes == resolution
        }
        return named | naming

    # -- acts

    def start(self, act: Recorded[Fact]) -> When:
        """Rule 10: the latest of its own day, `effective_from` and the day of its resolution."""
        fact = act.fact
        start = self.decided(act)
        # What another date cuts down to one day is that day: recording breaks its ties (ADR 0041).
        last = reach(act, fact.decided_on)[1]
        if isinstance(fact, Act):
            if kind_of_act(fact) is not None and fact.resolution is not None:
                carried = self.carried(fact.resolution)
                if carried is not None and (carried[0] > start[0] or carried[0] == last):
                    start = (carried[0], act.index)
            if fact.effective_from is not None:
                effective = first_day(fact.effective_from)
                if effective > start[0] or effective == last:
                    start = (max(effective, start[0]), act.index)
        return start

    def end(self, act: Recorded[Fact]) -> When:
        """Rule 10 of an act that takes cover away: not before the day of notice, where stated."""
        start = self.start(act)
        told = act.fact.notified_on  # type: ignore[attr-defined]
        if told is not None and last_day(told) > start[0]:
            return last_day(told), act.index
        return start

    def authority(self, act: Recorded[Fact]) -> Authority:
        return self._authorities.get(act.id, VOID)

    @cached_property
    def acts(self) -> list[Recorded[Fact]]:
        """All acts that need a mandate, in the order decided."""
        found = [each for each in self.facts if kind_of_act(each.fact) is not None]
        return sorted(found, key=self.decided)

    @cached_property
    def _authorities(self) -> dict[str, Authority]:
        """One act after the other: what is decided earlier uses a budget up first (rule 15)."""
        found: dict[str, Authority] = {}
        used: dict[tuple[StreamId, int], Decimal] = {}
        for act in self.acts:
            found[act.id] = self._judge(act, found, used)
        return found

    def _judge(
        self,
        act: Recorded[Fact],
        before: dict[str, Authority],
        used: dict[tuple[StreamId, int], Decimal],
    ) -> Authority:
        fact = act.fact
        assert isinstance(fact, Act)
        if fact.resolution is None:
            return Authority(given=fact.authority_text is not None and fact.batch is not None)
        tabled, found = self.tabled(fact.resolution), self.outcome(fact.resolution)
        carried = self.carried(fact.resolution)
        if tabled is None or found is None or carried is None or self.annulled(fact.resolution):
            return VOID
        if tabled.kind is not ItemKind.DECISION or self.dissolved(tabled.body, carried):
            return VOID
        successor = self.superseded(fact.resolution)
        if successor is not None and self.decided(act)[0] >= successor[0]:
            return VOID
        amount, unlimited = self._amount(act, before)
        kind, product = kind_of_act(fact), self.product_of(act)
        assert kind is not None
        if not self.resolved(act, before):
            return VOID
        granted = [each for each in self.of(tabled.body) if isinstance(each.fact, MandateGranted)]
        if not granted:
            # Rule 16: unproven in imports, refused in live recording.
            return Authority(given=fact.batch is not None)
        covering = [each for each in granted if self.covers(each, kind, product, carried[0])]
        for mandate in sorted(covering, key=lambda each: _rank(each.fact)):
            if self._allows(mandate, amount, unlimited, used):
                return Authority(given=True, proven=found.shown)
        return VOID

    def resolved(self, act: Recorded[Fact], before: dict[str, Authority] | None = None) -> bool:
        """Whether it is among what its resolution would authorise, where that lists anything."""
        tabled = self.tabled(act.fact.resolution)  # type: ignore[attr-defined]
        kind = kind_of_act(act.fact)
        assert tabled is not None
        assert kind is not None
        if before is None:
            earlier = self.acts[: [each.id for each in self.acts].index(act.id)]
            before = {each.id: self.authority(each) for each in earlier}
        amount, unlimited = self._amount(act, before)
        return _resolved(tabled, kind, self.product_of(act), amount, unlimited=unlimited)

    def dissolved(self, body: StreamId, carried: When) -> bool:
        return any(
            isinstance(each.fact, BodyDissolved) and self.decided(each)[0] <= carried[0]
            for each in self.of(body)
        )

    def _amount(
        self, act: Recorded[Fact], before: dict[str, Authority]
    ) -> tuple[Money | None, bool]:
        """What counts against a limit: a ceiling, a raise, an assumption; whether it is open."""
        fact = act.fact
        if isinstance(fact, RiskAssumed):
            return fact.amount, False
        if isinstance(fact, CommissionGranted):
            return _limit(fact.ceiling)
        if not isinstance(fact, CommissionAmended) or fact.ceiling is None:
            return None, False
        wanted, unlimited = _limit(fact.ceiling)
        old = self._ceiling_before(act, before)
        if wanted is None or old is None:
            return wanted, unlimited
        if old.amount is None:
            return None, False  # from no ceiling to one: nothing is raised
        if old.currency != wanted.currency:
            return wanted, False
        raised = wanted.amount - old.amount
        return (Money(raised, wanted.currency) if raised > 0 else None), False

    def _ceiling_before(self, act: Recorded[Fact], before: dict[str, Authority]) -> Ceiling | None:
        ceiling = None
        for each in self.acts:
            fact = each.fact
            if each.stream != act.stream or each.id not in before:
                continue
            if getattr(fact, "commission", None) != act.fact.commission:  # type: ignore[attr-defined]
                continue
            if isinstance(fact, CommissionGranted) or (
                isinstance(fact, CommissionAmended) and before[each.id].given and fact.ceiling
            ):
                ceiling = fact.ceiling
        return ceiling

    def product_of(self, act: Recorded[Fact]) -> StreamId:
        """The product that an act is about; an acceptance may be about a risk without one."""
        if isinstance(act.fact, RiskAssumed):
            return act.fact.product
        for each in self.of(act.stream):
            if isinstance(each.fact, RiskRaised) and each.fact.product is not None:
                return each.fact.product
        return act.stream

    # -- mandates

    def covers(self, mandate: Recorded[Fact], kind: ActKind, product: StreamId, day: date) -> bool:
        fact = mandate.fact
        assert isinstance(fact, MandateGranted)
        if kind not in fact.acts or (fact.products and product not in fact.products):
            return False
        return (
            self.mandate_stands(mandate)
            and self.mandate_since(mandate) <= day
            and not (self.mandate_over(mandate, day))
        )

    def mandate_stands(self, mandate: Recorded[Fact]) -> bool:
        """A mandate whose own resolution is annulled never was (rule 15)."""
        resolution = mandate.fact.resolution  # type: ignore[attr-defined]
        return resolution is None or self.stands(resolution)

    def mandate_since(self, mandate: Recorded[Fact]) -> date:
        since = mandate.fact.since  # type: ignore[attr-defined]
        decided = self.decided(mandate)[0]
        return decided if since is None else max(decided, first_day(since))

    def mandate_over(self, mandate: Recorded[Fact], day: date) -> bool:
        """On or after the day it ended, or after the last day it was given for."""
        fact = mandate.fact
        assert isinstance(fact, MandateGranted)
        if fact.until is not None and last_day(fact.until) < day:
            return True
        return any(
            isinstance(each.fact, MandateEnded)
            and each.fact.mandate == fact.mandate
            and self.decided(each)[0] <= day
            for each in self.of(mandate.stream)
        )

    def _allows(
        self,
        mandate: Recorded[Fact],
        amount: Money | None,
        unlimited: bool,
        used: dict[tuple[StreamId, int], Decimal],
    ) -> bool:
        fact = mandate.fact
        assert isinstance(fact, MandateGranted)
        if fact.limit_kind is LimitKind.UNLIMITED:
            return True
        if unlimited:
            return False
        if amount is None:
            return True
        if fact.limit is None or amount.currency != fact.limit.currency:
            return False
        if fact.limit_kind is LimitKind.PER_ACT:
            return amount.amount <= fact.limit.amount
        place = (mandate.stream, mandate.version)
        if used.get(place, Decimal(0)) + amount.amount > fact.limit.amount:
            return False
        used[place] = used.get(place, Decimal(0)) + amount.amount
        return True


def _rank(mandate: Fact) -> int:
    """A budget is drawn upon only by what no other mandate covers."""
    assert isinstance(mandate, MandateGranted)
    return mandate.limit_kind is LimitKind.BUDGET


def _limit(ceiling: Ceiling) -> tuple[Money | None, bool]:
    if ceiling.kind is not CeilingKind.AMOUNT:
        return None, True
    assert ceiling.amount is not None
    return Money(ceiling.amount, ceiling.currency), False


def _resolved(
    tabled: ResolutionTabled,
    kind: ActKind,
    product: StreamId,
    amount: Money | None,
    *,
    unlimited: bool,
) -> bool:
    """Where the resolution lists what it would authorise, the act is among it."""
    return not tabled.authorises or any(
        each.act is kind
        and each.product in (None, product)
        and (
            each.amount is None
            or (
                not unlimited
                and (
                    amount is None
                    or (
                        amount.currency == each.amount.currency
                        and amount.amount <= each.amount.amount
                    )
                )
            )
        )
        for each in tabled.authorises
    )


BODIES = (BodyFounded, BodyEstablished)
"""What begins a body."""


def bodies(facts: Sequence[Recorded[Fact]]) -> list[Recorded[Fact]]:
    return [each for each in facts if isinstance(each.fact, BODIES)]
