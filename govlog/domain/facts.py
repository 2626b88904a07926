"""What a decision or an answer may look up besides its own stream; pure, given by the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from govlog.domain.errors import MalformedValue
from govlog.domain.events.fact import Fact
from govlog.domain.values import StreamId

if TYPE_CHECKING:
    from govlog.domain.body import Body
    from govlog.domain.catalogue import Catalogue
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

    def catalogue(self, stream: StreamId) -> Catalogue | None: ...

    def product(self, stream: StreamId) -> Product | None: ...

    def risk(self, stream: StreamId) -> RiskDecision | None: ...

    def citing(self, cited: StreamId, kind: str) -> Iterable[StreamId]:
        """The streams of a kind in which some fact names `cited`, in no promised order."""


Typed = Callable[[type[Fact], str, object], object]
"""Takes a kind of fact, a member of it and a value as it is written; MalformedValue, or a refusal
of the contract, where it is no such value."""


def plainly_typed(fact: type[Fact], member: str, value: object) -> object:
    """A value of a member's type, whatever other rules there are for such values."""
    shape = next(each.type for each in fields(fact) if each.name == member)
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise MalformedValue(member, value, str(error)) from None


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
    late_days: int = 30
    """N of rule 5."""
    typed: Typed = plainly_typed
    """How a value for a member of a kind of fact is read; the contract brings its own."""
