"""What a commission's terms are on a day, and whether it is in force then (rules 3, 7, 10, 15)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.attribution.fitting import withdrawn
from govlog.domain.attribution.terms import Change, Judged
from govlog.domain.commitment import Amendment, Review
from govlog.domain.tri import MAYBE, NO, YES, Tri, begun, both, either, surely_last
from govlog.domain.values import Ceiling, PartialDate, Span, StreamId
from projections.spells import day_after, turning


class CommissionStatus(StrEnum):
    """In force, or why it is not."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    REVOKED = "revoked"
    EXPIRED = "expired"
    WITHDRAWN_PRODUCT = "withdrawn_product"
    """The product was exited or closed since the grant; readmission revives nothing (rule 7g)."""
    AUTHORITY_VOID = "authority_void"


class Terms(Struct, frozen=True):
    """The terms at the end of a day."""

    scope: frozenset[str]
    parties: frozenset[StreamId]
    ceiling: Ceiling
    until: date | None
    next_review: PartialDate | None
    certain: bool
    """False while it is open whether an amendment holds, or has authority."""


def term_days(judged: Judged, reviews: Collection[Review] = ()) -> Iterator[date]:
    """The days on which its terms, or whether it is in force, may change."""
    commission = judged.commission
    yield from turning(commission.granted.decided, judged.authority.works_from)
    yield from day_after(commission.until)
    for change in judged.changes:
        yield from turning(change.authority.works_from)
        yield from day_after(change.amendment.until)
    for revocation in judged.revocations:
        yield from turning(revocation.works_from)
    for leaving in judged.exits:
        yield from turning(leaving.authority.works_from)
        for back, _ in leaving.back:
            yield from turning(back.works_from)
    for review in reviews:
        yield from turning(review.decided)


def terms_on(judged: Judged, day: date, reviews: Collection[Review] = ()) -> Terms:
    """The terms at the end of the day: what was granted, changed by what surely was amended."""
    commission, today = judged.commission, Span(day, day)
    if not judged.changes:
        return Terms(
            commission.scope,
            commission.parties,
            commission.ceiling,
            commission.until,
            _next_review(judged, (), reviews, day),
            certain=True,
        )
    changes: list[Change] = []
    certain = True
    for change in judged.changes:
        answer = both(change.authority.given, begun(change.authority.works_from, today))
        if answer is YES:
            changes.append(change)
        certain = certain and answer is not MAYBE
    applied = [each.amendment for each in changes]
    certain = certain and not any(_in_any_order(changes, term) for term in _TERMS)
    scope, parties = commission.scope, commission.parties
    ceiling, until = commission.ceiling, commission.until
    for each in applied:
        scope = scope if each.scope is None else each.scope
        parties = parties if each.parties is None else each.parties
        ceiling = ceiling if each.ceiling is None else each.ceiling
        until = until if each.until is None else each.until
    return Terms(
        scope, parties, ceiling, until, _next_review(judged, applied, reviews, day), certain
    )


_TERMS: tuple[Callable[[Amendment], object], ...] = (
    lambda each: each.scope,
    lambda each: each.parties,
    lambda each: each.ceiling,
    lambda each: each.until,
)


def _in_any_order(changes: Iterable[Change], term: Callable[[Amendment], object]) -> bool:
    """Whether partial dates leave open which amendment of a term came last."""
    told = [each for each in changes if term(each.amendment) is not None]
    if not told:
        return False
    last = told[-1]
    return not surely_last(
        _place(last),
        (_place(each) for each in told if term(each.amendment) != term(last.amendment)),
    )


def _place(change: Change) -> tuple[Span, int]:
    return change.authority.works_from, change.amendment.taken.index


def _next_review(
    judged: Judged, applied: Collection[Amendment], reviews: Collection[Review], day: date
) -> PartialDate | None:
    """The date named last: by the grant, an amendment in force or a review that was held."""
    if not applied and not reviews:
        return judged.commission.next_review
    named: list[tuple[date, int, PartialDate | None]] = [
        (each.taken.decided.latest, each.taken.index, each.next_review)
        for each in applied
        if each.next_review is not None
    ]
    named += [
        (each.decided.latest, each.index, each.next_review)
        for each in reviews
        if each.decided.latest <= day
    ]
    return max(named)[2] if named else judged.commission.next_review


def _revoked_by(judged: Judged, last: date) -> Tri:
    """Whether it was revoked by its last day: of two endings the first is the one that counts."""
    if not judged.revocations:
        return NO
    day = Span(last, last)
    return either([both(each.given, begun(each.works_from, day)) for each in judged.revocations])


def status_on(judged: Judged, until: date | None, day: date) -> tuple[CommissionStatus, bool]:
    """Whether the commission is in force at the end of the day, and whether that is certain."""
    today = Span(day, day)
    if judged.authority.given is NO:
        return CommissionStatus.AUTHORITY_VOID, True
    started = begun(judged.authority.works_from, today)
    revoked = _revoked_by(judged, day)
    out = withdrawn(judged, today)
    certain = MAYBE not in (judged.authority.given, started, revoked, out)
    if started is NO:
        return CommissionStatus.NOT_YET, certain
    expired = until is not None and day > until
    if revoked is YES:
        first = _revoked_by(judged, until if until is not None and expired else day)
        if first is not NO:
            return CommissionStatus.REVOKED, certain and first is YES
    if expired:
        return CommissionStatus.EXPIRED, certain
    if out is YES:
        return CommissionStatus.WITHDRAWN_PRODUCT, certain
    return CommissionStatus.IN_FORCE if certain else CommissionStatus.NOT_YET, certain
