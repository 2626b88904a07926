"""Writing over HTTP, all processes running, beside the raw_sqlite route; and how far views lag."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson

from bench.community import MEMBERS
from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.keep_alive import seconds
from bench.rebuild_views import rebuilt
from bench.rounds import in_turns
from bench.scale import Scale
from bench.serving import govlog, raw_route
from bench.write_requests import Targets, writes
from govlog.persistence.access import SCOPES, AccessTokens
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from projections.reading import Views

TARGETS = {1: 0.7, 8: 1.2, 32: 1.5}
"""Of the raw route: at one client as agreed for the spine, with more as in the design."""
LAG_MS = 100.0
LOOK = 0.002
"""Seconds between two looks at how far the views have come."""
CATCH_UP = 60.0


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        settings = fill(Path(directory, "log"), scale.small)
        rebuilt(settings)
        with EventStore.open(settings) as store:
            requests = writes(Targets.of(store), token(settings))
        with (
            raw_route(Path(directory)) as raw,
            govlog(settings) as ours,
            closing(Views(settings.views_db)) as views,
        ):
            for port in (raw, ours):
                seconds(port, list(islice(requests, scale.writes // 4)), 4)
            figures = [
                _compared(clients, requests, ours, raw, views, scale) for clients in scale.clients
            ]
            figures += _behind(max(scale.clients[:2]), requests, ours, views, scale)
    return figures


def token(settings: Settings) -> str:
    """A token of a person who may record everything, and vote for every seat."""
    with AccessTokens(settings) as tokens:
        _, secret = tokens.create(MEMBERS[0], SCOPES, organisations=MEMBERS[1:])
    return secret


def _compared(
    clients: int, requests: Iterator[bytes], ours: int, raw: int, views: Views, scale: Scale
) -> Figure:
    def side(port: int) -> Callable[[], float]:
        def run() -> float:
            settled(views)
            return seconds(port, list(islice(requests, scale.writes)), clients)

        return run

    sides = in_turns(side(ours), side(raw), scale.rounds)
    speeds = (f"{scale.writes / median(each):.0f} req/s" for each in (sides.ours, sides.raw))
    return of_rounds(
        f"recording over HTTP / raw_sqlite route, {clients} client{'s' * (clients > 1)}",
        sides.speeds,
        at_least=TARGETS.get(clients),
        beside=" / ".join(speeds),
    )


def settled(views: Views) -> None:
    """Wait until the views have stopped moving, so that no side works for the one before it."""
    deadline = perf_counter() + CATCH_UP
    size = -1
    while perf_counter() < deadline and size != (size := views.size()):
        time.sleep(0.1)


def _behind(
    clients: int, requests: Iterator[bytes], ours: int, views: Views, scale: Scale
) -> list[Figure]:
    """Milliseconds from each answer to the moment from which views show what it recorded."""
    rounds = []
    for _ in range(scale.rounds):
        settled(views)
        rounds.append(_lags(clients, list(islice(requests, scale.writes)), ours, views))
    middles = [median(lags) for lags in rounds]
    worst = [quantiles(lags, n=100)[98] for lags in rounds]
    what = f"views behind the log, {clients} clients writing"
    return [
        of_rounds(f"{what}, p50", middles, unit=" ms"),
        of_rounds(f"{what}, p99", worst, unit=" ms", at_most=LAG_MS),
    ]


def _lags(clients: int, requests: list[bytes], port: int, views: Views) -> list[float]:
    answers: list[tuple[int, float]] = []
    """The size from which each write is known, and when its client was told."""
    seen: list[tuple[int, float]] = []
    """The sizes that the views came to, and when."""
    done = threading.Event()

    def watch() -> None:
        while not (done.is_set() and seen and seen[-1][0] >= max(size for size, _ in answers)):
            size = views.size()
            if not seen or size > seen[-1][0]:
                seen.append((size, perf_counter()))
            time.sleep(LOOK)

    def answered(body: bytes) -> None:
        answers.append((int(orjson.loads(body)["size"]), perf_counter()))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        seconds(port, requests, clients, answered=answered)
    finally:
        done.set()
        watching.join(CATCH_UP)
    lags = []
    shown = iter(seen)
    size, when = next(shown)
    for known_from, told in sorted(answers):
        while size < known_from:
            size, when = next(shown)
        lags.append(max(0.0, when - told) * 1000)
    return lags
