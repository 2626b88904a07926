"""Facts about a product: its life, its commissions and what was invested in it."""

from __future__ import annotations

from govlog.domain.events.fact import Act, Fact
from govlog.domain.values import Ceiling, Key, Money, PartialDate, Personal, Standing, StreamId


class ProductProposed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    proposed_by: StreamId | None = None
    description: Personal | None = None
    fiction: bool = False


class ProductAdmitted(Act, frozen=True, kw_only=True, omit_defaults=True):
    level: str | None = None


class ProductDeclined(Act, frozen=True, kw_only=True, omit_defaults=True):
    grounds: Personal


class ProductPaused(Act, frozen=True, kw_only=True, omit_defaults=True):
    """A flag; it does not end cover (rule 7g)."""

    grounds: Personal | None = None


class ProductResumed(Act, frozen=True, kw_only=True, omit_defaults=True):
    grounds: Personal | None = None


class ProductExited(Act, frozen=True, kw_only=True, omit_defaults=True):
    """Out of the portfolio: ends the cover of every commission granted before (rule 7g)."""

    grounds: Personal | None = None


class ProductClosed(Act, frozen=True, kw_only=True, omit_defaults=True):
    grounds: Personal | None = None


class ProductRenamed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    name: str


class CommissionGranted(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The community orders development: what, from whom, up to how much, until when."""

    commission: Key
    scope: tuple[str, ...]
    ceiling: Ceiling
    parties: tuple[StreamId, ...] = ()
    """Empty means any investor (rule 7d)."""
    until: PartialDate | None = None
    """The last day in force."""
    next_review: PartialDate | None = None
    vision: Personal | None = None
    governance: Personal | None = None


class CommissionAmended(Act, frozen=True, kw_only=True, omit_defaults=True):
    """New terms from its day; a term left out stays as it was."""

    commission: Key
    scope: tuple[str, ...] | None = None
    ceiling: Ceiling | None = None
    parties: tuple[StreamId, ...] | None = None
    until: PartialDate | None = None
    next_review: PartialDate | None = None


class CommissionReviewed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    commission: Key
    findings: Personal | None = None
    next_review: PartialDate | None = None


class CommissionRevoked(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The first day on which the commission covers nothing new."""

    commission: Key
    grounds: Personal | None = None


class InvestmentDeclared(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A party says what it means to put into the product; instalments follow when bound."""

    investment: Key
    investor: StreamId
    scope_item: str
    amount: Money | None = None
    standing: Standing = Standing.PROPOSED
    relies_on: Key | None = None
    """The commission the investor names."""
    purpose: Personal | None = None


class InstalmentCommitted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The investor became bound for an amount on `bound_on` (not the invoice date)."""

    instalment: Key
    investor: StreamId
    scope_item: str
    amount: Money
    bound_on: PartialDate | None = None
    investment: Key | None = None
    relies_on: Key | None = None
    standing: Standing = Standing.BOUND


class InstalmentCredited(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Money came back: exposure falls from `decided_on`; no headroom returns (rule 14)."""

    instalment: Key
    amount: Money


class InvestmentWithdrawn(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing more will be bound under it; what is bound stays, no headroom returns (rule 14)."""

    investment: Key
    grounds: Personal | None = None
