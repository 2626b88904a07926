"""The timeline: every recorded event, what it is about, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from govlog.domain.corrected import MENDS
from govlog.domain.events import TOPIC_OF, TOPICS, Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.fact import PendingReason
from govlog.domain.stream import Folded, Recorded
from govlog.domain.values import PartialDate, Span, StreamId, kind_of
from projections.known import Known
from projections.spells import from_then_on
from projections.view import Segment, Segments, Touches, View


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
    """Asked after every event, like others that show the log: types of facts are compared, which
    takes a tenth of `isinstance`.
    """
    for each in recorded:
        yield each.id
        fact = each.fact
        if type(fact) is Approved or type(fact) is ApprovalRefused:
            yield from fact.facts
            for event in fact.facts:
                yield from mended_by(known.event(event), known)
        elif type(fact) in MENDS:
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
    recorded = known.event(subject)
    folded = known.folded(recorded.stream)
    each = folded.corrected.get(subject, recorded)
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
        counting=counting(each, folded),
        pending=fact.pending,
        batch=fact.batch,
        corrected_by=corrections_of(subject, folded),
    )
    return from_then_on(row, decided)


def corrections_of(event: str, folded: Folded[Any]) -> tuple[str, ...]:
    """The corrections of an event of a stream that are in effect."""
    if not folded.corrections:
        return ()
    return tuple(each.id for each in folded.corrections if each.fact.event == event)


def counting(recorded: Recorded[Fact], folded: Folded[Any]) -> Counting:
    """Whether an event counts, as its stream is known now."""
    if not recorded.fact.pending:
        return Counting.COUNTED
    if recorded.id in folded.pending:
        return Counting.PENDING
    return Counting.REFUSED if recorded.id in folded.refused else Counting.APPROVED


def product_of(recorded: Recorded[Fact]) -> StreamId | None:
    """The product that an event is about: the one it is recorded on, or names."""
    if kind_of(recorded.stream) == "product":
        return recorded.stream
    named: StreamId | None = getattr(recorded.fact, "product", None)
    return named


def fact_register(
    name: str, row: type[Struct], touches: Touches, segments: Segments, *own: str
) -> View:
    """A view of facts that a second person may have to see: one row for each, from its recording.

    Lists are narrowed by what every fact has, and by what is its `own`.
    """
    return View(
        name=name,
        row=row,
        reads=frozenset(TOPICS.values()),
        touches=touches,
        segments=segments,
        filters=("stream", "product", *own, "counting", "recorded_by", "topic"),
        scanned=("recorded_by", "topic"),
        shows_log=True,
    )


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
