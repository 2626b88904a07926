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
    public: Path | None = None
    """The folder of the public files, where it is not `publication` in the data directory."""
    key: Path | None = None
    """The file of the signing key, where it is not `log.key` in the data directory."""
    witness_policy: Path | None = None
    """A C2SP tlog-policy file that says whose cosignatures are asked for."""
    witness_patience: float = 0.5
    """Seconds that a checkpoint waits for cosignatures before it is published without."""
    keys_file: Path | None = None
    """Where the keys of erasable values lie, when not beside the log."""
    erasures_file: Path | None = None
    """Where the erasure journal lies, when not beside the log."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """From GOVLOG_DATA (a directory, else `var/log`) and the GOVLOG_* beside it."""
        return cls(
            Path(environ.get("GOVLOG_DATA") or "var/log"),
            _seconds(environ, "GOVLOG_LOCK_TIMEOUT", 5.0),
            _path(environ, "GOVLOG_PUBLICATION"),
            _path(environ, "GOVLOG_LOG_KEY"),
            _path(environ, "GOVLOG_WITNESS_POLICY"),
            _seconds(environ, "GOVLOG_WITNESS_PATIENCE", 0.5),
            _path(environ, "GOVLOG_KEYS"),
            _path(environ, "GOVLOG_ERASURES"),
        )

    @property
    def publication(self) -> Path:
        """The folder of everything public about the log's tree; any web server may serve it."""
        return self.public or self.data / "publication"

    @property
    def log_key(self) -> Path:
        """The key that signs checkpoints; only the publisher reads it."""
        return self.key or self.data / "log.key"

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


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _seconds(environ: Mapping[str, str], name: str, usual: float) -> float:
    text = environ.get(name) or f"{usual:g}"
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 300:
        raise StoreUnusable(
            f"{name} is {text!r}",
            mend="set it to seconds, more than 0 and at most 300",
            value=text,
        )
    return seconds
