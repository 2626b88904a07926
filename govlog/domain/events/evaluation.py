"""Facts about how a product measures up: assessments, evaluations, and its level."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from govlog.domain.events.fact import Act, Fact
from govlog.domain.values import Key, PartialDate, Personal, Reference, StreamId


class Light(StrEnum):
    """How far a criterion is met; what is not relevant is neither met nor missed (rule 30)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NOT_RELEVANT = "not_relevant"


class CriterionRow(Struct, frozen=True, omit_defaults=True):
    """One criterion as it was measured."""

    criterion: str
    light: Light
    grounds: Personal | None = None
    evidence: tuple[Reference, ...] = ()
    """Green needs it (rule 30)."""


class PrintedTotals(Struct, frozen=True, omit_defaults=True):
    """Totals as a source prints them; the log derives its own from the rows (rule 30)."""

    where: str
    """Which table of the source, for example `by level`."""
    green: int
    yellow: int
    red: int
    not_relevant: int = 0


class Recommendation(StrEnum):
    """What an evaluation recommends about the level; a decision is another fact (rule 29)."""

    KEEP = "keep"
    RAISE = "raise"
    LOWER = "lower"


class Assessment(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What every measurement against criteria holds, whoever made it."""

    evaluation: Key
    rows: tuple[CriterionRow, ...] = ()
    catalogue: StreamId | None = None
    criteria_version: Key | None = None
    """Absent only in imports whose source does not say."""
    printed: tuple[PrintedTotals, ...] = ()
    by: StreamId | None = None
    next_review: PartialDate | None = None


class SelfAssessed(Assessment, frozen=True, kw_only=True, omit_defaults=True):
    """A product measures itself."""

    claimed_level: Key | None = None
    """Its own word, which gives it no level."""


class EvaluationPublished(Assessment, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody else measures a product, and may recommend a level."""

    recommended_level: Key | None = None
    recommendation: Recommendation | None = None
    summary: Personal | None = None


class LevelChanged(Act, frozen=True, kw_only=True, omit_defaults=True):
    """A decision on a product's level; one that keeps it names the same level twice (rule 29)."""

    from_level: Key | None = None
    """The level on that date; absent where the product had none."""
    to_level: Key
    grounds: Personal | None = None
    decided_by: StreamId | None = None
    evaluation: Key | None = None
    """The evaluation it rests on."""
    criteria_version: Key | None = None
    next_review: PartialDate | None = None
