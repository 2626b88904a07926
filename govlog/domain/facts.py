"""What a decision or an answer may look up besides its own stream; pure, given by the caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from govlog.domain.values import StreamId

if TYPE_CHECKING:
    from govlog.domain.body import Body
    from govlog.domain.commitment import Product
    from govlog.domain.debate import Debate
    from govlog.domain.meeting import Meeting
    from govlog.domain.party import Party
    from govlog.domain.resolution import Resolution
    from govlog.domain.risk import RiskDecision


class Facts(Protocol):
    """The counted states of all streams at one size of the log; None where nothing counts yet."""

    def party(self, stream: StreamId) -> Party | None: ...

    def body(self, stream: StreamId) -> Body | None: ...

    def debate(self, stream: StreamId) -> Debate | None: ...

    def meeting(self, stream: StreamId) -> Meeting | None: ...

    def resolution(self, stream: StreamId) -> Resolution | None: ...

    def product(self, stream: StreamId) -> Product | None: ...

    def risk(self, stream: StreamId) -> RiskDecision | None: ...

    def citing(self, cited: StreamId, kind: str) -> Iterable[StreamId]:
        """The streams of a kind in which some fact names `cited`, in no promised order."""


class Given(Struct, frozen=True):
    """The circumstances of a decision."""

    facts: Facts
    recorded_on: date
    """The day of recording, in the community's time zone."""
    person: StreamId
    """Who records."""
    organisations: frozenset[StreamId] = frozenset()
    """The organisations that person may act for."""
    scopes: frozenset[str] = frozenset()
    """What that person's token allows (TRUST, Access)."""
    importing: bool = False
    """True inside an import, which may hold undated and unproven facts (rules 2 and 16)."""
