"""Corrections of anything that may be corrected (rule 19), to what other facts say or might say."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import to_builtins
from msgspec.structs import FieldInfo

from govlog.domain.correctable import correctable
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import FactCorrected
from govlog.domain.stream import Recorded
from govlog.domain.values import Money, PartialDate, Personal, StreamId, kind_of
from tests.oracle.chapters import CHAPTERS
from tests.oracle.gatherings import today
from tests.oracle.stories import MINUTES, Steps
from tests.oracle.telling import Teller

LATELY = 25
"""Of so many facts most corrections are."""
ELSEWHERE = ("fiction",)
"""Rows about something else on the same stream repeat it, and follow only when that moves."""


def mend_anything(t: Teller) -> None:
    """The log refuses what may not be; what is found wrong is mostly recent."""
    facts = [each for each in t.log if correctable(type(each.fact))]
    if not facts:
        return
    each = t.one_of(facts[-LATELY:] if t.chance(0.7) else facts)
    members = correctable(type(each.fact))
    member = t.one_of([members[name] for name in members if name not in ELSEWHERE])
    now = to_builtins(getattr(each.fact, member.name))
    values = [value for value in _values(t, each, member) if value != now]
    if values and not _is_personal(member):
        fact = FactCorrected(
            event=each.id,
            field=member.encode_name,
            value=t.one_of(values),
            decided_on=today(t),
            evidence=MINUTES,
        )
        t.tell("correct_fact", each.stream, fact)


def _values(t: Teller, each: Recorded[Fact], member: FieldInfo) -> list[Any]:
    said = [
        to_builtins(getattr(one.fact, member.name))
        for one in t.log
        if type(one.fact) is type(each.fact)
    ]
    of_kind = None
    named = getattr(each.fact, member.name)
    if isinstance(named, str) and ":" in named:
        of_kind = kind_of(StreamId(named))
    return [*said, *(one for kind in _kinds(member.type) for one in _made(t, kind, of_kind))]


def _made(t: Teller, kind: Any, of_kind: str | None) -> Iterator[Any]:
    """What a member of that type might say, whatever others do."""
    if kind is NoneType:
        yield None
    elif kind is PartialDate:
        yield from (str(t.when()) for _ in range(3))
    elif kind is StreamId:
        streams = sorted({each.stream for each in t.log})
        yield from (str(each) for each in streams if of_kind in (None, kind_of(each)))
    elif kind is Money:
        yield from ({"amount": amount, "currency": "DKK"} for amount in ("40", "300"))
    elif kind is bool:
        yield from (True, False)
    elif kind is int:
        yield from range(4)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from (each.value for each in kind)


def _kinds(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for each in get_args(annotation):
            yield from _kinds(each)
    else:
        yield annotation


def _is_personal(member: FieldInfo) -> bool:
    return Personal in _kinds(member.type)


MENDING: Steps = (*CHAPTERS, (45, mend_anything))
"""Beside all else, much of it found wrong."""
