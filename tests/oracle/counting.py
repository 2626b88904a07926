"""Which facts count at a size of the log, and as what: rules 5, 10, 11 and 19, from the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec
from msgspec.structs import FieldInfo, fields, replace

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId

WORDS = (Approved, ApprovalRefused)
MENDING = (FactCorrected, CorrectionWithdrawn)
Log = Sequence[Recorded[Fact]]


def word_on(log: Log, event: str) -> Recorded[Fact] | None:
    """The second person's first word on a fact: an approval or a refusal, on the same stream."""
    stream = event.rpartition("@")[0]
    for each in log:
        fact = each.fact
        if each.stream == stream and isinstance(fact, WORDS) and event in fact.facts:
            return each
    return None


def counts(log: Log, each: Recorded[Fact]) -> bool:
    """Whether a fact changes answers: at once, or from its approval on (rule 5)."""
    if not each.fact.pending:
        return True
    word = word_on(log, each.id)
    return word is not None and isinstance(word.fact, Approved)


def order_of_counting(log: Log, each: Recorded[Fact]) -> tuple[int, int]:
    """When a fact began to count: as it was recorded, or by the word that approved it."""
    word = word_on(log, each.id) if each.fact.pending else None
    if word is None or not isinstance(word.fact, Approved):
        return each.index, 0
    return word.index, word.fact.facts.index(each.id)


def counted(log: Log, batch: StreamId | None = None) -> list[Recorded[Fact]]:
    """Those that count, as corrected, in the order of their recording, not of their approval.

    With `batch`, as an import sees itself that is still to be approved as a whole.
    """
    counting = [
        each
        for each in log
        if counts(log, each) or (batch is not None and each.fact.batch == batch)
    ]
    corrections = in_effect(counting)
    return [corrected(each, corrections) for each in counting]


def in_effect(counting: Log) -> list[FactCorrected]:
    """The corrections that nobody has withdrawn, the last at the end (rule 19)."""
    withdrawn = {
        each.fact.correction for each in counting if isinstance(each.fact, CorrectionWithdrawn)
    }
    return [
        each.fact
        for each in counting
        if isinstance(each.fact, FactCorrected) and each.id not in withdrawn
    ]


@cache
def _members(kind: type[Fact]) -> tuple[FieldInfo, ...]:
    return fields(kind)


def corrected(each: Recorded[Fact], corrections: Sequence[FactCorrected]) -> Recorded[Fact]:
    """The fact with what it should have said; it keeps its place and its day of recording."""
    fact = each.fact
    for mending in corrections:
        if mending.event == each.id:
            member = next(one for one in _members(type(fact)) if one.encode_name == mending.field)
            value = msgspec.convert(msgspec.to_builtins(mending.value), member.type)
            fact = replace(fact, **{member.name: value})
            each = replace(each, corrected=(*each.corrected, mending.field))
    return replace(each, fact=fact)
