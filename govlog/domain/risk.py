"""A risk decision: raised, assumed or declined."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.commitment import Taken, taken
from govlog.domain.events.fact import Fact
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Personal, Span, StreamId


class Assumption(Struct, frozen=True):
    """The community takes over the risk of an instalment from its day on (rule 12)."""

    assumption: Key
    risk: StreamId
    product: StreamId
    instalment: Key
    amount: Decimal
    currency: str
    reason: Personal
    taken: Taken


class Refusal(Struct, frozen=True):
    """The community will not take it over (rule 12)."""

    risk: StreamId
    product: StreamId
    instalment: Key
    reason: Personal
    taken: Taken


class RiskDecision(Struct, frozen=True, kw_only=True):
    stream: StreamId
    title: Personal
    raised: Span
    index: int
    description: Personal | None = None
    product: StreamId | None = None
    owner: StreamId | None = None
    assumptions: tuple[Assumption, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    fiction: bool = False


def evolve(risk: RiskDecision | None, recorded: Recorded[Fact]) -> RiskDecision | None:
    """The risk decision after one more fact; never refuses."""
    match recorded.fact:
        case RiskRaised() as fact if risk is None:
            return RiskDecision(
                stream=recorded.stream,
                title=fact.title,
                raised=recorded.decided,
                index=recorded.index,
                description=fact.description,
                product=fact.product,
                owner=fact.owner,
                fiction=fact.fiction,
            )
        case RiskAssumed() as fact if risk is not None:
            return replace(risk, assumptions=(*risk.assumptions, _assumption(recorded, fact)))
        case RiskDeclined() as fact if risk is not None:
            refusal = Refusal(
                recorded.stream, fact.product, fact.instalment, fact.reason, taken(recorded, fact)
            )
            return replace(risk, refusals=(*risk.refusals, refusal))
        case _:
            return risk


def _assumption(recorded: Recorded[Fact], fact: RiskAssumed) -> Assumption:
    return Assumption(
        assumption=fact.assumption,
        risk=recorded.stream,
        product=fact.product,
        instalment=fact.instalment,
        amount=fact.amount.amount,
        currency=fact.amount.currency,
        reason=fact.reason,
        taken=taken(recorded, fact),
    )
