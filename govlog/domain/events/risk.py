"""Facts about risk decisions."""

from __future__ import annotations

from govlog.domain.events.fact import Act, Fact
from govlog.domain.values import Key, Money, Personal, StreamId


class RiskRaised(Fact, frozen=True, kw_only=True, omit_defaults=True):
    title: Personal
    description: Personal | None = None
    product: StreamId | None = None
    owner: StreamId | None = None
    fiction: bool = False


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
