"""What an erasure records: on the person's stream, or on the stream of each single value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from govlog.application.desk import Desk
from govlog.domain.erasing import erase_person, erase_values
from govlog.domain.events.any_stream import Erased, ErasureGround
from govlog.domain.party import Party
from govlog.domain.values import StreamId
from govlog.persistence.erasable import Kept

VALUES_IN_ONE = 800
"""Commitments in one fact: so many fit in an entry."""


class Wanted(Struct, frozen=True):
    """What is to be erased: a person as a whole, or single values."""

    ground: ErasureGround
    party: StreamId | None = None
    commitments: tuple[str, ...] = ()


def put_down(desk: Desk, wanted: Wanted) -> None:
    """Put down the erasure of everything that still stands; nothing where nothing does."""
    proposed = Erased(
        commitments=wanted.commitments, ground=wanted.ground, person=wanted.party is not None
    )
    if wanted.party is None:
        _values(desk, proposed)
    else:
        _person(desk, wanted.party, proposed)


def _person(desk: Desk, party: StreamId, proposed: Erased) -> None:
    # Also who waits for approval, or for ever, has a name here: what was seen of them counts.
    state: Party | None = desk.overlay.folded(party).provisional
    checked = erase_person(state, proposed, desk.given())
    values = desk.kept(party, checked.commitments)
    if values or (state is not None and not state.erased):
        _put(desk, party, checked, values)


def _values(desk: Desk, proposed: Erased) -> None:
    checked = erase_values(None, proposed, desk.given())
    values = desk.kept(None, checked.commitments)
    for stream, some in groupby(sorted(values, key=_place), key=lambda each: each.stream):
        _put(desk, stream, checked, list(some))


def _put(desk: Desk, stream: StreamId, proposed: Erased, values: Sequence[Kept]) -> None:
    for start in range(0, max(len(values), 1), VALUES_IN_ONE):
        some = values[start : start + VALUES_IN_ONE]
        names = tuple(each.commitment for each in some)
        fact = Erased(commitments=names, ground=proposed.ground, person=proposed.person)
        desk.erase(stream, fact, some)


def _place(value: Kept) -> tuple[StreamId, int]:
    return value.stream, value.index
