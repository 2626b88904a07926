"""Whether this worker lives, whether the service is ready, and what it counts."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from flask import Response
from msgspec import Struct

from api.rooms import rooms
from api.routes import Route


class Alive(Struct, frozen=True):
    alive: bool


class Ready(Struct, frozen=True):
    """Sizes of the log and of its views; how far these are behind, in events and in seconds."""

    ready: bool
    size: int
    views: int
    lag_events: int
    lag_seconds: float


def livez() -> Response:
    """This worker answers."""
    return Response(b'{"alive":true}', content_type="application/json")


def readyz() -> Response:
    """The log can be read, and how far its views are behind; 503 when it cannot."""
    ready = state()
    response = Response(msgspec.json.encode(ready), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def state() -> Ready:
    """How the log and its views stand just now."""
    here = rooms()
    size, views = here.store.size(), here.views.size()
    lag = max(0, size - views)
    seconds = 0.0
    if lag and (waiting := here.store.page(views, 1)):
        seconds = max(0.0, (datetime.now(UTC) - waiting[0].recorded_at).total_seconds())
    return Ready(True, size, views, lag, round(seconds, 3))


def metrics() -> Response:
    """Counts and times in Prometheus' text format."""
    return rooms().metrics.exposition(state())


ROUTES = (
    Route("/livez", livez, Alive),
    Route("/readyz", readyz, Ready),
    Route("/metrics", metrics),
)
