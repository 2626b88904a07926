"""What the publisher needs of the log: bytes and hashes, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from govlog.ledger.merkle import Frontier


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
