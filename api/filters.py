"""Narrowing lists: parameters named after members of a row, in the member's own type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache, partial
from types import NoneType
from typing import Any, get_args, get_type_hints

from flask import request

from api.moments import day_of
from api.refusals import MalformedRequest
from govlog.contract.shapes import NAMES
from govlog.domain.values import KINDS, PartialDate, StreamId
from projections.reading import Filter, Upto
from projections.view import View

Read = Callable[[str], str | bool | None]


_KINDS = {**NAMES, "batch": ("batch",), "recorded_by": ("party",), "approved_by": ("party",)}
DUE = {"review_by": "next_review", "due_by": "due"}
"""Parameters that ask for what is due by a day."""


def filters_of(view: View, fixed: Mapping[str, str]) -> dict[str, Filter]:
    """What a request narrows the list to; a parameter given twice means either."""
    found: dict[str, Filter] = dict(fixed)
    for name, read in readers(view).items():
        given = [read(text) for text in request.args.getlist(name)]
        if not given or name in fixed:
            continue
        if name in DUE:
            found[DUE[name]] = Upto(given[0])
        else:
            found[name] = given[0] if len(given) == 1 else given
    return found


@cache
def readers(view: View) -> Mapping[str, Read]:
    """How each parameter of a view is read."""
    hints = get_type_hints(view.row)
    due = {member: parameter for parameter, member in DUE.items()}
    return {due.get(name, name): _reader(due.get(name, name), hints[name]) for name in view.filters}


def words(view: View, name: str) -> tuple[str, ...]:
    """The words that a parameter may be, where they are few."""
    kind = _kind(get_type_hints(view.row)[DUE.get(name, name)])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(word.value) for word in kind)
    return ("true", "false") if kind is bool else ()


def _reader(name: str, hint: Any) -> Read:
    kind = _kind(hint)
    if kind is bool:
        return partial(_flag, name)
    if kind is StreamId:
        return partial(_stream, name)
    if kind is PartialDate:
        return partial(_day, name)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(_word, name, tuple(str(word.value) for word in kind))
    return partial(_text, name)


def _kind(hint: Any) -> Any:
    """The type without None."""
    members = [each for each in get_args(hint) if each is not NoneType]
    return members[0] if len(members) == 1 and NoneType in get_args(hint) else hint


def _flag(name: str, text: str) -> bool:
    return _word(name, ("true", "false"), text) == "true"


def _word(name: str, known: tuple[str, ...], text: str) -> str:
    if text not in known:
        raise MalformedRequest(
            f"{name} {text!r} is not known", mend=f"use {', '.join(known)}", field=name, value=text
        )
    return text


def _stream(name: str, text: str) -> str:
    """An id; its kind may be left out where only one can be meant."""
    kinds = _KINDS.get(name, KINDS)
    return f"{kinds[0]}:{text}" if ":" not in text and len(kinds) == 1 else text


def _day(name: str, text: str) -> str:
    return day_of(name, text).isoformat()


def _text(name: str, text: str) -> str:
    if not text or len(text) > 300:
        raise MalformedRequest(
            f"{name} is not 1 to 300 characters", mend="write what to look for", field=name
        )
    return text
