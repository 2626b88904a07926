"""What can be said of an erasure afterwards: a certificate that names nobody and opens nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from govlog.domain.events.any_stream import Erased, ErasureGround
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import KINDS, StreamId
from govlog.persistence.entry import recorded_at
from govlog.persistence.reading import LogReader

REMAINS = (
    "Each entry of the log is what it was, byte for byte, with the commitment in the place of the"
    " value: HMAC-SHA256 under a random salt that is erased with it, so nobody can find the value"
    " by guessing. The party's opaque id stays where the log refers to it."
)


class ErasedValue(Struct, frozen=True):
    """A value that opens no more."""

    commitment: str
    event: str
    """The event beside which it stood, `stream@version`."""
    index: int
    field: str


class Erasure(Struct, frozen=True):
    """One event that says so."""

    event: str
    index: int
    recorded_at: str
    recorded_by: StreamId
    ground: ErasureGround
    values: tuple[ErasedValue, ...]


class Certificate(Struct, frozen=True):
    """What was erased, and what remains."""

    origin: str
    party: StreamId | None
    """The person, by the opaque id; null where single values were erased."""
    size: int
    """Of the log when this was written."""
    root: str
    """Hex, of the tree over all entries of that size."""
    erasures: tuple[Erasure, ...]
    standing: int
    """Values about the person, or of those named, that still stand: 0 after an erasure."""
    mentioned_on: tuple[StreamId, ...]
    """The streams on which the person's id stands; no name follows from it."""
    remains: str = REMAINS
    complete: bool = True
    """False while a copy may still stand in a write-ahead log that somebody is reading."""


def of_person(store: LogReader, origin: str, party: StreamId) -> Certificate:
    """Everything that was erased about a person so far."""
    facts = [each for each in store.read(party) if _is_of_person(each)]
    mentioned = [stream for kind in KINDS for stream in store.citing(party, kind)]
    return _certificate(store, origin, party, facts, len(store.about(party)), mentioned)


def of_values(store: LogReader, origin: str, commitments: Iterable[str]) -> Certificate:
    """What was erased of these values."""
    wanted = list(commitments)
    streams = dict.fromkeys(each.stream for each in store.erased(wanted))
    facts = [
        each
        for stream in streams
        for each in store.read(stream)
        if isinstance(each.fact, Erased) and not set(wanted).isdisjoint(each.fact.commitments)
    ]
    return _certificate(store, origin, None, facts, len(store.kept(wanted)), [])


def _certificate(
    store: LogReader,
    origin: str,
    party: StreamId | None,
    facts: Iterable[Recorded[Fact]],
    standing: int,
    mentioned: Iterable[StreamId],
) -> Certificate:
    frontier = store.frontier()
    return Certificate(
        origin=origin,
        party=party,
        size=frontier.size,
        root=frontier.root().hex(),
        erasures=tuple(_erasure(store, each) for each in facts),
        standing=standing,
        mentioned_on=tuple(mentioned),
    )


def _is_of_person(recorded: Recorded[Fact]) -> bool:
    return isinstance(recorded.fact, Erased) and recorded.fact.person


def _erasure(store: LogReader, recorded: Recorded[Fact]) -> Erasure:
    fact = recorded.fact
    assert isinstance(fact, Erased)  # noqa: S101 - only these are handed in
    return Erasure(
        event=recorded.id,
        index=recorded.index,
        recorded_at=recorded_at(recorded.recorded_us),
        recorded_by=recorded.recorded_by,
        ground=fact.ground,
        values=tuple(_values(store, fact.commitments)),
    )


def _values(store: LogReader, commitments: Iterable[str]) -> Iterator[ErasedValue]:
    for each in store.erased(commitments):
        yield ErasedValue(each.commitment, each.event, each.index, each.field)
