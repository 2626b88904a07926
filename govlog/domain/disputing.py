"""Disputes: raised and settled, and shown; only an act changes what they are about."""

from __future__ import annotations

from govlog.domain.commitment import Product
from govlog.domain.errors import NotFound, RuleViolation
from govlog.domain.events.dispute import DisputeSettled, EvaluationDisputed, InvestmentDisputed
from govlog.domain.facts import Given
from govlog.domain.refusals import (
    AlreadyRecorded,
    UnknownReference,
    existing,
    require_known,
    require_unused,
)
from govlog.domain.values import Key


class NothingDisputed(RuleViolation):
    """A dispute is about one thing: an instalment, or an investment as a whole."""

    slug = "nothing-disputed"


def dispute_evaluation(
    product: Product | None, proposed: EvaluationDisputed, given: Given
) -> EvaluationDisputed:
    """Disagree with an evaluation, or with some of its rows; they stay as published."""
    held = existing(product, "product")
    require_unused(proposed.dispute, proposed.dispute in held.disputes, "dispute")
    require_known(given.facts, proposed.by, "by")
    _require_one_of(held.evaluations, proposed.evaluation, "evaluation")
    measured = {row.criterion for row in held.evaluations[proposed.evaluation].rows}
    strange = [each for each in proposed.criteria if each not in measured]
    if strange:
        raise UnknownReference(
            f"the evaluation has no row for {', '.join(strange)}",
            mend="name criteria that it measured, or none for all of it",
            criteria=strange,
        )
    return proposed


def dispute_investment(
    product: Product | None, proposed: InvestmentDisputed, given: Given
) -> InvestmentDisputed:
    """Disagree about who bears a risk, or about the money itself; the derived answer stays."""
    held = existing(product, "product")
    require_unused(proposed.dispute, proposed.dispute in held.disputes, "dispute")
    require_known(given.facts, proposed.by, "by")
    if (proposed.instalment is None) is (proposed.investment is None):
        raise NothingDisputed(
            "a dispute names either an instalment or an investment",
            mend="name one of the two",
            instalment=proposed.instalment,
            investment=proposed.investment,
        )
    if proposed.instalment is not None:
        _require_one_of(held.instalments, proposed.instalment, "instalment")
    if proposed.investment is not None:
        _require_one_of(held.investments, proposed.investment, "investment")
    return proposed


def settle_dispute(
    product: Product | None, proposed: DisputeSettled, given: Given
) -> DisputeSettled:
    """Say how a dispute ended; where it was right, an act must follow to change the answer."""
    held = existing(product, "product")
    _require_one_of(held.disputes, proposed.dispute, "dispute")
    require_known(given.facts, proposed.decided_by, "decided_by")
    require_known(given.facts, proposed.resolution, "resolution")
    if held.disputes[proposed.dispute].settled is not None:
        raise AlreadyRecorded(
            f"the dispute {proposed.dispute!r} is settled already",
            mend="raise a new dispute where there is one again",
            dispute=proposed.dispute,
        )
    return proposed


def _require_one_of(known: object, name: Key, noun: str) -> None:
    names = sorted(known) if hasattr(known, "__iter__") else []
    if name not in names:
        raise NotFound(
            f"the product has no {noun} {name!r}",
            mend=f"name one of its {noun}s",
            name=name,
            known=names,
        )
