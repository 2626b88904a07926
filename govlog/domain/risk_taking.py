"""Risks: what may be raised, assumed, declined, treated and closed (rules 12 and 15)."""

from __future__ import annotations

from govlog.domain.authority import NOTHING, ActOf, Amount
from govlog.domain.commitment import Instalment, Taken
from govlog.domain.errors import NotFound, RuleViolation
from govlog.domain.events.body import ActKind
from govlog.domain.events.risk import (
    RiskAssumed,
    RiskClosed,
    RiskDeclined,
    RiskRaised,
    RiskReviewed,
    RiskTreated,
    Treatment,
)
from govlog.domain.facts import Given
from govlog.domain.lifecycle import asked
from govlog.domain.refusals import (
    AlreadyRecorded,
    existing,
    require_known,
    require_new,
    require_unused,
)
from govlog.domain.risk import RiskDecision
from govlog.domain.values import Key, StreamId
from govlog.domain.warrant import require_authority


class OtherCurrency(RuleViolation):
    """A risk is taken over in the instalment's currency (rule 12)."""

    slug = "other-currency"
    rule = 12


class NothingToAssume(RuleViolation):
    """An assumption is of a positive amount, at most the instalment's (rule 12)."""

    slug = "nothing-to-assume"
    rule = 12


def raise_risk(risk: RiskDecision | None, proposed: RiskRaised, given: Given) -> RiskRaised:
    require_new(risk, "risk")
    require_known(given.facts, proposed.product, "product")
    require_known(given.facts, proposed.owner, "owner")
    return proposed


def assume_risk(risk: RiskDecision | None, proposed: RiskAssumed, given: Given) -> RiskAssumed:
    """Take over the risk of an instalment forward, under a resolution whose mandate covers it."""
    held = existing(risk, "risk")
    used = any(each.assumption == proposed.assumption for each in held.assumptions)
    require_unused(proposed.assumption, used, "assumption")
    instalment = _instalment(proposed.product, proposed.instalment, given)
    if proposed.amount.currency != instalment.amount.currency:
        raise OtherCurrency(
            f"the instalment is in {instalment.amount.currency}",
            mend=f"assume an amount in {instalment.amount.currency}",
            currency=proposed.amount.currency,
        )
    if not 0 < proposed.amount.amount <= instalment.amount.amount:
        raise NothingToAssume(
            f"{proposed.amount.amount} is not between 0 and the instalment's amount",
            mend=f"assume at most {instalment.amount.amount}",
            amount=proposed.amount.amount,
        )
    amount = Amount(proposed.amount.currency, proposed.amount.amount)
    act = ActOf(ActKind.ASSUMPTION, proposed.product, amount, asked(proposed, given))
    require_authority(act, given)
    return proposed


def decline_risk(risk: RiskDecision | None, proposed: RiskDeclined, given: Given) -> RiskDeclined:
    """Say that the community will not take a risk over; the bearer stays."""
    existing(risk, "risk")
    _instalment(proposed.product, proposed.instalment, given)
    return proposed


def treat_risk(risk: RiskDecision | None, proposed: RiskTreated, given: Given) -> RiskTreated:
    """Say what is done about a risk; to accept it needs a carried resolution (rule 15)."""
    held = existing(risk, "risk")
    used = any(each.treatment == proposed.treatment for each in held.treatments)
    require_unused(proposed.treatment, used, "treatment")
    require_known(given.facts, proposed.owner, "owner")
    require_known(given.facts, proposed.resolution, "resolution")
    if proposed.kind is Treatment.ACCEPT:
        require_authority(acceptance_of(held, asked(proposed, given)), given)
    return proposed


def review_risk(risk: RiskDecision | None, proposed: RiskReviewed, given: Given) -> RiskReviewed:
    """Record that a risk was looked at again; a review that was missed ends nothing."""
    existing(risk, "risk")
    return proposed


def close_risk(risk: RiskDecision | None, proposed: RiskClosed, given: Given) -> RiskClosed:
    """Close a risk; it stays in the register."""
    if existing(risk, "risk").closed is not None:
        raise AlreadyRecorded(
            "the risk is closed already", mend="raise a new risk where there is one again"
        )
    return proposed


def acceptance_of(risk: RiskDecision, taken: Taken) -> ActOf:
    """An acceptance as an act: about the risk's product, or about the risk where it has none."""
    return ActOf(ActKind.RISK_ACCEPTANCE, risk.product or risk.stream, NOTHING, taken)


def _instalment(stream: StreamId, name: Key, given: Given) -> Instalment:
    product = given.facts.product(stream)
    if product is None or name not in product.instalments:
        raise NotFound(
            f"{stream} has no instalment {name!r}",
            mend="name a recorded instalment of the product",
            product=stream,
            instalment=name,
        )
    return product.instalments[name]
