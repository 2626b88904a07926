"""`govlog rebuild` and `govlog work`."""

from __future__ import annotations

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
