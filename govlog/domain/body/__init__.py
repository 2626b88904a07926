"""A body: who sits on it, by which rules it decides, and what it may decide."""

from govlog.domain.body.body import (
    Body,
    Mandate,
    RulesInForce,
    Seat,
    evolve,
    rules_on,
    seated,
    superiors,
)
from govlog.domain.body.founding import adopt_rules, dissolve_body, establish_body, found_body
from govlog.domain.body.mandates import end_mandate, grant_mandate, require_limit
from govlog.domain.body.seats import seat_member, vacate_seat

__all__ = [
    "Body",
    "Mandate",
    "RulesInForce",
    "Seat",
    "adopt_rules",
    "dissolve_body",
    "end_mandate",
    "establish_body",
    "evolve",
    "found_body",
    "grant_mandate",
    "require_limit",
    "rules_on",
    "seat_member",
    "seated",
    "superiors",
    "vacate_seat",
]
