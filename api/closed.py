"""Closed items: what they decide is public, their texts are for readers with `read:closed`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import request

from api.rooms import rooms
from govlog.contract.answers import closed, encode, event, revealed
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId

_OF = {
    "resolutions": re.compile(rb'"resolution":"(resolution:[^"]+)"'),
    "ballots": re.compile(rb'"resolution":"(resolution:[^"]+)"'),
    "claims": re.compile(rb'"stream":"(resolution:[^"]+)"'),
    "approvals": re.compile(rb'"stream":"(resolution:[^"]+)"'),
}
"""Where a row names the resolution whose texts it may hold, by view."""


def may_read_closed() -> bool:
    """Whether the texts of closed items are for the one who asks."""
    reader = rooms().door.reader(request)
    return reader is not None and "read:closed" in reader.scopes


def shown_rows(view: str, bodies: Iterable[bytes], *, closed_too: bool) -> list[bytes]:
    """Rows of a view with their texts, as far as this reader may see them."""
    names = _OF.get(view)
    if names is None or closed_too:
        return _together(list(bodies))
    confidential = rooms().knowledge.is_confidential
    return _together(
        [
            closed(body)
            if (named := names.search(body)) and confidential(StreamId(named[1].decode()))
            else body
            for body in bodies
        ]
    )


def shown_events(facts: Iterable[Recorded[Fact]], *, closed_too: bool) -> list[bytes]:
    """Recorded facts with their texts, as far as this reader may see them."""
    known = rooms().knowledge
    return _together(
        [
            encode(event(each))
            if closed_too or not known.is_confidential(each.stream)
            else closed(encode(event(each)))
            for each in facts
        ]
    )


def _together(documents: list[bytes]) -> list[bytes]:
    """One look-up for all: JSON that is written without spaces holds no line break."""
    if not documents:
        return []
    return revealed(b"\n".join(documents), rooms().store.reveal).split(b"\n")
