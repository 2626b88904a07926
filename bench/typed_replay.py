"""Typed replay of the whole log, beside SELECT and orjson.loads of the same rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.rounds import in_turns, timed
from bench.scale import Scale
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore

SELECT = """
SELECT rowid, originator_id, originator_version, topic, state, recorded_us, recorded_by, token
FROM stored_events ORDER BY rowid"""
PASSES = 5
"""Through the log in one round: one alone is over too soon to be measured well."""


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        settings = fill(Path(directory), scale.small)
        with EventStore.open(settings) as store:
            sides = in_turns(
                timed(lambda: [replayed(store) for _ in range(PASSES)]),
                timed(lambda: [selected(settings) for _ in range(PASSES)]),
                scale.rounds,
            )
    return [
        of_rounds(
            f"typed replay of {scale.small:,} events / raw SELECT + orjson",
            sides.speeds,
            at_least=0.6,
            beside=sides.each("us an event", PASSES * scale.small / 1e6),
        )
    ]


def replayed(store: EventStore) -> tuple[int, int]:
    """Count all facts and find the latest recording time, typed."""
    count, latest = 0, 0
    for recorded in store.replay():
        count += 1
        latest = max(latest, recorded.recorded_us)
    return count, latest


def selected(settings: Settings) -> tuple[int, int]:
    """The same from bare rows with their states as dictionaries."""
    count, latest = 0, 0
    loads = orjson.loads
    with closing(sqlite3.connect(settings.events_db)) as connection:
        for _, _, _, _, state, recorded_us, _, _ in connection.execute(SELECT):
            loads(state)
            count += 1
            latest = max(latest, recorded_us)
    return count, latest
