"""Disputes: who does not agree about what, and how it ended; they change no other answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.commitment import Dispute
from govlog.domain.events import Fact
from govlog.domain.events.dispute import (
    DisputeOutcome,
    DisputeSettled,
    EvaluationDisputed,
    InvestmentDisputed,
)
from govlog.domain.stream import Recorded
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
