"""Disputes: who does not agree about what, and how it ended; they change no other answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.commitment import Dispute, Instalment, Product
from govlog.domain.events import Fact
from govlog.domain.events.dispute import (
    DisputeOutcome,
    DisputeSettled,
    EvaluationDisputed,
    InvestmentDisputed,
)
from govlog.domain.stream import Recorded
from govlog.domain.tri import Tri, begun, both, either, negated
from govlog.domain.values import Key, Personal, Span, StreamId
from projections.known import Known
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class Quarrel(Struct, frozen=True):
    """A dispute in short, where what it is about is shown."""

    dispute: Key
    by: StreamId
    criteria: tuple[str, ...]
    """Of an evaluation; none named means all of it."""
    grounds: Personal
    raised: Span
    outcome: DisputeOutcome | None


class DisputeRow(Struct, frozen=True):
    """A dispute about an evaluation or about money; only an act changes what it is about."""

    product: StreamId
    dispute: Key
    by: StreamId
    evaluation: Key | None
    criteria: tuple[str, ...]
    instalment: Key | None
    investment: Key | None
    grounds: Personal
    raised: Span
    open: bool
    outcome: DisputeOutcome | None
    settled: Span | None
    decided_by: StreamId | None
    resolution: StreamId | None
    outcome_grounds: Personal | None
    event: str
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, EvaluationDisputed | InvestmentDisputed | DisputeSettled):
            yield f"{each.stream}/{each.fact.dispute}"


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, key = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    dispute = product.disputes.get(Key(key)) if product else None
    if product is None or dispute is None:
        return ()
    ended = dispute.settled.decided if dispute.settled else None

    def on(day: date) -> tuple[DisputeRow, bool] | None:
        if day < dispute.raised.earliest:
            return None
        settled = dispute.settled if ended and ended.latest <= day else None
        row = DisputeRow(
            product=product.stream,
            dispute=dispute.dispute,
            by=dispute.by,
            evaluation=dispute.evaluation,
            criteria=dispute.criteria,
            instalment=dispute.instalment,
            investment=dispute.investment,
            grounds=dispute.grounds,
            raised=dispute.raised,
            open=settled is None,
            outcome=settled.outcome if settled else None,
            settled=settled.decided if settled else None,
            decided_by=settled.decided_by if settled else None,
            resolution=settled.resolution if settled else None,
            outcome_grounds=settled.grounds if settled else None,
            event=dispute.fact,
            fiction=product.fiction,
        )
        return row, not open_on(day, dispute.raised, ended)

    return spells(turning(dispute.raised, ended), on)


def disputes_about(product: Product, instalment: Instalment) -> tuple[Dispute, ...]:
    """Those about an instalment, or about the investment it belongs to."""
    return tuple(
        each
        for each in product.disputes.values()
        if each.instalment == instalment.instalment
        or (each.investment is not None and each.investment == instalment.investment)
    )


def disputed_on(disputes: Iterable[Dispute], day: date) -> tuple[bool, bool]:
    """Whether one of these is open at the end of a day, and whether that is certain."""
    answers = []
    for each in disputes:
        ended = each.settled.decided if each.settled else None
        gone = Tri.NO if ended is None else begun(ended, Span(day, day))
        answers.append(both(begun(each.raised, Span(day, day)), negated(gone)))
    answer = either(answers)
    return answer is Tri.YES, answer is not Tri.MAYBE


def dispute_days(disputes: Iterable[Dispute]) -> Iterator[date]:
    """The days on which one of these may have been raised or settled."""
    for each in disputes:
        yield from turning(each.raised, each.settled.decided if each.settled else None)


def instalments_disputed(recorded: Recorded[Fact], known: Known) -> Iterator[Key]:
    """The instalments that a fact about a dispute may be about."""
    product = known.facts.product(recorded.stream)
    fact = recorded.fact
    dispute: Dispute | InvestmentDisputed | None = None
    if isinstance(fact, InvestmentDisputed):
        dispute = fact
    elif isinstance(fact, DisputeSettled) and product is not None:
        dispute = product.disputes.get(fact.dispute)
    if product is None or dispute is None:
        return
    if dispute.instalment is not None:
        yield dispute.instalment
    for each in product.instalments.values() if dispute.investment is not None else ():
        if each.investment == dispute.investment:
            yield each.instalment


def quarrel(dispute: Dispute, day: date) -> Quarrel:
    """A dispute as it stood at the end of a day."""
    settled = dispute.settled
    ended = settled is not None and settled.decided.latest <= day
    return Quarrel(
        dispute=dispute.dispute,
        by=dispute.by,
        criteria=dispute.criteria,
        grounds=dispute.grounds,
        raised=dispute.raised,
        outcome=settled.outcome if settled and ended else None,
    )


DISPUTES = View(
    name="disputes",
    row=DisputeRow,
    reads=frozenset((EvaluationDisputed, InvestmentDisputed, DisputeSettled)),
    touches=touches,
    segments=segments,
    filters=("product", "instalment", "investment", "evaluation", "by", "open", "fiction"),
    scanned=("investment", "evaluation", "by", "open", "fiction"),
)
