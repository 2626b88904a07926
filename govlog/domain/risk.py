"""A risk: raised, treated, reviewed and closed, and what was assumed or declined of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.commitment import Taken, taken
from govlog.domain.events.fact import Fact
from govlog.domain.events.risk import (
    RiskAssumed,
    RiskClosed,
    RiskDeclined,
    RiskRaised,
    RiskReviewed,
    RiskTreated,
    Treatment,
)
from govlog.domain.stream import Recorded
from govlog.domain.tri import surely_last
from govlog.domain.values import Key, PartialDate, Personal, Span, StreamId


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


class Treated(Struct, frozen=True):
    """What is done about a risk; an acceptance is an act that needs authority (rule 15)."""

    treatment: Key
    kind: Treatment
    description: Personal | None
    owner: StreamId | None
    next_review: PartialDate | None
    taken: Taken


class Looked(Struct, frozen=True):
    """A review of the risk."""

    decided: Span
    findings: Personal | None
    next_review: PartialDate | None
    index: int


class Closing(Struct, frozen=True):
    decided: Span
    grounds: Personal | None


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
    next_review: PartialDate | None = None
    """As it was raised with; treatments and reviews may name later ones."""
    treatments: tuple[Treated, ...] = ()
    reviews: tuple[Looked, ...] = ()
    closed: Closing | None = None
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
                next_review=fact.next_review,
            )
        case RiskAssumed() as fact if risk is not None:
            return replace(risk, assumptions=(*risk.assumptions, _assumption(recorded, fact)))
        case RiskDeclined() as fact if risk is not None:
            refusal = Refusal(
                recorded.stream, fact.product, fact.instalment, fact.reason, taken(recorded, fact)
            )
            return replace(risk, refusals=(*risk.refusals, refusal))
        case RiskTreated() as fact if risk is not None:
            return replace(risk, treatments=(*risk.treatments, _treated(recorded, fact)))
        case RiskReviewed() as fact if risk is not None:
            looked = Looked(recorded.decided, fact.findings, fact.next_review, recorded.index)
            return replace(risk, reviews=(*risk.reviews, looked))
        case RiskClosed() as fact if risk is not None and risk.closed is None:
            return replace(risk, closed=Closing(recorded.decided, fact.grounds))
        case _:
            return risk


def next_review_on(risk: RiskDecision, day: date) -> tuple[PartialDate | None, bool]:
    """When the risk is to be looked at next: the date named last by the end of a day.

    A review that names none leaves none; a missed one raises a flag and ends nothing. Nor is it
    certain where partial dates leave open which date was named last.
    """
    named: list[tuple[Span, int, PartialDate | None]] = [
        (each.taken.decided, each.taken.index, each.next_review)
        for each in risk.treatments
        if each.next_review is not None and each.taken.decided.latest <= day
    ]
    named += [
        (each.decided, each.index, each.next_review)
        for each in risk.reviews
        if each.decided.latest <= day
    ]
    last = max(named, key=lambda each: (each[0].latest, each[1]), default=None)
    if last is None:
        return risk.next_review, True
    others = (each[:2] for each in named if each[2] != last[2])
    return last[2], surely_last(last[:2], others)


def _treated(recorded: Recorded[Fact], fact: RiskTreated) -> Treated:
    return Treated(
        treatment=fact.treatment,
        kind=fact.kind,
        description=fact.description,
        owner=fact.owner,
        next_review=fact.next_review,
        taken=taken(recorded, fact),
    )


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
