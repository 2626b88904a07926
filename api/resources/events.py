"""The log itself: every recorded fact, by its place in the log or in its stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, request
from msgspec import Struct

from api.closed import may_read_closed, shown_events
from api.conditions import unchanged, version_tag
from api.formats import Format, wanted_format
from api.moments import known_at
from api.paging import LARGEST_PAGE, following, limit, links, whole_number
from api.parameters import stream_in_path
from api.reading import only_known
from api.refusals import MalformedRequest
from api.rooms import rooms
from api.routes import Route
from api.waiting import require_log
from api.writing import Write
from govlog.contract.answers import Event, encode
from govlog.domain.errors import NotFound
from govlog.domain.events import TOPICS, Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import KINDS

_LOG = ("after", "limit", "topic", "kind", "known_at", "at_least")
_STREAM = ("after", "limit", "known_at", "at_least")


class Events(Struct, frozen=True):
    """A stretch of the log or of a stream, in order."""

    size: int
    """Of the log when this was answered."""
    known_at: str
    next: str | None
    """The address of what follows; null where nothing does yet."""
    items: tuple[Event, ...]


class _Told(NamedTuple):
    """What the facts of one answer have in common."""

    size: int
    known: int
    form: Format
    tag: str
    next_page: str | None
    closed_too: bool


def events() -> Response:
    """Every recorded fact in the order of the log, from the one after `after` (an index) on."""
    only_known(_LOG, either=("topic",))
    store, closed_too, form = rooms().store, may_read_closed(), _form()
    require_log(store)
    size = store.size()
    known = known_at(store, size)
    wanted, start = limit(), whole_number("after", -1) + 1
    tag = f'"s{size}.{form}{".closed" if closed_too else ""}"'
    if held := unchanged(tag):
        return held
    facts = store.page(start, wanted + 1, topics=_topics(), stream_kind=_kind(), until_size=known)
    page, more = facts[:wanted], len(facts) > wanted
    next_page = following(after=str(page[-1].index)) if more else None
    return _answer(page, _Told(size, known, form, tag, next_page, closed_too))


def event(index: int) -> Response:
    """One recorded fact by its place in the log, from 0."""
    only_known(())
    closed_too = may_read_closed()
    store = rooms().store
    if index >= store.size():
        raise NotFound(f"the log has no event {index} yet", mend="ask for a lower index")
    found = store.page(index, 1)
    (document,) = shown_events(found, closed_too=closed_too)
    response = Response(document, content_type="application/json")
    response.headers["ETag"] = version_tag(found[0].version)
    response.headers["Cache-Control"] = "no-cache"
    return response


def history(stream: str) -> Response:
    """What was recorded on one stream, in order, from the version after `after` on."""
    only_known(_STREAM)
    store, closed_too, form = rooms().store, may_read_closed(), _form()
    require_log(store)
    size = store.size()
    known = known_at(store, size)
    named = stream_in_path(stream)
    version = store.version(named, upto=known)
    if not version:
        raise NotFound(
            f"nothing is recorded on {stream} as known at size {known}",
            mend="check the id, and known_at",
        )
    tag = f'"v{version}.s{size}.{form}{".closed" if closed_too else ""}"'
    if held := unchanged(tag):
        return held
    start = whole_number("after", 0)
    wanted = whole_number("limit", LARGEST_PAGE, least=1, most=LARGEST_PAGE)
    page = store.read(named, upto=known, after=start, limit=wanted)
    more = bool(page) and page[-1].version < version
    next_page = following(after=str(page[-1].version)) if more else None
    return _answer(page, _Told(size, known, form, tag, next_page, closed_too))


def _answer(facts: Sequence[Recorded[Fact]], told: _Told) -> Response:
    items = shown_events(facts, closed_too=told.closed_too)
    if told.form is Format.LINES:
        body = b"".join(each + b"\n" for each in items)
    else:
        body = b'{"size":%d,"known_at":"size:%d","next":%s,"items":[%s]}' % (
            told.size,
            told.known,
            encode(told.next_page),
            b",".join(items),
        )
    response = Response(body, content_type=told.form.value)
    response.headers["ETag"] = told.tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Link"] = links(told.next_page)
    response.headers["Govlog-Size"] = str(told.size)
    return response


def _form() -> Format:
    """Events are JSON: as a table there is the timeline."""
    return Format.LINES if wanted_format() is Format.LINES else Format.JSON


def _topics() -> list[str] | None:
    names = request.args.getlist("topic")
    if not names:
        return None
    wanted = [topic for topic in TOPICS if topic in names or topic.partition(".")[0] in names]
    unknown = [n for n in names if not any(n in (t, t.partition(".")[0]) for t in wanted)]
    if unknown:
        raise MalformedRequest(
            f"topic {unknown[0]!r} is not known",
            mend=f"use {', '.join(sorted(topic.partition('.')[0] for topic in TOPICS))}",
            field="topic",
        )
    return wanted


def _kind() -> str | None:
    kind = request.args.get("kind")
    if kind is not None and kind not in KINDS:
        raise MalformedRequest(
            f"kind {kind!r} is not known", mend=f"use {', '.join(KINDS)}", field="kind"
        )
    return kind


WRITES = (
    Write("/v1/streams/<stream>/statements", "state"),
    Write("/v1/streams/<stream>/opening", "open_item"),
    Write("/v1/streams/<stream>/corrections", "correct_fact"),
    Write("/v1/streams/<stream>/corrections/withdrawals", "withdraw_correction"),
    Write("/v1/streams/<stream>/approvals", "approve"),
    Write("/v1/streams/<stream>/refusals", "refuse_approval"),
)
ROUTES = (
    Route("/v1/events", events, Events, parameters=_LOG, paged=True),
    Route("/v1/events/<int:index>", event, Event),
    Route("/v1/streams/<stream>/history", history, Events, parameters=_STREAM, paged=True),
)
