"""How facts become state: recorded facts, pending facts, and the fold that respects approval.

A late or displacing fact counts only from its approval by a second person (rules 5, 10, 11).
Until then it stands in `pending` and changes no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.events.fact import Fact
from govlog.domain.values import Span, StreamId, span

F = TypeVar("F", bound=Fact, covariant=True)
S = TypeVar("S")


class Recorded(Struct, Generic[F], frozen=True):
    """A fact as it stands in the log."""

    index: int
    """Position in the log, from 0; the fact is known from size `index + 1`."""
    stream: StreamId
    version: int
    """Position in its stream, from 1."""
    recorded_us: int
    """The server's clock, microseconds since 1970 UTC; never runs backwards along the log."""
    recorded_on: date
    """The same as a day in the community's time zone."""
    recorded_by: StreamId
    """The person (a party)."""
    token: str
    """The id of the access token used; empty for the command line."""
    fact: F

    @property
    def id(self) -> str:
        """The event's id: `stream@version`."""
        return f"{self.stream}@{self.version}"

    @property
    def recorded_at(self) -> datetime:
        return datetime.fromtimestamp(self.recorded_us / 1_000_000, UTC)

    @property
    def decided(self) -> Span:
        """The days on which this may have been decided (rule 2)."""
        return span(self.fact.decided_on, self.recorded_on)


class Folded(Struct, Generic[S], frozen=True):
    """A stream up to a version.

    `counted` is what answers see; `provisional` also holds the pending facts, as an import that is
    still to be approved as a whole sees itself. They are one object when nothing is pending.
    """

    version: int
    counted: S | None
    provisional: S | None
    pending: Map[str, Recorded[Fact]] = Map()
    refused: Map[str, Recorded[Fact]] = Map()


NOTHING: Folded[None] = Folded(version=0, counted=None, provisional=None)

Evolve = Callable[[S | None, Recorded[Fact]], S | None]


def advance(evolve: Evolve[S], folded: Folded[S], recorded: Recorded[Fact]) -> Folded[S]:
    """Take one more recorded fact of the stream into account; never refuses."""
    match recorded.fact:
        case Approved(facts=ids):
            return _approve(evolve, folded, recorded, ids)
        case ApprovalRefused(facts=ids):
            return _refuse(evolve, folded, recorded, ids)
        case fact if fact.pending:
            return replace(
                folded,
                version=recorded.version,
                provisional=evolve(folded.provisional, recorded),
                pending=folded.pending.set(recorded.id, recorded),
            )
    counted = evolve(folded.counted, recorded)
    provisional = counted if not folded.pending else evolve(folded.provisional, recorded)
    return replace(folded, version=recorded.version, counted=counted, provisional=provisional)


def fold(evolve: Evolve[S], facts: Iterable[Recorded[Fact]]) -> Folded[S]:
    """Fold one stream's facts, in their order, from nothing."""
    folded: Folded[S] = Folded(version=0, counted=None, provisional=None)
    for recorded in facts:
        folded = advance(evolve, folded, recorded)
    return folded


def _approve(
    evolve: Evolve[S], folded: Folded[S], approval: Recorded[Fact], ids: Iterable[str]
) -> Folded[S]:
    counted, pending = folded.counted, folded.pending
    for fact_id in ids:
        if fact_id in pending:
            counted = evolve(counted, pending[fact_id])
            pending = pending.delete(fact_id)
    return replace(
        folded,
        version=approval.version,
        counted=counted,
        provisional=folded.provisional if pending else counted,
        pending=pending,
    )


def _refuse(
    evolve: Evolve[S], folded: Folded[S], refusal: Recorded[Fact], ids: Iterable[str]
) -> Folded[S]:
    pending, refused = folded.pending, folded.refused
    for fact_id in ids:
        if fact_id in pending:
            refused = refused.set(fact_id, pending[fact_id])
            pending = pending.delete(fact_id)
    provisional = folded.counted
    for fact in sorted(pending.values(), key=lambda each: each.index):
        provisional = evolve(provisional, fact)
    return replace(
        folded, version=refusal.version, provisional=provisional, pending=pending, refused=refused
    )
