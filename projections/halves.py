"""Half of the views, made by a second process: Python keeps one process to one core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from govlog.domain.errors import StoreBusy
from projections import files
from projections.aside import make, open_aside
from projections.links import REACHING
from projections.opening import Opening
from projections.view import View

WORTH_IT = 10_000
"""Events from which on a second process has done more than it takes to start it."""


class SecondProcessFailed(StoreBusy):
    """The process that made the other half of the views has ended without having made them."""

    slug = "second-process-failed"


def halves(views: Sequence[View]) -> tuple[list[View], list[View]]:
    """Those that ask what became of the products' money, and the others: half the work each.

    That is asked after every fact that may reach a product, and worked out once for all that ask.
    """
    asking = [view for view in views if view.reads >= REACHING and not view.shows_log]
    return asking, [view for view in views if view not in asking]


def worth_it(events: int) -> bool:
    """Whether there is enough to do for two, and a core for each."""
    return events >= WORTH_IT and _cores() > 1


def _cores() -> int:
    """Those that this process may use, where the platform tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def second(
    opening: Opening, path: Path, views: Sequence[View], until: int, page: int
) -> Iterator[Callable[[], None]]:
    """Make views in a file of their own meanwhile; what is given waits until they are made.

    The file is gone afterwards. A process of its own and not a fork: connections to SQLite do not
    survive one.
    """
    process = get_context("spawn").Process(
        target=_make, args=(opening, path, tuple(views), until, page), daemon=True
    )

    def wait() -> None:
        process.join()
        if process.exitcode != 0:
            raise SecondProcessFailed(
                f"the second process ended with {process.exitcode}", mend="rebuild once more"
            )

    process.start()
    try:
        yield wait
    finally:
        process.kill()
        process.join()
        files.discard(path)


def _make(opening: Opening, path: Path, views: Sequence[View], until: int, page: int) -> None:
    with opening() as (log, facts_at), open_aside(path) as connection:
        make(log, facts_at, connection, views, until=until, page=page)
