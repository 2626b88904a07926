"""What changed between two moments: on a day as known later, or on a later day as known once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from flask import Response, request
from msgspec import Struct

from api.closed import may_read_closed, shown_rows
from api.conditions import unchanged
from api.formats import with_dates
from api.moments import asked, day_of, known_at
from api.paging import cursor, cursor_to, following, limit, links
from api.reading import only_known
from api.refusals import MalformedRequest
from api.rooms import rooms
from api.routes import Route
from govlog.contract.answers import encode
from govlog.domain.values import StreamId
from projections.differences import DIFFERING, Difference, Moment, between
from projections.reading import Row, Snapshot
from projections.view import View

_PARAMETERS = (
    "since_known_at",
    "since_as_of",
    "as_of",
    "known_at",
    "at_least",
    "view",
    "limit",
    "cursor",
)


class Cause(Struct, frozen=True):
    """A fact that made a difference; `/v1/events/{index}` has all of it."""

    index: int
    id: str
    topic: str
    recorded_at: datetime
    recorded_by: StreamId


class Change(Struct, frozen=True):
    """One subject of one view, as it was and as it is."""

    view: str
    id: str
    changed: tuple[str, ...]
    """The members that differ."""
    before: msgspec.Raw | None
    """Its row with its dates; null where it was not there."""
    after: msgspec.Raw | None
    events: tuple[Cause, ...]
    """The facts responsible."""


class ProductChanges(Struct, frozen=True):
    product: str | None
    """Null for what is about no product."""
    changes: tuple[Change, ...]


class Diff(Struct, frozen=True):
    """What changed, by product."""

    size: int
    since_as_of: str
    since_known_at: str
    as_of: str
    known_at: str
    next: str | None
    """The address of what follows."""
    products: tuple[ProductChanges, ...]


def diff() -> Response:
    """What changed between two `known_at` on one day, or between two `as_of` as known at one size.

    Give `since_known_at` or `since_as_of`: the earlier of the two. Grouped by product, with the
    facts responsible; `view` (may be repeated) narrows it to some views.
    """
    only_known(_PARAMETERS, either=("view",))
    views, closed_too = _views(), may_read_closed()
    here = rooms()
    here.waiting.for_views()
    with here.views.snapshot() as now:
        before, after = _moments(now)
        tag = f'"s{now.size}.{before.size}.{after.size}.{after.day}{".closed" * closed_too}"'
        if held := unchanged(tag):
            return held
        place = cursor()
        found = between(
            now,
            before,
            after,
            views=views,
            after_place=-1 if place is None else place,
            limit=limit(),
        )
        causes = {index: _cause(now, index) for each in found.items for index in each.events}
    following_page = None if found.next is None else following(cursor=cursor_to(found.next))
    answer = Diff(
        size=now.size,
        since_as_of=before.day.isoformat(),
        since_known_at=f"size:{before.size}",
        as_of=after.day.isoformat(),
        known_at=f"size:{after.size}",
        next=following_page,
        products=_by_product(found.items, causes, closed_too=closed_too),
    )
    response = Response(encode(answer), content_type="application/json")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Govlog-Size"] = str(now.size)
    response.headers["Link"] = links(following_page)
    return response


def _moments(now: Snapshot) -> tuple[Moment, Moment]:
    moment = asked(rooms().store, now)
    after = Moment(moment.day, moment.size)
    sizes, days = (request.args.get(each) for each in ("since_known_at", "since_as_of"))
    if (sizes is None) == (days is None):
        raise MalformedRequest(
            "a difference has two moments",
            mend="give since_known_at or since_as_of, the earlier moment, and not both",
            field="since_known_at",
        )
    if sizes is not None:
        before = Moment(after.day, known_at(rooms().store, now.size, "since_known_at"))
    else:
        before = Moment(day_of("since_as_of", str(days)), after.size)
    if before.size > after.size or before.day > after.day:
        raise MalformedRequest(
            "the moment since which it is asked is the later one",
            mend="give the earlier moment in since_known_at or since_as_of",
            field="since_known_at" if sizes is not None else "since_as_of",
        )
    return before, after


def _views() -> Sequence[View]:
    names = request.args.getlist("view")
    known = {view.name: view for view in DIFFERING}
    for name in names:
        if name not in known:
            raise MalformedRequest(
                f"there is no view {name!r} to compare",
                mend=f"use {', '.join(known)}",
                field="view",
            )
    return tuple(known[name] for name in known if name in names or not names)


def _cause(now: Snapshot, index: int) -> Cause:
    event = now.event(index)
    return Cause(index, event.event, event.topic, event.recorded_at, event.recorded_by)


def _by_product(
    items: Iterable[Difference], causes: dict[int, Cause], *, closed_too: bool
) -> tuple[ProductChanges, ...]:
    groups: dict[str | None, list[Change]] = {}
    for each in items:
        change = Change(
            view=each.view.name,
            id=each.key,
            changed=each.members,
            before=_shown(each.before, closed_too=closed_too),
            after=_shown(each.after, closed_too=closed_too),
            events=tuple(causes[index] for index in each.events),
        )
        groups.setdefault(each.product, []).append(change)
    ordered = sorted(groups.items(), key=lambda group: (group[0] is None, group[0] or ""))
    return tuple(ProductChanges(product, tuple(changes)) for product, changes in ordered)


def _shown(row: Row | None, *, closed_too: bool) -> msgspec.Raw | None:
    if row is None:
        return None
    (shown,) = shown_rows([with_dates(row)], closed_too=closed_too)
    return msgspec.Raw(shown)


ROUTES = (Route("/v1/diff", diff, Diff, parameters=_PARAMETERS, paged=True),)
