"""Risks: raised, with what the community took over of them and what it declined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.authority import Flaw, own_days
from govlog.domain.budget import Authorities, assumption_of
from govlog.domain.events import Fact
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised
from govlog.domain.risk import Assumption, Refusal
from govlog.domain.stream import Recorded
from govlog.domain.tri import Tri, begun
from govlog.domain.values import Key, Money, Personal, Span, StreamId
from projections.known import Known
from projections.links import REACHING
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class RiskStatus(StrEnum):
    RAISED = "raised"
    ASSUMED = "assumed"
    """The community has taken something over of it, with authority."""
    DECLINED = "declined"
    """The community has declined to take anything over."""


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


class RiskRow(Struct, frozen=True):
    risk: StreamId
    status: RiskStatus
    title: Personal
    description: Personal | None
    product: StreamId | None
    owner: StreamId | None
    raised: Span
    assumptions: tuple[Assumed, ...]
    refusals: tuple[Declined, ...]
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, RiskRaised | RiskAssumed | RiskDeclined):
            yield each.stream
    for product, change in known.changes.items():
        if change.terms:
            yield from known.facts.citing(product, "risk")


def segments(subject: str, known: Known) -> Iterable[Segment]:
    risk = known.facts.risk(StreamId(subject))
    if risk is None:
        return ()
    authorities = Authorities(known.facts)
    judged = [(each, authorities.of(assumption_of(each))) for each in risk.assumptions]
    works = [authority.works_from for _, authority in judged if authority.given is not Tri.NO]
    spans = [risk.raised, *(own_days(each.taken) for each in risk.refusals), *works]

    def on(day: date) -> tuple[RiskRow, bool]:
        today = Span(day, day)
        doubtful = False
        assumptions = []
        for each, authority in judged:
            begun_by_then = min(authority.given, begun(authority.works_from, today))
            if each.taken.decided.earliest <= day:
                doubtful = doubtful or begun_by_then is Tri.MAYBE
                assumptions.append(
                    _assumed(
                        each,
                        works_from=authority.works_from,
                        in_force=begun_by_then is Tri.YES,
                        flaw=authority.flaw,
                        proven=authority.proven,
                    )
                )
        refusals = tuple(
            _declined(each) for each in risk.refusals if own_days(each.taken).latest <= day
        )
        status = RiskStatus.DECLINED if refusals else RiskStatus.RAISED
        if any(each.in_force for each in assumptions):
            status = RiskStatus.ASSUMED
        row = RiskRow(
            risk=risk.stream,
            status=status,
            title=risk.title,
            description=risk.description,
            product=risk.product,
            owner=risk.owner,
            raised=risk.raised,
            assumptions=tuple(assumptions),
            refusals=refusals,
            fiction=risk.fiction,
        )
        return row, not doubtful and not open_on(day, *spans)

    days = turning(*spans, *(each.taken.decided for each, _ in judged))
    return spells((day for day in days if day >= risk.raised.earliest), on)


def _assumed(
    each: Assumption, *, works_from: Span, in_force: bool, flaw: Flaw, proven: bool
) -> Assumed:
    return Assumed(
        assumption=each.assumption,
        product=each.product,
        instalment=each.instalment,
        amount=Money(each.amount, each.currency),
        reason=each.reason,
        resolution=each.taken.resolution,
        works_from=works_from,
        in_force=in_force,
        flaw=flaw,
        proven=proven,
    )


def _declined(each: Refusal) -> Declined:
    return Declined(each.product, each.instalment, each.reason, each.taken.decided)


RISKS = View(
    name="risks",
    row=RiskRow,
    reads=REACHING | {RiskRaised},
    touches=touches,
    segments=segments,
    filters=("product", "owner", "status", "fiction"),
    scanned=("fiction",),
)
