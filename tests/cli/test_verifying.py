"""`govlog verify --store`: the files of one's own log, as they are and spoilt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from tests.cli.asking import Govlog

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


def test_an_edited_row_of_a_view_is_found(govlog: Govlog, demo: Path) -> None:
    govlog("rebuild")
    with unguarded((demo / "views.db").resolve()) as views:
        views.execute(
            "UPDATE investments_row SET f_bearer = 'community' WHERE f_bearer <> 'community'"
        )
    told = govlog("verify", "--store", "--json")
    assert (told.code, told.json["holds"]) == (Exit.FAULT, False)
    assert "in the view investments" in told.json["offence"]


def test_it_takes_no_other_words(govlog: Govlog, demo: Path) -> None:
    assert govlog("verify", "--store", "--key", "x").code == Exit.USAGE
