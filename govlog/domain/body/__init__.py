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

__all__ = [
    "Body",
    "Mandate",
    "RulesInForce",
    "Seat",
    "evolve",
    "rules_on",
    "seated",
    "superiors",
]
