"""What can be due: reviews of commissions, risks, levels and evaluations, and seats that end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.body import seated
from govlog.domain.commitment import Evaluation, LifeStage, Product
from govlog.domain.levels import act_on, step_on, steps
from govlog.domain.risk import next_review_on
from govlog.domain.tri import Tri, begun, surely_last
from govlog.domain.values import Key, PartialDate, Span, StreamId
from projections.known import Known
from projections.levels import judge_of
from projections.spells import day_after, open_on, turning
from projections.terms import CommissionStatus, status_on, term_days, terms_on


class DueKind(StrEnum):
    COMMISSION_REVIEW = "commission_review"
    RISK_REVIEW = "risk_review"
    LEVEL_REVIEW = "level_review"
    EVALUATION = "evaluation"
    """The next evaluation, as the last one named it."""
    SEAT_ENDS = "seat_ends"


class DueWord(StrEnum):
    OVERDUE = "overdue"
    """Its day is past and nothing has been recorded; that ends nothing."""
    NEXT_90_DAYS = "next_90_days"
    LATER = "later"


class DueRow(Struct, frozen=True):
    """Something to be looked at again, or a seat that ends."""

    kind: DueKind
    due: PartialDate
    when: DueWord
    stream: StreamId
    """What it is about."""
    part: str | None
    """The commission, the seat or the evaluation within it."""
    product: StreamId | None
    body: StreamId | None
    fiction: bool


_OUT = (LifeStage.EXITED, LifeStage.CLOSED)
On = Callable[[date], tuple[PartialDate | None, bool]]


class Due(Struct, frozen=True, kw_only=True):
    """One subject of the calendar: which date is due on a day, if any, and whether for certain."""

    kind: DueKind
    stream: StreamId
    part: str | None
    product: StreamId | None
    body: StreamId | None
    fiction: bool
    days: tuple[date, ...]
    """On which the date that is due may change."""
    named: tuple[PartialDate, ...]
    """Every date that may be due."""
    on: On

    def row(self, due: PartialDate, when: DueWord) -> DueRow:
        return DueRow(
            kind=self.kind,
            due=due,
            when=when,
            stream=self.stream,
            part=self.part,
            product=self.product,
            body=self.body,
            fiction=self.fiction,
        )


def due_of(kind: DueKind, subject: str, known: Known) -> Due | None:
    """What is due about a subject; None where there is no such subject."""
    stream, _, part = subject.partition("/")
    if kind is DueKind.SEAT_ENDS:
        return _seat(StreamId(stream), Key(part), known)
    if kind is DueKind.RISK_REVIEW:
        return _risk(StreamId(stream), known)
    product = known.facts.product(StreamId(stream))
    if product is None:
        return None
    if kind is DueKind.COMMISSION_REVIEW:
        return _commission(product, Key(part), known)
    if kind is DueKind.LEVEL_REVIEW:
        return _level(product, known)
    return _evaluation(product, known)


def _commission(product: Product, key: Key, known: Known) -> Due | None:
    commission = product.commissions.get(key)
    if commission is None:
        return None
    reviews = commission.reviews
    named = [commission.next_review, *(each.next_review for each in reviews)]
    named += [each.next_review for each in commission.amendments]
    if not any(named):
        return None
    judged = known.account(product.stream).judged[key]

    def on(day: date) -> tuple[PartialDate | None, bool]:
        terms = terms_on(judged, day, reviews)
        status, sure = status_on(judged, terms.until, day)
        may_be = not terms.certain or (status is CommissionStatus.NOT_YET and not sure)
        may_be = may_be and judged.authority.works_from.earliest <= day
        due = terms.next_review if status is CommissionStatus.IN_FORCE or may_be else None
        return due, sure and terms.certain

    return _about(
        product,
        DueKind.COMMISSION_REVIEW,
        key,
        tuple(term_days(judged, reviews)),
        named,
        on,
    )


def _level(product: Product, known: Known) -> Due:
    found = steps(product, judge_of(product, known))
    next_reviews = {each.taken.fact: each.next_review for each in product.levels}

    def on(day: date) -> tuple[PartialDate | None, bool]:
        step, sure = act_on(found, day)
        due = next_reviews.get(step.taken.fact) if step else None
        if due is None and not sure:
            steps_of = ((e.authority.works_from, next_reviews.get(e.taken.fact)) for e in found)
            due = _perhaps(steps_of, day)
        return due, sure

    days = tuple(turning(*(each.authority.works_from for each in found)))
    return _about(product, DueKind.LEVEL_REVIEW, None, days, next_reviews.values(), on)


def _evaluation(product: Product, known: Known) -> Due:
    """The last evaluation, of either kind, says when the next one is due; none after an exit."""
    found = steps(product, judge_of(product, known))
    out = {each.taken.fact for each in product.life if each.stage in _OUT}
    works = [each.authority.works_from for each in found]
    evaluations = sorted(
        product.evaluations.values(), key=lambda each: (each.decided.latest, each.index)
    )

    def on(day: date) -> tuple[PartialDate | None, bool]:
        step, sure = step_on(found, day)
        held = [each for each in evaluations if each.decided.latest <= day]
        if step is not None and step.taken.fact in out:
            held = []
        due = held[-1].next_review if held else None
        others = [each for each in held if each.next_review != due]
        certain = sure and not open_on(day, *(each.decided for each in evaluations))
        if held:
            certain = certain and surely_last(_place(held[-1]), map(_place, others))
        if due is None and not certain:
            due = _perhaps(((each.decided, each.next_review) for each in evaluations), day)
        return due, certain

    days = tuple(turning(*works, *(each.decided for each in evaluations)))
    named = [each.next_review for each in evaluations]
    return _about(product, DueKind.EVALUATION, None, days, named, on)


def _place(evaluation: Evaluation) -> tuple[Span, int]:
    return evaluation.decided, evaluation.index


def _perhaps(named: Iterable[tuple[Span, PartialDate | None]], day: date) -> PartialDate | None:
    """One that partial dates allow to be due: it is listed, and said to be uncertain."""
    return next((due for span, due in named if due is not None and span.earliest <= day), None)


def _about(
    product: Product,
    kind: DueKind,
    part: str | None,
    days: tuple[date, ...],
    named: Iterable[PartialDate | None],
    on: On,
) -> Due:
    return Due(
        kind=kind,
        stream=product.stream,
        part=part,
        product=product.stream,
        body=None,
        fiction=product.fiction,
        days=days,
        named=tuple(each for each in named if each is not None),
        on=on,
    )


def _risk(stream: StreamId, known: Known) -> Due | None:
    risk = known.facts.risk(stream)
    if risk is None:
        return None
    closed = risk.closed.decided if risk.closed else None
    changes = [each.decided for each in risk.reviews]
    changes += [each.taken.decided for each in risk.treatments]
    named = [risk.next_review, *(each.next_review for each in risk.treatments)]
    named += [each.next_review for each in risk.reviews]

    def on(day: date) -> tuple[PartialDate | None, bool]:
        certain = not open_on(day, risk.raised, closed, *changes)
        if risk.raised.earliest > day or (closed is not None and closed.latest <= day):
            return None, certain
        due, named_last = next_review_on(risk, day)
        certain = certain and named_last
        if due is None and not certain:
            due = _perhaps(((each.decided, each.next_review) for each in risk.reviews), day)
        return due, certain

    return Due(
        kind=DueKind.RISK_REVIEW,
        stream=stream,
        part=None,
        product=risk.product,
        body=None,
        fiction=risk.fiction,
        days=tuple(turning(risk.raised, closed, *changes)),
        named=tuple(each for each in named if each is not None),
        on=on,
    )


def _seat(stream: StreamId, key: Key, known: Known) -> Due | None:
    body = known.facts.body(stream)
    seat = body.seats.get(key) if body else None
    if body is None or seat is None or seat.until is None:
        return None
    until = PartialDate(seat.until.isoformat())

    def on(day: date) -> tuple[PartialDate | None, bool]:
        today = Span(day, day)
        gone = body.dissolved is not None and begun(body.dissolved, today) is Tri.YES
        answer = Tri.NO if gone else seated(seat, today)
        return None if answer is Tri.NO else until, answer is not Tri.MAYBE

    return Due(
        kind=DueKind.SEAT_ENDS,
        stream=stream,
        part=key,
        product=None,
        body=stream,
        fiction=body.fiction,
        days=(*turning(seat.since, seat.left, body.dissolved), *day_after(seat.until)),
        named=(until,),
        on=on,
    )
