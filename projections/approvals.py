"""Approvals: what waits or waited for a second person, why, how late it was, and who said what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events import TOPIC_OF, Fact
from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.events.fact import PendingReason
from govlog.domain.recording import lag_days
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Personal, Reference, Span, StreamId
from projections.known import Known
from projections.timeline import Counting, counting, fact_register, product_of
from projections.view import Segment


class ApprovalRow(Struct, frozen=True):
    """A fact that had to be approved, from the day it was recorded."""

    event: str
    """`stream@version`."""
    stream: StreamId
    topic: str
    product: StreamId | None
    counting: Counting
    """Pending, approved or refused."""
    reasons: tuple[PendingReason, ...]
    batch: StreamId | None
    """The import it came with, which is approved as a whole."""
    decided_on: PartialDate | None
    decided: Span
    late_days: int | None
    """Days from the earliest day it may have happened to its recording, if it has its dates."""
    evidence: tuple[Reference, ...]
    recorded_on: date
    recorded_by: StreamId
    word: str | None
    """The event of the second person: `stream@version`."""
    word_by: StreamId | None
    word_on: date | None
    grounds: Personal | None
    """Why it was refused."""


def touches(recorded: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in recorded:
        fact = each.fact
        if fact.pending:
            yield each.id
        if type(fact) is Approved or type(fact) is ApprovalRefused:
            yield from fact.facts


def segments(subject: str, known: Known) -> Iterable[Segment]:
    each = known.event(subject)
    if not each.fact.pending:
        return ()
    word = known.word_on(subject)
    refusal = word.fact if word and isinstance(word.fact, ApprovalRefused) else None
    row = ApprovalRow(
        event=each.id,
        stream=each.stream,
        topic=TOPIC_OF[type(each.fact)],
        product=product_of(each),
        counting=counting(each, known.folded(each.stream)),
        reasons=each.fact.pending,
        batch=each.fact.batch,
        decided_on=each.fact.decided_on,
        decided=each.decided,
        late_days=lag_days(each.fact, each.recorded_on),
        evidence=each.fact.evidence,
        recorded_on=each.recorded_on,
        recorded_by=each.recorded_by,
        word=word.id if word else None,
        word_by=word.recorded_by if word else None,
        word_on=word.recorded_on if word else None,
        grounds=refusal.grounds if refusal else None,
    )
    return (Segment(each.recorded_on, None, row),)


APPROVALS = fact_register("approvals", ApprovalRow, touches, segments, "batch")
