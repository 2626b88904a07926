"""What stands where in a fact: its personal values are sealed, the streams it names collected.

The ways into each type are found once, from its annotations; facts are then walked only there.
"""

from __future__ import annotations

import operator
import re
import secrets
import types
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields, replace

from govlog.domain.errors import MalformedValue
from govlog.domain.values import KINDS, Personal, StreamId
from govlog.ledger.commitments import SALT_BYTES, commitment

T = TypeVar("T", bound=msgspec.Struct)
_LIKE_AN_ID = re.compile(rf"(?:{'|'.join(KINDS)}):[a-z0-9][a-z0-9._-]{{0,62}}")


class Opening(NamedTuple):
    """What a commitment in the log commits to; it stands apart and can be erased."""

    commitment: bytes
    field: str
    subject: StreamId | None
    salt: bytes
    value: str


class _Way(NamedTuple):
    """Where to look in one field: the type met at run time says what to do with the value."""

    name: str
    encoded: str
    by_type: dict[type, _Step]


_Step = Callable[[Any, str, "_Found"], Any]
"""Takes a value, its path and what was found so far; returns the value to keep."""


class _Found(NamedTuple):
    event: str
    """Empty where nothing is to be sealed."""
    openings: list[Opening]
    streams: set[StreamId]


def sealed(fact: T, event: str) -> tuple[T, list[Opening], set[StreamId]]:
    """The fact as it is stored, the openings of its personal values, and the streams it names.

    `event` is the id of the event; the commitment binds each value to its place (TRUST).
    """
    found = _Found(event, [], set())
    kept: T = _walk(_ways(type(fact)), fact, "", found)
    return kept, found.openings, found.streams


def named(fact: msgspec.Struct) -> set[StreamId]:
    """The streams that a stored fact names."""
    plain, deeper = _naming(type(fact))
    streams = {*plain(fact)}
    streams.discard(None)
    if deeper:
        _walk(deeper, fact, "", _Found("", [], streams))
    return streams


def _walk(ways: tuple[_Way, ...], struct: T, path: str, found: _Found) -> T:
    changed: dict[str, Any] = {}
    for name, encoded, by_type in ways:
        value = getattr(struct, name)
        step = by_type.get(type(value))
        if step is not None:
            kept = step(value, path + encoded, found)
            if kept is not value:
                changed[name] = kept
    return replace(struct, **changed) if changed else struct


def _seal(value: Personal, path: str, found: _Found) -> Personal:
    if not found.event:
        return value
    if value.commitment or value.text is None:
        raise MalformedValue(path, value.commitment, "give the text itself, not its commitment")
    salt = secrets.token_bytes(SALT_BYTES)
    try:
        committed = commitment(salt, found.event, path, value.text)
    except UnicodeEncodeError:
        raise MalformedValue(path, ascii(value.text), "write it in Unicode characters") from None
    found.openings.append(Opening(committed, path, value.subject, salt, value.text))
    return Personal(commitment=committed.hex())


def _cite(value: StreamId, _path: str, found: _Found) -> StreamId:
    found.streams.add(value)
    return value


@cache
def _ways(struct: type[msgspec.Struct]) -> tuple[_Way, ...]:
    ways = (_Way(each.name, each.encode_name, _steps(each.type)) for each in fields(struct))
    return tuple(way for way in ways if way.by_type)


@cache
def _naming(struct: type[msgspec.Struct]) -> tuple[Callable[[Any], Any], tuple[_Way, ...]]:
    """The members that are streams or nothing, all at once, and those to be looked into."""
    naming = [each for each in _ways(struct) if each.by_type != {Personal: _seal}]
    plain = [each.name for each in naming if each.by_type == {str: _cite}]
    deeper = tuple(each for each in naming if each.by_type != {str: _cite})
    # With less than two names an attrgetter gives no tuple; the same twice is the same set.
    return (operator.attrgetter(*plain, *plain) if plain else lambda fact: ()), deeper


def _steps(annotation: Any) -> dict[type, _Step]:
    """What to do with a value of this annotation, by the type it has at run time."""
    origin = get_origin(annotation)
    if annotation is Any:
        return _OfAnyType()
    if annotation is StreamId:
        return {str: _cite}
    if annotation is Personal:
        return {Personal: _seal}
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        ways = _ways(annotation)
        return {annotation: _into(ways)} if ways else {}
    if origin is Annotated:
        return _steps(get_args(annotation)[0])
    if origin is tuple:
        inner = _steps(get_args(annotation)[0])
        step = _each(inner)
        return {tuple: step, list: step} if inner else {}
    if origin in (Union, types.UnionType):
        return _any_of(get_args(annotation))
    return {}


class _OfAnyType(dict[type, _Step]):
    """A value whose member only another fact tells: looked through by what it is at run time."""

    def get(self, kind: type, default: Any = None) -> Any:
        return _through

    def __bool__(self) -> bool:
        return True


def _through(value: Any, path: str, found: _Found) -> Any:
    """The value as JSON has it, sealed; a text that is like a stream's id is taken for one.

    Naming a stream too many is harmless: who cites it is only looked at more closely.
    """
    if isinstance(value, Personal):
        return msgspec.to_builtins(_seal(value, path, found))
    if isinstance(value, str):
        if _LIKE_AN_ID.fullmatch(value):
            found.streams.add(StreamId(value))
        return value
    if isinstance(value, msgspec.Struct):
        value = {each.encode_name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, dict):
        return {name: _through(each, f"{path}.{name}", found) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_through(each, f"{path}.{place}", found) for place, each in enumerate(value)]
    return msgspec.to_builtins(value)


def committed(state: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Field and commitment (hex) of every value in a fact as JSON has it, in the order written."""
    if isinstance(state, dict):
        commitment = state.get("$c")
        if isinstance(commitment, str):
            yield path, commitment
            return
        inner: Iterable[tuple[Any, Any]] = state.items()
    elif isinstance(state, list):
        inner = enumerate(state)
    else:
        return
    for name, each in inner:
        yield from committed(each, f"{path}.{name}" if path else str(name))


def _any_of(annotations: tuple[Any, ...]) -> dict[type, _Step]:
    if str in annotations and StreamId in annotations:
        raise TypeError("text and a stream id cannot be told apart in one field")
    return {kind: step for each in annotations for kind, step in _steps(each).items()}


def _into(ways: tuple[_Way, ...]) -> _Step:
    return lambda struct, path, found: _walk(ways, struct, f"{path}.", found)


def _each(inner: dict[type, _Step]) -> _Step:
    def step(
        values: tuple[Any, ...] | list[Any], path: str, found: _Found
    ) -> tuple[Any, ...] | list[Any]:
        kept = []
        for number, value in enumerate(values):
            take = inner.get(type(value))
            kept.append(take(value, f"{path}.{number}", found) if take else value)
        unchanged = all(map(operator.is_, kept, values))
        return values if unchanged else tuple(kept)

    return step
