"""A log and its one door for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from govlog.application.decision_log import DecisionLog
from govlog.persistence.store import EventStore
from tests.persistence.logs import Clock, begun


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[EventStore]:
    with EventStore(begun(tmp_path / "data"), clock=clock) as opened:
        yield opened


@pytest.fixture
def log(store: EventStore) -> DecisionLog:
    return DecisionLog(store)
