"""Made-up histories of one product: what is commissioned, revoked, bound and taken over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from govlog.domain.events.body import ActKind, LimitKind
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionRevoked,
    InstalmentCommitted,
    InstalmentCredited,
    ProductAdmitted,
    ProductClosed,
    ProductExited,
    ProductPaused,
    ProductResumed,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined
from govlog.domain.values import (
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Personal,
    Standing,
    StreamId,
)
from tests.domain.acts import (
    BODIES,
    FULL,
    NAMES,
    OPEN,
    PRODUCTS,
    RISK,
    Acts,
    Telling,
    up_to,
)

BOARD, PLAN = BODIES[0], PRODUCTS[0]
INVESTORS = tuple(StreamId(f"party:{name}") for name in ("vendor", "town"))
ITEMS = ("api", "app")
LEVELS = tuple(Key(each) for each in "123")
OTHERS = ("revoke", "leave", "admit", "pause", "level", "credit", "take", "correct")


class Investing(Telling):
    """Tells what happens to one product under a board that may do everything."""

    def __init__(self, draw: st.DrawFn, *, partial: bool) -> None:
        super().__init__(draw, partial=partial)
        self._plain = True
        self._granted: list[Key] = []
        self._bound: list[Key] = []
        self._uncredited: list[Key] = []
        self.history.found(BOARD)
        self.history.mandate(BOARD, "all", LimitKind.UNLIMITED, acts=tuple(ActKind))
        self.bodies = (BOARD,)

    def limit(self) -> PartialDate | None:
        return self.one_of(*[None] * 5, self.one_of(*FULL, *OPEN[:2]))

    def on(self) -> dict[str, Any]:
        day = self.when()
        return {
            "decided_on": day,
            "resolution": self.resolve(self.one_of(day, day, self.when())),
            "effective_from": self.limit(),
            "notified_on": self.limit(),
        }

    def ceiling(self) -> Ceiling:
        kind = self.one_of(*[CeilingKind.AMOUNT] * 9, CeilingKind.NONE, CeilingKind.UNKNOWN)
        return up_to(self.money()) if kind is CeilingKind.AMOUNT else Ceiling(kind, "DKK")

    def tell(self) -> None:
        told = ("commit",) * 4 + ("bind",) * 5 + OTHERS
        getattr(self, self.one_of(*told))()

    def commit(self) -> None:
        name, parties = self.one_of(*NAMES), INVESTORS[:1]
        if name not in self._granted:
            self._granted.append(name)
            granted = CommissionGranted(
                commission=name, ceiling=self.ceiling(), scope=self.one_of(ITEMS, ITEMS, ITEMS[:1]),
                parties=self.one_of((), (), (), parties), until=self.limit(), **self.on(),
            )  # fmt: skip
            self.history.record(PLAN, granted)
            return
        amended = CommissionAmended(
            commission=name, ceiling=self.one_of(None, self.ceiling()),
            scope=self.one_of(None, None, ITEMS, ITEMS[1:]),
            parties=self.one_of(None, None, None, parties), until=self.limit(), **self.on(),
        )  # fmt: skip
        self.history.record(PLAN, amended)

    def bind(self) -> None:
        name = Key(f"i{len(self._bound)}")
        day = self.when()
        bound = InstalmentCommitted(
            instalment=name, investor=self.one_of(*INVESTORS), scope_item=self.one_of(*ITEMS),
            amount=Money(Decimal(self.one_of(30, 50, 80)), "DKK"), bound_on=day, decided_on=day,
            relies_on=self.one_of(None, None, *NAMES),
            standing=self.one_of(*[Standing.BOUND] * 8, Standing.APPROVED),
        )  # fmt: skip
        self._bound.append(name)
        self._uncredited.append(name)
        self.history.record(PLAN, bound)

    def revoke(self) -> None:
        revoked = CommissionRevoked(commission=self.one_of(*self._granted), **self.on())
        self.history.record(PLAN, revoked)

    def leave(self) -> None:
        self.history.record(PLAN, ProductExited(**self.on()))

    def admit(self) -> None:
        self.history.record(PLAN, ProductAdmitted(level=self.one_of(*LEVELS), **self.on()))

    def pause(self) -> None:
        kind = self.one_of(ProductPaused, ProductResumed, ProductClosed)
        self.history.record(PLAN, kind(**self.on()))

    def level(self) -> None:
        self.history.record(PLAN, LevelChanged(to_level=self.one_of(*LEVELS), **self.on()))

    def credit(self) -> None:
        if self._uncredited:
            credited = InstalmentCredited(
                instalment=self._uncredited.pop(), amount=Money(Decimal(20), "DKK"),
                decided_on=self.when(),
            )  # fmt: skip
            self.history.record(PLAN, credited)

    def right(self, field: str) -> object:
        match field:
            case "scope":
                return self.one_of(ITEMS, ITEMS[:1])
            case "scope_item":
                return self.one_of(*ITEMS)
        return super().right(field)

    def take(self) -> None:
        if not self._bound:
            return
        about: dict[str, Any] = {
            "product": PLAN, "instalment": self.one_of(*self._bound),
            "reason": Personal(commitment="t"), **self.on(),
        }  # fmt: skip
        if self.one_of(False, False, True):
            self.history.record(RISK, RiskDeclined(**about))
        else:
            assumed = RiskAssumed(
                assumption=Key(f"a{len(self.history.log)}"),
                amount=Money(Decimal(self.one_of(20, 50, 80)), "DKK"), **about,
            )  # fmt: skip
            self.history.record(RISK, assumed)


@st.composite
def investments(draw: st.DrawFn, *, partial: bool) -> Acts:
    telling = Investing(draw, partial=partial)
    telling.admit()
    telling.commit()
    for _ in range(draw(st.integers(3, 12))):
        telling.tell()
    return telling.history
