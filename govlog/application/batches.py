"""Imports: what one brought in, and the second person's word on it as a whole (rule 5)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.any_stream import ApprovalRefused, Approved, BatchRecorded
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Folded, Recorded
from govlog.domain.values import StreamId

FACTS_IN_ONE = 500
"""Ids in one fact: so many long ones fit in an entry."""


class Part(Struct, frozen=True):
    """What one transaction of an import brought in."""

    id: str
    """Of the event that lists it."""
    facts: tuple[str, ...]
    recorded_by: StreamId
    word: str | None = None
    """The event by which a second person approved or refused it."""


class Batch(Struct, frozen=True):
    parts: tuple[Part, ...] = ()

    @property
    def waiting(self) -> tuple[Part, ...]:
        """The parts without a second person's word."""
        return tuple(part for part in self.parts if part.word is None)

    def streams(self) -> list[StreamId]:
        """The streams that the waiting parts hold facts of, in the order of the import."""
        ids = (fact for part in self.waiting for fact in part.facts)
        return list(dict.fromkeys(StreamId(fact.rpartition("@")[0]) for fact in ids))


def advance_batch(folded: Folded[Any], recorded: Recorded[Fact]) -> Folded[Any]:
    """Take one more fact of a batch's own stream into account; never refuses."""
    batch: Batch = folded.counted or Batch()
    match recorded.fact:
        case BatchRecorded(facts=facts):
            part = Part(recorded.id, facts, recorded.recorded_by)
            batch = replace(batch, parts=(*batch.parts, part))
        case Approved(facts=ids) | ApprovalRefused(facts=ids):
            batch = replace(
                batch, parts=tuple(_with_word(part, ids, recorded.id) for part in batch.parts)
            )
    return replace(folded, version=recorded.version, counted=batch, provisional=batch)


def _with_word(part: Part, ids: tuple[str, ...], word: str) -> Part:
    return replace(part, word=word) if part.id in ids and part.word is None else part
