"""Moments as RFC 3339 writes them: a date, a time and an offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_FORM = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_BEYOND_MICROSECONDS = re.compile(r"(\.\d{6})\d+")


def instant(text: str) -> datetime:
    """The moment that a text names, in UTC; ValueError where it names none."""
    if not _FORM.fullmatch(text):
        raise ValueError(text)
    try:
        when = datetime.fromisoformat(_BEYOND_MICROSECONDS.sub(r"\1", text.upper()))
        return when.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
