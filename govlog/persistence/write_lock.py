"""One writer at a time: among this process's threads, then among the host's processes."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path
from typing import NamedTuple

from govlog.domain.errors import StoreBusy

_PAUSE = 0.0002
_LONG_PAUSE = 0.02
"""Between two tries after a good while of waiting: for who stands by rather than writes."""
_GOOD_WHILE = 0.2


class WriteLock:
    """A lock file, taken before BEGIN: waiting in SQLite's own busy handler is slow and unfair.

    The operating system releases it when its holder dies. Waiting ends after `timeout` seconds, for
    a writer that hangs must not hang every other. A second file holds whose turn is next: a busy
    process would otherwise take the lock again before those who wait have looked.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._among_threads = threading.Lock()
        self._file = _opened(path)
        self._turn = _opened(path.with_name(f"{path.name}.turn"))

    def held(self) -> Held:
        """Hold the lock for the time of a `with`; StoreBusy when its turn does not come in time."""
        return Held(self)

    def acquire(self) -> None:
        """Wait for the lock and take it; StoreBusy when its turn does not come in time."""
        began = time.monotonic()
        if not self._among_threads.acquire(timeout=self._timeout):
            raise self._busy()
        try:
            self._lock(self._turn, began)
            try:
                self._lock(self._file, began)
            finally:
                fcntl.flock(self._turn, fcntl.LOCK_UN)
        except BaseException:
            self._among_threads.release()
            raise

    def release(self) -> None:
        """Let the next one write."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._among_threads.release()

    def close(self) -> None:
        """Let go of the file."""
        with self._among_threads:
            if self._file >= 0:
                os.close(self._file)
                os.close(self._turn)
                self._file = -1

    def _lock(self, file: int, began: float) -> None:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waited = time.monotonic() - began
                if waited > self._timeout:
                    raise self._busy() from None
                time.sleep(_PAUSE if waited < _GOOD_WHILE else _LONG_PAUSE)
            except OSError as error:
                raise StoreBusy(f"the lock file cannot be used: {error.strerror}") from error
            else:
                return

    def _busy(self) -> StoreBusy:
        return StoreBusy(
            f"another writer has held the log for {self._timeout:g} seconds",
            mend="try again with the same idempotency key",
        )


class Held(NamedTuple):
    """The time of a `with` in which the lock is held."""

    lock: WriteLock

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
