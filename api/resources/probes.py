"""Whether this worker lives, whether the service is ready, and what it counts."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import msgspec
from flask import Response
from msgspec import Struct

from api.rooms import rooms
from api.routes import Route


class Alive(Struct, frozen=True):
    alive: bool


class Signing(Struct, frozen=True):
    """How publishing stands: reads go on whatever it says; writes, while the log is as signed."""

    state: str
    """`publishing`, `refusing` (something contradicts what was signed), `failing`, or `unknown`
    where no publisher has run."""
    size: int | None = None
    """Of the published checkpoint."""
    age_seconds: float | None = None
    """Since the checkpoint was published; a log that does not grow needs no new one."""
    lag_events: int = 0
    lag_seconds: float = 0.0
    """How long the first event that it does not cover has been waiting."""
    witnesses: int = 0
    """How many are asked to cosign; 0 means that nobody vouches that all are shown one log."""
    cosigned_by: tuple[str, ...] = ()
    witnessed: bool = False
    """Whether the quorum of the witness policy has cosigned it."""
    complaints: dict[str, str] = {}
    """What is wrong with a witness: why its cosignature is missing, or its clock."""
    problem: dict[str, Any] | None = None
    """What was seen, and what mends it."""


class Ready(Struct, frozen=True):
    """Sizes of the log and of its views; how far these are behind, in events and in seconds."""

    ready: bool
    size: int
    views: int
    lag_events: int
    lag_seconds: float
    checkpoint: Signing


def livez() -> Response:
    """This worker answers."""
    return Response(b'{"alive":true}', content_type="application/json")


def readyz() -> Response:
    """The log can be read, how far its views are behind, and how its signing stands; else 503."""
    ready = state()
    response = Response(msgspec.json.encode(ready), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def state() -> Ready:
    """How the log and its views stand just now."""
    here = rooms()
    size, views = here.store.size(), here.views.size()
    return Ready(True, size, views, max(0, size - views), _waited(views, size), _signing(size))


def _signing(size: int) -> Signing:
    told = rooms().published.status()
    covered = 0 if told is None or told.size is None else told.size
    if told is None:
        return Signing("unknown", lag_events=size, lag_seconds=_waited(0, size))
    age = None if told.published_at is None else round(time.time() - told.published_at, 3)
    return Signing(
        state=told.state,
        size=told.size,
        age_seconds=age,
        lag_events=max(0, size - covered),
        lag_seconds=_waited(covered, size),
        witnesses=told.witnesses,
        cosigned_by=told.cosigned_by,
        witnessed=told.witnessed,
        complaints=told.complaints,
        problem=told.problem,
    )


def _waited(reached: int, size: int) -> float:
    """Seconds since the first event beyond `reached` was recorded."""
    waiting = rooms().store.page(reached, 1) if reached < size else ()
    if not waiting:
        return 0.0
    return round(max(0.0, (datetime.now(UTC) - waiting[0].recorded_at).total_seconds()), 3)


def metrics() -> Response:
    """Counts and times in Prometheus' text format."""
    return rooms().metrics.exposition(state())


ROUTES = (
    Route("/livez", livez, Alive),
    Route("/readyz", readyz, Ready),
    Route("/metrics", metrics),
)
