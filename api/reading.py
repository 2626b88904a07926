"""From a request that reads a view to its rows, at the two dates that it names."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import Response, request

from api.closed import may_read_closed
from api.conditions import unchanged
from api.filters import DUE, filters_of, readers
from api.formats import Answered, Format, item_answer, list_answer, wanted_format
from api.moments import PARAMETERS, Moment, asked
from api.paging import cursor_to, following, limit, place
from api.refusals import MalformedRequest
from api.rooms import rooms
from govlog.domain.errors import NotFound
from projections.catalogue import VIEWS
from projections.reading import Filter, Page, Row, Snapshot
from projections.view import View

BY_NAME: Mapping[str, View] = {view.name: view for view in VIEWS}
_PAGING = ("cursor", "limit", "order")
_AS_RECORDED = ("oldest", "newest")
_NONE: Mapping[str, str] = {}


Fill = Callable[[Snapshot, Row, date, int], Row]
"""Completes a row from other views, on a day and as known at a size."""


class Listing(NamedTuple):
    """A route that lists a view; with a kind, what belongs to the stream that the rule names."""

    rule: str
    view: str
    kind: str = ""
    fill: Fill | None = None


class Item(NamedTuple):
    """A route that shows one row: of a stream of this kind, of a part of it, or of an event."""

    rule: str
    view: str
    kind: str = ""


def listing(route: Listing, key: str = "") -> Response:
    """A page of a view."""
    view = BY_NAME[route.view]
    here = rooms()
    closed_too = may_read_closed()
    only_known((*PARAMETERS, *_PAGING, *readers(view)), either=readers(view).keys() - DUE.keys())
    filters = filters_of(view, {route.kind: f"{route.kind}:{key}"} if key else _NONE)
    order = _order(view)
    form = wanted_format()
    here.waiting.for_views()
    with here.views.snapshot() as now:
        answered = _answered(now, form, closed_too)
        if held := unchanged(answered.tag):
            return held
        page = _page(now, view, order, filters, answered.moment)
        rows = page.rows
        if route.fill is not None:
            moment = answered.moment
            rows = tuple([route.fill(now, each, moment.day, moment.size) for each in rows])
    next_page = None if page.next is None else following(cursor=cursor_to(page.next, page.beyond))
    return list_answer(view, rows, answered, next_page)


def item(route: Item, key: str = "", part: str = "", event: str = "") -> Response:
    """One row of a view."""
    view = BY_NAME[route.view]
    here = rooms()
    closed_too = may_read_closed()
    only_known(PARAMETERS)
    name = event or f"{route.kind}:{key}{'/' if part else ''}{part}"
    here.waiting.for_views()
    with here.views.snapshot() as now:
        answered = _answered(now, Format.JSON, closed_too)
        moment = answered.moment
        row = now.item(view.name, name, as_of=moment.day, known=moment.size)
        if row is None:
            raise _not_there(name, view, moment)
        version = "" if event else f"v{_version(now, f'{route.kind}:{key}')}."
    answered = answered._replace(tag=answered.tag.replace('"', f'"{version}', 1))
    return unchanged(answered.tag) or item_answer(view, row, answered)


def _answered(now: Snapshot, form: Format, closed_too: bool) -> Answered:
    moment = asked(rooms().store, now)
    # The answer to one address depends on nothing else: events up to a size, and a day.
    suffix = ".closed" if closed_too else ""
    tag = f'"s{now.size}.{moment.day:%Y%m%d}.{form}{suffix}"'
    return Answered(now.size, moment, form, tag, closed_too)


def _version(now: Snapshot, stream: str) -> int:
    """The version of a stream that the views show, which a write can name in If-Match."""
    last = now.page("timeline", filters={"stream": stream}, as_of=date.max, limit=1, newest=True)
    return int(last.rows[0].key.rpartition("@")[2]) if last.rows else 0


def orders(view: View) -> tuple[str, ...]:
    """The words for the orders in which a view is listed, the usual one first."""
    return (view.sorted_by, *_AS_RECORDED) if view.sorted_by else _AS_RECORDED


def _order(view: View) -> str:
    known = orders(view)
    order = request.args.get("order", known[0])
    if order not in known:
        raise MalformedRequest(
            f"order {order!r} is not known", mend=f"write {' or '.join(known)}", field="order"
        )
    return order


def _page(
    now: Snapshot, view: View, order: str, filters: Mapping[str, Filter], moment: Moment
) -> Page:
    after, beyond = place()
    wanted: dict[str, Any] = {
        "filters": filters,
        "as_of": moment.day,
        "known": moment.size,
        "after": after,
        "limit": limit(),
    }
    if order == view.sorted_by:
        return now.sorted_page(view.name, beyond=beyond, **wanted)
    return now.page(view.name, newest=order == "newest", **wanted)


def only_known(parameters: tuple[str, ...], *, either: Container[str] = ()) -> None:
    """A misspelt date would otherwise be answered with the present, one of two dates dropped.

    Parameters in `either` may be given several times.
    """
    for name, given in request.args.lists():
        if name not in parameters:
            raise MalformedRequest(
                f"there is no parameter {name!r} here",
                mend=f"use {', '.join(parameters)}",
                field=name,
            )
        if len(given) > 1 and name not in either:
            raise MalformedRequest(
                f"{name} is given {len(given)} times", mend="give it once", field=name
            )


def _not_there(name: str, view: View, moment: Moment) -> NotFound:
    return NotFound(
        f"{view.name} shows no {name} on {moment.day} as known at size {moment.size}",
        mend="check the id and both dates; what waits for approval is in /v1/approvals",
    )
