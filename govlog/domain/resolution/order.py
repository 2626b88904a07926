"""Steps of a resolution come in their order: a later one is not dated before an earlier one."""

from __future__ import annotations

from govlog.domain.errors import RuleViolation
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Given
from govlog.domain.values import Span, span


class OutOfOrder(RuleViolation):
    """A count is not dated before its ballots, a ballot not before its roll (rule 23)."""

    slug = "out-of-order"
    rule = 23


def require_not_before(proposed: Fact, earlier: Span, happened: str, given: Given) -> None:
    """Refuse a fact that surely was decided before another that it follows from."""
    if span(proposed.decided_on, given.recorded_on).latest < earlier.earliest:
        raise OutOfOrder(
            f"{proposed.decided_on} is before {happened}, {earlier.earliest}",
            mend="state a day on or after that",
            decided_on=proposed.decided_on,
            earliest=earlier.earliest.isoformat(),
        )
