"""Copies the write-ahead log of the views into their file, beside whoever writes on.

SQLite calls this a checkpoint; here that word is kept for what the log signs. Left to the commits,
it held up the one that came to a thousand pages by some 50 ms, for every hundred facts, and copied
pages again and again that the next facts changed.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from types import TracebackType

from projections.files import open_to_write

OFTEN = 0.2
"""Seconds between two copies at least: pages that many facts change are copied once for all."""
TOO_LONG = 8_000
"""Pages of the write-ahead log (64 MB) from which on a commit copies what is left to copy. SQLite
begins it anew only where everything is copied, which never comes to pass while facts keep coming.
"""


class Backfill:
    """A thread and a connection of its own; where it fails, commits copy as they do without it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """`connection` writes to the file at `path`; nothing is begun before `with`."""
        self._connection = connection
        self._path = path
        self._due = threading.Event()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backfill", daemon=True)

    def __enter__(self) -> Backfill:
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {TOO_LONG}")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._due.set()
        self._thread.join()

    def committed(self) -> None:
        """Say that there is something to copy."""
        self._due.set()

    def _run(self) -> None:
        with closing(open_to_write(self._path)) as connection:
            while self._due.wait() and not self._end.is_set():
                self._due.clear()
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                self._end.wait(OFTEN)
