"""Assessments and evaluations: what may be recorded of how a product measures up (rule 30)."""

from __future__ import annotations

from govlog.domain.catalogue import Catalogue, Criteria, require_level
from govlog.domain.commitment import Product
from govlog.domain.errors import RuleViolation
from govlog.domain.events.evaluation import Assessment, EvaluationPublished, SelfAssessed
from govlog.domain.facts import Given
from govlog.domain.refusals import (
    UnknownReference,
    existing,
    require_known,
    require_unused,
)
from govlog.domain.tallies import unproven_greens
from govlog.domain.values import Key


class GreenWithoutEvidence(RuleViolation):
    """Green needs evidence (rule 30)."""

    slug = "green-without-evidence"
    rule = 30


class NothingMeasured(RuleViolation):
    """Tallies are derived from rows, so there must be some (rule 30)."""

    slug = "nothing-measured"
    rule = 30


class WithoutCriteria(RuleViolation):
    """What was measured is only known with the version of the criteria (rule 29)."""

    slug = "without-criteria"
    rule = 29


class MeasuredTwice(RuleViolation):
    """One evaluation gives a criterion one light (rule 30)."""

    slug = "measured-twice"
    rule = 30


def self_assess(product: Product | None, proposed: SelfAssessed, given: Given) -> SelfAssessed:
    """Record how a product measures itself."""
    catalogue = _checked(product, proposed, given)
    if catalogue is not None:
        require_level(catalogue, proposed.claimed_level)
    return proposed


def publish_evaluation(
    product: Product | None, proposed: EvaluationPublished, given: Given
) -> EvaluationPublished:
    """Record how somebody measured a product; printed totals stand beside the derived ones."""
    catalogue = _checked(product, proposed, given)
    if catalogue is not None:
        require_level(catalogue, proposed.recommended_level)
    return proposed


def _checked(product: Product | None, proposed: Assessment, given: Given) -> Catalogue | None:
    held = existing(product, "product")
    require_unused(proposed.evaluation, proposed.evaluation in held.evaluations, "evaluation")
    require_known(given.facts, proposed.by, "by")
    require_known(given.facts, proposed.catalogue, "catalogue")
    _require_one_light(proposed)
    catalogue = given.facts.catalogue(proposed.catalogue) if proposed.catalogue else None
    if catalogue is not None and proposed.criteria_version is not None:
        _require_of(_version(catalogue, proposed.criteria_version), proposed)
    if not given.importing:
        _require_measured(proposed)
        _require_evidence(proposed)
    return catalogue


def _version(catalogue: Catalogue, version: Key) -> Criteria:
    found = catalogue.criteria(version)
    if found is None:
        raise UnknownReference(
            f"{catalogue.stream} has no criteria version {version!r}",
            mend="adopt that version first, or name one it has",
            criteria_version=version,
            versions=[each.version for each in catalogue.versions],
        )
    return found


def _require_of(version: Criteria, proposed: Assessment) -> None:
    strange = [row.criterion for row in proposed.rows if row.criterion not in version.criteria]
    if strange:
        raise UnknownReference(
            f"version {version.version!r} has no criterion {', '.join(strange)}",
            mend="use the ids of that version: in another one they may mean something else",
            criteria=strange,
            criteria_version=version.version,
        )


def _require_one_light(proposed: Assessment) -> None:
    names = [row.criterion for row in proposed.rows]
    repeated = sorted({each for each in names if names.count(each) > 1})
    if repeated:
        raise MeasuredTwice(
            f"{', '.join(repeated)}: more than one row for the criterion",
            mend="give each criterion one row",
            criteria=repeated,
        )


def _require_measured(proposed: Assessment) -> None:
    if proposed.catalogue is None or proposed.criteria_version is None:
        raise WithoutCriteria(
            "the evaluation does not say what it measured against",
            mend="name catalogue and criteria_version",
        )
    if not proposed.rows:
        raise NothingMeasured(
            "the evaluation holds no rows", mend="give one row for each criterion measured"
        )


def _require_evidence(proposed: Assessment) -> None:
    bare = unproven_greens(proposed.rows)
    if bare:
        raise GreenWithoutEvidence(
            f"{', '.join(bare)}: green without evidence",
            mend="give each green row a reference as evidence, or another light",
            criteria=list(bare),
        )
