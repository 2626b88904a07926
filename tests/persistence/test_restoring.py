"""Putting entries back as they were framed, with everything that is derived from them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from govlog.domain.errors import StoreUnusable
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.log import LogContinued
from govlog.domain.events.resolution import ItemKind, ResolutionTabled
from govlog.domain.values import Personal, StreamId
from govlog.ledger.merkle import Frontier
from govlog.persistence.audit import audit
from govlog.persistence.carrying import carry_over
from govlog.persistence.entry import framed, unframed
from govlog.persistence.restoring import append_entries
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.application.test_erasing import DPO, GRETHE, WHOLE, Office, told
from tests.persistence.logs import (
    META,
    PERSON,
    PRODUCT,
    begun,
    instalment,
    openings,
    opens,
    put,
    renamed,
    voice,
)
from tests.persistence.test_encryption import keys_of

CLOSED, OPENED = StreamId("resolution:closed"), StreamId("resolution:opened")


@pytest.fixture
def filled(tmp_path: Path) -> Settings:
    settings = begun(tmp_path / "log")
    tabled = ResolutionTabled(
        body=StreamId("body:board"),
        kind=ItemKind.DECISION,
        title=Personal(text="Terms of a contract"),
        confidential=True,
    )
    with EventStore.open(settings) as store:
        put(store, PRODUCT, renamed(), instalment())
        put(store, StreamId("debate:one"), voice("one voice"))
        put(store, CLOSED, tabled)
        put(store, OPENED, tabled)
        put(store, OPENED, ItemOpened())
    return settings


def entries(settings: Settings) -> list[bytes]:
    with EventStore.open(settings) as store:
        return [each.framed for each in store.entries()]


def beside(settings: Settings) -> list[Any]:
    """What is derived from the entries and stands beside them."""
    with closing(sqlite3.connect(settings.events_db)) as log:
        return [
            log.execute("SELECT * FROM citation ORDER BY 1, 2").fetchall(),
            log.execute("SELECT * FROM closed_item").fetchall(),
            log.execute("SELECT * FROM frontier").fetchall(),
            log.execute("SELECT rowid, * FROM stored_events").fetchall(),
        ]


def test_a_log_made_of_another_one_s_entries_is_the_same_log(
    filled: Settings, tmp_path: Path
) -> None:
    again = begun(tmp_path / "again")
    tree = append_entries(again, META.zone, Frontier(), entries(filled))
    assert entries(again) == entries(filled)
    assert beside(again) == beside(filled)
    assert beside(again)[1] == [(CLOSED,)]
    with EventStore.open(filled) as store:
        assert store.frontier() == tree


def test_columns_come_back_out_of_an_entry(filled: Settings) -> None:
    for entry in entries(filled):
        columns = unframed(entry)
        assert columns is not None
        assert framed(columns) == entry


@pytest.mark.parametrize("entry", [b"", b"{}", b"null", b"\xff", b'{"stream":1}'])
def test_what_is_no_entry_has_no_columns(entry: bytes) -> None:
    assert unframed(entry) is None


def test_nothing_is_appended_that_is_not_framed_here(filled: Settings, tmp_path: Path) -> None:
    again = begun(tmp_path / "again")
    spaced = entries(filled)[0].replace(b'":', b'": ', 1)
    for wrong in (spaced, b"{}"):
        with pytest.raises(StoreUnusable, match="not framed"):
            append_entries(again, META.zone, Frontier(), [entries(filled)[0], wrong])
        assert entries(again) == []


def test_nothing_is_appended_to_a_log_that_ends_elsewhere(filled: Settings) -> None:
    with pytest.raises(StoreUnusable, match="ends at 6"):
        append_entries(filled, META.zone, Frontier(), entries(filled))


def test_a_log_that_is_carried_over_keeps_closed_what_was_closed(
    filled: Settings, tmp_path: Path
) -> None:
    new = Settings(tmp_path / "new")
    fact = LogContinued(checkpoint="c\n", continued_at="2026-11-25T12:00:00Z", because="fiction")
    with EventStore.open(filled) as store:
        size = carry_over(store, new, "log.example.org/new", fact, PERSON, lambda *_: None)
    assert size == len(entries(filled)) + 1
    assert entries(new)[1:] == entries(filled)
    assert beside(new)[1] == [(CLOSED,)]
    found = audit(new.events_db, new.keys_db)
    assert (found.whole, found.locked) == (True, 0)
    assert found.openings == len(openings(filled)) > 0
    assert audit(new.events_db, new.keys_db).whole


def test_texts_that_do_not_come_back_are_no_offence(filled: Settings, tmp_path: Path) -> None:
    again = begun(tmp_path / "again")
    append_entries(again, META.zone, Frontier(), entries(filled))
    found = audit(again.events_db, again.keys_db)
    assert (found.whole, found.openings) == (True, 0)
    with EventStore.open(again) as store:
        assert not any(each.value for each in opens(store, closed_too=True))


def test_an_erasure_among_the_entries_that_come_back_erases_again(tmp_path: Path) -> None:
    settings = begun(tmp_path / "data")
    office = Office(settings)
    told(office.store)
    old = shutil.copytree(settings.data, tmp_path / "old")
    office.eraser.erase(WHOLE, DPO)
    (said,) = [each.framed for each in islice(office.store.entries(), 7, None)]
    office.close()
    stale = Settings(old)
    with EventStore.open(stale) as store:
        before = store.frontier()
        assert len(store.about(GRETHE)) == 3
    append_entries(stale, META.zone, before, [said])
    with EventStore.open(stale) as store:
        assert store.about(GRETHE) == []
        assert {each.event for each in opens(store) if each.value is None} == {
            "party:grethe@1",
            "party:grethe@2",
            "debate:elephant@2",
        }
    assert GRETHE not in keys_of(stale)
    found = audit(stale.events_db, stale.keys_db)
    assert (found.whole, found.size, found.locked) == (True, 8, 0)
