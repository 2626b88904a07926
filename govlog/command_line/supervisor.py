"""Keeps the processes of the service running together, and ends them together."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from msgspec import Struct

QUICK = 3.0
"""Seconds: who ends sooner after its start did not get going."""
ATTEMPTS = 3
"""Quick ends in a row after which the whole service gives up."""
PAUSE = 0.5
"""Seconds before a start that follows a quick end, times the quick ends so far."""
ORPHANS = 3.0
"""Seconds that processes of a child that ended get to end as well."""
PATIENCE = 15.0
"""Seconds that the children get to end after SIGTERM; the web gives requests ten of them."""

# Options of prctl in Linux.
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

Say = Callable[[str], None]


class Child(Struct, frozen=True):
    """One process of the service, by the command that starts it."""

    name: str
    command: tuple[str, ...]


class _Running(Struct):
    child: Child
    process: subprocess.Popen[bytes]
    started: float
    quick_ends: int = 0


class Supervisor:
    """Starts the children in their order, restarts who ends, stops all on SIGTERM or SIGINT."""

    def __init__(self, children: Sequence[Child], say: Say) -> None:
        self._children = children
        self._say = say
        self._running: list[_Running] = []
        self._wakeup, self._signalled = socket.socketpair()

    def run(
        self, ready: Callable[[], bool] = lambda: True, greet: Callable[[], None] = print
    ) -> int:
        """Run until a signal says stop (0) or a child does not get going (1).

        `greet` is called once, as soon as `ready` says yes; it is asked every tenth of a second.
        """
        self._listen()
        # What children leave behind becomes ours, so that its end can be waited for.
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
        greeted = False
        try:
            self._running = [self._start(child) for child in self._children]
            while not self._told_to_stop(None if greeted else 0.1):
                if not all(self._keep(running) for running in self._running):
                    return 1
                if not greeted and ready():
                    greet()
                    greeted = True
            return 0
        finally:
            self._stop()

    def _listen(self) -> None:
        """Have signals wake the loop through a socket, so that none falls between two looks."""
        self._wakeup.setblocking(False)
        self._signalled.setblocking(False)
        signal.set_wakeup_fd(self._signalled.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)

    def _told_to_stop(self, timeout: float | None) -> bool:
        if not select.select([self._wakeup], [], [], timeout)[0]:
            return False
        signals = set(self._wakeup.recv(4096))
        return bool(signals & {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})

    def _start(self, child: Child) -> _Running:
        # A session of its own: Ctrl-C reaches the supervisor only, which then stops in good order.
        process = subprocess.Popen(  # noqa: S603
            child.command,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - there are no threads here
        )
        return _Running(child, process, time.monotonic())

    def _keep(self, running: _Running) -> bool:
        """Start a child again that has ended; False when that did not help."""
        status = running.process.poll()
        if status is None:
            return True
        lived = time.monotonic() - running.started
        running.quick_ends = running.quick_ends + 1 if lived < QUICK else 0
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        if running.quick_ends >= ATTEMPTS:
            self._say(
                f"{running.child.name} could not get going: it ended {how}; its reason is above"
            )
            return False
        self._say(f"{running.child.name} ended {how}; starting it again")
        _clear(running.process.pid)
        time.sleep(PAUSE * running.quick_ends)
        again = self._start(running.child)
        running.process, running.started = again.process, again.started
        return True

    def _stop(self) -> None:
        """End all children: SIGTERM at once, SIGKILL for who has not ended in time."""
        signal.set_wakeup_fd(-1)
        for running in self._running:
            if running.process.poll() is None:
                running.process.terminate()
        deadline = time.monotonic() + PATIENCE
        for running in self._running:
            try:
                running.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._say(f"{running.child.name} did not end in {PATIENCE:.0f} s and was killed")
                running.process.kill()
                running.process.wait()
            _clear(running.process.pid)
        self._wakeup.close()
        self._signalled.close()


def _clear(group: int) -> None:
    """End what a child that is gone has left in its process group: it may still hold the port."""
    deadline = time.monotonic() + ORPHANS
    try:
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < deadline:
            time.sleep(0.02)
            with suppress(ChildProcessError):
                os.waitpid(-group, os.WNOHANG)
            os.killpg(group, 0)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:  # the group is empty
        return


def _end_with_parent() -> None:
    """Have Linux send a child SIGTERM when its supervisor is gone, even if that was killed.

    Elsewhere a killed supervisor leaves its children running.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
