"""Cursor paging: a list goes on where it stopped, whatever was recorded in between."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from flask import request

from api.refusals import MalformedRequest

PAGE = 50
LARGEST_PAGE = 500
_CURSOR = re.compile(r"c(\d{1,15})(?:\.([\d-]{1,10}))?", re.ASCII)


def whole_number(parameter: str, default: int, *, least: int = 0, most: int = 2**53) -> int:
    """A parameter that counts."""
    text = request.args.get(parameter)
    if text is None:
        return default
    plain = text.isascii() and text.isdigit() and len(text) <= 16
    if not plain or not least <= int(text) <= most:
        raise MalformedRequest(
            f"{parameter} {text!r} is not a number from {least} to {most}",
            mend=f"write a whole number from {least} to {most}",
            field=parameter,
            value=text,
        )
    return int(text)


def limit() -> int:
    """How many items the client wants at once."""
    return whole_number("limit", PAGE, least=1, most=LARGEST_PAGE)


def cursor() -> int | None:
    """Where the page before ended."""
    return place()[0]


def place() -> tuple[int | None, str]:
    """The same for a list that is sorted by a day: which it ended at, and on which day."""
    text = request.args.get("cursor")
    if text is None:
        return None, ""
    named = _CURSOR.fullmatch(text)
    if named is None:
        raise MalformedRequest(
            "the cursor is not one of ours",
            mend="follow the Link headers, or leave the cursor out",
            field="cursor",
            value=text,
        )
    return int(named[1]), named[2] or ""


def cursor_to(place: int, day: str = "") -> str:
    """A cursor for the page that follows; opaque to clients."""
    return f"c{place}.{day}" if day else f"c{place}"


def following(**changed: str) -> str:
    """The address of the page that follows: relative, so that it holds behind any proxy."""
    return _address({**request.args.to_dict(flat=False), **changed})


def links(next_page: str | None) -> str:
    """A `Link` header (RFC 8288) with the first page and, where there is one, the next."""
    beginning = {
        name: values
        for name, values in request.args.to_dict(flat=False).items()
        if name not in ("cursor", "after")
    }
    first = f'<{_address(beginning)}>; rel="first"'
    return first if next_page is None else f'{first}, <{next_page}>; rel="next"'


def _address(parameters: Mapping[str, str | list[str]]) -> str:
    query = urlencode(parameters, doseq=True)
    path = quote(request.path)  # decoded by WSGI, and a header holds ASCII only
    return f"{path}?{query}" if query else path
