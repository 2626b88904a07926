"""An act as authority looks at it: when it was decided, from when it is meant, on whose word."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from govlog.domain.commitment.notice import notice
from govlog.domain.events.fact import Act, Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import Span, StreamId, first_day


class Taken(Struct, frozen=True):
    """An act as recorded: when it was decided, from when it is meant, on whose authority."""

    fact: str
    index: int
    decided: Span
    resolution: StreamId | None
    worded: bool
    """True when authority is only worded by a source (rule 16)."""
    imported: bool
    effective: date | None = None
    notified: date | None = None


def taken(recorded: Recorded[Fact], act: Act) -> Taken:
    """An act's dates and authority as rules 10 and 15 read them."""
    return Taken(
        fact=recorded.id,
        index=recorded.index,
        decided=recorded.decided,
        resolution=act.resolution,
        worded=act.authority_text is not None,
        imported=act.batch is not None,
        effective=first_day(act.effective_from) if act.effective_from else None,
        notified=notice(act),
    )
