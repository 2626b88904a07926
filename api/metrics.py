"""What is counted: requests by route and status, and how long they took."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from flask import Flask, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from govlog.ledger.status import PUBLISHING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class SigningSizes(Protocol):
    """What is measured of the publisher."""

    @property
    def state(self) -> str: ...

    @property
    def size(self) -> int | None: ...

    @property
    def age_seconds(self) -> float | None: ...

    @property
    def lag_events(self) -> int: ...

    @property
    def lag_seconds(self) -> float: ...

    @property
    def witnesses(self) -> int: ...

    @property
    def cosigned_by(self) -> Sequence[str]: ...

    @property
    def witnessed(self) -> bool: ...


class Sizes(Protocol):
    """What is measured when the counts are asked for."""

    @property
    def size(self) -> int: ...

    @property
    def views(self) -> int: ...

    @property
    def lag_events(self) -> int: ...

    @property
    def lag_seconds(self) -> float: ...

    @property
    def checkpoint(self) -> SigningSizes: ...


class Metrics:
    """The counts of one app; with PROMETHEUS_MULTIPROC_DIR those of all workers are added up."""

    def __init__(self) -> None:
        # One per app: several in one process must not share counts.
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "govlog_request_seconds",
            "Seconds that requests took, by route and status",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
        )
        self._by_labels: dict[tuple[str, str, str], Histogram] = {}

    def watch(self, app: Flask) -> None:
        """Time every request of an app, from the edge to its answer."""
        inner = app.wsgi_app

        def timed(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            begun = time.perf_counter()

            def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
                # Flask leaves the request here until the answer is on its way.
                request: Request | None = environ.get("werkzeug.request")
                rule = request.url_rule.rule if request and request.url_rule else "none"
                taken = time.perf_counter() - begun
                self._of(environ["REQUEST_METHOD"], rule, status[:3]).observe(taken)
                return start(status, headers, *error)

            return inner(environ, begin)

        app.wsgi_app = timed  # type: ignore[method-assign, assignment]

    def _of(self, method: str, route: str, status: str) -> Histogram:
        known = self._by_labels.get((method, route, status))
        if known is None:
            known = self._seconds.labels(method, route, status)
            self._by_labels[method, route, status] = known
        return known

    def exposition(self, sizes: Sizes) -> Response:
        """Everything in Prometheus' text format."""
        registry = self.registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry) + generate_latest(_measured(sizes))
        return Response(text, content_type=CONTENT_TYPE_LATEST)


def _measured(sizes: Sizes) -> CollectorRegistry:
    registry = CollectorRegistry()
    signing = sizes.checkpoint
    told = (
        ("govlog_log_size", "Events in the log", sizes.size),
        ("govlog_views_size", "Events that the views show", sizes.views),
        ("govlog_views_lag_events", "Events that the views are behind", sizes.lag_events),
        ("govlog_views_lag_seconds", "Seconds that the views are behind", sizes.lag_seconds),
        ("govlog_checkpoint_size", "Events that the checkpoint covers", signing.size or 0),
        ("govlog_checkpoint_age_seconds", "Since it was published", signing.age_seconds or 0),
        ("govlog_checkpoint_lag_events", "Events it does not cover", signing.lag_events),
        ("govlog_checkpoint_lag_seconds", "Since the first of them", signing.lag_seconds),
        ("govlog_witnesses", "Witnesses that are asked", signing.witnesses),
        ("govlog_checkpoint_cosignatures", "Cosignatures it has", len(signing.cosigned_by)),
        ("govlog_checkpoint_witnessed", "1 if the quorum has cosigned it", signing.witnessed),
        ("govlog_publishing", "1 unless signing is refused or fails", signing.state == PUBLISHING),
    )
    for name, help_text, value in told:
        Gauge(name, help_text, registry=registry, multiprocess_mode="all").set(value)
    return registry
