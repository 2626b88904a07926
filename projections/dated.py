"""What questions to the views are answered with: rows with both their dates, in pages."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from projections.tables import NEVER, STILL


class Row(Struct, frozen=True):
    """One subject on one day, as known at one size."""

    key: str
    valid_from: date
    """Since when it has been like this."""
    valid_until: date | None
    """The first day on which it is not; None while no such day is known."""
    known_from: int
    """The size of the log from which this was known."""
    known_until: int | None
    """The size from which something else was known; None while this is."""
    certain: bool
    """False on days that partial dates leave open."""
    body: bytes
    """The row as JSON."""


class Page(Struct, frozen=True):
    """A stretch of a list."""

    rows: tuple[Row, ...]
    next: int | None
    """Give it as `after` for what follows; None where nothing does."""
    size: int
    """The size of the log that the views show."""
    beyond: str = ""
    """Of a sorted list: to be given back beside `next`."""


def row_of(
    key: str,
    valid_from: int,
    valid_until: int,
    known_from: int,
    known_until: int,
    certain: int,
    body: bytes,
) -> Row:
    """A row as it stands in its table."""
    return Row(
        key,
        date.fromordinal(valid_from),
        None if valid_until == NEVER else date.fromordinal(valid_until),
        known_from,
        None if known_until == STILL else known_until,
        bool(certain),
        body,
    )
