"""Names: everything that products, organisations and bodies were ever called, and when.

Whoever knows only an old name finds what is meant: a name leads to the one thing that had it, on
any day from its first on. Names of persons are erasable and stand in no view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.body import BodyEstablished, BodyFounded
from govlog.domain.events.party import PartyRegistered, PartyRenamed
from govlog.domain.events.product import ProductProposed, ProductRenamed
from govlog.domain.naming import Called, called_on
from govlog.domain.stream import Recorded
from govlog.domain.values import Personal, Span, StreamId, kind_of
from projections.known import Known
from projections.spells import spells, turning
from projections.view import Segment, View


class NameRow(Struct, frozen=True):
    """A name, from the first day on which it was used."""

    name: str
    stream: StreamId
    kind: str
    since: Span
    current: bool
    """Whether it is what the thing is called on this day."""
    called: str
    """What it is called on this day."""
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for stream in {each.stream for each in counted}:
        names, _ = _names(stream, known)
        yield from (f"{stream}/{place}" for place in range(len(names)))


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, place = subject.partition("/")
    names, fiction = _names(StreamId(stream), known)
    if int(place) >= len(names):
        return ()
    held = names[int(place)]

    def on(day: date) -> tuple[NameRow, bool] | None:
        if day < held.since.earliest:
            return None
        now, sure = called_on(names, day)
        row = NameRow(
            name=held.name,
            stream=StreamId(stream),
            kind=kind_of(StreamId(stream)),
            since=held.since,
            current=now == held.name,
            called=now,
            fiction=fiction,
        )
        return row, sure

    return spells(turning(*[each.since for each in names]), on)


def _names(stream: StreamId, known: Known) -> tuple[Sequence[Called[str]], bool]:
    """All names, in the order in which they came to count; none of persons."""
    match kind_of(stream):
        case "product":
            product = known.facts.product(stream)
            if product is not None:
                return product.names, product.fiction
        case "party":
            party = known.facts.party(stream)
            if party is not None:
                return _in_clear(party.names), party.fiction
        case "body":
            body = known.facts.body(stream)
            if body is not None:
                # It has no other, so nothing is asked of where that was recorded.
                return (Called(body.name, body.founded, 0),), body.fiction
    return (), False


def _in_clear(names: Iterable[Called[str | Personal]]) -> Sequence[Called[str]]:
    """Those that are not erasable."""
    return [
        Called(each.name, each.since, each.index) for each in names if isinstance(each.name, str)
    ]


NAMES = View(
    name="names",
    row=NameRow,
    reads=frozenset(
        (
            PartyRegistered,
            PartyRenamed,
            BodyFounded,
            BodyEstablished,
            ProductProposed,
            ProductRenamed,
        )
    ),
    touches=touches,
    segments=segments,
    filters=("name", "stream", "kind", "current", "fiction"),
    scanned=("kind", "current", "fiction"),
)
