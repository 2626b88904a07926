"""One writer at a time: among this process's threads, then among the host's processes."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from govlog.domain.errors import StoreBusy

_FIRST_PAUSE = 0.00005
_LONGEST_PAUSE = 0.002


class WriteLock:
    """A lock file, taken before BEGIN: waiting in SQLite's own busy handler is slow and unfair.

    The operating system releases it when its holder dies. Waiting ends after `timeout` seconds:
    a writer that hangs must not hang every other.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._among_threads = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; StoreBusy when its turn does not come in time."""
        deadline = time.monotonic() + self._timeout
        if not self._among_threads.acquire(timeout=self._timeout):
            raise self._busy()
        try:
            self._lock_file(deadline)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._among_threads.release()

    def close(self) -> None:
        """Let go of the file."""
        with self._among_threads:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _lock_file(self, deadline: float) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise self._busy() from None
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except OSError as error:
                raise StoreBusy(f"the lock file cannot be used: {error.strerror}") from error
            else:
                return

    def _busy(self) -> StoreBusy:
        return StoreBusy(
            f"another writer has held the log for {self._timeout:g} seconds",
            mend="try again with the same idempotency key",
        )
