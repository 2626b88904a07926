"""Two processes that share a rebuild: the same rows, and nothing half-made when one fails."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from projections.catalogue import VIEWS
from projections.halves import SecondProcessFailed, halves, worth_it
from projections.moving import FactsAt
from projections.rebuild import rebuild
from tests.projections.built import everything
from tests.projections.histories import history
from tests.projections.memory import MemoryLog


@contextmanager
def opened(seed: int, steps: int) -> Iterator[tuple[MemoryLog, FactsAt]]:
    log = MemoryLog(history(seed, steps))
    yield log, log.facts_at


@contextmanager
def unreadable() -> Iterator[tuple[MemoryLog, FactsAt]]:
    lose_the_disk()
    yield from ()


def lose_the_disk() -> None:
    raise OSError("the disk is gone")


@contextmanager
def endless(says: Path) -> Iterator[tuple[MemoryLog, FactsAt]]:
    """Tells who it is, and never comes to an end."""
    says.write_text(str(os.getpid()))
    time.sleep(600)
    yield from ()


def stored_in(link: Path) -> dict[str, list[Any]]:
    """All rows, and what is indexed."""
    with closing(sqlite3.connect(link)) as views:
        indexed = views.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index'")
        return {"indexes": sorted(indexed.fetchall(), key=str), **everything(views)}


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.rebuild.worth_it", lambda events: True)


def test_two_processes_make_the_rows_that_one_makes(tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone" / "views.db", tmp_path / "shared" / "views.db"
    alone.parent.mkdir()
    shared.parent.mkdir()
    with opened(11, 150) as (log, facts_at):
        rebuild(log, alone, facts_at)
        assert rebuild(log, shared, facts_at, opening=partial(opened, 11, 150)) == log.size()
    assert stored_in(shared) == stored_in(alone)
    assert sorted(path.name for path in shared.parent.iterdir()) == sorted(
        path.name for path in alone.parent.iterdir()
    )


def test_what_is_recorded_meanwhile_is_shown_too(tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone.db", tmp_path / "shared.db"
    with opened(11, 100) as (log, _), opened(11, 130) as (longer, facts_at):
        rebuild(longer, alone, facts_at)

        def record(done: int, size: int) -> None:
            log.facts[:] = longer.facts

        made = rebuild(log, shared, log.facts_at, opening=partial(opened, 11, 100), progress=record)
        assert made == longer.size()
    assert stored_in(shared) == stored_in(alone)


def test_when_the_second_process_fails_the_views_in_use_stay(tmp_path: Path) -> None:
    link = tmp_path / "views.db"
    with opened(11, 60) as (log, facts_at):
        rebuild(log, link, facts_at)
        before = stored_in(link)
        with pytest.raises(SecondProcessFailed):
            rebuild(log, link, facts_at, opening=unreadable)
    assert stored_in(link) == before
    assert not list(tmp_path.glob("*apart*"))


def test_when_the_first_process_is_killed_the_second_one_ends(tmp_path: Path) -> None:
    says = tmp_path / "pid"
    begun = f"""
from functools import partial
from pathlib import Path
from projections.halves import Part, second
from tests.projections.test_halves import endless
opening = partial(endless, Path({str(says)!r}))
with second(Part(opening, Path({str(tmp_path / "apart.db")!r}), (), 1, 1)) as wait:
    wait()
"""
    first = subprocess.Popen([sys.executable, "-c", begun])
    until = time.monotonic() + 30
    while not (says.exists() and says.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    helper = int(says.read_text())
    first.kill()
    first.wait()
    while _runs(helper) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(helper)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    found = Path(f"/proc/{process}/stat")
    return not found.exists() or found.read_text().rpartition(")")[2].split()[0] != "Z"


def test_every_view_is_made_by_one_of_the_two() -> None:
    asking, others = halves(VIEWS)
    assert {view.name for view in asking} | {view.name for view in others} == {
        view.name for view in VIEWS
    }
    assert len(asking) + len(others) == len(VIEWS)
    assert "investments" in {view.name for view in asking}
    assert "timeline" in {view.name for view in others}


def test_a_small_log_is_not_worth_a_second_process() -> None:
    assert not worth_it(100)
