"""What answers look like: recorded facts as JSON, with erasable values resolved when they leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec import Struct

from govlog.domain.events import TOPIC_OF, Fact, PendingReason
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.persistence.entry import recorded_at

Reveal = Callable[[Iterable[str]], Mapping[str, str | None]]
"""Gives the texts behind commitments; erased ones are absent, closed ones None."""

# As msgspec writes a stored `Personal`. Quotes inside a JSON string are escaped, so no text can
# look like it.
_COMMITMENT = re.compile(rb'\{"\$c":"([0-9a-f]{64})"\}')


class Event(Struct, frozen=True):
    """A recorded fact as it is answered; `data` has the members that its command took."""

    index: int
    """Position in the log, from 0; the fact is known from size `index + 1`."""
    id: str
    """`stream@version`."""
    stream: StreamId
    version: int
    topic: str
    recorded_at: str
    """RFC 3339, the server's clock."""
    recorded_by: StreamId
    token: str
    """The id of the access token used; empty for the command line."""
    pending: tuple[PendingReason, ...]
    """Why it waits, or waited, for a second person."""
    data: Fact


class ErasedText(Struct, frozen=True):
    """What stands in the place of a text that was erased; the commitment stays in the log."""

    erased: str


class ClosedText(Struct, frozen=True):
    """What stands in the place of a text that this reader may not see."""

    closed: str


encode = msgspec.json.Encoder(decimal_format="string").encode


def event(recorded: Recorded[Fact]) -> Event:
    """A recorded fact in the form of an answer."""
    return Event(
        index=recorded.index,
        id=recorded.id,
        stream=recorded.stream,
        version=recorded.version,
        topic=TOPIC_OF[type(recorded.fact)],
        recorded_at=recorded_at(recorded.recorded_us),
        recorded_by=recorded.recorded_by,
        token=recorded.token,
        pending=recorded.fact.pending,
        data=recorded.fact,
    )


def commitments_of(document: bytes) -> list[str]:
    """The commitments in a JSON document, in the order they stand there."""
    return [each.decode() for each in _COMMITMENT.findall(document)]


def revealed(document: bytes, reveal: Reveal) -> bytes:
    """Put the texts in the place of the commitments of a JSON document: one look-up for all."""
    commitments = commitments_of(document)
    if not commitments:
        return document
    texts = reveal(commitments)

    def text(found: re.Match[bytes]) -> bytes:
        commitment = found[1].decode()
        if commitment not in texts:
            return encode(ErasedText(commitment))
        known = texts[commitment]
        return encode(ClosedText(commitment) if known is None else known)

    return _COMMITMENT.sub(text, document)
