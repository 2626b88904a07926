"""The risk register: what was raised, what is done about it, and what was assumed or declined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.authorities import Authorities
from govlog.domain.authority import Authority, Flaw, own_days
from govlog.domain.events import Fact
from govlog.domain.events.risk import RiskClosed, RiskReviewed, Treatment
from govlog.domain.raising import assumption_of
from govlog.domain.risk import Assumption, Refusal, RiskDecision, next_review_on
from govlog.domain.stream import Recorded
from govlog.domain.tri import Tri, begun
from govlog.domain.values import Key, Money, PartialDate, Personal, Span, StreamId, kind_of
from projections.known import Known
from projections.links import REACHING, resolutions_affected
from projections.spells import open_on, spells, turning
from projections.treatments import (
    JudgedTreatment,
    TreatmentRow,
    judged_treatments,
    kinds_in_force,
)
from projections.view import Segment, View


class RiskStatus(StrEnum):
    RAISED = "raised"
    TREATED = "treated"
    """Something is done about it."""
    ACCEPTED = "accepted"
    """A body has accepted it, with authority."""
    DECLINED = "declined"
    """The community has declined to take anything over."""
    ASSUMED = "assumed"
    """The community has taken something over of it, with authority."""
    CLOSED = "closed"


class Assumed(Struct, frozen=True):
    """The community takes over an instalment's risk, from its day on (rule 12)."""

    assumption: Key
    product: StreamId
    instalment: Key
    amount: Money
    reason: Personal
    resolution: StreamId | None
    works_from: Span
    in_force: bool
    flaw: Flaw
    """Why it has no authority; empty where it has."""
    proven: bool


class Declined(Struct, frozen=True):
    """The community will not take it over: off the open list, the bearer stays (rule 12)."""

    product: StreamId
    instalment: Key
    reason: Personal
    decided: Span


class Reviewed(Struct, frozen=True):
    decided: Span
    findings: Personal | None


class RiskRow(Struct, frozen=True):
    risk: StreamId
    status: RiskStatus
    title: Personal
    description: Personal | None
    product: StreamId | None
    owner: StreamId | None
    raised: Span
    treatments: tuple[TreatmentRow, ...]
    assumptions: tuple[Assumed, ...]
    refusals: tuple[Declined, ...]
    reviews: tuple[Reviewed, ...]
    next_review: PartialDate | None
    """As named last; overdue where its last day is past: a missed review ends nothing."""
    closed: Span | None
    closed_because: Personal | None
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if kind_of(each.stream) == "risk":
            yield each.stream
        for resolution in resolutions_affected(each, known):
            yield from known.facts.citing(resolution, "risk")
    for product, change in known.changes.items():
        if change.terms:
            yield from known.facts.citing(product, "risk")


def segments(subject: str, known: Known) -> Iterable[Segment]:
    risk = known.facts.risk(StreamId(subject))
    if risk is None:
        return ()
    authorities = Authorities(known.facts)
    judged = [(each, authorities.of(assumption_of(each))) for each in risk.assumptions]
    treated = judged_treatments(risk, authorities)
    given = [authority for _, authority in judged] + [each.authority for each in treated]
    spans = [each.works_from for each in given if each.given is not Tri.NO]
    spans += [own_days(each.taken) for each in risk.refusals]
    spans += [risk.raised, *(each.decided for each in risk.reviews)]
    spans += [risk.closed.decided] if risk.closed else []
    # From the day they were decided on they are shown, whether or not they work yet.
    spans += [each.taken.decided for each in risk.assumptions]
    spans += [each.taken.decided for each in risk.treatments]

    def on(day: date) -> tuple[RiskRow, bool]:
        shown = [each for each in treated if each.treated.taken.decided.earliest <= day]
        assumptions = [
            _assumed(each, authority, day)
            for each, authority in judged
            if each.taken.decided.earliest <= day
        ]
        answers = [each.answer(day) for each in shown]
        answers += [
            _answer(authority, day)
            for each, authority in judged
            if each.taken.decided.earliest <= day
        ]
        row = _row(risk, shown, tuple(assumptions), day)
        _, named_last = next_review_on(risk, day)
        return row, named_last and Tri.MAYBE not in answers and not open_on(day, *spans)

    days = turning(*spans)
    return spells((day for day in days if day >= risk.raised.earliest), on)


def _answer(authority: Authority, day: date) -> Tri:
    return min(authority.given, begun(authority.works_from, Span(day, day)))


def _row(
    risk: RiskDecision,
    treated: Iterable[JudgedTreatment],
    assumptions: tuple[Assumed, ...],
    day: date,
) -> RiskRow:
    refusals = tuple(
        _declined(each) for each in risk.refusals if own_days(each.taken).latest <= day
    )
    closed = risk.closed if risk.closed and risk.closed.decided.latest <= day else None
    reviews = [each for each in risk.reviews if each.decided.latest <= day]
    kinds = kinds_in_force(treated, day)
    status = RiskStatus.TREATED if kinds else RiskStatus.RAISED
    if Treatment.ACCEPT in kinds:
        status = RiskStatus.ACCEPTED
    if refusals:
        status = RiskStatus.DECLINED
    if any(each.in_force for each in assumptions):
        status = RiskStatus.ASSUMED
    return RiskRow(
        risk=risk.stream,
        status=RiskStatus.CLOSED if closed else status,
        title=risk.title,
        description=risk.description,
        product=risk.product,
        owner=risk.owner,
        raised=risk.raised,
        treatments=tuple(each.row(day) for each in treated),
        assumptions=assumptions,
        refusals=refusals,
        reviews=tuple(Reviewed(each.decided, each.findings) for each in reviews),
        next_review=next_review_on(risk, day)[0],
        closed=closed.decided if closed else None,
        closed_because=closed.grounds if closed else None,
        fiction=risk.fiction,
    )


def _assumed(each: Assumption, authority: Authority, day: date) -> Assumed:
    return Assumed(
        assumption=each.assumption,
        product=each.product,
        instalment=each.instalment,
        amount=Money(each.amount, each.currency),
        reason=each.reason,
        resolution=each.taken.resolution,
        works_from=authority.works_from,
        in_force=_answer(authority, day) is Tri.YES,
        flaw=authority.flaw,
        proven=authority.proven,
    )


def _declined(each: Refusal) -> Declined:
    return Declined(each.product, each.instalment, each.reason, each.taken.decided)


RISKS = View(
    name="risks",
    row=RiskRow,
    reads=REACHING | {RiskReviewed, RiskClosed},
    touches=touches,
    segments=segments,
    filters=("product", "owner", "status", "next_review", "fiction"),
    scanned=("next_review", "fiction"),
)
