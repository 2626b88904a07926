"""The only wiring: opens the rooms of the house and gives every route its place."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import msgspec
from flask import Flask, Request, request
from msgspec import Struct
from werkzeug.routing import MapAdapter

from api import headers, problems
from api.bodies import LARGEST_BODY
from api.knowledge import Knowledge
from api.metrics import Metrics
from api.outlook import shown
from api.published import Published
from api.reading import Item, Listing, item, listing
from api.resources import (
    agreements,
    attribution,
    batches,
    bodies,
    catalogues,
    debates,
    differences,
    docs,
    erasures,
    events,
    ledger,
    measures,
    meetings,
    parties,
    probes,
    products,
    resolutions,
    risks,
    search,
    timeline,
)
from api.rooms import Rooms
from api.routes import Route
from api.security import Doorkeeper
from api.short_way import ShortWay
from api.waiting import Waiting
from api.writing import Write, recorded
from govlog.application.commands import COMMANDS
from govlog.application.decision_log import DecisionLog
from govlog.application.erasing import Eraser
from govlog.contract.shapes import typed
from govlog.ledger.publication import Publication
from govlog.persistence.access import AccessTokens
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from projections.erasing import clear
from projections.reading import Views

WRITES: tuple[Write, ...] = (
    *parties.WRITES,
    *bodies.WRITES,
    *debates.WRITES,
    *meetings.WRITES,
    *resolutions.WRITES,
    *catalogues.WRITES,
    *products.WRITES,
    *agreements.WRITES,
    *measures.WRITES,
    *risks.WRITES,
    *events.WRITES,
)
READS: tuple[Listing | Item, ...] = (
    *parties.READS,
    *bodies.READS,
    *debates.READS,
    *meetings.READS,
    *resolutions.READS,
    *catalogues.READS,
    *products.READS,
    *agreements.READS,
    *measures.READS,
    *risks.READS,
    *timeline.READS,
)
ROUTES: tuple[Route, ...] = (
    *events.ROUTES,
    *ledger.ROUTES,
    *batches.ROUTES,
    *attribution.ROUTES,
    *differences.ROUTES,
    *erasures.ROUTES,
    *search.ROUTES,
    *probes.ROUTES,
    *docs.ROUTES,
)


class Bounds(Struct, frozen=True):
    """How much one client, and waiting ones, may ask of a worker."""

    writes: str = "60000/minute"
    """Per token; batches hold many commands and count once."""
    failures: str = "60/minute"
    """Failed log-ins, per address."""
    waiting: int = 4
    """Requests that wait for the views, and for a checkpoint, at once."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Bounds:
        """From GOVLOG_WRITE_LIMIT and GOVLOG_LOGIN_LIMIT, such as `600/minute`."""
        usual = cls()
        return cls(
            environ.get("GOVLOG_WRITE_LIMIT") or usual.writes,
            environ.get("GOVLOG_LOGIN_LIMIT") or usual.failures,
        )


class _App(Flask):
    """Flask less what no route here needs, on every request."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """For routes that are the same whatever name the service is called by."""
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        return MapAdapter(
            self.url_map,
            server_name=environ["SERVER_NAME"],
            script_name=environ.get("SCRIPT_NAME") or "/",
            subdomain="",
            url_scheme=environ["wsgi.url_scheme"],
            path_info=request.path,
            default_method=environ["REQUEST_METHOD"],
            query_args=environ.get("QUERY_STRING"),
        )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No route is a coroutine."""
        return func


def create_app(settings: Settings | None = None, bounds: Bounds | None = None) -> Flask:
    """An app on one log, for one process; by default on the log that the environment names."""
    app = _App("govlog", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.strict_slashes = True
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    rooms = _open(settings or Settings.from_environ(), bounds or Bounds.from_environ())
    app.extensions["govlog"] = rooms
    atexit.register(rooms.close)
    problems.register(app, {each.command: each.rule for each in WRITES})
    _route(app, rooms)
    app.config["OPENAPI"] = cache(_described)
    return app


def _open(settings: Settings, bounds: Bounds) -> Rooms:
    store = EventStore.open(settings)
    views = Views(settings.views_db)
    log = DecisionLog(store, typed=typed, shown=partial(shown, views))
    tokens = AccessTokens(settings)
    published = Published(Publication(settings.publication))
    return Rooms(
        store=store,
        log=log,
        views=views,
        knowledge=Knowledge(store),
        tokens=tokens,
        door=Doorkeeper(tokens, writes=bounds.writes, failures=bounds.failures),
        eraser=Eraser(store, log, tokens, partial(clear, settings.views_db)),
        published=published,
        waiting=Waiting(views, published, bounds.waiting),
        metrics=Metrics(),
    )


def _route(app: Flask, rooms: Rooms) -> None:
    for each in WRITES:
        view = partial(recorded, rooms, request, COMMANDS[each.command])
        app.add_url_rule(each.rule, f"POST {each.rule}", view, methods=["POST"])
    for read in READS:
        answers = partial(listing, read) if isinstance(read, Listing) else partial(item, read)
        app.add_url_rule(read.rule, f"GET {read.rule}", answers, methods=["GET"])
    for route in ROUTES:
        name = f"{route.method} {route.rule}"
        app.add_url_rule(route.rule, name, route.answers, methods=[route.method])
    # The innermost first.
    app.wsgi_app = ShortWay(app, rooms, WRITES)  # type: ignore[method-assign, assignment]
    rooms.metrics.watch(app)
    headers.register(app)


def _described() -> bytes:
    """Made, and what makes it imported, when it is first asked for: workers start sooner."""
    from api.openapi import document

    return msgspec.json.encode(document(WRITES, READS, ROUTES))
