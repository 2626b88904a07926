"""Claims beside findings: what sources say held, and what was measured; claims confer nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.catalogue import CriteriaAdopted, LevelSchemeAdopted
from govlog.domain.events.evaluation import EvaluationPublished, SelfAssessed
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Personal, Reference, Span, StreamId, kind_of, span
from projections.findings import Finding, findings, found_by
from projections.known import Known
from projections.spells import from_then_on, open_on, spells, turning
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
    findings: tuple[Finding, ...]
    """What evaluations of the product measured about the same, by the day asked about."""


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, Stated):
            yield each.id
        elif kind_of(each.stream) == "product":
            yield from _of(each.stream, known)
        else:
            for product in known.facts.citing(each.stream, "product"):
                yield from _of(product, known)


def _of(stream: StreamId, known: Known) -> Iterator[str]:
    product = known.facts.product(stream)
    if product is not None:
        yield from product.claims


def segments(subject: str, known: Known) -> Iterable[Segment]:
    if not known.is_recorded(subject):  # asked, before it is recorded, what it would change
        return ()
    each = known.reads_now(subject)
    fact = each.fact
    if not isinstance(fact, Stated) or counting(each, known.folded(each.stream)) in (
        Counting.PENDING,
        Counting.REFUSED,
    ):
        return ()
    holds = each.decided if fact.holds_on is None else span(fact.holds_on, each.recorded_on)
    product = known.facts.product(each.stream)
    measured = findings(product, fact.topic, known.facts) if product else ()

    def row(found: tuple[Finding, ...]) -> ClaimRow:
        return ClaimRow(
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
            findings=found,
        )

    if not measured:
        return from_then_on(row(()), holds)
    later = [one.found for one in measured]
    return spells(
        (day for day in turning(holds, *later) if day >= holds.earliest),
        lambda day: (row(found_by(measured, day)), not open_on(day, holds, *later)),
    )


CLAIMS = View(
    name="claims",
    row=ClaimRow,
    reads=frozenset(
        (Stated, SelfAssessed, EvaluationPublished, LevelSchemeAdopted, CriteriaAdopted)
    ),
    touches=touches,
    segments=segments,
    filters=("stream", "party", "about"),
    scanned=("about",),
)
