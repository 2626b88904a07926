"""Half of the views, made by a second process: Python keeps one process to one core."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from msgspec import Struct

from govlog.domain.errors import StoreBusy
from projections import files
from projections.aside import index_texts, make, open_aside
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


class Part(Struct, frozen=True):
    """What the second process makes: these views and the search index, in a file of its own."""

    opening: Opening
    path: Path
    views: tuple[View, ...]
    until: int
    page: int


@contextmanager
def second(part: Part) -> Iterator[Callable[[], None]]:
    """Have a part made by a second process meanwhile; what is given waits until it is made.

    The file is gone afterwards. A process of its own and not a fork: connections to SQLite do not
    survive one. And not one of `multiprocessing`, which imports the program that is running once
    more, whatever else that does.
    """
    run = f"from {__name__} import make_part; make_part()"
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", run], stdin=subprocess.PIPE
    )
    told: IO[bytes] = process.stdin  # type: ignore[assignment]  # a pipe was asked for

    def wait() -> None:
        process.wait()
        if process.returncode != 0:
            raise SecondProcessFailed(
                f"the second process ended with {process.returncode}", mend="rebuild once more"
            )

    try:
        # Where it died before it was told, `wait` says so.
        with suppress(BrokenPipeError):
            pickle.dump((sys.path, part), told)
            told.flush()
        yield wait
    finally:
        process.kill()
        process.communicate()
        files.discard(part.path)


def make_part() -> None:
    """What the second process does: it is told on its standard input by the first."""
    sys.path[:], part = pickle.load(sys.stdin.buffer)  # noqa: S301  # from who began this process
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    with part.opening() as (log, facts_at), open_aside(part.path) as connection:
        make(log, facts_at, connection, part.views, until=part.until, page=part.page)
        index_texts(log, connection, until=part.until, page=part.page)


def _end_with_the_first() -> None:
    """The first process holds its end of the pipe as long as it lives; nobody waits after that."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
