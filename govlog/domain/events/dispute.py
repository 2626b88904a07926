"""Facts about disputes: they are shown, and change nothing by themselves."""

from __future__ import annotations

from enum import StrEnum

from govlog.domain.events.fact import Fact
from govlog.domain.values import Key, Personal, StreamId


class EvaluationDisputed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody does not agree with an evaluation; its lights and tallies stay as published."""

    dispute: Key
    evaluation: Key
    by: StreamId
    criteria: tuple[str, ...] = ()
    """Those it is about; none named means all of it."""
    grounds: Personal


class InvestmentDisputed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody does not agree about an instalment, or a whole investment; the bearer stays."""

    dispute: Key
    by: StreamId
    instalment: Key | None = None
    investment: Key | None = None
    grounds: Personal


class DisputeOutcome(StrEnum):
    """How a dispute ended; only an act changes what it was about."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"


class DisputeSettled(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A dispute has ended. A verdict changes only by an act: an assumption, an annulment."""

    dispute: Key
    outcome: DisputeOutcome
    decided_by: StreamId | None = None
    resolution: StreamId | None = None
    grounds: Personal | None = None
