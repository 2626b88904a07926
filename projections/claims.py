"""Claims: what sources say held, shown beside findings; they confer nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Stated
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Personal, Reference, Span, StreamId, span
from projections.known import Known
from projections.spells import from_then_on
from projections.timeline import Counting, counting
from projections.view import Segment, View


class ClaimRow(Struct, frozen=True):
    """A claim from the day on which it is said to have held; how long it held, no claim says."""

    event: str
    """`stream@version`."""
    stream: StreamId
    """What it is about."""
    about: str
    """A short word such as `member_seated` or `authorities_joined`."""
    text: Personal
    by: StreamId | None
    """Whose word it is."""
    party: StreamId | None
    role: str | None
    count: int | None
    holds_on: PartialDate | None
    holds: Span
    decided_on: PartialDate | None
    evidence: tuple[Reference, ...]


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    return (each.id for each in counted if isinstance(each.fact, Stated))


def segments(subject: str, known: Known) -> Iterable[Segment]:
    each = known.reads_now(subject)
    fact = each.fact
    if not isinstance(fact, Stated) or counting(each, known) in (
        Counting.PENDING,
        Counting.REFUSED,
    ):
        return ()
    holds = each.decided if fact.holds_on is None else span(fact.holds_on, each.recorded_on)
    row = ClaimRow(
        event=each.id,
        stream=each.stream,
        about=fact.topic,
        text=fact.text,
        by=fact.by,
        party=fact.party,
        role=fact.role,
        count=fact.count,
        holds_on=fact.holds_on,
        holds=holds,
        decided_on=fact.decided_on,
        evidence=fact.evidence,
    )
    return from_then_on(row, holds)


CLAIMS = View(
    name="claims",
    row=ClaimRow,
    reads=frozenset((Stated,)),
    touches=touches,
    segments=segments,
    filters=("stream", "party", "about"),
    scanned=("about",),
)
