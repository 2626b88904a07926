"""Commissions: what may be granted, amended, reviewed and revoked (rules 7, 9, 10, 15 and 20)."""

from __future__ import annotations

from decimal import Decimal

from govlog.domain.authority import NOTHING, ActOf
from govlog.domain.commitment import Amendment, Commission, Product
from govlog.domain.errors import NotFound, RuleViolation
from govlog.domain.events.body import ActKind
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionReviewed,
    CommissionRevoked,
)
from govlog.domain.facts import Given
from govlog.domain.lifecycle import asked
from govlog.domain.raising import AmendmentOf, amount_of
from govlog.domain.refusals import existing, require_known, require_unused
from govlog.domain.values import (
    LARGEST_AMOUNT,
    Ceiling,
    CeilingKind,
    Key,
    PartialDate,
    first_day,
    last_day,
)
from govlog.domain.warrant import require_authority


class EmptyScope(RuleViolation):
    """A commission orders something: its scope names at least one item."""

    slug = "empty-scope"
    rule = 7


class UnclearCeiling(RuleViolation):
    """A ceiling is an amount, or stated as none, or stated as unknown (rule 9)."""

    slug = "unclear-ceiling"
    rule = 9


class EndsBeforeStart(RuleViolation):
    """The last day in force lies before the first."""

    slug = "ends-before-start"
    rule = 2


class NothingAmended(RuleViolation):
    """An amendment changes at least one term."""

    slug = "nothing-amended"
    rule = 20


class NeedsNewResolution(RuleViolation):
    """An amendment needs a resolution of its own (rule 20)."""

    slug = "needs-new-resolution"
    rule = 20


def grant_commission(
    product: Product | None, proposed: CommissionGranted, given: Given
) -> CommissionGranted:
    """Grant a commission under a carried resolution within its body's mandate."""
    held = existing(product, "product")
    require_unused(proposed.commission, proposed.commission in held.commissions, "commission")
    _require_scope(proposed.scope)
    _require_ceiling(proposed.ceiling)
    _require_span(proposed, proposed.until)
    for party in proposed.parties:
        require_known(given.facts, party, "parties")
    act = ActOf(
        ActKind.COMMISSION, held.stream, amount_of(proposed.ceiling), asked(proposed, given)
    )
    require_authority(act, given)
    return proposed


def amend_commission(
    product: Product | None, proposed: CommissionAmended, given: Given
) -> CommissionAmended:
    """Change terms from a day on; needs a resolution other than the grant's."""
    held = existing(product, "product")
    commission = _existing(held, proposed.commission)
    terms = (proposed.scope, proposed.ceiling, proposed.parties, proposed.until)
    if all(term is None for term in (*terms, proposed.next_review)):
        raise NothingAmended("the amendment changes no term", mend="state at least one new term")
    if proposed.scope is not None:
        _require_scope(proposed.scope)
    if proposed.ceiling is not None:
        _require_ceiling(proposed.ceiling)
    for party in proposed.parties or ():
        require_known(given.facts, party, "parties")
    if proposed.resolution is not None and proposed.resolution == commission.granted.resolution:
        raise NeedsNewResolution(
            "an amendment cannot rest on the resolution that granted the commission",
            mend="table and carry a resolution on the amendment, and cite it",
            resolution=proposed.resolution,
        )
    amendment = Amendment(
        asked(proposed, given), None, proposed.ceiling, None, None, proposed.next_review
    )
    require_authority(AmendmentOf(held.stream, commission, amendment), given)
    return proposed


def review_commission(
    product: Product | None, proposed: CommissionReviewed, given: Given
) -> CommissionReviewed:
    _existing(existing(product, "product"), proposed.commission)
    return proposed


def revoke_commission(
    product: Product | None, proposed: CommissionRevoked, given: Given
) -> CommissionRevoked:
    """End a commission forward; what was bound before stays covered (rule 10)."""
    held = existing(product, "product")
    _existing(held, proposed.commission)
    act = ActOf(ActKind.REVOCATION, held.stream, NOTHING, asked(proposed, given))
    require_authority(act, given)
    return proposed


def _existing(product: Product, name: Key) -> Commission:
    if name not in product.commissions:
        raise NotFound(
            f"{product.stream} has no commission {name!r}",
            mend="name one of its commissions",
            commission=name,
            commissions=sorted(product.commissions),
        )
    return product.commissions[name]


def _require_scope(scope: tuple[str, ...]) -> None:
    if not scope or not all(item.strip() for item in scope):
        raise EmptyScope("the scope names nothing", mend="name a scope item", scope=scope)


def _require_ceiling(ceiling: Ceiling) -> None:
    """An amount from 0 up, exactly where the kind is `amount`."""
    stated = ceiling.amount is not None
    if stated is not (ceiling.kind is CeilingKind.AMOUNT):
        raise UnclearCeiling(
            f"a ceiling of kind {ceiling.kind} {'has no' if stated else 'needs an'} amount",
            mend="state kind amount with an amount, or kind none or unknown without one",
            kind=ceiling.kind,
            amount=ceiling.amount,
        )
    if ceiling.amount is not None and not Decimal(0) <= ceiling.amount <= LARGEST_AMOUNT:
        raise UnclearCeiling(
            f"a ceiling of {ceiling.amount} is out of range",
            mend=f"state an amount from 0 to {LARGEST_AMOUNT}",
            amount=ceiling.amount,
        )


def _require_span(proposed: CommissionGranted, until: PartialDate | None) -> None:
    start = proposed.effective_from or proposed.decided_on
    if until is not None and start is not None and last_day(until) < first_day(start):
        raise EndsBeforeStart(
            f"the commission would end ({until}) before it starts ({start})",
            mend="state an `until` that is not before the start",
            until=until,
            start=start,
        )
