"""A rebuild aside that saw a text before it was erased holds nothing of it when it is done."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from govlog.application.decision_log import DecisionLog
from govlog.application.erasing import Eraser
from govlog.persistence.access import AccessTokens
from govlog.persistence.store import EventStore
from projections import search
from tests.application.test_erasing import DPO, WHOLE, told
from tests.persistence.logs import begun
from tests.persistence.test_encryption import holding


def test_a_rebuild_that_was_under_way_forgets_what_is_erased_meanwhile(tmp_path: Path) -> None:
    settings, aside = begun(tmp_path / "data"), tmp_path / "aside"
    aside.mkdir()
    with (
        EventStore.open(settings) as store,
        AccessTokens(settings) as tokens,
        closing(sqlite3.connect(aside / "views.db", isolation_level=None)) as views,
    ):
        told(store)
        views.executescript(search.CREATE)
        index = search.SearchIndex(store, views)
        index.step(3)
        assert "lindqvist" in {row[0] for row in views.execute("SELECT word FROM search_word")}
        Eraser(store, DecisionLog(store), tokens, lambda _: True).erase(WHOLE, DPO)
        while index.step(3):
            pass
        assert index.size == store.size()
    assert holding(aside, "lindqvist") == []
    assert holding(aside, "elephant") == ["views.db"]
