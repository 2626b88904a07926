"""What changed between two moments: what was known later on one day, or what held later.

Rows that begin or end between the two are sought by index, so that a difference costs what changed
and not how long the log is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from string import Template
from typing import Any

import msgspec
from msgspec import Struct

from projections.catalogue import VIEWS
from projections.dated import Row, row_of
from projections.reading import Snapshot
from projections.tables import NEVER, STILL
from projections.view import View

DIFFERING: tuple[View, ...] = tuple(view for view in VIEWS if not view.shows_log)
"""The views that are compared; those of the log itself only grow."""

_PLACES = 2**40
"""More than a view has subjects: a place in the list is a view's number and a subject's."""

_BETWEEN_SIZES = """
SELECT keyid FROM ${view}_row INDEXED BY ${view}_known_from
WHERE known_from > :since AND known_from <= :until AND valid_from <= :day AND valid_until > :day
UNION
SELECT keyid FROM ${view}_row INDEXED BY ${view}_known_until
WHERE known_until > :since AND known_until <= :until AND known_until < ${still}
  AND valid_from <= :day AND valid_until > :day"""
_BETWEEN_DAYS = """
SELECT keyid FROM ${view}_row INDEXED BY ${view}_valid_from
WHERE valid_from > :since AND valid_from <= :until AND known_from <= :size AND known_until > :size
UNION
SELECT keyid FROM ${view}_row INDEXED BY ${view}_valid_until
WHERE valid_until > :since AND valid_until <= :until AND valid_until < ${never}
  AND known_from <= :size AND known_until > :size"""
_PAGE = "SELECT keyid FROM (${changed}) WHERE keyid > :after ORDER BY keyid LIMIT :limit"
_ROW = """
SELECT key, valid_from, valid_until, known_from, known_until, certain, body FROM ${view}_row
WHERE keyid = :keyid AND valid_from <= :day AND valid_until > :day
  AND known_from <= :size AND known_until > :size"""
_TURNS = """
SELECT known_from FROM ${view}_row WHERE keyid = :keyid AND valid_from <= :day
  AND valid_until > :day AND known_from > :since AND known_from <= :until
UNION
SELECT known_until FROM ${view}_row WHERE keyid = :keyid AND valid_from <= :day
  AND valid_until > :day AND known_until > :since AND known_until <= :until"""


class Moment(Struct, frozen=True):
    """A day, as known at a size of the log."""

    day: date
    size: int


class Difference(Struct, frozen=True):
    """One subject that a view shows differently at two moments."""

    view: View
    key: str
    product: str | None
    """The one it is about, where its row names one."""
    before: Row | None
    after: Row | None
    members: tuple[str, ...]
    """Of its row, those that differ; all where it was not there before, or is not any more."""
    events: tuple[int, ...]
    """The places in the log of the facts that made it so."""
    place: int
    """In the list; what follows comes after it."""


class Differences(Struct, frozen=True):
    """A stretch of them, in the order of the views and of their subjects."""

    items: tuple[Difference, ...]
    next: int | None
    """Give it as `after` for what follows; None where nothing does."""


def between(
    now: Snapshot,
    before: Moment,
    after: Moment,
    *,
    views: Iterable[View] = DIFFERING,
    after_place: int = -1,
    limit: int = 50,
) -> Differences:
    """What differs at two moments that share their day or their size; the earlier one first."""
    found: list[Difference] = []
    for view in views:
        number = DIFFERING.index(view)
        start = number * _PLACES
        if after_place >= start + _PLACES - 1:
            continue
        wanted = limit + 1 - len(found)
        for keyid in _changed(now, view, before, after, max(after_place - start, -1), wanted):
            difference = _difference(now, view, keyid, before, after, start + keyid)
            if len(found) == limit:
                return Differences(tuple(found), found[-1].place)
            if difference is not None:
                found.append(difference)
    return Differences(tuple(found), None)


def _changed(
    now: Snapshot, view: View, before: Moment, after: Moment, beyond: int, limit: int
) -> Iterator[int]:
    """The numbers of the subjects that may differ, page by page."""
    days = before.day != after.day
    values: dict[str, int] = {
        "since": before.day.toordinal() if days else before.size,
        "until": after.day.toordinal() if days else after.size,
        "day": after.day.toordinal(),
        "size": after.size,
        "limit": limit,
    }
    while True:
        rows = now.connection.execute(
            _sql(view.name, _PAGE, _BETWEEN_DAYS if days else _BETWEEN_SIZES),
            {**values, "after": beyond},
        ).fetchall()
        for (keyid,) in rows:
            yield keyid
        if len(rows) < limit:
            return
        beyond = rows[-1][0]


def _difference(
    now: Snapshot, view: View, keyid: int, before: Moment, after: Moment, place: int
) -> Difference | None:
    was, is_now = (_row(now, view, keyid, each) for each in (before, after))
    if _content(was) == _content(is_now):
        return None
    shown = is_now or was
    if shown is None:
        return None
    old, new = ({} if each is None else msgspec.json.decode(each.body) for each in (was, is_now))
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return Difference(
        view=view,
        key=shown.key,
        product=(new or old).get("product"),
        before=was,
        after=is_now,
        members=tuple(names),
        events=_events(now, view, keyid, before, after, shown),
        place=place,
    )


def _content(row: Row | None) -> tuple[Any, ...] | None:
    return None if row is None else (row.certain, row.body)


def _row(now: Snapshot, view: View, keyid: int, moment: Moment) -> Row | None:
    values = {"keyid": keyid, "day": moment.day.toordinal(), "size": moment.size}
    found = now.connection.execute(_sql(view.name, _ROW), values).fetchone()
    return None if found is None else row_of(*found)


def _events(
    now: Snapshot, view: View, keyid: int, before: Moment, after: Moment, shown: Row
) -> tuple[int, ...]:
    """Every fact that changed the row on that day; between two days the one it is known from."""
    if before.day != after.day:
        return (shown.known_from - 1,)
    values = {
        "keyid": keyid,
        "day": after.day.toordinal(),
        "since": before.size,
        "until": after.size,
    }
    sizes = now.connection.execute(_sql(view.name, _TURNS), values).fetchall()
    return tuple(size - 1 for (size,) in sizes)


@lru_cache(maxsize=512)
def _sql(view: str, question: str, changed: str = "") -> str:
    text = Template(question).safe_substitute(changed=changed)
    return Template(text).substitute(view=view, still=STILL, never=NEVER)
