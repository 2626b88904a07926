"""A source's claim about any stream: it is listed beside findings and confers nothing."""

from __future__ import annotations

from govlog.domain.events.any_stream import Stated
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, require_known


def state(state: object | None, proposed: Stated, given: Given) -> Stated:
    """Record a claim about a stream that exists; it changes no state, seat or authority."""
    existing(state, "stream")
    require_known(given.facts, proposed.by, "by")
    require_known(given.facts, proposed.party, "party")
    return proposed
