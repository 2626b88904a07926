"""`govlog verify --store`: the files of one's own log, as they are and spoilt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import Govlog
from tests.cli.publishing import published

COLUMNS = {
    "originator_id": "'party:somebody-else'",
    "originator_version": "4711",
    "topic": "'PartyRenamed.1'",
    "recorded_us": "recorded_us + 1",
    "recorded_by": "'party:nobody'",
    "token": "'stolen'",
    "state": "CAST(replace(CAST(state AS TEXT), 'a', 'b') AS BLOB)",
}


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """The database as somebody with access to the machine has it, without its triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def test_a_store_that_is_as_it_was_recorded_holds(govlog: Govlog, demo: Path) -> None:
    govlog("rebuild")
    told = govlog("verify", "--store", "--json")
    assert told.code == Exit.DONE
    assert told.json["holds"] is True
    assert "views are what a replay gives" in " ".join(told.json["checked"])
    assert govlog("verify", "--store").out.splitlines()[-1].startswith("HOLDS: size ")


@pytest.mark.parametrize("column", COLUMNS)
def test_an_edit_in_any_column_is_named_by_its_index(
    govlog: Govlog, demo: Path, column: str
) -> None:
    with unguarded(demo / "events.db") as events:
        events.execute(f"UPDATE stored_events SET {column} = {COLUMNS[column]} WHERE rowid = 41")
    told = govlog("verify", "--store", "--json")
    assert told.code == Exit.FAULT
    assert (told.json["holds"], told.json["offending_index"]) == (False, 40)
    assert "DOES NOT HOLD at index 40" in govlog("verify", "--store").out


@pytest.mark.parametrize("removed", [1, 10])
def test_a_tail_that_was_cut_together_with_its_tree_is_caught_by_what_was_signed(
    govlog: Govlog, demo: Path, removed: int
) -> None:
    published(demo)
    assert "are those that were signed" in govlog("verify", "--store").out
    with EventStore.open(Settings(demo)) as store:
        size = store.size() - removed
        frontier = Frontier().extended(each.leaf for each in store.entries(0, size))
        last = store.page(size - 1, 1)[0].recorded_us
    with unguarded(demo / "events.db") as events:
        events.execute("DELETE FROM erasable_value WHERE position >= ?", (size,))
        events.execute("DELETE FROM stored_events WHERE rowid > ?", (size,))
        events.execute(
            "UPDATE frontier SET size = ?, roots = ?, recorded_us = ?",
            (size, frontier.packed(), last),
        )
    told = govlog("verify", "--store", "--json")
    assert (told.code, told.json["offending_index"]) == (Exit.FAULT, size)


def test_a_history_that_was_rewritten_together_with_its_tree_is_caught_where_it_begins(
    govlog: Govlog, demo: Path
) -> None:
    published(demo)
    with EventStore.open(Settings(demo)) as store:
        entries = list(store.entries())
    changed = entries[300].framed.replace(b"party:demo-recorder", b"party:demo-stranger")
    leaves = [each.leaf for each in entries]
    leaves[300] = leaf_hash(changed)
    with unguarded(demo / "events.db") as events:
        events.execute(
            "UPDATE stored_events SET recorded_by = 'party:demo-stranger', leaf = ?"
            " WHERE rowid = 301",
            (leaves[300],),
        )
        events.execute("UPDATE frontier SET roots = ?", (Frontier().extended(leaves).packed(),))
    told = govlog("verify", "--store", "--json")
    assert (told.code, told.json["offending_index"]) == (Exit.FAULT, 300)


def test_an_edited_row_of_a_view_is_found(govlog: Govlog, demo: Path) -> None:
    govlog("rebuild")
    with unguarded((demo / "views.db").resolve()) as views:
        views.execute(
            "UPDATE investments_row SET f_bearer = 'community' WHERE f_bearer <> 'community'"
        )
    told = govlog("verify", "--store", "--json")
    assert (told.code, told.json["holds"]) == (Exit.FAULT, False)
    assert "in the view investments" in told.json["offence"]


def test_views_of_another_version_are_said_to_be_so_and_not_to_differ(
    govlog: Govlog, demo: Path
) -> None:
    govlog("rebuild")
    with unguarded((demo / "views.db").resolve()) as views:
        views.execute("UPDATE made SET code = 'of the version before'")
        views.execute("DROP TABLE calendar_row")
    told = govlog("verify", "--store")
    assert told.code == Exit.DONE
    assert "made by another version of govlog and were not compared" in told.out
    assert "govlog rebuild" in told.out
    govlog("rebuild")
    assert "are what a replay gives" in govlog("verify", "--store").out


def test_it_takes_no_other_words(govlog: Govlog, demo: Path) -> None:
    assert govlog("verify", "--store", "--key", "x").code == Exit.USAGE
