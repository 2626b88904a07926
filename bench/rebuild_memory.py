"""The most memory that a rebuild of all views takes, measured in a process of its own."""

from __future__ import annotations

import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.rebuild_views import rebuilt
from bench.scale import Scale
from govlog.persistence.settings import Settings

MOST_MB = 300.0
_UNIT = 1024 if sys.platform == "linux" else 1
"""getrusage(2) counts in kilobytes there, in bytes on macOS."""


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        settings = fill(Path(directory), scale.large)
        # A fresh interpreter: a forked one would begin with what this one already holds.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            megabytes, seconds = apart.submit(_peak, settings.data).result()
    return [
        of_rounds(
            f"peak memory of a rebuild at {scale.large:,} events",
            [megabytes],
            unit=" MB",
            at_most=MOST_MB,
            beside=f"it took {seconds:.1f} s",
        )
    ]


def _peak(data: Path) -> tuple[float, float]:
    begun = perf_counter()
    rebuilt(Settings(data))
    seconds = perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    return most / 1e6, seconds
