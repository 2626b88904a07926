"""A log for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import Clock, begun


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return begun(tmp_path / "data")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(settings: Settings, clock: Clock) -> Iterator[EventStore]:
    with EventStore(settings, clock=clock) as opened:
        yield opened
