"""A fact as it stands in the log."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from msgspec import Struct

from govlog.domain.events.fact import Fact
from govlog.domain.values import Span, StreamId, span

F = TypeVar("F", bound=Fact, covariant=True)


class Recorded(Struct, Generic[F], frozen=True):
    """A fact as it stands in the log."""

    index: int
    """Position in the log, from 0; the fact is known from size `index + 1`."""
    stream: StreamId
    version: int
    """Position in its stream, from 1."""
    recorded_us: int
    """The server's clock, microseconds since 1970 UTC; never runs backwards along the log."""
    recorded_on: date
    """The same as a day in the community's time zone."""
    recorded_by: StreamId
    """The person (a party)."""
    token: str
    """The id of the access token used; empty for the command line."""
    fact: F
    corrected: tuple[str, ...] = ()
    """Which members are other than they were recorded (rule 19); never any in the log itself."""

    @property
    def id(self) -> str:
        """The event's id: `stream@version`."""
        return f"{self.stream}@{self.version}"

    @property
    def recorded_at(self) -> datetime:
        return datetime.fromtimestamp(self.recorded_us / 1_000_000, UTC)

    @property
    def decided(self) -> Span:
        """The days on which this may have been decided (rule 2)."""
        return span(self.fact.decided_on, self.recorded_on)
