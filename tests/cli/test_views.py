"""`govlog rebuild` and `govlog work`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from govlog.command_line.answers import Exit
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from projections.reading import Views
from tests.cli.asking import Govlog


def test_a_rebuild_brings_the_views_to_the_end_of_the_log(govlog: Govlog, demo: Path) -> None:
    with EventStore.open(Settings(demo)) as store:
        size = store.size()
    assert govlog("rebuild", "--json").json == {"size": size}
    assert f"{size} facts" in govlog("rebuild").out


def test_without_a_log_there_is_nothing_to_rebuild(govlog: Govlog) -> None:
    refused = govlog("rebuild")
    assert refused.code == Exit.NO_LOG
    assert "govlog init" in refused.err


def test_working_follows_the_log_until_it_is_told_to_stop(demo: Path) -> None:
    with EventStore.open(Settings(demo)) as store:
        size = store.size()
    process = subprocess.Popen([sys.executable, "-m", "govlog", "work"], cwd=demo)
    try:
        views = Views(Settings(demo).views_db)
        views.wait_until(size, timeout=30)
        views.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


ENDLESS = """
import sys, time
from projections.moving import Moving
def step(self, limit):
    print("at it", flush=True)
    time.sleep(60)
Moving.step = step
sys.argv = ["govlog", "work"]
from govlog.cli import main
main()
"""


def test_told_to_stop_in_the_middle_of_a_rebuild_it_ends_at_once(
    govlog: Govlog, demo: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS],
        env={**os.environ, "GOVLOG_DATA": str(demo)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "at it\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
    assert govlog("rebuild").code == Exit.DONE
    assert [each.name for each in demo.glob("views-*.db")] == [(demo / "views.db").resolve().name]
