"""Where a log lies and how patiently it is waited for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from govlog.domain.errors import StoreUnusable


class Settings(Struct, frozen=True):
    """The data directory of one log; every file of the log lies in it."""

    data: Path
    lock_timeout: float = 5.0
    """Seconds a writer waits for its turn before it answers that the log is busy."""

    keys_file: Path | None = None
    """Where the keys of erasable values lie, when not beside the log."""
    erasures_file: Path | None = None
    """Where the erasure journal lies, when not beside the log."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """From GOVLOG_DATA (a directory, else `var/log`) and GOVLOG_LOCK_TIMEOUT (seconds).

        GOVLOG_KEYS and GOVLOG_ERASURES name files that then lie elsewhere than in the directory.
        """
        data = Path(environ.get("GOVLOG_DATA") or "var/log")
        patience = environ.get("GOVLOG_LOCK_TIMEOUT") or "5"
        try:
            seconds = float(patience)
        except ValueError:
            seconds = -1.0
        if not 0 < seconds <= 300:
            raise StoreUnusable(
                f"GOVLOG_LOCK_TIMEOUT is {patience!r}",
                mend="set it to seconds, more than 0 and at most 300",
                value=patience,
            )
        keys, erasures = environ.get("GOVLOG_KEYS"), environ.get("GOVLOG_ERASURES")
        return cls(data, seconds, _path(keys), _path(erasures))

    @property
    def events_db(self) -> Path:
        """The log itself."""
        return self.data / "events.db"

    @property
    def views_db(self) -> Path:
        """What the projections derive; it can be rebuilt from the log."""
        return self.data / "views.db"

    @property
    def access_db(self) -> Path:
        """Tokens and the store's own secret; no fact of the log."""
        return self.data / "access.db"

    @property
    def keys_db(self) -> Path:
        """The keys of erasable values: backed up apart from what they lock up."""
        return self.keys_file or self.data / "keys.db"

    @property
    def erasures(self) -> Path:
        """The erasure journal, which no backup holds and every restore replays."""
        return self.erasures_file or self.data / "erasures.jsonl"

    @property
    def write_lock(self) -> Path:
        """Held by the process that is writing to the log."""
        return self.data / "write.lock"

    @property
    def projector_lock(self) -> Path:
        """Held by the process that is moving the views forward."""
        return self.data / "projector.lock"


def _path(named: str | None) -> Path | None:
    return Path(named) if named else None
