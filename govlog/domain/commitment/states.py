"""The state of a product: its life, its commissions and what was invested in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from immutables import Map
from msgspec import Struct

from govlog.domain.commitment.acts import Taken
from govlog.domain.commitment.agreements import Agreements
from govlog.domain.commitment.claims import Claim
from govlog.domain.commitment.measures import Dispute, Evaluation, LevelChange
from govlog.domain.naming import Called
from govlog.domain.sweep import Tail
from govlog.domain.values import (
    Ceiling,
    Key,
    Money,
    PartialDate,
    Personal,
    Span,
    Standing,
    StreamId,
)


class LifeStage(StrEnum):
    PROPOSED = "proposed"
    ADMITTED = "admitted"
    DECLINED = "declined"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXITED = "exited"
    CLOSED = "closed"


class LifeEvent(Struct, frozen=True):
    stage: LifeStage
    taken: Taken
    level: str | None = None


class Amendment(Struct, frozen=True):
    """New terms; None leaves a term as it was."""

    taken: Taken
    scope: frozenset[str] | None
    ceiling: Ceiling | None
    parties: frozenset[StreamId] | None
    until: date | None
    next_review: PartialDate | None


class Review(Struct, frozen=True):
    decided: Span
    next_review: PartialDate | None
    index: int


class Commission(Struct, frozen=True, kw_only=True):
    commission: Key
    granted: Taken
    scope: frozenset[str]
    parties: frozenset[StreamId]
    """Empty means any investor."""
    ceiling: Ceiling
    until: date | None
    next_review: PartialDate | None
    amendments: tuple[Amendment, ...] = ()
    revocations: tuple[Taken, ...] = ()
    reviews: tuple[Review, ...] = ()
    vision: Personal | None = None
    governance: Personal | None = None


class Investment(Struct, frozen=True):
    investment: Key
    investor: StreamId
    scope_item: str
    amount: Money | None
    standing: Standing
    relies_on: Key | None
    declared: Span
    index: int
    withdrawn: Span | None = None
    purpose: Personal | None = None


class Credit(Struct, frozen=True):
    day: Span
    amount: Decimal
    index: int


class Instalment(Struct, frozen=True, kw_only=True):
    instalment: Key
    investor: StreamId
    scope_item: str
    amount: Money
    bound: Span
    relies_on: Key | None
    standing: Standing
    index: int
    fact: str
    investment: Key | None = None
    credits: tuple[Credit, ...] = ()

    @property
    def attributed(self) -> bool:
        """Rule 14: only money that is bound or paid is attributed."""
        return self.standing in (Standing.BOUND, Standing.PAID)


class Product(Struct, frozen=True, kw_only=True):
    stream: StreamId
    names: tuple[Called[str], ...]
    index: int
    life: tuple[LifeEvent, ...] = ()
    commissions: Map[Key, Commission] = Map()
    investments: Map[Key, Investment] = Map()
    instalments: Map[Key, Instalment] = Map()
    levels: tuple[LevelChange, ...] = ()
    """The decisions on its level, in the order recorded."""
    evaluations: Map[Key, Evaluation] = Map()
    disputes: Map[Key, Dispute] = Map()
    agreements: Agreements = Agreements()
    claims: Map[str, Claim] = Map()
    """What sources say about it, by event."""
    tail: Tail = Tail()
    """The last day on which attributed money was bound."""
    proposed_by: StreamId | None = None
    description: Personal | None = None
    fiction: bool = False

    @property
    def name(self) -> str:
        """The name recorded last."""
        return self.names[-1].name
