"""Rows of views as JSON, as CSV and as JSON Lines, with their texts resolved as they leave."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

import msgspec
from flask import Response, request
from msgspec import Struct

from api.closed import shown_rows
from api.moments import Moment
from api.paging import links
from govlog.contract.answers import encode
from govlog.domain.values import Personal
from projections.reading import Row
from projections.view import View

DATED = ("id", "valid_from", "valid_until", "known_from", "certain")
"""What stands before the members of every row."""
_FORMULA = re.compile(r"[=+\-@\t\r]")
_decode = msgspec.json.decode


class Format(StrEnum):
    JSON = "application/json"
    CSV = "text/csv"
    LINES = "application/x-ndjson"


class Answered(NamedTuple):
    """What the rows of one answer have in common."""

    size: int
    moment: Moment
    form: Format
    tag: str
    closed_too: bool


def wanted_format() -> Format:
    """The form that the client likes best; JSON where it does not say."""
    best = request.accept_mimetypes.best_match([each.value for each in Format], Format.JSON.value)
    return Format(best)


def item_answer(view: View, row: Row, answered: Answered) -> Response:
    """One row with the moment it holds at."""
    (shown,) = shown_rows([with_dates(row)], closed_too=answered.closed_too)
    body = b'{%s,"item":%s}' % (_moment(answered), shown)
    return _response([body], "application/json", answered)


def list_answer(
    view: View, rows: Sequence[Row], answered: Answered, next_page: str | None
) -> Response:
    """A page of rows in the form that was asked for."""
    items = shown_rows(map(with_dates, rows), closed_too=answered.closed_too)
    if answered.form is Format.CSV:
        response = _response(
            [table(view, items)], "text/csv; charset=utf-8; header=present", answered
        )
    elif answered.form is Format.LINES:
        response = _response([each + b"\n" for each in items], "application/x-ndjson", answered)
    else:
        body = b'{%s,"next":%s,"items":[%s]}' % (
            _moment(answered),
            encode(next_page),
            b",".join(items),
        )
        response = _response([body], "application/json", answered)
    response.headers["Link"] = links(next_page)
    return response


def _moment(answered: Answered) -> bytes:
    day, known = answered.moment.day, answered.moment.size
    return b'"size":%d,"as_of":"%s","known_at":"size:%d"' % (
        answered.size,
        day.isoformat().encode(),
        known,
    )


def with_dates(row: Row) -> bytes:
    """A row with its dates in front; its body is JSON already."""
    return b'{"id":%s,"valid_from":"%s","valid_until":%s,"known_from":%d,"certain":%s,%s' % (
        encode(row.key),
        _day(row.valid_from),
        b"null" if row.valid_until is None else b'"%s"' % _day(row.valid_until),
        row.known_from,
        b"true" if row.certain else b"false",
        row.body[1:],
    )


def _day(day: date) -> bytes:
    return day.isoformat().encode()


def _response(parts: Iterable[bytes], content_type: str, answered: Answered) -> Response:
    response = Response(b"".join(parts), content_type=content_type)
    response.headers["ETag"] = answered.tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Govlog-Size"] = str(answered.size)
    return response


def table(view: View, items: Iterable[bytes]) -> bytes:
    """Rows as CSV: members of members in columns of their own, lists as JSON."""
    columns = [*DATED, *_columns(view.row, "")]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for each in items:
        flat = _flat(_decode(each), "")
        writer.writerow([_cell(flat.get(column)) for column in columns])
    return text.getvalue().encode()


def _columns(struct: type[Struct], within: str) -> list[str]:
    columns: list[str] = []
    for member in msgspec.structs.fields(struct):
        name = f"{within}{member.encode_name}"
        inner = _struct_of(member.type)
        columns += [name] if inner is None else _columns(inner, f"{name}.")
    return columns


def _struct_of(hint: Any) -> type[Struct] | None:
    choices = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    structs = [
        each
        for each in choices
        if isinstance(each, type) and issubclass(each, Struct) and each is not Personal
    ]
    others = [each for each in choices if each is not NoneType and each not in structs]
    return structs[0] if len(structs) == 1 and not others else None


def _flat(members: dict[str, Any], within: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in members.items():
        if isinstance(value, dict) and value.keys() not in ({"erased"}, {"closed"}):
            flat |= _flat(value, f"{within}{name}.")
        else:
            flat[f"{within}{name}"] = value
    return flat


def _cell(value: Any) -> str:
    """One cell; a text that a spreadsheet would take for a formula is shown as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"({next(iter(value))})"
    if isinstance(value, list):
        return encode(value).decode()
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) and not isinstance(value, int | float) else text
