"""The late-entry register: what was back-dated or corrected, how late, on what, approved by whom.

Which amounts a fact flipped when it began to count is the difference of the investments at the size
`counts_from`; readers fill it in (`projections.flipped`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.attribution import Share
from govlog.domain.corrected import MENDS
from govlog.domain.events import TOPIC_OF, Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.fact import PendingReason
from govlog.domain.recording import lag_days
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, PartialDate, Personal, Reference, StreamId
from projections.known import Known
from projections.timeline import Counting, counting, fact_register, mended_by, product_of
from projections.view import Segment


class Flipped(Struct, frozen=True):
    """One instalment whose answer a fact changed when it began to count."""

    product: StreamId
    instalment: Key
    investor: StreamId
    before: tuple[Share, ...]
    """Its shares on the day asked about."""
    after: tuple[Share, ...]


class LateEntryRow(Struct, frozen=True):
    """A back-dated or corrected fact, a correction, or its withdrawal, from its recording on."""

    event: str
    """`stream@version`."""
    stream: StreamId
    topic: str
    product: StreamId | None
    counting: Counting
    """Pending ones wait for a second person; refused ones never count."""
    reasons: tuple[PendingReason, ...]
    """Why it had to wait; none for a correction of what no rule reads."""
    corrects: str | None
    """The event that a correction mends, or the correction that is withdrawn."""
    field: str | None
    decided_on: PartialDate | None
    lag_days: int | None
    """Days from the earliest day it may be of to its recording, if it has a date."""
    evidence: tuple[Reference, ...]
    grounds: Personal | None
    recorded_on: date
    recorded_by: StreamId
    approved_by: StreamId | None
    """The second person; where it was refused, who refused it."""
    approved_on: date | None
    counts_from: int | None
    """The size of the log from which it counts."""
    flipped: tuple[Flipped, ...] = ()
    """The amounts that it flipped when it began to count."""


def touches(recorded: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in recorded:
        fact = each.fact
        if _listed(fact):
            yield each.id
            yield from mended_by(each, known)
        if type(fact) is Approved or type(fact) is ApprovalRefused:
            yield from fact.facts


def segments(subject: str, known: Known) -> Iterable[Segment]:
    each = known.event(subject)
    fact = each.fact
    if not _listed(fact):
        return ()
    word = known.word_on(subject) if fact.pending else None
    approved = word is not None and isinstance(word.fact, Approved)
    counts = word if word is not None and approved else None if fact.pending else each
    row = LateEntryRow(
        event=each.id,
        stream=each.stream,
        topic=TOPIC_OF[type(fact)],
        product=product_of(each),
        counting=counting(each, known.folded(each.stream)),
        reasons=fact.pending,
        corrects=_corrects(fact),
        field=fact.field if isinstance(fact, FactCorrected) else None,
        decided_on=fact.decided_on,
        lag_days=lag_days(fact, each.recorded_on),
        evidence=fact.evidence,
        grounds=fact.grounds if isinstance(fact, FactCorrected | CorrectionWithdrawn) else None,
        recorded_on=each.recorded_on,
        recorded_by=each.recorded_by,
        approved_by=word.recorded_by if word else None,
        approved_on=word.recorded_on if word else None,
        counts_from=counts.index + 1 if counts else None,
    )
    return (Segment(each.recorded_on, None, row),)


def _listed(fact: Fact) -> bool:
    """An import in time is no late entry; what it brings late is."""
    if fact.pending and set(fact.pending) != {PendingReason.IMPORT}:
        return True
    return type(fact) in MENDS


def _corrects(fact: Fact) -> str | None:
    if isinstance(fact, FactCorrected):
        return fact.event
    return fact.correction if isinstance(fact, CorrectionWithdrawn) else None


LATE_ENTRIES = fact_register("late_entries", LateEntryRow, touches, segments, "approved_by")
