"""One loaded demonstration for all tests that only ask it questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from govlog.application.decision_log import DecisionLog
from govlog.application.facts import Facts
from govlog.demo.loader import META, load
from govlog.persistence.migrate import begin, migrate
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from projections.reading import Views
from projections.rebuild import rebuild
from tests.demo.demonstration import Demonstration


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[EventStore]:
    """A demonstration store that has begun and holds nothing."""
    settings = Settings(tmp_path)
    migrate(settings)
    begin(settings, META)
    with EventStore.open(settings) as store:
        yield store


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    settings = Settings(tmp_path_factory.mktemp("demonstration"))
    migrate(settings)
    begin(settings, META)
    with EventStore.open(settings) as store:
        summary = load(store, DecisionLog(store))
        rebuild(store, settings.views_db, lambda size: Facts.at(store, size))
        views = Views(settings.views_db)
        with views.snapshot() as now:
            yield Demonstration(store, summary, now)
        views.close()
