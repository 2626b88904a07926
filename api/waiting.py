"""Reading one's own writes: waiting, not too long and not too many, for a size of the log."""

from __future__ import annotations

from threading import BoundedSemaphore

from api.paging import whole_number
from govlog.domain.errors import ViewsBehind
from govlog.persistence.store import EventStore
from projections.reading import Views

LONGEST_WAIT = 2.0
"""Seconds."""


class Waiting:
    """At most `places` requests of this worker wait at once, so that the others go on."""

    def __init__(self, views: Views, places: int) -> None:
        self._views = views
        self._places = BoundedSemaphore(places)

    def for_views(self) -> None:
        """Wait until the views show the size in `at_least`, if the request names one."""
        wanted = whole_number("at_least", 0)
        if not wanted or self._views.size() >= wanted:
            return
        if not self._places.acquire(blocking=False):
            raise _behind(wanted, self._views.size(), "too many requests wait already")
        try:
            reached = self._views.wait_until(wanted, LONGEST_WAIT)
        finally:
            self._places.release()
        if not reached:
            raise _behind(wanted, self._views.size(), f"they did not come within {LONGEST_WAIT} s")


def require_log(store: EventStore) -> None:
    """The same for answers from the log itself, which has nothing to wait for."""
    wanted = whole_number("at_least", 0)
    if wanted and wanted > (size := store.size()):
        raise _behind(wanted, size, "nothing of it is recorded yet")


def _behind(wanted: int, size: int, why: str) -> ViewsBehind:
    return ViewsBehind(
        f"size {wanted} is not reached: {why}",
        mend="try again in a moment",
        at_least=wanted,
        size=size,
    )
