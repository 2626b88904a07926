"""The review calendar: what is to be looked at again, what ends, and what is overdue on a day.

A missed review raises a flag and ends nothing (rule 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from govlog.domain.events import Fact
from govlog.domain.events.body import BodyDissolved, MemberLeft, MemberSeated
from govlog.domain.events.evaluation import EvaluationPublished, SelfAssessed
from govlog.domain.events.risk import RiskClosed, RiskReviewed
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, first_day, kind_of, last_day
from projections.dues import DueKind, DueRow, DueWord, due_of
from projections.known import Known
from projections.links import REACHING
from projections.spells import spells
from projections.view import Segment, View

SOON = timedelta(days=90)
_ONE_DAY = timedelta(days=1)
_MEASURES = (SelfAssessed, EvaluationPublished)


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        kind = kind_of(each.stream)
        if kind == "body":
            yield from _seats(each, known)
        elif kind == "risk":
            yield f"{DueKind.RISK_REVIEW}/{each.stream}"
        elif kind == "product" and type(each.fact) in _MEASURES:
            yield f"{DueKind.EVALUATION}/{each.stream}"
    for product, change in known.changes.items():
        yield from (f"{DueKind.COMMISSION_REVIEW}/{product}/{each}" for each in change.commissions)
        held = known.facts.product(product) if change.acts else None
        if held is not None and held.levels:
            yield f"{DueKind.LEVEL_REVIEW}/{product}"
        if held is not None and held.evaluations:
            yield f"{DueKind.EVALUATION}/{product}"


def _seats(recorded: Recorded[Fact], known: Known) -> Iterator[str]:
    fact, stream = recorded.fact, recorded.stream
    if isinstance(fact, MemberSeated | MemberLeft):
        yield f"{DueKind.SEAT_ENDS}/{stream}/{fact.seat}"
    elif isinstance(fact, BodyDissolved):
        body = known.facts.body(stream)
        for seat in body.seats if body else ():
            yield f"{DueKind.SEAT_ENDS}/{stream}/{seat}"


def segments(subject: str, known: Known) -> Iterable[Segment]:
    kind, _, rest = subject.partition("/")
    due = due_of(DueKind(kind), rest, known)
    if due is None:
        return ()

    def on(day: date) -> tuple[DueRow, bool] | None:
        when, certain = due.on(day)
        return None if when is None else (due.row(when, _word(when, day)), certain)

    days = {*due.days, *(each for when in due.named for each in _around(when))}
    return spells(days, on)


def _word(when: PartialDate, day: date) -> DueWord:
    """Overdue from the day after the last it may be meant for; soon within 90 days of its first."""
    if last_day(when) < day:
        return DueWord.OVERDUE
    return DueWord.NEXT_90_DAYS if first_day(when) - SOON <= day else DueWord.LATER


def _around(when: PartialDate) -> Iterator[date]:
    yield first_day(when) - SOON
    if last_day(when) < date.max:
        yield last_day(when) + _ONE_DAY


CALENDAR = View(
    name="calendar",
    row=DueRow,
    reads=REACHING
    | {
        MemberSeated,
        MemberLeft,
        RiskReviewed,
        RiskClosed,
        SelfAssessed,
        EvaluationPublished,
    },
    touches=touches,
    segments=segments,
    filters=("product", "body", "kind", "when", "due", "fiction"),
    scanned=("kind", "when", "fiction"),
    sorted_by="due",
)
