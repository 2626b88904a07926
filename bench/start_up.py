"""From `govlog serve` on an existing log to its first answer."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.rebuild_views import rebuilt
from bench.scale import Scale
from bench.serving import govlog
from govlog.persistence.settings import Settings

ANSWER = "/v1/products?limit=1"
"""A list from the views, so that the answer is a real one."""


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        settings = fill(Path(directory), scale.small)
        rebuilt(settings)
        taken = [_seconds_to_start(settings) for _ in range(scale.rounds)]
    what = f"first answer after `govlog serve` at {scale.small:,} events"
    return [of_rounds(what, taken, unit=" s", at_most=2.0)]


def _seconds_to_start(settings: Settings) -> float:
    begun = perf_counter()
    with govlog(settings, ANSWER):
        return perf_counter() - begun
