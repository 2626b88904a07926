"""The most memory that a rebuild of all views takes, with the process that helps it."""

from __future__ import annotations

import re
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from msgspec import Struct

from bench.figure import Figure, of_rounds
from bench.rebuild_views import rebuilt
from govlog.persistence.settings import Settings

MOST_MB = 300.0
_UNIT = 1024 if sys.platform == "linux" else 1
"""getrusage(2) counts in kilobytes there, in bytes on macOS."""
_STATUS = Path("/proc/self/status")


class Rebuild(Struct, frozen=True):
    megabytes: float
    """The most that the process took, and the most that its helper took."""
    seconds: float


def rebuilt_apart(settings: Settings) -> Rebuild:
    """Rebuild in a fresh interpreter: a forked one would begin with what this one holds."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(_rebuild, settings.data).result()


def peak(rebuild: Rebuild, events: int) -> Figure:
    return of_rounds(
        f"peak memory of a rebuild at {events:,} events",
        [rebuild.megabytes],
        unit=" MB",
        at_most=MOST_MB,
        beside=f"both processes; it took {rebuild.seconds * 1e6 / events:.0f} us an event",
    )


def _rebuild(data: Path) -> Rebuild:
    begun = perf_counter()
    rebuilt(Settings(data))
    seconds = perf_counter() - begun
    return Rebuild(most_megabytes(), seconds)


def most_megabytes() -> float:
    """The most memory that this process has taken so far, and the most that its helpers took."""
    helpers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT
    return (_own_bytes() + helpers) / 1e6


def _own_bytes() -> int:
    """Of this program alone: in Linux ru_maxrss goes on from what the starting process held."""
    if _STATUS.exists():
        found = re.search(r"^VmHWM:\s*(\d+) kB$", _STATUS.read_text(), re.M)
        if found is not None:
            return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
