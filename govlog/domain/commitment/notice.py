"""The day of notice: an act that takes cover away works from it, where it is later (rule 10)."""

from __future__ import annotations

from datetime import date

from govlog.domain.events.fact import Act
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionRevoked,
    ProductClosed,
    ProductExited,
)
from govlog.domain.values import last_day

TAKE_COVER = (CommissionAmended, CommissionRevoked, ProductExited, ProductClosed)
"""Acts that may take cover away; for no other does a day of notice matter."""


def notice(act: Act) -> date | None:
    """The last day on which the notice of an act that takes cover away may have been given."""
    if act.notified_on is None or not isinstance(act, TAKE_COVER):
        return None
    return last_day(act.notified_on)
