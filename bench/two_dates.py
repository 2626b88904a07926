"""Views asked at two dates, at two sizes of the log; and what making them takes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from msgspec import Struct
from msgspec.structs import replace

from bench.figure import Figure, of_rounds
from bench.filling import YEARS, fill
from bench.rebuild_memory import Rebuild, peak, rebuilt_apart
from bench.rebuild_views import compared
from bench.rounds import in_turns
from bench.scale import Scale
from projections.differences import Moment, between
from projections.reading import Views

VIEWS = ("investments", "commissions")
PAGE = 50
HELD = 100_000
"""Events of which all row versions are held in memory."""
ROUNDS = 5
"""Of a rebuild beside the raw one."""
SLOWER = 2.0
"""The larger log may take so much longer than the smaller one."""
SMALL_SHARE_MS = 20.0
CHANGES = 1_000
SLOWER_DIFFERENCE = 10.0
"""A difference may cost so much more in the larger log."""

Dates = tuple[date | None, int | None]
Ask = Callable[[], object]


class Log(Struct, frozen=True):
    """One log with its views, open to be asked."""

    events: int
    views: Views
    keys: dict[str, list[str]]
    last: date
    """The day of its latest events."""
    rebuild: Rebuild
    """What making its views took."""
    beside_raw: list[Figure]
    """The same beside a raw rebuild, where all row versions can be held in memory for it."""


@contextmanager
def filled(events: int, *, beside_raw: bool) -> Iterator[Log]:
    """A log of that size with its views made, where wanted beside a raw rebuild."""
    with TemporaryDirectory() as directory:
        settings = fill(Path(directory), events)
        rebuild = rebuilt_apart(settings)
        figures = [compared(settings, events, ROUNDS)] if beside_raw and events <= HELD else []
        with closing(Views(settings.views_db)) as views:
            yield Log(
                events,
                views,
                {view: _keys(settings.views_db, view) for view in VIEWS},
                date.today() - timedelta(days=30),  # noqa: DTZ011 - where the history ends
                rebuild,
                figures,
            )


def measure(scale: Scale) -> list[Figure]:
    with (
        filled(scale.small, beside_raw=False) as small,
        filled(scale.large, beside_raw=True) as large,
    ):
        figures = [*large.beside_raw, peak(large.rebuild, large.events)]
        for what, question in QUESTIONS.items():
            figures += _compared(what, question, small, large, scale)
        figures.append(_differing(small, large, scale))
    return figures


def _differing(small: Log, large: Log, scale: Scale) -> Figure:
    fewer = replace(scale, reads=max(3, scale.reads // 30))
    sides = in_turns(
        _p50(large, a_difference, fewer), _p50(small, a_difference, fewer), scale.rounds
    )
    said = f"a difference of {CHANGES:,} changes, p50 at {large.events:,} / {small.events:,} events"
    beside = sides.each("ms", 1e6)
    return of_rounds(said, sides.slownesses, at_most=SLOWER_DIFFERENCE, beside=beside)


def _compared(
    what: str, question: Callable[[Log, Random], Ask], small: Log, large: Log, scale: Scale
) -> list[Figure]:
    sides = in_turns(_p50(large, question, scale), _p50(small, question, scale), scale.rounds)
    beside = sides.each("ms", 1e6)
    if what == ANY_LIST:
        slowest = [each / 1e6 for each in sides.ours]
        said = f"{what}, p50 at {large.events:,} events"
        return [of_rounds(said, slowest, unit=" ms", at_most=SMALL_SHARE_MS, beside=beside)]
    sizes = f"{large.events:,} / {small.events:,} events"
    ratio = of_rounds(f"{what}, p50 at {sizes}", sides.slownesses, at_most=SLOWER, beside=beside)
    if what != ITEM:
        return [ratio]
    milliseconds = [each / 1e6 for each in sides.ours]
    said = f"{what}, p50 at {large.events:,} events"
    return [ratio, of_rounds(said, milliseconds, unit=" ms", at_most=1.0)]


def _p50(log: Log, question: Callable[[Log, Random], Ask], scale: Scale) -> Callable[[], float]:
    chance = Random(3)

    def run() -> float:
        return median(_nanoseconds(question(log, chance)) for _ in range(scale.reads))

    return run


def _nanoseconds(ask: Ask) -> int:
    begun = perf_counter_ns()
    ask()
    return perf_counter_ns() - begun


def an_item(log: Log, chance: Random) -> Ask:
    view = chance.choice(VIEWS)
    key = chance.choice(log.keys[view])
    as_of, known = any_dates(log, chance)

    def ask() -> object:
        with log.views.snapshot() as now:
            return now.item(view, key, as_of=as_of, known=known)

    return ask


def a_list(dates: Callable[[Log, Random], Dates]) -> Callable[[Log, Random], Ask]:
    """A page of a list, from its beginning or from its newest end, alternating by chance."""

    def question(log: Log, chance: Random) -> Ask:
        view, newest = chance.choice(VIEWS), chance.random() < 0.5
        as_of, known = dates(log, chance)

        def ask() -> object:
            with log.views.snapshot() as now:
                return now.page(view, as_of=as_of, known=known, limit=PAGE, newest=newest)

        return ask

    return question


def now(log: Log, chance: Random) -> Dates:
    return None, None


def known_now(log: Log, chance: Random) -> Dates:
    return _any_day(log, chance), None


def moving_together(log: Log, chance: Random) -> Dates:
    """As it was on a day, as known on that day."""
    return None, chance.randrange(log.events // 20, log.events)


def any_dates(log: Log, chance: Random) -> Dates:
    return _any_day(log, chance), chance.randrange(log.events // 20, log.events)


def _any_day(log: Log, chance: Random) -> date:
    return log.last - timedelta(days=chance.randrange(365 * YEARS))


def _keys(path: Path, view: str) -> list[str]:
    with closing(sqlite3.connect(path.resolve())) as connection:
        found: Sequence[tuple[str]] = connection.execute(f"SELECT key FROM {view}_key").fetchall()
    return [key for (key,) in found]


ITEM = "one item at any two dates"
ANY_LIST = "a list of 50 at any other two dates"


def a_difference(log: Log, chance: Random) -> Ask:
    """What the latest events changed on a day of the last year."""
    day = log.last - timedelta(days=chance.randrange(365))

    def ask() -> object:
        with log.views.snapshot() as now:
            since = Moment(day, now.size - CHANGES)
            return between(now, since, Moment(day, now.size), limit=CHANGES)

    return ask


QUESTIONS: dict[str, Callable[[Log, Random], Ask]] = {
    ITEM: an_item,
    "a list of 50 now": a_list(now),
    "a list of 50 at any as_of, known now": a_list(known_now),
    "a list of 50, both dates moving together": a_list(moving_together),
    ANY_LIST: a_list(any_dates),
}
