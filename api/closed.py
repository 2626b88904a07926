"""Closed items: what they decide is public, their texts are for readers with `read:closed`.

Which texts those are is known by their commitments, so every answer asks here, whatever it shows.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from api.rooms import rooms
from govlog.contract.answers import Reveal, encode, event, revealed
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.persistence.store import EventStore


def may_read_closed() -> bool:
    """Whether the texts of closed items are for the one who asks."""
    reader = rooms().door.reader(request)
    return reader is not None and "read:closed" in reader.scopes


def texts_for(store: EventStore, *, closed_too: bool) -> Reveal:
    """What looks texts up for a reader: those that this one may not see are None."""

    def reveal(commitments: Iterable[str]) -> dict[str, str | None]:
        wanted = set(commitments)
        texts: dict[str, str | None] = {**store.reveal(wanted, closed_too=closed_too)}
        if not closed_too and (missing := wanted - texts.keys()):
            texts |= dict.fromkeys(store.closed_among(missing))
        return texts

    return reveal


def shown_rows(bodies: Iterable[bytes], *, closed_too: bool) -> list[bytes]:
    """Rows of a view with their texts, as far as this reader may see them."""
    return _together(list(bodies), closed_too=closed_too)


def shown_events(facts: Iterable[Recorded[Fact]], *, closed_too: bool) -> list[bytes]:
    """Recorded facts with their texts, as far as this reader may see them."""
    return _together([encode(event(each)) for each in facts], closed_too=closed_too)


def _together(documents: list[bytes], *, closed_too: bool) -> list[bytes]:
    """One look-up for all: JSON that is written without spaces holds no line break."""
    if not documents:
        return []
    reveal = texts_for(rooms().store, closed_too=closed_too)
    return revealed(b"\n".join(documents), reveal).split(b"\n")
