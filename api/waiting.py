"""Reading one's own writes: waiting, not too long and not too many, for a size of the log."""

from __future__ import annotations

from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Any

from api.paging import whole_number
from api.published import Published
from govlog.domain.errors import CheckpointBehind, ViewsBehind
from govlog.persistence.store import EventStore
from projections.reading import Views

LONGEST_WAIT = 2.0
"""Seconds."""
LONGEST_FOR_CHECKPOINT = 5.0
"""Seconds that a write waits to be covered by a checkpoint."""


class Waiting:
    """At most `places` requests of this worker wait at once, so that the others go on."""

    def __init__(self, views: Views, published: Published, places: int) -> None:
        self._views = views
        self._published = published
        self._places = BoundedSemaphore(places)
        # Places of their own: who waits for a checkpoint keeps nobody from reading.
        self._for_checkpoint = BoundedSemaphore(places)

    def for_views(self) -> None:
        """Wait until the views show the size in `at_least`, if the request names one."""
        wanted = whole_number("at_least", 0)
        if wanted and (why := self.until_shown(wanted)):
            raise _behind(wanted, self._views.size(), why)

    def until_shown(self, size: int) -> str:
        """Wait until the views show `size`; why they do not, where that takes too long."""
        if self._views.size() >= size:
            return ""
        if not self._places.acquire(blocking=False):
            return "too many requests wait already"
        try:
            reached = self._views.wait_until(size, LONGEST_WAIT)
        finally:
            self._places.release()
        return "" if reached else f"they did not come within {LONGEST_WAIT} s"

    def for_checkpoint(self, size: int, recorded: Mapping[str, Any]) -> None:
        """Wait until a published checkpoint covers `size`, with the cosignatures it should have.

        CheckpointBehind, with what was `recorded`, where that takes too long.
        """
        why = f"none came within {LONGEST_FOR_CHECKPOINT:g} s"
        if self._for_checkpoint.acquire(blocking=False):
            try:
                if self._published.wait_until(size, LONGEST_FOR_CHECKPOINT) is not None:
                    return
            finally:
                self._for_checkpoint.release()
        else:
            why = "too many requests wait already"
        raise CheckpointBehind(
            f"this is recorded, but no checkpoint covers it yet: {why}",
            mend="it stands; ask for its receipt later, or send the same request with its key",
            **recorded,
        )


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
