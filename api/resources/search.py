"""Search over every text of the log: titles, grounds, names, voices."""

from __future__ import annotations

from flask import Response, request
from msgspec import Struct

from api.closed import may_read_closed, shown_events
from api.conditions import unchanged
from api.moments import PARAMETERS, asked
from api.paging import cursor, cursor_to, following, limit, links
from api.parameters import checked
from api.reading import only_known
from api.refusals import MalformedRequest
from api.rooms import rooms
from api.routes import Route
from govlog.contract.answers import Event, encode


class Hits(Struct, frozen=True):
    """The events that hold all the words, the newest first."""

    size: int
    """Of the log when this was answered."""
    as_of: str
    known_at: str
    next: str | None
    items: tuple[Event, ...]


def search() -> Response:
    """Events whose texts hold all words of `q`, in any form of the word.

    Danish endings are left out of account, and `æøå` may be written `ae`, `oe`, `aa`. What was
    erased is not found, what is closed only by who may read it.
    """
    only_known((*PARAMETERS, "q", "cursor", "limit"))
    here, closed_too = rooms(), may_read_closed()
    text = request.args.get("q", "")
    if not text:
        raise MalformedRequest("q is missing", mend="say what to look for: q=risiko", field="q")
    here.waiting.for_views()
    with here.views.snapshot() as now:
        moment = asked(here.store, now)
        tag = f'"s{now.size}.{moment.day:%Y%m%d}{".closed" if closed_too else ""}"'
        if held := unchanged(tag):
            return held
        before, most = cursor(), limit()
        found = checked(
            ("q",),
            "q",
            lambda: now.search(
                text, as_of=moment.day, known=moment.size, before=before, limit=most
            ),
        )
        size = now.size
    facts = here.store.at(found.positions)
    if not closed_too:
        facts = [each for each in facts if not here.store.is_closed(each.stream)]
    next_page = None if found.next is None else following(cursor=cursor_to(found.next))
    body = b'{"size":%d,"as_of":"%s","known_at":"size:%d","next":%s,"items":[%s]}' % (
        size,
        moment.day.isoformat().encode(),
        moment.size,
        encode(next_page),
        b",".join(shown_events(facts, closed_too=closed_too)),
    )
    response = Response(body, content_type="application/json")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Govlog-Size"] = str(size)
    response.headers["Link"] = links(next_page)
    return response


ROUTES = (
    Route(
        "/v1/search",
        search,
        Hits,
        parameters=("q", *PARAMETERS, "cursor", "limit"),
        required=("q",),
        paged=True,
    ),
)
