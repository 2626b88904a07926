"""Made-up histories of acts about money under the mandates of two bodies (rule 15).

Whole communities seldom raise a ceiling twice under a limit; these do little else.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from govlog.domain.attribution.terms import judge_commissions
from govlog.domain.authorities import Authorities
from govlog.domain.authority import Authority
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import CorrectionWithdrawn, FactCorrected
from govlog.domain.events.body import (
    ActKind,
    BodyFounded,
    LimitKind,
    MandateEnded,
    MandateGranted,
    Rules,
)
from govlog.domain.events.product import CommissionAmended, CommissionGranted, ProductProposed
from govlog.domain.events.resolution import (
    Authorises,
    ItemKind,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionTabled,
)
from govlog.domain.events.risk import RiskAssumed, RiskRaised
from govlog.domain.raising import assumption_of
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
from tests.domain.given import History

T = TypeVar("T")
BODIES = tuple(StreamId(f"body:{name}") for name in ("board", "group"))
PRODUCTS = tuple(StreamId(f"product:{name}") for name in ("plan", "map"))
RISK = StreamId("risk:r")
NAMES = (Key("c"), Key("d"))
ON = PartialDate("2024-01-01")
FULL = tuple(PartialDate(f"2024-{month:02}-{day:02}") for month in (2, 3, 4) for day in (1, 15))
OPEN = (PartialDate("2024-02"), PartialDate("2024-03"), PartialDate("2024"))
AMOUNTS = (40, 50, 60, 100, 110, 150, 200)
UNLIMITED = LimitKind.UNLIMITED
MONEY = (ActKind.COMMISSION, ActKind.AMENDMENT, ActKind.ASSUMPTION)
MOST_OPEN = 2
"""Dates that are open in one history: there is a world for every way that they may fall."""


def made_up(examples: int) -> settings:
    """The same histories for everybody."""
    checks = list(HealthCheck)
    return settings(
        max_examples=examples, derandomize=True, deadline=None, suppress_health_check=checks
    )


SHOWN: dict[str, Any] = {"decided_on": ON, "evidence": (Reference("bylaws"),)}


def up_to(money: Money) -> Ceiling:
    return Ceiling(CeilingKind.AMOUNT, money.currency, money.amount)


class Acts(History):
    """Short words for bodies, their mandates, and what is committed under these."""

    def __init__(self) -> None:
        super().__init__()
        self.at("2024-12-31")
        for stream in PRODUCTS:
            self.record(stream, ProductProposed(name=stream, decided_on=ON))
        self.record(RISK, RiskRaised(title=Personal(commitment="t"), decided_on=ON))

    def found(self, body: StreamId) -> None:
        self.record(body, BodyFounded(name=body, rules=Rules(version="1"), **SHOWN))

    def mandate(self, body: StreamId, name: str, kind: LimitKind, **more: Any) -> None:
        granted = MandateGranted(
            mandate=Key(name), limit_kind=kind, **{"acts": MONEY, **SHOWN, **more}
        )
        self.record(body, granted)

    def resolve(
        self,
        body: StreamId,
        day: PartialDate,
        word: OutcomeWord = OutcomeWord.CARRIED,
        **more: Any,
    ) -> StreamId:
        """Table and decide on one day."""
        stream = StreamId(f"resolution:r{len(self.log)}")
        tabled = ResolutionTabled(
            body=body,
            kind=ItemKind.DECISION,
            title=Personal(commitment="t"),
            decided_on=day,
            **more,
        )
        self.record(stream, tabled)
        self.record(stream, OutcomeRecorded(decided_on=day, outcome=word, vote_shown=True))
        return stream

    def commit(
        self, product: StreamId, resolution: StreamId, day: PartialDate, name: Key, to: Ceiling
    ) -> Recorded[Fact]:
        """Grant a commission; amend the one that is there."""
        on: dict[str, Any] = {"decided_on": day, "resolution": resolution, "commission": name}
        held = self.facts().product(product)
        if held is not None and name in held.commissions:
            return self.record(product, CommissionAmended(ceiling=to, **on))
        return self.record(product, CommissionGranted(ceiling=to, scope=("code",), **on))

    def assume(
        self, product: StreamId, resolution: StreamId, day: PartialDate, amount: Money
    ) -> None:
        assumed = RiskAssumed(
            assumption=Key(f"a{len(self.log)}"),
            product=product,
            instalment=Key("i"),
            amount=amount,
            reason=Personal(commitment="t"),
            decided_on=day,
            resolution=resolution,
        )
        self.record(RISK, assumed)


COMMITTED = 5
"""So many facts come before the first resolution."""
MENDABLE = (
    "decided_on", "bound_on", "until", "effective_from", "amount", "ceiling", "resolution",
    "outcome", "scope", "scope_item",
)  # fmt: skip
OUTCOMES = (OutcomeWord.CARRIED, OutcomeWord.LOST)


def mendable(each: Recorded[Fact]) -> list[str]:
    """The members of a fact that may be found to have been recorded wrongly."""
    if isinstance(each.fact, FactCorrected | CorrectionWithdrawn | MandateGranted):
        return []
    return [name for name in MENDABLE if getattr(each.fact, name, None) is not None]


class Telling:
    """Makes up a history of grants, raises and assumptions under the mandates of two bodies."""

    def __init__(self, draw: st.DrawFn, *, partial: bool) -> None:
        self._draw, self._left = draw, MOST_OPEN if partial else 0
        self._resolutions: dict[StreamId, list[StreamId]] = {}
        self._plain = self.one_of(False, True)
        """Whether one body may do all there is, and the other within a budget: raises meet."""
        self.bodies = BODIES
        self.history = Acts()

    def one_of(self, *choices: T) -> T:
        return self._draw(st.sampled_from(choices))

    def once_in(self, times: int) -> bool:
        return self.one_of(*[False] * (times - 1), True)

    def when(self) -> PartialDate:
        if self._left and self.once_in(3):
            self._left -= 1
            return self.one_of(*OPEN)
        return self.one_of(*FULL)

    def money(self) -> Money:
        currencies = ("DKK",) if self._plain else ("DKK", "DKK", "DKK", "EUR")
        return Money(Decimal(self.one_of(*AMOUNTS)), self.one_of(*currencies))

    def ceiling(self) -> Ceiling:
        if self.one_of(*[True] * 7, False):
            return up_to(self.money())
        return Ceiling(CeilingKind.NONE, "DKK")

    def body(self, body: StreamId) -> None:
        self.history.found(body)
        if self._plain:
            self.mandate(body, "all", LimitKind.BUDGET if body == BODIES[1] else UNLIMITED)
            return
        for number in range(self.one_of(1, 1, 2, 3)):
            self.mandate(
                body,
                f"m{number}",
                self.one_of(LimitKind.BUDGET, *LimitKind),
                acts=self.one_of(MONEY, MONEY, MONEY[:1], MONEY[1:]),
                products=self.one_of((), (), PRODUCTS[:1]),
                since=self.one_of(None, None, self.when()),
                until=self.one_of(None, None, None, self.when()),
            )
            if self.once_in(6):
                ended = MandateEnded(mandate=Key(f"m{number}"), decided_on=self.when())
                self.history.record(body, ended)

    def mandate(self, body: StreamId, name: str, kind: LimitKind, **more: Any) -> None:
        limit = None if kind is UNLIMITED else self.money()
        self.history.mandate(body, name, kind, limit=limit, **more)

    def resolve(self, day: PartialDate) -> StreamId:
        """Mostly a new resolution; now and then one that was there."""
        body = self.one_of(*self.bodies)
        there = self._resolutions.setdefault(body, [])
        if there and self.once_in(3):
            return self.one_of(*there)
        stream = self.history.resolve(
            body,
            day,
            self.one_of(*[OutcomeWord.CARRIED] * 7, OutcomeWord.LOST),
            supersedes=self.one_of(*[None] * 5, self.one_of(None, *there)),
            authorises=self.one_of((), (), (), self.authorised()),
        )
        there.append(stream)
        if self.once_in(8):
            self.annul(self.one_of(*there))
        return stream

    def authorised(self) -> tuple[Authorises, ...]:
        return (
            Authorises(
                act=self.one_of(*MONEY),
                product=self.one_of(None, *PRODUCTS),
                amount=self.one_of(None, self.money()),
            ),
        )

    def annul(self, resolution: StreamId) -> None:
        """By a ruling, or by another resolution that may be annulled itself."""
        others = [each for there in self._resolutions.values() for each in there]
        by = self.one_of(None, *(each for each in others if each != resolution))
        ground = "ruling" if by is None else "outside_mandate"
        annulled = ResolutionAnnulled(decided_on=ON, ground=ground, resolution=by)
        self.history.record(resolution, annulled)

    def act(self) -> None:
        if self.once_in(10) and len(self.history.log) > COMMITTED:
            self.correct()
            return
        product, day = self.one_of(*PRODUCTS), self.when()
        resolution = self.resolve(day)
        if self.once_in(5):
            self.history.assume(product, resolution, day, self.money())
        else:
            name = NAMES[0] if self._plain else self.one_of(*NAMES)
            self.history.commit(product, resolution, day, name, self.ceiling())

    def correct(self) -> None:
        """Mend a member of an earlier fact, or take a correction back (rule 19)."""
        log = self.history.log
        mended = [each for each in log if isinstance(each.fact, FactCorrected)]
        if mended and self.once_in(3):
            each = self.one_of(*mended)
            withdrawn = CorrectionWithdrawn(correction=each.id, decided_on=ON)
            self.history.record(each.stream, withdrawn)
            return
        wrong = self.one_of(*[each for each in log if each.index >= COMMITTED and mendable(each)])
        field = self.one_of(*mendable(wrong))
        value = msgspec.to_builtins(self.right(field))
        corrected = FactCorrected(event=wrong.id, field=field, value=value, decided_on=ON)
        self.history.record(wrong.stream, corrected)

    def right(self, field: str) -> object:
        """What a member should have said."""
        match field:
            case "amount":
                return Money(Decimal(self.one_of(*AMOUNTS)), "DKK")
            case "ceiling":
                return self.ceiling()
            case "resolution":
                return self.resolve(self.when())
            case "outcome":
                return self.one_of(*OUTCOMES)
            case "scope":
                return ("code", "docs")
        return self.when()


@st.composite
def histories(draw: st.DrawFn, *, partial: bool) -> Acts:
    telling = Telling(draw, partial=partial)
    for stream in BODIES:
        telling.body(stream)
    for _ in range(draw(st.integers(3, 10))):
        telling.act()
    return telling.history


def judged(history: History, size: int | None = None) -> dict[StreamId, dict[str, Authority]]:
    """What is said of every act, by product and event, as known at a size of the log."""
    facts = history.facts(size)
    authorities = Authorities(facts)
    found: dict[StreamId, dict[str, Authority]] = {each: {} for each in PRODUCTS}
    for stream in PRODUCTS:
        product = facts.product(stream)
        for each in judge_commissions(product, authorities) if product is not None else ():
            found[stream][each.commission.granted.fact] = each.authority
            for change in each.changes:
                found[stream][change.amendment.taken.fact] = change.authority
    risk = facts.risk(RISK)
    for assumption in risk.assumptions if risk is not None else ():
        of = assumption_of(assumption)
        found[of.product][of.taken.fact] = authorities.of(of)
    return found
