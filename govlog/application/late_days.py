"""From how many days on a record is late: N of rule 5, as the founding body's rules have it."""

from __future__ import annotations

from datetime import date

from govlog.application.facts import States
from govlog.domain.body import Body, rules_on
from govlog.domain.values import StreamId

LATE_ENTRY_DAYS = 30
"""N where the founding body has no rules in force (yet)."""


class LateDays:
    """N on a day; it is looked up again only where the body or the day is another."""

    def __init__(self, root_body: StreamId) -> None:
        self._root_body = root_body
        self._known: tuple[Body | None, date, int] = (None, date.min, LATE_ENTRY_DAYS)

    def __call__(self, states: States, today: date) -> int:
        body = states.body(self._root_body)
        known, day, days = self._known
        if body is known and today == day:
            return days
        rules = None if body is None else rules_on(body, today)
        days = LATE_ENTRY_DAYS if rules is None else rules.rules.late_entry_days
        self._known = (body, today, days)
        return days
