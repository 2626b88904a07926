"""How a product measured up: assessments, decisions on its level, and disputes, as they stand."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.commitment.acts import Taken, taken
from govlog.domain.events.dispute import (
    DisputeOutcome,
    DisputeSettled,
    EvaluationDisputed,
    InvestmentDisputed,
)
from govlog.domain.events.evaluation import (
    CriterionRow,
    EvaluationPublished,
    LevelChanged,
    PrintedTotals,
    Recommendation,
    SelfAssessed,
)
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, PartialDate, Personal, Reference, Span, StreamId


class Measured(StrEnum):
    """Who measured a product."""

    SELF = "self_assessment"
    OTHERS = "evaluation"


class Evaluation(Struct, frozen=True, kw_only=True):
    evaluation: Key
    kind: Measured
    rows: tuple[CriterionRow, ...]
    catalogue: StreamId | None
    criteria_version: Key | None
    printed: tuple[PrintedTotals, ...]
    by: StreamId | None
    next_review: PartialDate | None
    decided: Span
    index: int
    fact: str
    evidence: tuple[Reference, ...]
    claimed_level: Key | None = None
    recommended_level: Key | None = None
    recommendation: Recommendation | None = None
    summary: Personal | None = None


class LevelChange(Struct, frozen=True):
    """A decision on the level; whether it has authority is judged elsewhere."""

    taken: Taken
    from_level: Key | None
    to_level: Key
    grounds: Personal | None
    decided_by: StreamId | None
    evaluation: Key | None
    criteria_version: Key | None
    next_review: PartialDate | None
    evidence: tuple[Reference, ...]


class Settled(Struct, frozen=True):
    """How a dispute ended."""

    outcome: DisputeOutcome
    decided: Span
    decided_by: StreamId | None
    resolution: StreamId | None
    grounds: Personal | None
    fact: str


class Dispute(Struct, frozen=True, kw_only=True):
    """Somebody does not agree; it is shown, and changes nothing by itself."""

    dispute: Key
    by: StreamId
    grounds: Personal
    raised: Span
    index: int
    fact: str
    evaluation: Key | None = None
    criteria: tuple[str, ...] = ()
    instalment: Key | None = None
    investment: Key | None = None
    settled: Settled | None = None


def measured(fact: SelfAssessed | EvaluationPublished, recorded: Recorded[Fact]) -> Evaluation:
    """An assessment as a fact gives it."""
    evaluation = Evaluation(
        evaluation=fact.evaluation,
        kind=Measured.SELF if isinstance(fact, SelfAssessed) else Measured.OTHERS,
        rows=fact.rows,
        catalogue=fact.catalogue,
        criteria_version=fact.criteria_version,
        printed=fact.printed,
        by=fact.by,
        next_review=fact.next_review,
        decided=recorded.decided,
        index=recorded.index,
        fact=recorded.id,
        evidence=fact.evidence,
    )
    if isinstance(fact, SelfAssessed):
        return replace(evaluation, claimed_level=fact.claimed_level)
    return replace(
        evaluation,
        recommended_level=fact.recommended_level,
        recommendation=fact.recommendation,
        summary=fact.summary,
    )


def level_change(fact: LevelChanged, recorded: Recorded[Fact]) -> LevelChange:
    """A decision on the level as a fact gives it."""
    return LevelChange(
        taken=taken(recorded, fact),
        from_level=fact.from_level,
        to_level=fact.to_level,
        grounds=fact.grounds,
        decided_by=fact.decided_by,
        evaluation=fact.evaluation,
        criteria_version=fact.criteria_version,
        next_review=fact.next_review,
        evidence=fact.evidence,
    )


def disputed(fact: EvaluationDisputed | InvestmentDisputed, recorded: Recorded[Fact]) -> Dispute:
    """A dispute as a fact raises it."""
    dispute = Dispute(
        dispute=fact.dispute,
        by=fact.by,
        grounds=fact.grounds,
        raised=recorded.decided,
        index=recorded.index,
        fact=recorded.id,
    )
    if isinstance(fact, EvaluationDisputed):
        return replace(dispute, evaluation=fact.evaluation, criteria=fact.criteria)
    return replace(dispute, instalment=fact.instalment, investment=fact.investment)


def settled(fact: DisputeSettled, recorded: Recorded[Fact]) -> Settled:
    """How a fact ends a dispute."""
    return Settled(
        outcome=fact.outcome,
        decided=recorded.decided,
        decided_by=fact.decided_by,
        resolution=fact.resolution,
        grounds=fact.grounds,
        fact=recorded.id,
    )
