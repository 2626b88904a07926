"""What is written ahead gets into the file of the views while further facts come."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from projections.backfill import Backfill
from projections.files import open_to_write

PATIENCE = 10.0
"""Seconds after which a test gives up waiting."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "views-1.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_to_write(path)) as connection:
        connection.execute("CREATE TABLE fact (number INTEGER)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield connection


def stands_in(path: Path) -> int:
    """How many facts the file holds by itself: `immutable` leaves out what is written ahead.

    None of them as long as pages are copied: it is whole only with what is written ahead.
    """
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as alone:
        try:
            found: int = alone.execute("SELECT count(*) FROM fact").fetchone()[0]
        except sqlite3.DatabaseError:
            return 0
        return found


def come_to(path: Path, facts: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while stands_in(path) != facts:
        assert time.monotonic() < deadline, f"{stands_in(path)} facts of {facts} were copied"
        time.sleep(0.01)


def test_what_was_committed_is_copied_without_a_word_from_the_one_who_writes(
    path: Path, connection: sqlite3.Connection
) -> None:
    with Backfill(connection, path) as backfill:
        for number in range(3):
            connection.execute("INSERT INTO fact VALUES (?)", (number,))
            assert stands_in(path) == number
            backfill.committed()
            come_to(path, number + 1)


def test_facts_can_be_committed_while_others_are_copied(
    path: Path, connection: sqlite3.Connection
) -> None:
    with Backfill(connection, path) as backfill:
        deadline, number = time.monotonic() + 1, 0
        while time.monotonic() < deadline:
            connection.execute("INSERT INTO fact VALUES (?)", (number,))
            backfill.committed()
            number += 1
        come_to(path, number)


def test_without_it_commits_copy_what_is_written_ahead_once_it_is_too_long(
    path: Path, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.backfill.TOO_LONG", 50)
    with Backfill(connection, path):
        for number in range(50):
            connection.execute("INSERT INTO fact VALUES (?)", (number,))
        assert stands_in(path) == 50


def test_it_ends_at_once_also_where_nothing_was_ever_committed(
    path: Path, connection: sqlite3.Connection
) -> None:
    began = time.monotonic()
    with Backfill(connection, path):
        pass
    assert time.monotonic() - began < PATIENCE
