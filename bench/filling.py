"""Fills a log with an invented history, a few facts to a transaction, over several years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count, islice
from pathlib import Path
from random import Random
from time import time_ns

from bench.community import BOARD, MEMBERS, Step, Today, beginning, chapter
from govlog.domain.values import StreamId
from govlog.persistence.entry import microseconds
from govlog.persistence.migrate import LogMeta, begin, migrate
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore

ZONE = "Europe/Copenhagen"
YEARS = 8
TOGETHER = 25
"""Facts in one transaction; they share its recording time."""
UNDER_WAY = 40
"""Chapters that are told at once, so that neighbours in the log are about different things."""


def fill(directory: Path, events: int, *, seed: int = 7) -> Settings:
    """A log of about `events` facts, recorded evenly over the last years up to last month."""
    settings = Settings(directory)
    migrate(settings)
    begin(settings, LogMeta(origin="bench.invalid/log", zone=ZONE, demo=True, root_body=BOARD))
    last = datetime.fromtimestamp(time_ns() / 1e9, UTC).date() - timedelta(days=30)
    first = last - timedelta(days=365 * YEARS)
    today = Today(first)
    steps = history(today, Random(seed))
    transactions = max(1, events // TOGETHER)
    days = (first + (last - first) * number / transactions for number in range(transactions))
    _record(settings, steps, today, days)
    return settings


def extend(settings: Settings, steps: Iterable[Step], today: Today) -> None:
    """Record further facts in one transaction, at noon of the day."""
    steps = list(steps)
    _record(settings, iter(steps), today, iter([today.day]), together=len(steps))


def history(today: Today, chance: Random) -> Iterator[Step]:
    """The beginning, then chapters without end, several at once; the same for the same seed."""
    return chain(beginning(today), _chapters(today, chance))


def _chapters(today: Today, chance: Random) -> Iterator[Step]:
    numbers = count()
    under_way = [chapter(next(numbers), today, chance) for _ in range(UNDER_WAY)]
    while True:
        place = chance.randrange(UNDER_WAY)
        step = next(under_way[place], None)
        if step is None:
            under_way[place] = chapter(next(numbers), today, chance)
        else:
            yield step


def _record(
    settings: Settings,
    steps: Iterator[Step],
    today: Today,
    days: Iterator[date],
    *,
    together: int = TOGETHER,
) -> None:
    versions: dict[StreamId, int] = {}

    def noon() -> int:
        return microseconds(datetime.combine(today.day, time(12), UTC)) * 1000

    with EventStore(settings, clock=noon) as store:
        for today.day in days:
            with store.writing() as writing:
                for stream, fact in islice(steps, together):
                    if stream not in versions:
                        versions[stream] = len(store.read(stream))
                    versions[stream] += 1
                    writing.append(stream, versions[stream], fact, MEMBERS[0], "bench")
