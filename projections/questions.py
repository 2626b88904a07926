"""What is asked of one view in SQL, built once for every set of filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from string import Template

from msgspec import Struct

from govlog.domain.errors import MalformedValue
from projections.tables import ZONE, Column, column
from projections.view import View

Value = str | int | date | None


class Upto(Struct, frozen=True):
    """A filter: nothing later (or larger) than this, and nothing that has none."""

    last: Value


Filter = Value | Sequence[Value] | Upto
"""A value, several of which one is met, or an upper limit."""

_COLUMNS = "r.key, r.valid_from, r.valid_until, r.known_from, r.known_until, r.certain, r.body"
_THERE = (
    "r.valid_from <= :day AND r.valid_until > :day"
    " AND r.known_from <= :size AND r.known_until > :size"
)
# The latest day first: where the day asked for is about the present, the first row is the one.
_ITEM = (
    "SELECT ${columns} FROM ${view}_key AS k CROSS JOIN ${view}_row AS r ON r.keyid = k.keyid"
    " WHERE k.key = :key AND ${there} ORDER BY r.valid_from DESC, r.known_from DESC LIMIT 1"
)
# CROSS JOIN keeps SQLite to this order: by zones, and within a zone by subjects. Both orders are
# those of primary keys, so nothing is sorted.
_PAGE = (
    "SELECT r.keyid, ${columns} FROM ${view}_zone AS z CROSS JOIN ${view}_row AS r NOT INDEXED"
    " ON r.keyid BETWEEN z.zone * ${zone} AND z.zone * ${zone} + ${zone} - 1"
    " WHERE z.first_known <= :size AND z.first_day <= :day AND z.last_day > :day"
    " AND z.zone ${beyond}= :after / ${zone} AND r.keyid ${beyond} :after AND ${there}${filters}"
    " ORDER BY z.zone ${order}, r.keyid ${order} LIMIT :limit"
)
_PAGE_BY = (
    "SELECT r.keyid, ${columns} FROM ${view}_row AS r INDEXED BY ${view}_by_${by}"
    " WHERE r.keyid ${beyond} :after AND ${there}${filters} ORDER BY r.keyid ${order} LIMIT :limit"
)
# Walks the index of the member, so nothing is sorted; what was due long ago is passed by.
_PAGE_SORTED = (
    "SELECT r.keyid, r.f_${by}, ${columns} FROM ${view}_row AS r INDEXED BY ${view}_by_${by}"
    " WHERE (r.f_${by}, r.keyid) > (:beyond, :after) AND ${there}${filters}"
    " ORDER BY r.f_${by}, r.keyid LIMIT :limit"
)
_COUNT = (
    "SELECT r.f_${by}, count(*) FROM ${view}_row AS r ${hint}"
    " WHERE ${there}${filters} GROUP BY r.f_${by}"
)


class Condition(Struct, frozen=True):
    """One filter without its values."""

    member: str
    test: str
    values: int
    indexed: bool

    @property
    def exact(self) -> bool:
        """Whether it asks for one value, and has an index that gives subjects in their order."""
        return self.indexed and self.test in ("=", "IS NULL")


def conditions(
    view: View, filters: Mapping[str, Filter]
) -> tuple[tuple[Condition, ...], dict[str, Column]]:
    """Take filters apart into what SQL says and the values it is told."""
    unknown = filters.keys() - set(view.filters)
    if unknown:
        raise MalformedValue(
            "filter", sorted(unknown)[0], f"narrow {view.name} by {', '.join(view.filters)}"
        )
    found: list[Condition] = []
    values: dict[str, Column] = {}
    for member in view.filters:
        if member not in filters:
            continue
        wanted = filters[member]
        if isinstance(wanted, Upto):
            test, several = "<=", [wanted.last]
        elif wanted is None:
            test, several = "IS NULL", []
        elif isinstance(wanted, str | int | date):
            test, several = "=", [wanted]
        else:
            test, several = "IN", list(wanted)
        found.append(Condition(member, test, len(several), member in view.indexed))
        values |= {f"{member}_{place}": column(each) for place, each in enumerate(several)}
    return tuple(found), values


@lru_cache(maxsize=256)
def item_sql(view: str) -> str:
    """One subject on a day."""
    return Template(_ITEM).substitute(view=view, columns=_COLUMNS, there=_THERE)


@lru_cache(maxsize=1024)
def page_sql(view: str, wanted: tuple[Condition, ...], newest: bool) -> str:
    """A list in the order in which subjects came into the log.

    By the index of the first exact filter in the order in which the view names them; else zone by
    zone.
    """
    exact = next((each.member for each in wanted if each.exact), None)
    return Template(_PAGE if exact is None else _PAGE_BY).substitute(
        view=view,
        columns=_COLUMNS,
        there=_THERE,
        by=exact,
        zone=ZONE,
        beyond="<" if newest else ">",
        order="DESC" if newest else "ASC",
        filters=_said(wanted),
    )


@lru_cache(maxsize=256)
def sorted_sql(view: View, wanted: tuple[Condition, ...]) -> str:
    """A list in the order of the member that the view is sorted by; what has none is not in it."""
    return Template(_PAGE_SORTED).substitute(
        view=view.name, by=view.sorted_by, columns=_COLUMNS, there=_THERE, filters=_said(wanted)
    )


@lru_cache(maxsize=256)
def count_sql(view: str, by: str, wanted: tuple[Condition, ...]) -> str:
    """How many subjects there are of each kind."""
    exact = next((each.member for each in wanted if each.exact), None)
    hint = "NOT INDEXED" if exact is None else f"INDEXED BY {view}_by_{exact}"
    return Template(_COUNT).substitute(
        view=view, by=by, hint=hint, there=_THERE, filters=_said(wanted)
    )


def _said(wanted: Sequence[Condition]) -> str:
    return "".join(f" AND {_test(each)}" for each in wanted)


def _test(each: Condition) -> str:
    names = ", ".join(f":{each.member}_{place}" for place in range(each.values))
    if each.test == "IN":
        return f"r.f_{each.member} IN ({names})"
    return f"r.f_{each.member} {each.test} {names}".rstrip()
