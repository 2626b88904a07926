"""The log about itself: its signing keys and what it goes on from."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.fact import Fact
from govlog.domain.events.log import KeyRotated, LogContinued
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId

STREAM = StreamId("log:continuity")
"""The one stream of its kind."""


class Continuity(Struct, frozen=True):
    """What the log has said about itself."""

    keys: tuple[str, ...] = ()
    """Verifier keys in the order in which they came into use; empty before the first change."""
    continues: str | None = None
    """The checkpoint of the log before."""


def evolve(state: Continuity | None, recorded: Recorded[Fact]) -> Continuity | None:
    """Take one more fact into account; never refuses."""
    known = state or Continuity()
    match recorded.fact:
        case KeyRotated(old=old, new=new):
            keys = tuple(dict.fromkeys((*known.keys, old, new)))
            return replace(known, keys=keys)
        case LogContinued(checkpoint=checkpoint):
            return replace(known, continues=checkpoint)
        case _:
            return state
