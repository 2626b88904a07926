"""What the views need of the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId


class LogMeta(Protocol):
    """Which log it is, and in which time zone its days are."""

    @property
    def origin(self) -> str: ...

    @property
    def zone(self) -> str: ...


class Log(Protocol):
    """The log as `govlog.persistence` reads it."""

    @property
    def meta(self) -> LogMeta: ...

    def size(self) -> int: ...

    def page(self, after: int, limit: int) -> Sequence[Recorded[Fact]]: ...

    def read(self, stream: StreamId) -> Sequence[Recorded[Fact]]: ...

    def reveal(
        self, commitments: Iterable[str], *, closed_too: bool = False
    ) -> Mapping[str, str]: ...
