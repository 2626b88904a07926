"""The log itself: every event, what waits for a second person, and what came late or corrected.

Rules 5, 10 and 19. These views show facts that do not count, too.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from govlog.domain.events import TOPIC_OF, Fact
from govlog.domain.events.any_stream import Approved, CorrectionWithdrawn, FactCorrected
from govlog.domain.events.product import InstalmentCommitted
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from tests.oracle.counting import MENDING, Log, corrected, counts, in_effect, word_on
from tests.oracle.days import decided, may_be


def counting(log: Log, each: Recorded[Fact]) -> str:
    if not each.fact.pending:
        return "counted"
    word = word_on(log, each.id)
    if word is None:
        return "pending"
    return "approved" if isinstance(word.fact, Approved) else "refused"


def about(each: Recorded[Fact]) -> StreamId | None:
    """The product it is about, where it says so."""
    if each.stream.startswith("product:"):
        return each.stream
    named: StreamId | None = getattr(each.fact, "product", None)
    return named


def standing(log: Log) -> list[Recorded[Fact]]:
    """The corrections that count and that nobody has withdrawn."""
    counted = [each for each in log if counts(log, each)]
    kept = {id(fact) for fact in in_effect(counted)}
    return [each for each in counted if id(each.fact) in kept]


def lag(each: Recorded[Fact]) -> int | None:
    """Days from the earliest possible day to the recording; of an instalment of both its dates."""
    dates = [each.fact.decided_on]
    if isinstance(each.fact, InstalmentCommitted):
        dates.append(each.fact.bound_on)
    if None in dates:
        return None
    return max((each.recorded_on - may_be(each, when)["earliest"]).days for when in dates)


def timeline(log: Log, day: date) -> dict[str, Any]:
    """Every event from the day it happened; its day as corrections in effect mend it."""
    mends = standing(log)
    found: dict[str, Any] = {}
    for each in log:
        by = [one for one in mends if one.fact.event == each.id]  # type: ignore[attr-defined]
        now = corrected(each, [one.fact for one in by])  # type: ignore[misc]
        found[each.id] = {
            "event": each.id,
            "index": each.index,
            "stream": each.stream,
            "kind": each.stream.partition(":")[0],
            "topic": TOPIC_OF[type(each.fact)],
            "product": about(now),
            "decided_on": now.fact.decided_on,
            "decided": decided(now),
            "recorded_at": _instant(each),
            "recorded_on": each.recorded_on,
            "recorded_by": each.recorded_by,
            "counting": counting(log, each),
            "pending": each.fact.pending,
            "batch": each.fact.batch,
            "corrected_by": tuple(one.id for one in by),
        }
    return {key: row for key, row in found.items() if row["decided"]["earliest"] <= day}


def _instant(each: Recorded[Fact]) -> str:
    told = datetime.fromtimestamp(each.recorded_us / 1_000_000, UTC)
    return told.isoformat().replace("+00:00", "Z")


def approvals(log: Log, day: date) -> dict[str, Any]:
    """Everything that waits or waited for a second person, from its recording (rule 5)."""
    found = {}
    for each in log:
        if each.fact.pending and each.recorded_on <= day:
            word = word_on(log, each.id)
            found[each.id] = {
                "event": each.id,
                "stream": each.stream,
                "topic": TOPIC_OF[type(each.fact)],
                "product": about(each),
                "counting": counting(log, each),
                "reasons": each.fact.pending,
                "batch": each.fact.batch,
                "decided_on": each.fact.decided_on,
                "decided": decided(each),
                "late_days": lag(each),
                "evidence": each.fact.evidence,
                "recorded_on": each.recorded_on,
                "recorded_by": each.recorded_by,
                "word": None if word is None else word.id,
                "word_by": None if word is None else word.recorded_by,
                "word_on": None if word is None else word.recorded_on,
                "grounds": None if word is None else getattr(word.fact, "grounds", None),
            }
    return found


def late_entries(log: Log, day: date) -> dict[str, Any]:
    """Whatever was back-dated or corrected, from its recording; an import in time is neither."""
    return {
        each.id: _late(log, each) for each in log if each.recorded_on <= day and _is_listed(each)
    }


def _is_listed(each: Recorded[Fact]) -> bool:
    return isinstance(each.fact, MENDING) or bool(set(each.fact.pending) - {"import"})


def _late(log: Log, each: Recorded[Fact]) -> dict[str, Any]:
    fact = each.fact
    word = word_on(log, each.id) if fact.pending else None
    counts_from = {
        "counted": each.index + 1,
        "approved": word.index + 1 if word else None,
    }.get(counting(log, each))
    return {
        "event": each.id,
        "stream": each.stream,
        "topic": TOPIC_OF[type(fact)],
        "product": about(each),
        "counting": counting(log, each),
        "reasons": fact.pending,
        "corrects": _corrects(fact),
        "field": fact.field if isinstance(fact, FactCorrected) else None,
        "decided_on": fact.decided_on,
        "lag_days": lag(each),
        "evidence": fact.evidence,
        "grounds": fact.grounds if isinstance(fact, MENDING) else None,
        "recorded_on": each.recorded_on,
        "recorded_by": each.recorded_by,
        "approved_by": None if word is None else word.recorded_by,
        "approved_on": None if word is None else word.recorded_on,
        "counts_from": counts_from,
    }


def _corrects(fact: Fact) -> str | None:
    if isinstance(fact, FactCorrected):
        return fact.event
    return fact.correction if isinstance(fact, CorrectionWithdrawn) else None
