"""The texts behind the commitments in entries, as far as a reader may see them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from govlog.domain.values import StreamId
from govlog.persistence.fields import committed
from govlog.persistence.reading import Entry
from govlog.persistence.store import EventStore

PAGE = 500
"""Entries looked through for one page."""


class Opening(Struct, frozen=True, omit_defaults=True):
    """What one commitment commits to: HMAC-SHA256(salt, event/field || 00 || value)."""

    index: int
    event: str
    """`stream@version`."""
    field: str
    """The member of the entry's state, such as `key_points.0.text`."""
    salt: str = ""
    """32 bytes, base64."""
    value: str = ""
    erased: bool = False
    """Then there is neither salt nor value any more."""


class Openings(Struct, frozen=True):
    """The texts behind the commitments of some entries, in the order of the log."""

    openings: tuple[Opening, ...]
    next: int | None
    """Give it as `after` for what follows; null where nothing does yet."""


class _Framed(Struct):
    stream: StreamId
    version: int
    state: Any


_decode = msgspec.json.Decoder(_Framed).decode


def page_after(store: EventStore, after: int, *, closed_too: bool) -> Openings:
    """The openings of the entries that follow index `after`."""
    entries = list(islice(store.entries(after + 1), PAGE))
    more = bool(entries) and entries[-1].index + 1 < store.size()
    opened = openings(store, entries, closed_too=closed_too)
    return Openings(tuple(opened), entries[-1].index if more else None)


def openings(store: EventStore, entries: Iterable[Entry], *, closed_too: bool) -> list[Opening]:
    """The openings of some entries, one look-up for all."""
    named = [
        (entry.index, f"{framed.stream}@{framed.version}", field, commitment)
        for entry in entries
        for framed in (_decode(entry.framed),)
        for field, commitment in committed(framed.state)
    ]
    wanted = {commitment for *_, commitment in named}
    found = store.opened(wanted, closed_too=closed_too)
    hidden = set() if closed_too else store.closed_among(wanted - found.keys())
    return [
        Opening(index, event, field, b64encode(kept.salt).decode(), kept.value)
        if (kept := found.get(commitment)) is not None
        else Opening(index, event, field, erased=True)
        for index, event, field, commitment in named
        if commitment not in hidden
    ]
