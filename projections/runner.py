"""Keeps the views in step with the log: one leader, every event exactly once, then live."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from govlog.domain.errors import StoreBusy
from govlog.persistence.write_lock import WriteLock
from projections import files
from projections.aside import Progress, few_collections
from projections.backfill import Backfill
from projections.catalogue import VIEWS
from projections.log import Log
from projections.moving import FactsAt, Moving
from projections.opening import Opening
from projections.rebuild import rebuild
from projections.remembered import MANY
from projections.search import SearchIndex
from projections.view import View

PAGE = 100
"""Events in one transaction: the first of them is seen when the last is done."""
POLL = 0.01
"""Seconds between two looks at the log when there was nothing new: SQLite cannot call us."""
PACE = 0.025
"""Seconds from one page to the next at least: what is written meanwhile shares one, which costs
half as much an event, and writers have the processor and the disk to themselves in between."""
STANDBY = 0.5
"""Seconds between two tries to become the leader."""


class Projector:
    """Moves the views of one log; of several only the one that holds the lock."""

    def __init__(
        self,
        log: Log,
        link: Path,
        lock: Path,
        facts_at: FactsAt,
        *,
        views: Sequence[View] = VIEWS,
        page: int = PAGE,
        opening: Opening | None = None,
        facts_live: FactsAt | None = None,
    ) -> None:
        """`link` is where readers find the views, `lock` the file whose holder moves them.

        `opening` lets a second process help where the views have to be made anew. `facts_live`
        gives the states with a longer memory than a rebuild has, to follow the log with.
        """
        self._log = log
        self._link = link
        self._lock = lock
        self._facts_at = facts_at
        self._views = views
        self._page = page
        self._opening = opening
        self._facts_live = facts_live or facts_at
        self.rebuilds = False
        """While it makes the views anew it does not look whether it is told to stop: dying then
        leaves only files, which the next rebuild removes."""

    def run(self, stop: threading.Event, progress: Progress | None = None) -> None:
        """Lead as soon as nobody else does, and follow the log until told to stop.

        `progress` is told about a rebuild, which happens where there are no views, or views that
        other code, another log or a longer log made.
        """
        with closing(WriteLock(self._lock, timeout=STANDBY)) as lock:
            while not stop.is_set():
                with ExitStack() as leading:
                    try:
                        leading.enter_context(lock.held())
                    except StoreBusy:
                        continue
                    self._lead(stop, progress)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Bring the views to the end of the log once; answers its size. StoreBusy if not leader."""
        with closing(WriteLock(self._lock, timeout=STANDBY)) as lock, lock.held():
            path = self._ready(progress)
            with closing(files.open_to_write(path)) as connection:
                moving = Moving(self._log, connection, self._facts_at, self._views)
                index = SearchIndex(self._log, connection)
                while index.step(self._page) or moving.step(self._page):
                    pass
                return moving.position.size

    def _lead(self, stop: threading.Event, progress: Progress | None) -> None:
        while not stop.is_set():
            path = self._ready(progress)
            with (
                closing(files.open_to_write(path)) as connection,
                Backfill(connection, path) as backfill,
                few_collections(),
            ):
                moving = Moving(self._log, connection, self._facts_live, self._views, MANY)
                index = SearchIndex(self._log, connection)
                while not stop.is_set() and files.generation(self._link) == path:
                    self._follow(moving, index, backfill, stop)

    def _follow(
        self, moving: Moving, index: SearchIndex, backfill: Backfill, stop: threading.Event
    ) -> None:
        """Take the next page, or wait for it."""
        if self._log.size() == moving.position.size:
            moving.prepare()  # a little at a time: the service beside may be starting, too
            stop.wait(POLL)
            return
        began = time.monotonic()
        index.step(self._page)
        taken = moving.step(self._page)
        backfill.committed()
        if taken < self._page:
            stop.wait(max(0.0, began + PACE - time.monotonic()))

    def _ready(self, progress: Progress | None) -> Path:
        """The file to move on, made anew where it cannot be moved on."""
        if not files.can_go_on(self._link, self._log):
            self.rebuilds = True
            rebuild(
                self._log,
                self._link,
                self._facts_at,
                views=self._views,
                progress=progress,
                opening=self._opening,
            )
            self.rebuilds = False
        return files.generation(self._link)
