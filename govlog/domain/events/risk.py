"""Facts about risk decisions."""

from __future__ import annotations

from enum import StrEnum

from govlog.domain.events.fact import Act, Fact
from govlog.domain.values import Key, Money, PartialDate, Personal, StreamId


class Treatment(StrEnum):
    """What is done about a risk (ISO 31000:2018, 6.5.2, in four words)."""

    ACCEPT = "accept"
    REDUCE = "reduce"
    SHARE = "share"
    AVOID = "avoid"


class RiskRaised(Fact, frozen=True, kw_only=True, omit_defaults=True):
    title: Personal
    description: Personal | None = None
    product: StreamId | None = None
    owner: StreamId | None = None
    fiction: bool = False
    next_review: PartialDate | None = None


class RiskTreated(Act, frozen=True, kw_only=True, omit_defaults=True):
    """What is done about the risk; to accept it takes a resolution with a mandate (rule 15)."""

    treatment: Key
    kind: Treatment
    description: Personal | None = None
    owner: StreamId | None = None
    """Who sees to it."""
    next_review: PartialDate | None = None


class RiskReviewed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looked at the risk again."""

    findings: Personal | None = None
    next_review: PartialDate | None = None


class RiskClosed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """There is nothing more to see to; what was assumed or accepted stands."""

    grounds: Personal | None = None


class RiskAssumed(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The community takes over the risk of an instalment, forward from its day (rule 12)."""

    assumption: Key
    product: StreamId
    instalment: Key
    amount: Money
    reason: Personal


class RiskDeclined(Act, frozen=True, kw_only=True, omit_defaults=True):
    """The community will not take it over: off the open list, the bearer stays (rule 12)."""

    product: StreamId
    instalment: Key
    reason: Personal
