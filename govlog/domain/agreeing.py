"""Agreements that carry a product: what may be recorded of joining, paying and contracting."""

from __future__ import annotations

from govlog.domain.commitment import Participation, Product, takes_part
from govlog.domain.errors import RuleViolation
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, require_known, require_unused
from govlog.domain.tri import Tri
from govlog.domain.values import PartialDate, Span, StreamId, first_day, span


class TakesPartAlready(RuleViolation):
    """Whoever takes part joins anew only after having withdrawn (rule 4)."""

    slug = "takes-part-already"
    rule = 4


class TakesNoPart(RuleViolation):
    """Only who takes part can withdraw (rule 4)."""

    slug = "takes-no-part"
    rule = 4


def appoint_coordinator(
    product: Product | None, proposed: CoordinatorAppointed, given: Given
) -> CoordinatorAppointed:
    """Record who coordinates a product from a day on; the one before coordinates until then."""
    existing(product, "product")
    require_known(given.facts, proposed.party, "party")
    require_known(given.facts, proposed.organisation, "organisation")
    require_known(given.facts, proposed.appointed_by, "appointed_by")
    return proposed


def join_authority(
    product: Product | None, proposed: AuthorityJoined, given: Given
) -> AuthorityJoined:
    """Record that an authority joins, for the first time or again."""
    held = existing(product, "product")
    require_known(given.facts, proposed.party, "party")
    answer = _takes_part(held, proposed.party, proposed.since, proposed.decided_on, given)
    if answer is Tri.YES and not given.importing:
        raise TakesPartAlready(
            f"{proposed.party} takes part already on that day",
            mend="record its withdrawal first, where it had one",
            party=proposed.party,
        )
    return proposed


def withdraw_authority(
    product: Product | None, proposed: AuthorityWithdrew, given: Given
) -> AuthorityWithdrew:
    """Record that an authority takes part no longer; that it did stays."""
    held = existing(product, "product")
    require_known(given.facts, proposed.party, "party")
    answer = _takes_part(held, proposed.party, proposed.since, proposed.decided_on, given)
    if answer is Tri.NO and not given.importing:
        raise TakesNoPart(
            f"{proposed.party} takes no part in {held.stream} on that day",
            mend="record that it joined first, or state the day on which it took part",
            party=proposed.party,
        )
    return proposed


def agree_contribution(
    product: Product | None, proposed: ContributionAgreed, given: Given
) -> ContributionAgreed:
    """Record a contribution to the central economy of a product."""
    held = existing(product, "product")
    used = proposed.contribution in held.agreements.contributions
    require_unused(proposed.contribution, used, "contribution")
    require_known(given.facts, proposed.party, "party")
    return proposed


def contract_vendor(
    product: Product | None, proposed: VendorContracted, given: Given
) -> VendorContracted:
    """Record a vendor agreement; it covers no instalment, only a commission does (rule 7)."""
    held = existing(product, "product")
    require_unused(proposed.contract, proposed.contract in held.agreements.contracts, "contract")
    require_known(given.facts, proposed.vendor, "vendor")
    return proposed


def _takes_part(
    product: Product,
    party: StreamId,
    since: PartialDate | None,
    decided_on: PartialDate | None,
    given: Given,
) -> Tri:
    day = first_day(since) if since else None
    when = Span(day, day) if day else span(decided_on, given.recorded_on)
    participation = product.agreements.authorities.get(party, Participation())
    return takes_part(participation, when)
