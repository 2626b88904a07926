"""Recorded facts for people and for programs, with the texts that may still be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from govlog.domain.events import TOPIC_OF
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    BatchRecorded,
    Erased,
    ItemOpened,
)
from govlog.domain.events.fact import Fact
from govlog.domain.events.log import KeyRotated, LogContinued
from govlog.domain.stream import Recorded
from govlog.persistence.entry import recorded_at
from govlog.persistence.reading import PAGE, LogReader

ERASED, CLOSED = "(erased)", "(closed)"
_IN_THE_HEADING = {"decided_on", "pending"}
_SPOKEN = (
    Approved,
    ApprovalRefused,
    BatchRecorded,
    Erased,
    ItemOpened,
    KeyRotated,
    LogContinued,
)
_OF_THEIR_DAY = {TOPIC_OF[fact] for fact in _SPOKEN}
"""What is always of the day on which it is recorded (rule 5), so that it states no other."""


class Told(Struct, frozen=True):
    """One fact as `govlog replay` tells it."""

    index: int
    id: str
    topic: str
    recorded_at: str
    recorded_by: str
    token: str
    counting: str
    """`counted`, `pending`, `approved` or `refused`, as the timeline has it."""
    pending: tuple[str, ...]
    """Why it waits or waited for a second person."""
    fact: dict[str, Any]


class Teller:
    """Tells facts as known at one size of the log."""

    def __init__(self, log: LogReader, size: int, *, closed_too: bool = False) -> None:
        """With `closed_too` the texts of closed items are told."""
        self._log = log
        self._closed_too = closed_too
        self._approved: set[str] = set()
        self._refused: set[str] = set()
        for each in _words_of_second_persons(log, size):
            match each.fact:
                case Approved(facts=ids):
                    self._approved.update(ids)
                case ApprovalRefused(facts=ids):
                    self._refused.update(ids)

    def tell(self, page: Iterable[Recorded[Fact]]) -> Iterator[Told]:
        """The facts in their order; the texts of one page are looked up together."""
        facts = list(page)
        shapes = [msgspec.to_builtins(each.fact) for each in facts]
        reveal = revealed_by(self._log, shapes, closed_too=self._closed_too)
        for each, shape in zip(facts, shapes, strict=True):
            yield Told(
                index=each.index,
                id=each.id,
                topic=TOPIC_OF[type(each.fact)],
                recorded_at=recorded_at(each.recorded_us),
                recorded_by=each.recorded_by,
                token=each.token,
                counting=self._counting(each),
                pending=each.fact.pending,
                fact=reveal(shape),
            )

    def _counting(self, recorded: Recorded[Fact]) -> str:
        if not recorded.fact.pending:
            return "counted"
        if recorded.id in self._refused:
            return "refused"
        return "approved" if recorded.id in self._approved else "pending"


def lines(told: Told, zone: ZoneInfo) -> Iterator[str]:
    """A heading and one line for each member of the fact."""
    recorded = datetime.fromisoformat(told.recorded_at).astimezone(zone)
    decided = told.fact.get("decided_on", "that day" if told.topic in _OF_THEIR_DAY else "undated")
    waits = told.counting in ("pending", "refused")
    standing = f"  [{told.counting}: {', '.join(told.pending)}]" if waits else ""
    yield (
        f"{told.index:>6}  {told.topic.partition('.')[0]}  {told.id}  {decided}{standing}"
        f"  (recorded {recorded:%Y-%m-%d %H:%M} by {told.recorded_by})"
    )
    for name, value in told.fact.items():
        if name not in _IN_THE_HEADING:
            yield f"        {name}: {plain(value)}"


def _words_of_second_persons(log: LogReader, size: int) -> Iterator[Recorded[Fact]]:
    topics = [TOPIC_OF[Approved], TOPIC_OF[ApprovalRefused]]
    after = 0
    while page := log.page(after, PAGE, topics=topics, until_size=size):
        yield from page
        after = page[-1].index + 1


def _commitments(shape: object) -> Iterator[str]:
    if isinstance(shape, Mapping):
        if "$c" in shape:
            yield shape["$c"]
        for inner in shape.values():
            yield from _commitments(inner)
    elif isinstance(shape, list | tuple):
        for inner in shape:
            yield from _commitments(inner)


def _revealed(shape: Any, texts: Mapping[str, str]) -> Any:
    """The same with the text in the place of each commitment."""
    if isinstance(shape, Mapping):
        if "$c" in shape:
            return texts.get(shape["$c"], ERASED)
        return {name: _revealed(inner, texts) for name, inner in shape.items()}
    if isinstance(shape, list | tuple):
        return [_revealed(inner, texts) for inner in shape]
    return shape


def revealed_by(
    log: LogReader, shapes: object, *, closed_too: bool = False
) -> Callable[[Any], Any]:
    """What puts the texts of these shapes in the place of their commitments."""
    wanted = set(_commitments(shapes))
    texts = log.reveal(wanted, closed_too=closed_too)
    texts |= dict.fromkeys(log.closed_among(wanted - texts.keys()), CLOSED)
    return lambda shape: _revealed(shape, texts)


def plain(value: object) -> str:
    """A value of a fact or a row on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {plain(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(plain, value))
    return str(value)
