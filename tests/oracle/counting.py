"""Which facts count at a size of the log, and as what: rules 5, 10, 11 and 19, from the list."""

from __future__ import annotations

from collections.abc import Sequence

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId

WORDS = (Approved, ApprovalRefused)
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


def counted_from(log: Log, each: Recorded[Fact]) -> int | None:
    """The size of the log from which a fact counts; None while it does not."""
    if not each.fact.pending:
        return each.index + 1
    word = word_on(log, each.id)
    return word.index + 1 if word is not None and isinstance(word.fact, Approved) else None


def counted(log: Log, batch: StreamId | None = None) -> list[Recorded[Fact]]:
    """Those that count, in the order in which they were recorded, not that of their approval.

    With `batch`, as an import sees itself that is still to be approved as a whole.
    """
    return [
        each
        for each in log
        if counts(log, each) or (batch is not None and each.fact.batch == batch)
    ]
