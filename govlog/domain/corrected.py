"""Which corrections of a stream are in effect, and its facts as they mend them (rule 19).

A corrected fact keeps its place in the log and the day it was recorded; only the member is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import cast

import msgspec
from msgspec.structs import FieldInfo, fields, replace

from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.fact import Fact
from govlog.domain.recorded import Recorded

MENDS = (FactCorrected, CorrectionWithdrawn)
"""Facts after which other facts of their stream read differently, once they count."""


@cache
def members(fact: type[Fact]) -> dict[str, FieldInfo]:
    """The members of a kind of fact, as it writes them."""
    return {each.encode_name: each for each in fields(fact)}


def in_effect(told: Sequence[Recorded[Fact]]) -> tuple[Recorded[FactCorrected], ...]:
    """The corrections that count at the end of a stream, in the order they were recorded.

    One that waits for a second person does not count, nor does one that was withdrawn.
    """
    if not any(isinstance(each.fact, FactCorrected) for each in told):
        return ()
    counting = _counting(told)
    withdrawn = {
        each.fact.correction
        for each in told
        if isinstance(each.fact, CorrectionWithdrawn) and each.id in counting
    }
    return tuple(
        cast("Recorded[FactCorrected]", each)
        for each in told
        if isinstance(each.fact, FactCorrected) and each.id in counting and each.id not in withdrawn
    )


def mended(
    told: Iterable[Recorded[Fact]], corrections: Iterable[Recorded[FactCorrected]]
) -> list[Recorded[Fact]]:
    """The facts of a stream with these corrections; of several of one member the last wins."""
    by_event: dict[str, list[FactCorrected]] = {}
    for each in corrections:
        by_event.setdefault(each.fact.event, []).append(each.fact)
    return [_mended(each, by_event.get(each.id, ())) for each in told]


def _counting(told: Sequence[Recorded[Fact]]) -> set[str]:
    """The ids of the stream's corrections and withdrawals that count at its end."""
    waiting: set[str] = set()
    counting: set[str] = set()
    for each in told:
        if isinstance(each.fact, MENDS):
            (waiting if each.fact.pending else counting).add(each.id)
        elif isinstance(each.fact, Approved):
            counting |= waiting.intersection(each.fact.facts)
            waiting.difference_update(each.fact.facts)
        elif isinstance(each.fact, ApprovalRefused):
            waiting.difference_update(each.fact.facts)
    return counting


def _mended(recorded: Recorded[Fact], corrections: Iterable[FactCorrected]) -> Recorded[Fact]:
    for each in corrections:
        recorded = with_value(recorded, each.field, each.value)
    return recorded


def with_value(recorded: Recorded[Fact], field: str, value: object) -> Recorded[Fact]:
    """The fact with another value; as it was where its kind has no such member or no such value.

    What reads a log never refuses, and another version of a fact may have other members.
    """
    member = members(type(recorded.fact)).get(field)
    if member is None or isinstance(recorded.fact, MENDS):
        return recorded
    try:
        typed = msgspec.convert(msgspec.to_builtins(value), member.type)
    except msgspec.ValidationError:
        return recorded
    fact = replace(recorded.fact, **{member.name: typed})
    return replace(recorded, fact=fact, corrected=(*recorded.corrected, field))
