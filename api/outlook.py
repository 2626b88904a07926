"""What a write would change of everything that is shown, for a dry run (rule 22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from api.rooms import Rooms
from govlog.application.facts import Facts
from govlog.application.preview import nothing_shown
from govlog.contract.answers import encode, revealed
from govlog.domain.attribution import Verdict
from govlog.domain.errors import ViewsBehind
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId
from projections.foresight import Foreseen, foresee
from projections.investments import INVESTMENTS, InstalmentRow, verdict_of
from projections.known import Recall
from projections.reading import Snapshot, Views
from projections.view import Segment

_decode = msgspec.json.Decoder(InstalmentRow).decode


class Spell(Struct, frozen=True):
    """How it is over a stretch of days."""

    valid_from: date
    valid_until: date | None
    certain: bool
    row: Any


class Foretold(Struct, frozen=True):
    """One subject of one view: how it is, and how it would be."""

    view: str
    id: str
    product: str | None
    changed: tuple[str, ...]
    """The members of its row that would differ on some day."""
    before: tuple[Spell, ...]
    """Only the stretches that would differ."""
    after: tuple[Spell, ...]
    """Empty where it would not be there any more."""
    meanwhile: tuple[Spell, ...] | None = None
    """The stretches that would differ from now until a second person approves what waits; null
    where nothing waits."""


class Outlook(Struct, frozen=True):
    changes: tuple[Foretold, ...]
    parties: tuple[StreamId, ...]


def outlook(here: Rooms, recorded: Sequence[Recorded[Fact]]) -> bytes:
    """What these facts would change of what is shown now, as JSON; texts stay closed in it."""
    store = here.store
    recall: Recall
    with ExitStack() as held:
        try:
            if here.views.size():
                # What displaced a share they alone know, and then as far as the log goes.
                here.waiting.until_shown(recorded[0].index)
            now = held.enter_context(here.views.snapshot())
        except ViewsBehind:
            recall = nothing_shown
        else:
            recall = partial(_verdict, now)
        found = foresee(lambda size: Facts.at(store, size), store.read, recall, recorded)
    told = tuple(_foretold(each) for each in found if each.before)
    document = encode(Outlook(told, tuple(sorted(set(_parties(told))))))
    return revealed(document, dict.fromkeys)


def shown(views: Views, product: StreamId, instalment: Key) -> Verdict | None:
    """The verdict on an instalment that readers see now; None while there are no views."""
    try:
        with views.snapshot() as now:
            return _verdict(now, product, instalment)
    except ViewsBehind:
        return None


def _verdict(now: Snapshot, product: StreamId, instalment: Key) -> Verdict | None:
    """The verdict as the views have it, with its marks of displacement."""
    row = now.item(INVESTMENTS.name, f"{product}/{instalment}", as_of=date.max)
    return None if row is None else verdict_of(_decode(row.body))


def _foretold(foreseen: Foreseen) -> Foretold:
    before = [each for each in foreseen.before if each not in foreseen.after]
    after = [each for each in foreseen.after if each not in foreseen.before]
    meanwhile = [each for each in foreseen.meanwhile or () if each not in foreseen.before]
    rows = [msgspec.to_builtins(each.row) for each in (*before, *after, *meanwhile)]
    names = {
        name: None for row in rows for name in row if any(row[name] != one[name] for one in rows)
    }
    return Foretold(
        view=foreseen.view.name,
        id=foreseen.key,
        product=rows[0].get("product") if rows else None,
        changed=tuple(names),
        before=tuple(map(_spell, before)),
        after=tuple(map(_spell, after)),
        meanwhile=None if foreseen.meanwhile is None else tuple(map(_spell, meanwhile)),
    )


def _spell(segment: Segment) -> Spell:
    return Spell(segment.valid_from, segment.valid_until, segment.certain, segment.row)


def _parties(changes: Iterable[Foretold]) -> Iterator[StreamId]:
    """Investors, and those whom a commission names."""
    for change in changes:
        for spell in (*change.before, *change.after):
            investor = getattr(spell.row, "investor", None)
            if investor is not None:
                yield investor
            yield from getattr(spell.row, "parties", ())
