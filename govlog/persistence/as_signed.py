"""Nothing is recorded on a log that is not the one that was signed: that would be a fork."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from govlog.domain.errors import NotAsSigned
from govlog.ledger import status
from govlog.ledger.comparing import RESTORE
from govlog.ledger.errors import EntryAltered, LogBehind, LogRewritten, Malformed
from govlog.ledger.publication import LastSigned, Publication

LOOK = 1.0
"""Seconds between two looks at the publisher's files: a write between them reads none."""

_OTHER_LOG = {each.kind for each in (LogBehind, LogRewritten, EntryAltered)}
"""What the publisher finds in the log itself; of damaged tiles, a freeze or a witness's word that
nobody has signed, the log goes on."""


class AsSigned:
    """What is known of the log's publisher: how much it has signed, and whether it refuses."""

    def __init__(
        self, publication: Publication, origin: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` tells seconds."""
        self._publication = publication
        self._origin = origin
        self._clock = clock
        self._looked: float | None = None
        self._stamp: tuple[int, int] | None = None
        self._signed = 0
        self._problem: Mapping[str, Any] | None = None
        """Of the publisher, where it concerns the log itself."""

    def require(self, size: int) -> None:
        """NotAsSigned where a log that ends at `size` events cannot go on, or must not."""
        now = self._clock()
        if self._looked is None or now - self._looked >= LOOK:
            self._look()
            self._looked = now
        if size < self._signed:
            message = f"the log ends at {size} events, but {self._signed} were signed"
            raise _refusal("log-behind", message, RESTORE, size=size, signed_size=self._signed)
        if self._problem is not None:
            raise _refusal(**self._problem)

    def _look(self) -> None:
        # Where the file is damaged the publisher says so; the log is none the worse for it.
        with suppress(Malformed, OSError):
            signed = LastSigned(self._publication).read()
            ours = signed is not None and signed.origin == self._origin
            self._signed = signed.size if signed is not None and ours else 0
        try:
            found = os.stat(status.file(self._publication.folder))  # noqa: PTH116
        except OSError:
            self._stamp = self._problem = None
            return
        if (stamp := (found.st_mtime_ns, found.st_ino)) != self._stamp:
            self._stamp = stamp
            told = status.read(self._publication.folder)
            problem = None if told is None else told.problem
            stops = problem is not None and problem["kind"] in _OTHER_LOG
            self._problem = problem if stops else None


def _refusal(kind: str, message: str, mend: str, **seen: Any) -> NotAsSigned:
    return NotAsSigned(
        f"nothing is recorded while the log is not the one that was signed: {message}",
        mend=f"an operator looks at `govlog log status`, then: {mend}",
        kind=kind,
        **seen,
    )
