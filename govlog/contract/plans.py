"""Schemas compiled once into what a body without faults needs: one look at each member it holds.

marshmallow looks at every member that a schema has, through five calls each: a fifth of what a
write did in Python. A body with a fault is parsed by marshmallow itself, for the answer needs its
words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from marshmallow import RAISE, Schema, ValidationError, missing
from marshmallow.fields import Field, List

Parse = Callable[[Any, str, Any], Any]
"""Takes a member's value, its name and the body; raises ValidationError."""


class _Member(NamedTuple):
    attribute: str
    parse: Parse
    allows_none: bool


class _Expected(NamedTuple):
    """A member that is required (`default` is missing) or that has a default."""

    name: str
    attribute: str
    default: Any


def load(schema: Schema, body: Any) -> Any:
    """What `schema.load(body)` gives, or the ValidationError that it raises."""
    return _plan(schema)(body)


@cache
def _plan(schema: Schema) -> Callable[[Any], Any]:
    if not _is_plain(schema):
        return schema.load
    members: dict[str, _Member] = {}
    expected: list[_Expected] = []
    for attribute, field in schema.load_fields.items():
        name = attribute if field.data_key is None else field.data_key
        members[name] = _Member(attribute, _parser(field), field.allow_none)
        if field.required or field.load_default is not missing:
            expected.append(_Expected(name, attribute, field.load_default))

    def run(body: Any) -> Any:
        try:
            return _loaded(members, expected, body)
        except (KeyError, ValidationError):
            return schema.load(body)

    return run


def _loaded(members: dict[str, _Member], expected: list[_Expected], body: Any) -> Any:
    """KeyError or ValidationError where marshmallow would find a fault."""
    if type(body) is not dict:
        raise KeyError
    kept: dict[str, Any] = {}
    for name, value in body.items():
        attribute, parse, allows_none = members[name]
        if value is not None:
            kept[attribute] = parse(value, name, body)
        elif allows_none:
            kept[attribute] = None
        else:
            raise KeyError(name)
    for name, attribute, default in expected:
        if name not in body:
            if default is missing:
                raise KeyError(name)
            kept[attribute] = default() if callable(default) else default
    return kept


def _is_plain(schema: Schema) -> bool:
    """Whether the schema does nothing but parse its members, and refuse what it does not know."""
    if schema.unknown != RAISE or schema.many or schema.partial or any(schema._hooks.values()):
        return False
    return not any(
        field.pre_load or field.post_load or field.attribute is not None
        for field in schema.load_fields.values()
    )


def _parser(field: Field[Any]) -> Parse:
    parse: Parse = field._deserialize
    if isinstance(field, List):
        parse = _of_each(field)
    if not field.validators:
        return parse

    def validated(value: Any, name: str, body: Any) -> Any:
        parsed = parse(value, name, body)
        field._validate(parsed)
        return parsed

    return validated


def _of_each(field: List[Any]) -> Parse:
    """A list comes out as its field makes it (as a tuple, say)."""
    inner = _parser(field.inner)
    kind: Callable[[Any], Any] = type(field._deserialize([], "", {}))

    def parse(value: Any, name: str, body: Any) -> Any:
        if type(value) is not list or None in value:
            return field._deserialize(value, name, body)
        return kind(inner(each, name, value) for each in value)

    return parse
