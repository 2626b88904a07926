"""One leader moves the views, every event exactly once, whatever is killed or replaced."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from govlog.domain.errors import StoreBusy
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.persistence.write_lock import WriteLock
from projections import files
from projections.catalogue import VIEWS
from projections.reading import Views
from projections.rebuild import RebuildUnderWay, rebuild
from projections.runner import PACE, POLL, Projector
from tests.projections.built import everything, moved
from tests.projections.histories import history
from tests.projections.memory import MemoryLog

ROOT = Path(__file__).parent.parent.parent
FACTS = history(3, 80)
PATIENCE = 10.0
"""Seconds after which a test gives up waiting for the views."""

DYING = """
import os, signal, sys
from pathlib import Path
from projections import files, moving, rebuild, runner, writer
from tests.projections.histories import history
from tests.projections.memory import MemoryLog

where, calls = sys.argv[2], int(sys.argv[3])
place, name = {
    "while rows are written": (writer.ViewWriter, "flush"),
    "between rows and position": (moving, "write_position"),
    "before a rebuild takes its place": (files, "point"),
}[where]
done = getattr(place, name)

def dying(*given):
    global calls
    calls -= 1
    if calls == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return done(*given)

setattr(place, name, dying)
log = MemoryLog(history(3, 80))
folder = Path(sys.argv[1])
print("begun", flush=True)
runner.Projector(log, folder / "views.db", folder / "lock", log.facts_at, page=7).catch_up()
"""


def projector(log: MemoryLog, folder: Path) -> Projector:
    return Projector(log, folder / "views.db", folder / "lock", log.facts_at, page=7)


@contextmanager
def running(log: MemoryLog, folder: Path) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=projector(log, folder).run, args=(stop,))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def stored(folder: Path) -> dict[str, object]:
    with closing(sqlite3.connect(folder / "views.db")) as connection:
        return dict(everything(connection))


def expected(log: MemoryLog) -> dict[str, object]:
    with moved(log.facts) as connection:
        return dict(everything(connection))


@pytest.mark.parametrize(
    ("where", "calls"),
    [
        ("while rows are written", 1),
        ("while rows are written", 40),
        ("between rows and position", 1),
        ("between rows and position", 5),
        ("before a rebuild takes its place", 1),
    ],
)
def test_a_kill_loses_nothing_and_writes_nothing_twice(
    where: str, calls: int, tmp_path: Path
) -> None:
    log = MemoryLog(FACTS[:30])
    projector(log, tmp_path).catch_up()
    if "rebuild" in where:
        (tmp_path / "views.db").unlink()
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path), where, str(calls)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (died.returncode, died.stdout) == (-signal.SIGKILL, "begun\n"), died.stderr
    log = MemoryLog(FACTS)
    assert projector(log, tmp_path).catch_up() == len(FACTS)
    assert stored(tmp_path) == expected(log)


def test_what_is_recorded_while_it_runs_is_seen(tmp_path: Path) -> None:
    log = MemoryLog(FACTS[:10])
    with running(log, tmp_path), closing(Views(tmp_path / "views.db")) as views:
        assert views.wait_until(10, PATIENCE)
        for fact in FACTS[10:]:
            log.facts.append(fact)
        assert views.wait_until(len(FACTS), PATIENCE)
    assert stored(tmp_path) == expected(log)


class Recording(threading.Event):
    """Writes down how long the projector means to wait; facts come in meanwhile, then it ends."""

    def __init__(self, log: MemoryLog, *coming: Sequence[Recorded[Fact]]) -> None:
        super().__init__()
        self.pauses: list[float | None] = []
        self._log = log
        self._coming = list(coming)

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        if self._coming:
            self._log.facts.extend(self._coming.pop(0))
        else:
            self.set()
        return self.is_set()


def test_after_a_page_more_facts_gather_unless_it_was_full(tmp_path: Path) -> None:
    log = MemoryLog(FACTS[:10])
    projector(log, tmp_path).catch_up()
    stop = Recording(log, FACTS[10:13], FACTS[13:27])
    projector(log, tmp_path).run(stop)
    idle, after_three, after_two_full = stop.pauses
    assert (idle, after_two_full) == (POLL, POLL)
    assert after_three != POLL
    assert 0 <= (after_three or 0) <= PACE
    assert stored(tmp_path) == expected(log)


def test_of_two_only_one_leads_and_the_other_takes_over(tmp_path: Path) -> None:
    log = MemoryLog(FACTS[:10])
    with closing(WriteLock(tmp_path / "lock", 1)) as leader:
        with leader.held(), pytest.raises(StoreBusy):
            projector(log, tmp_path).catch_up()
        assert not (tmp_path / "views.db").exists()
        with closing(Views(tmp_path / "views.db")) as views:
            with leader.held(), running(log, tmp_path):
                assert not views.wait_until(1, 0.1)
            with running(log, tmp_path):
                assert views.wait_until(10, PATIENCE)


def test_a_rebuild_takes_the_place_of_the_views_while_they_are_moved_and_read(
    tmp_path: Path,
) -> None:
    log = MemoryLog(FACTS[:40])
    link = tmp_path / "views.db"
    with running(log, tmp_path), closing(Views(link)) as views:
        assert views.wait_until(40, PATIENCE)
        before = files.generation(link)
        with views.snapshot() as now:
            assert rebuild(log, link, log.facts_at) == 40
            assert files.generation(link) != before
            assert len(now.page("timeline", limit=500).rows) == len(FACTS[:40])
        for fact in FACTS[40:]:
            log.facts.append(fact)
        assert views.wait_until(len(FACTS), PATIENCE)
    assert not before.exists()
    assert stored(tmp_path) == expected(log)


def test_two_rebuilds_do_not_get_in_each_other_s_way(tmp_path: Path) -> None:
    log = MemoryLog(FACTS[:10])
    link = tmp_path / "views.db"
    other = WriteLock(tmp_path / "views.db.rebuild", 1)
    with closing(other), other.held(), pytest.raises(RebuildUnderWay):
        rebuild(log, link, log.facts_at)
    assert rebuild(log, link, log.facts_at) == 10


def test_a_rebuild_tells_how_far_it_is(tmp_path: Path) -> None:
    log = MemoryLog(FACTS)
    told: list[tuple[int, int]] = []
    rebuild(
        log,
        tmp_path / "views.db",
        log.facts_at,
        page=50,
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(min(done, len(FACTS)), len(FACTS)) for done in range(50, len(FACTS) + 50, 50)]


def shorter(log: MemoryLog, link: Path) -> MemoryLog:
    return MemoryLog(log.facts[:-5])


def gone_on_differently(log: MemoryLog, link: Path) -> MemoryLog:
    return MemoryLog([*log.facts[:5], *history(4, 80)[5:]])


def of_another_origin(log: MemoryLog, link: Path) -> MemoryLog:
    other = MemoryLog(log.facts)
    other.meta.origin = "example.org/other"
    return other


def made_by_other_code(log: MemoryLog, link: Path) -> MemoryLog:
    with closing(sqlite3.connect(link)) as connection:
        connection.execute("UPDATE made SET code = 'older'")
        connection.commit()
    return log


def no_database(log: MemoryLog, link: Path) -> MemoryLog:
    files.generation(link).write_bytes(b"something else" * 1000)
    return log


def a_plain_file(log: MemoryLog, link: Path) -> MemoryLog:
    link.unlink()
    link.write_bytes(b"")
    return log


def lost(log: MemoryLog, link: Path) -> MemoryLog:
    files.discard(files.generation(link))
    return log


@pytest.mark.parametrize(
    "spoilt",
    [
        shorter,
        gone_on_differently,
        of_another_origin,
        made_by_other_code,
        no_database,
        a_plain_file,
        lost,
    ],
)
def test_views_that_cannot_be_moved_on_are_made_anew(spoilt: object, tmp_path: Path) -> None:
    log = MemoryLog(FACTS)
    projector(log, tmp_path).catch_up()
    assert callable(spoilt)
    after = spoilt(log, tmp_path / "views.db")
    told: list[int] = []
    size = projector(after, tmp_path).catch_up(lambda done, _: told.append(done))
    assert told[-1] == size == after.size()
    made = stored(tmp_path)
    wanted = expected(after)
    del made["made"], wanted["made"]
    assert made == wanted


def test_views_that_can_be_moved_on_are_not_made_anew(tmp_path: Path) -> None:
    log = MemoryLog(FACTS[:50])
    projector(log, tmp_path).catch_up()
    before = files.generation(tmp_path / "views.db")
    log.facts += FACTS[50:]
    assert projector(log, tmp_path).catch_up() == len(FACTS)
    assert files.generation(tmp_path / "views.db") == before


def test_readers_of_views_made_by_other_code_are_told_to_come_back(tmp_path: Path) -> None:
    log = MemoryLog(FACTS)
    projector(log, tmp_path).catch_up()
    made_by_other_code(log, tmp_path / "views.db")
    with closing(Views(tmp_path / "views.db")) as views:
        assert views.size() == 0
        projector(log, tmp_path).catch_up()
        assert views.size() == len(FACTS)


def test_the_position_says_which_event_came_last(tmp_path: Path) -> None:
    log = MemoryLog(FACTS)
    projector(log, tmp_path).catch_up()
    last = FACTS[-1]
    with closing(files.open_to_write(files.generation(tmp_path / "views.db"))) as connection:
        assert files.read_position(connection) == files.Position(
            len(FACTS), last.id, last.recorded_us
        )
        assert files.read_made(connection) == files.made(log)
    assert len(VIEWS) == len({view.name for view in VIEWS})
