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
from govlog.domain.stream import Recorded
from govlog.domain.values import Span, StreamId, kind_of
from projections.known import Known
from projections.spells import open_on, spells, sure_which_is_last, turning
from projections.view import ALWAYS, Segment, View


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


class _Called(Struct, frozen=True):
    name: str
    since: Span


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
    spans = [each.since for each in names]

    def on(day: date) -> tuple[NameRow, bool] | None:
        if day < held.since.earliest:
            return None
        now = _on(names, day)
        row = NameRow(
            name=held.name,
            stream=StreamId(stream),
            kind=kind_of(StreamId(stream)),
            since=held.since,
            current=now.name == held.name,
            called=now.name,
            fiction=fiction,
        )
        return row, not open_on(day, *spans) and sure_which_is_last(day, *spans)

    return spells(turning(*spans), on)


def _on(names: Sequence[_Called], day: date) -> _Called:
    """What surely is its name at the end of a day; before its first, that one."""
    sure = [(each.since.latest, place) for place, each in enumerate(names)]
    begun = [each for each in sure if each[0] <= day]
    return names[max(begun)[1]] if begun else names[0]


def _names(stream: StreamId, known: Known) -> tuple[tuple[_Called, ...], bool]:
    """All names, in the order recorded; none of persons."""
    match kind_of(stream):
        case "product":
            product = known.facts.product(stream)
            if product is not None:
                names = tuple(_Called(name, since) for since, name in product.names)
                return names, product.fiction
        case "party":
            party = known.facts.party(stream)
            if party is not None:
                called = tuple(
                    # A party is there on every day, first under the name it was registered with.
                    _Called(each.name, each.since if place else Span(ALWAYS, ALWAYS))
                    for place, each in enumerate(party.names)
                    if isinstance(each.name, str)
                )
                return called, party.fiction
        case "body":
            body = known.facts.body(stream)
            if body is not None:
                return (_Called(body.name, body.founded),), body.fiction
    return (), False


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
