"""What sources say about a product: kept beside its state, of which it changes nothing."""

from __future__ import annotations

from msgspec import Struct

from govlog.domain.events.any_stream import Stated
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Personal, Span, StreamId, span


class Claim(Struct, frozen=True):
    """A source says that something held on some day; it is no evidence that it did."""

    fact: str
    topic: str
    text: Personal
    by: StreamId | None
    party: StreamId | None
    count: int | None
    holds_on: PartialDate | None
    holds: Span
    index: int


def claim(fact: Stated, recorded: Recorded[Fact]) -> Claim:
    """A claim as a fact gives it; without a day of its own it holds on that of the fact."""
    holds = span(fact.holds_on, recorded.recorded_on) if fact.holds_on else recorded.decided
    return Claim(
        fact=recorded.id,
        topic=fact.topic,
        text=fact.text,
        by=fact.by,
        party=fact.party,
        count=fact.count,
        holds_on=fact.holds_on,
        holds=holds,
        index=recorded.index,
    )
