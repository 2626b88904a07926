"""Whether what a row says is what the oracle has, member by member, down to the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct

from govlog.domain.values import Personal


class OnDay(Struct, frozen=True):
    """It happened on this day in one world: the days that a row leaves open must have it.

    Where all dates are full a row names this day and no other.
    """

    day: date


class OneOf(Struct, frozen=True):
    """Each of these is right; the rules do not say which of several comes first."""

    values: frozenset[str]


class AnyOrder(Struct, frozen=True):
    """These and no others, in whichever order: the rules name none."""

    values: tuple[Any, ...]


class Surely(Struct, frozen=True):
    """A yes has to be right; a no may only say that partial dates leave it open (rule 13)."""

    value: bool


class AtLeast(Struct, frozen=True):
    """What is said is a lower bound of this; where all dates are full it is this."""

    value: Decimal


class AtMost(Struct, frozen=True):
    """What is said is an upper bound of this; where all dates are full it is this."""

    value: Decimal


class Within(Struct, frozen=True):
    """An amount that the rules narrow down so far, where all dates are full."""

    low: Decimal
    high: Decimal


class WhenFull(Struct, frozen=True):
    """Is held to the oracle where all dates are full: else it follows from other members."""

    value: Any


UNDETERMINED = "undetermined"
"""What is said where possibilities differ: that is never more than the oracle knows (rule 13)."""


def unlike(said: Any, told: Any, *, full: bool, where: str = "") -> Iterator[str]:
    """What a row says otherwise than the oracle; `said` is JSON, `told` holds values.

    With `full` dates there is one possibility, so the row must say exactly that.
    """
    match told:
        case AnyOrder(values):
            yield from _in_any_order(list(said), list(values), full=full, where=where)
        case WhenFull(value):
            yield from unlike(said, value, full=full, where=where) if full else ()
        case Mapping():
            yield from _members(said, told, full=full, where=where)
        case tuple() | list() if isinstance(said, list) and len(said) == len(told):
            for place, (one, other) in enumerate(zip(said, told, strict=True)):
                yield from unlike(one, other, full=full, where=f"{where}[{place}]")
        case _:
            if not _right(said, told, full=full):
                yield f"{where} is {said}, oracle {plain(told)}"


def _right(said: Any, told: Any, *, full: bool) -> bool:
    match told:
        case OnDay(day):
            return _allows(said, day, full=full)
        case OneOf(values):
            return said in values or (not full and said == UNDETERMINED)
        case Surely(value):
            return said is value or not (full or said)
        case AtLeast() | AtMost() | Within():
            return said is not None and _bounds(Decimal(said), told, full=full)
        case Decimal():
            return said is not None and Decimal(said) == told
    open_word = not full and said == UNDETERMINED and isinstance(told, str)
    return open_word or bool(plain(said) == plain(told))


def _bounds(amount: Decimal, told: AtLeast | AtMost | Within, *, full: bool) -> bool:
    match told:
        case AtLeast(value):
            return amount == value if full else amount <= value
        case AtMost(value):
            return amount == value if full else amount >= value
    return not full or told.low <= amount <= told.high


def _allows(said: Any, day: date, *, full: bool) -> bool:
    if said is None:
        return False
    earliest, latest = (date.fromisoformat(said[end]) for end in ("earliest", "latest"))
    return earliest == latest == day if full else earliest <= day <= latest


def _members(said: Any, told: Mapping[str, Any], *, full: bool, where: str) -> Iterator[str]:
    if not isinstance(said, dict):
        yield f"{where} is {said}, oracle {told}"
        return
    for name, value in told.items():
        yield from unlike(said.get(name), value, full=full, where=f"{where}.{name}".lstrip("."))


def _in_any_order(said: list[Any], told: list[Any], *, full: bool, where: str) -> Iterator[str]:
    left = list(told)
    for one in said:
        found = next((each for each in left if not [*unlike(one, each, full=full)]), None)
        if found is None:
            yield f"{where} has {one}, oracle {told}"
        else:
            left.remove(found)
    for each in left:
        yield f"{where} lacks {each}"


def plain(value: Any) -> Any:
    """As JSON has it; of a personal value only the commitment."""
    match value:
        case Personal(commitment=commitment):
            return {"$c": commitment}
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Mapping():
            if "$c" in value:
                return {"$c": value["$c"]}
            return {str(name): plain(each) for name, each in value.items()}
        case tuple() | list() | set() | frozenset():
            return [plain(each) for each in value]
        case Struct():
            return plain(msgspec.to_builtins(value))
    return value
