"""The timeline: every recorded event, what it is about, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from govlog.domain.events import TOPIC_OF, TOPICS, Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.fact import PendingReason
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Span, StreamId, kind_of
from projections.known import Known
from projections.spells import from_then_on
from projections.view import Segment, View


class Counting(StrEnum):
    """Whether an event counts."""

    COUNTED = "counted"
    """Since it was recorded."""
    PENDING = "pending"
    """It waits for a second person and changes no answer (rule 5)."""
    APPROVED = "approved"
    """Since a second person approved it."""
    REFUSED = "refused"
    """Never."""


class EventRow(Struct, frozen=True):
    """An event from the day it may have happened; uncertain until it surely had."""

    event: str
    """`stream@version`."""
    index: int
    """Position in the log, from 0; known from size index + 1."""
    stream: StreamId
    kind: str
    topic: str
    product: StreamId | None
    """The product it is about, where it says so."""
    decided_on: PartialDate | None
    """As the community states it."""
    decided: Span
    recorded_at: datetime
    recorded_on: date
    recorded_by: StreamId
    counting: Counting
    pending: tuple[PendingReason, ...]
    """Why it waits or waited for a second person."""
    batch: StreamId | None
    corrected_by: tuple[str, ...]
    """The corrections of it that are in effect; its day is then as they mend it (rule 19)."""


def touches(recorded: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in recorded:
        yield each.id
        if isinstance(each.fact, Approved | ApprovalRefused):
            yield from each.fact.facts
            for event in each.fact.facts:
                yield from mended_by(known.event(event), known)
        yield from mended_by(each, known)


def mended_by(recorded: Recorded[Fact], known: Known) -> Iterator[str]:
    """The event that a correction mends, or the withdrawal of a correction."""
    fact = recorded.fact
    if isinstance(fact, CorrectionWithdrawn):
        recorded = known.event(fact.correction)
        yield recorded.id
        fact = recorded.fact
    if isinstance(fact, FactCorrected):
        yield fact.event


def segments(subject: str, known: Known) -> Iterable[Segment]:
    each = known.reads_now(subject)
    fact, decided = each.fact, each.decided
    row = EventRow(
        event=subject,
        index=each.index,
        stream=each.stream,
        kind=kind_of(each.stream),
        topic=TOPIC_OF[type(fact)],
        product=product_of(each),
        decided_on=fact.decided_on,
        decided=decided,
        recorded_at=each.recorded_at,
        recorded_on=each.recorded_on,
        recorded_by=each.recorded_by,
        counting=counting(each, known),
        pending=fact.pending,
        batch=fact.batch,
        corrected_by=corrections_of(each, known),
    )
    return from_then_on(row, decided)


def corrections_of(recorded: Recorded[Fact], known: Known) -> tuple[str, ...]:
    """The corrections of an event that are in effect."""
    in_effect = known.folded(recorded.stream).corrections
    return tuple(each.id for each in in_effect if each.fact.event == recorded.id)


def counting(recorded: Recorded[Fact], known: Known) -> Counting:
    """Whether an event counts, as known now."""
    if not recorded.fact.pending:
        return Counting.COUNTED
    folded = known.folded(recorded.stream)
    if recorded.id in folded.pending:
        return Counting.PENDING
    return Counting.REFUSED if recorded.id in folded.refused else Counting.APPROVED


def product_of(recorded: Recorded[Fact]) -> StreamId | None:
    """The product that an event is about: the one it is recorded on, or names."""
    if kind_of(recorded.stream) == "product":
        return recorded.stream
    named: StreamId | None = getattr(recorded.fact, "product", None)
    return named


TIMELINE = View(
    name="timeline",
    row=EventRow,
    reads=frozenset(TOPICS.values()),
    touches=touches,
    segments=segments,
    filters=("stream", "product", "batch", "topic", "kind", "counting", "recorded_by"),
    scanned=("kind", "counting", "recorded_by"),
    shows_log=True,
)
