"""The supervisor: children that end come back, and a signal ends them all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Supervised = Callable[..., subprocess.Popen[str]]

SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
PARENT = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {SLEEPER!r}, sys.argv[1] + "-own"])
{SLEEPER}
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervised]:
    """Start a supervisor over children given as Python code; each appends its pid to a file."""
    started: list[subprocess.Popen[str]] = []

    def start(patience: float = 8.0, **children: str) -> subprocess.Popen[str]:
        commands = {
            name: (sys.executable, "-c", code, str(tmp_path / name))
            for name, code in children.items()
        }
        program = textwrap.dedent(f"""
            import sys
            from govlog.command_line import supervisor
            supervisor.PATIENCE = {patience}
            children = [supervisor.Child(*each) for each in {list(commands.items())!r}]
            watch = supervisor.Supervisor(children, lambda line: print(line, flush=True))
            sys.exit(watch.run(greet=lambda: print("ready", flush=True)))
        """)
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pids(file: Path, count: int) -> list[int]:
    """The pids that the starts of a child have written, once there are as many."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = file.read_text().split() if file.exists() else []
        if len(found) >= count:
            return [int(each) for each in found]
        time.sleep(0.02)
    raise AssertionError(f"{file.name} was not started {count} times")


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_child_and_counts_as_success(
    supervise: Supervised, tmp_path: Path, number: int
) -> None:
    process = supervise(web=SLEEPER, worker=SLEEPER)
    children = pids(tmp_path / "web", 1) + pids(tmp_path / "worker", 1)
    process.send_signal(number)
    assert process.wait(20) == 0
    assert all(gone(pid) for pid in children)


def test_a_child_that_is_killed_is_started_again(supervise: Supervised, tmp_path: Path) -> None:
    process = supervise(worker=SLEEPER)
    os.kill(pids(tmp_path / "worker", 1)[0], signal.SIGKILL)
    first, second = pids(tmp_path / "worker", 2)
    assert first != second
    process.terminate()
    output, _ = process.communicate(timeout=20)
    assert "worker ended by signal 9; starting it again" in output


def test_what_a_killed_child_leaves_behind_is_gone_before_it_is_started_again(
    supervise: Supervised, tmp_path: Path
) -> None:
    process = supervise(web=PARENT)
    orphan = pids(tmp_path / "web-own", 1)[0]
    os.kill(pids(tmp_path / "web", 1)[0], signal.SIGKILL)
    assert gone(orphan)
    own = pids(tmp_path / "web-own", 2)
    process.terminate()
    assert process.wait(20) == 0
    assert all(gone(pid) for pid in own)


def test_a_child_that_never_gets_going_ends_the_service_and_says_which(
    supervise: Supervised, tmp_path: Path
) -> None:
    process = supervise(web=SLEEPER, worker="raise SystemExit(7)")
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "worker could not get going: it ended with status 7" in output
    assert gone(pids(tmp_path / "web", 1)[0])


def test_a_child_that_ignores_the_signal_is_killed(supervise: Supervised, tmp_path: Path) -> None:
    process = supervise(patience=0.3, worker=STUBBORN)
    child = pids(tmp_path / "worker", 1)[0]
    process.terminate()
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "was killed" in output
    assert gone(child)


if sys.platform == "linux":  # prctl(2) has no like elsewhere

    def test_children_do_not_outlive_a_killed_supervisor(
        supervise: Supervised, tmp_path: Path
    ) -> None:
        process = supervise(worker=SLEEPER)
        child = pids(tmp_path / "worker", 1)[0]
        process.kill()
        process.wait(20)
        assert gone(child)
