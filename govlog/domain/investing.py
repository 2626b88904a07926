"""Investments: what may be declared, bound, credited and withdrawn (rule 14)."""

from __future__ import annotations

from decimal import Decimal

from govlog.domain.commitment import Instalment, Investment, Product
from govlog.domain.errors import NotAllowed, NotFound, RuleViolation
from govlog.domain.events.product import (
    InstalmentCommitted,
    InstalmentCredited,
    InvestmentDeclared,
    InvestmentWithdrawn,
)
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, require_known, require_unused
from govlog.domain.tri import Tri, begun
from govlog.domain.values import Key, Money, StreamId, span


class NotPositive(RuleViolation):
    """An instalment is positive (rule 14)."""

    slug = "not-positive"
    rule = 14


class AlreadyWithdrawn(RuleViolation):
    """Nothing more is bound under a withdrawn investment (rule 14)."""

    slug = "investment-withdrawn"
    rule = 14


class NotOfTheInvestment(RuleViolation):
    """An instalment is of its investment's investor."""

    slug = "other-investor"
    rule = 14


class CreditTooLarge(RuleViolation):
    """No more comes back than was bound, in the currency it was bound in (rule 14)."""

    slug = "credit-too-large"
    rule = 14


def declare_investment(
    product: Product | None, proposed: InvestmentDeclared, given: Given
) -> InvestmentDeclared:
    """Say what a party means to invest, and which commission it relies on, if any."""
    held = existing(product, "product")
    require_unused(proposed.investment, proposed.investment in held.investments, "investment")
    require_known(given.facts, proposed.investor, "investor")
    _require_commission(held, proposed.relies_on)
    if proposed.amount is not None:
        _require_positive(proposed.amount)
    return proposed


def commit_instalment(
    product: Product | None, proposed: InstalmentCommitted, given: Given
) -> InstalmentCommitted:
    """Record that an investor became bound for an amount."""
    held = existing(product, "product")
    require_unused(proposed.instalment, proposed.instalment in held.instalments, "instalment")
    require_known(given.facts, proposed.investor, "investor")
    _require_commission(held, proposed.relies_on)
    _require_positive(proposed.amount)
    if proposed.investment is not None:
        _require_open(_investment(held, proposed.investment), proposed, given)
    return proposed


def credit_instalment(
    product: Product | None, proposed: InstalmentCredited, given: Given
) -> InstalmentCredited:
    """Record that money came back; exposure falls forward, no headroom returns."""
    instalment = _instalment(existing(product, "product"), proposed.instalment)
    _require_positive(proposed.amount)
    credited = sum((each.amount for each in instalment.credits), Decimal(0))
    left = instalment.amount.amount - credited
    if proposed.amount.currency != instalment.amount.currency or proposed.amount.amount > left:
        raise CreditTooLarge(
            "more would come back than is bound",
            mend=f"credit at most {left} {instalment.amount.currency}",
            credited=credited,
            bound=instalment.amount.amount,
            currency=instalment.amount.currency,
        )
    return proposed


def withdraw_investment(
    product: Product | None, proposed: InvestmentWithdrawn, given: Given
) -> InvestmentWithdrawn:
    held = existing(product, "product")
    if _investment(held, proposed.investment).withdrawn is not None:
        raise AlreadyWithdrawn(
            f"the investment {proposed.investment!r} was withdrawn before",
            mend="nothing is left to withdraw",
            investment=proposed.investment,
        )
    return proposed


def require_own(investor: StreamId, given: Given) -> None:
    """A vendor declares for its own organisation only (TRUST, Access)."""
    if investor not in (*given.organisations, given.person):
        raise NotAllowed(
            f"you may not declare investments for {investor}",
            mend="use a token bound to that organisation, or ask the secretariat to record it",
            investor=investor,
        )


def _require_open(investment: Investment, proposed: InstalmentCommitted, given: Given) -> None:
    if investment.investor != proposed.investor:
        raise NotOfTheInvestment(
            f"the investment is of {investment.investor}",
            mend="name its investor, or leave the investment out",
            investor=proposed.investor,
        )
    bound = span(proposed.bound_on, given.recorded_on)
    if investment.withdrawn is not None and begun(investment.withdrawn, bound) is not Tri.NO:
        raise AlreadyWithdrawn(
            "the investment was withdrawn by then: nothing more is bound under it",
            mend="declare a new investment, or state a day before the withdrawal",
            bound_on=proposed.bound_on,
        )


def _require_positive(amount: Money) -> None:
    if amount.amount <= 0:
        raise NotPositive(
            "the amount is not positive", mend="state an amount above 0", amount=amount.amount
        )


def _require_commission(product: Product, name: Key | None) -> None:
    if name is not None and name not in product.commissions:
        raise NotFound(
            f"{product.stream} has no commission {name!r}",
            mend="rely on one of its commissions, or on none",
            relies_on=name,
            commissions=sorted(product.commissions),
        )


def _investment(product: Product, name: Key) -> Investment:
    if name not in product.investments:
        raise NotFound(
            f"{product.stream} has no investment {name!r}",
            mend="declare the investment first",
            investment=name,
        )
    return product.investments[name]


def _instalment(product: Product, name: Key) -> Instalment:
    if name not in product.instalments:
        raise NotFound(
            f"{product.stream} has no instalment {name!r}",
            mend="name one of its instalments",
            instalment=name,
        )
    return product.instalments[name]
