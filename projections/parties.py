"""Parties: what persons and organisations were called on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Erased
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.naming import called_on
from govlog.domain.stream import Recorded
from govlog.domain.values import Personal, StreamId
from projections.known import Known
from projections.spells import spells, turning
from projections.view import Segment, View


class PartyRow(Struct, frozen=True):
    party: StreamId
    kind: PartyKind
    name: str | Personal
    group: str | None
    fiction: bool
    erased: bool
    """The person was erased: the names, for every day, open no more."""


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    return (each.stream for each in counted)


def segments(subject: str, known: Known) -> Iterable[Segment]:
    """A party is nobody's decision: it is there on every day, first under its first name."""
    party = known.facts.party(StreamId(subject))
    if party is None:
        return ()

    def on(day: date) -> tuple[PartyRow, bool]:
        name, sure = called_on(party.names, day)
        row = PartyRow(
            party=party.stream,
            kind=party.kind,
            name=name,
            group=party.group,
            fiction=party.fiction,
            erased=party.erased,
        )
        return row, sure

    return spells(turning(*[each.since for each in party.names]), on)


PARTIES = View(
    name="parties",
    row=PartyRow,
    reads=frozenset((PartyRegistered, PartyRenamed, Erased)),
    touches=touches,
    segments=segments,
    filters=("group", "kind", "fiction"),
    scanned=("kind", "fiction"),
)
