"""What the publisher needs of the log: bytes and hashes, wherever they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from govlog.ledger.errors import Stopped
from govlog.ledger.merkle import Frontier
from govlog.ledger.tiles import WIDTH


class Entry(Protocol):
    """One entry as the log has it."""

    @property
    def index(self) -> int:
        """Its place, from 0."""

    @property
    def framed(self) -> bytes:
        """Its bytes, made anew from what is stored."""

    @property
    def leaf(self) -> bytes:
        """Its hash, as it was recorded."""


class Source(Protocol):
    """A log that grows."""

    def frontier(self) -> Frontier:
        """The tree over all entries, as it was recorded."""

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries from index `after` up to before `until`; fewer where some are missing."""


class Stoppable:
    """A log whose reader can be told to stop: going through a long one takes minutes.

    It is asked between pages, so what is done with less than a page is brought to its end. Being
    stopped at any place is no worse than being killed there (see Publisher).
    """

    def __init__(self, source: Source, stopped: Callable[[], bool]) -> None:
        self._source = source
        self._stopped = stopped

    def frontier(self) -> Frontier:
        return self._source.frontier()

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """As the log has them; Stopped where the reader is told to stop and there are more."""
        for place, entry in enumerate(self._source.entries(after, until)):
            if place and place % WIDTH == 0 and self._stopped():
                raise Stopped
            yield entry
