"""One product with thousands of events beside one with few: writing, moving the views, reading."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from msgspec import Struct

from bench.community import MEMBERS, Chapter, Step, Today, bound
from bench.figure import Figure, of_rounds
from bench.filling import extend, fill
from bench.rebuild_views import rebuilt
from bench.rounds import in_turns
from bench.scale import Scale
from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.application.facts import Facts
from govlog.domain.values import StreamId
from govlog.persistence.access import SCOPES
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from projections.catalogue import VIEWS
from projections.files import open_to_write
from projections.moving import Moving
from projections.reading import Views
from projections.runner import PAGE

SLOWER = 2.0
AROUND = 1_000
"""Events of the log around the two products."""
TOGETHER = 500
"""Instalments in one transaction while the products are filled."""


Run = Callable[[], float]


class Open(Struct, frozen=True):
    """A log with its views, open to be written and asked."""

    store: EventStore
    log: DecisionLog
    views: Views
    moving: Moving


def measure(scale: Scale) -> list[Figure]:
    short, long = Chapter.numbered(0).product, Chapter.numbered(1).product
    with TemporaryDirectory() as directory:
        settings = fill(Path(directory), AROUND)
        for stream, events in ((short, scale.short_stream), (long, scale.long_stream)):
            _lengthen(settings, stream, events)
        rebuilt(settings)
        with (
            EventStore.open(settings) as store,
            closing(Views(settings.views_db)) as views,
            closing(open_to_write(settings.views_db.resolve())) as connection,
        ):
            moving = Moving(store, connection, lambda size: Facts.at(store, size), VIEWS)
            opened = Open(store, DecisionLog(store), views, moving)
            return [
                _compared(what, side, opened, short, long, scale) for what, side in SIDES.items()
            ]


def _lengthen(settings: Settings, stream: StreamId, events: int) -> None:
    """Bind instalments until the product has as many events."""
    with EventStore.open(settings) as store:
        facts = store.read(stream)
        latest = store.page(store.size() - 1, 1)[0]
    today, chance = Today(latest.recorded_on), Random(5)
    steps: list[Step] = [
        (stream, bound(f"further-{number}", today, chance, on=today()))
        for number in range(events - len(facts))
    ]
    for start in range(0, len(steps), TOGETHER):
        extend(settings, steps[start : start + TOGETHER], today)


def _compared(
    what: str,
    side: Side,
    opened: Open,
    short: StreamId,
    long: StreamId,
    scale: Scale,
) -> Figure:
    sides = in_turns(side(opened, long, scale), side(opened, short, scale), scale.rounds)
    return of_rounds(
        f"{what}, a product of {scale.long_stream:,} / {scale.short_stream} events",
        sides.slownesses,
        at_most=SLOWER,
        beside=sides.each("ms", 1e-3),
    )


def writing(opened: Open, stream: StreamId, scale: Scale) -> Run:
    """Bind further instalments, each in a transaction of its own."""
    actor = Actor(MEMBERS[0], "bench", SCOPES)
    names, chance = count(), Random(8)
    first = opened.store.size()

    def run() -> float:
        with opened.store.writing() as now:
            today = Today(now.today)
        on = today()
        facts = [
            bound(f"new-{first}-{next(names)}", today, chance, on=on) for _ in range(scale.appends)
        ]
        begun = perf_counter()
        for fact in facts:
            opened.log.record([Order("commit_instalment", stream, fact)], actor)
        return (perf_counter() - begun) / scale.appends

    return run


def moving(opened: Open, stream: StreamId, scale: Scale) -> Run:
    """Move the views by further instalments, as the projections do while they are running."""
    write = writing(opened, stream, scale)

    def run() -> float:
        _catch_up(opened)
        write()
        begun = perf_counter()
        _catch_up(opened)
        return (perf_counter() - begun) / scale.appends

    return run


def _catch_up(opened: Open) -> None:
    while opened.moving.step(PAGE):
        pass


def reading(opened: Open, stream: StreamId, scale: Scale) -> Run:
    """The product, its commission with headroom, and its newest fifty instalments."""

    def run() -> float:
        begun = perf_counter()
        for _ in range(scale.looks):
            with opened.views.snapshot() as now:
                now.item("portfolio", stream)
                now.item("commissions", f"{stream}/first")
                now.page("investments", filters={"product": stream}, newest=True)
        return (perf_counter() - begun) / scale.looks

    return run


Side = Callable[[Open, StreamId, Scale], Run]
SIDES: dict[str, Side] = {
    "binding an instalment": writing,
    "moving the views by an instalment": moving,
    "reading it from the views": reading,
}
