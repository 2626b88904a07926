"""What a witness does with a checkpoint that it is shown: C2SP tlog-witness v1.0.0.

It cosigns what continues the last checkpoint it cosigned of that log, and nothing else; what
contradicts it is kept as evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.errors import BadProof, LedgerError, Malformed
from govlog.ledger.keys import SigningKey, VerifierKey
from govlog.ledger.merkle import EMPTY_ROOT
from govlog.ledger.notes import Note, cosign, verified
from govlog.ledger.proofs import verify_consistency
from govlog.ledger.submission import Submission


class UnknownLog(LedgerError):
    """The witness does not follow the log of this origin."""


class OtherSize(LedgerError):
    """The request does not start from the last cosigned checkpoint; `size` is the one it should."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the latest cosigned checkpoint has size {size}")
        self.size = size


class OtherRoot(OtherSize):
    """A second checkpoint of the same size with another root: the log has shown two histories."""


class Cosigned(NamedTuple):
    """The latest checkpoint of one log that the witness has cosigned."""

    size: int
    root: bytes
    time: int
    """POSIX seconds, as cosigned."""


class Record(Protocol):
    """What a witness remembers of one log, while nobody else can change it."""

    def latest(self) -> Cosigned | None: ...

    def advance(self, to: Cosigned, note: bytes) -> None:
        """Make it the latest, durably before this returns."""

    def keep(self, note: bytes, request: bytes) -> None:
        """Keep a checkpoint that contradicts the latest one, with all that came with it."""


Exclusive = Callable[[str], AbstractContextManager[Record]]
"""The record of one origin; looking and advancing are one step for everybody else."""


class Witness:
    """Answers `add-checkpoint` for the logs whose keys it was given."""

    def __init__(
        self,
        key: SigningKey,
        logs: Mapping[str, Collection[VerifierKey]],
        records: Exclusive,
        clock: Callable[[], int],
    ) -> None:
        """`logs` are the trusted keys by origin, `clock` gives POSIX seconds."""
        self._key = key
        self._logs = logs
        self._records = records
        self._clock = clock

    def add_checkpoint(self, body: bytes) -> bytes:
        """Cosign a checkpoint; answers the line of the cosignature.

        Malformed, UnknownLog, Unverified (no trusted key, or the proof does not hold), OtherSize
        and OtherRoot say why not; nothing is remembered then but evidence.
        """
        submission = Submission.parse(body)
        note = Note.parse(submission.checkpoint)
        shown = Checkpoint.parse(note.text, extended=True)
        keys = self._logs.get(shown.origin)
        if not keys:
            raise UnknownLog(f"the log {shown.origin[:80]} is not known here")
        verified(note, keys)
        if submission.old > shown.size:
            raise Malformed(
                f"the old size {submission.old} is beyond the checkpoint's {shown.size}"
            )
        with self._records(shown.origin) as record:
            latest = record.latest() or Cosigned(0, EMPTY_ROOT, 0)
            if submission.old != latest.size:
                raise OtherSize(latest.size)
            try:
                _require_continued(latest, shown, submission.proof)
            except (OtherRoot, BadProof):
                record.keep(submission.checkpoint, body)
                raise
            # A clock that is set back must not make a later checkpoint look earlier.
            cosigned = Cosigned(shown.size, shown.root, max(latest.time, self._clock()))
            line = cosign(note.text, self._key, cosigned.time).line().encode()
            record.advance(cosigned, submission.checkpoint)
        return line


def _require_continued(latest: Cosigned, shown: Checkpoint, proof: tuple[bytes, ...]) -> None:
    if shown.size == latest.size and shown.root != latest.root:
        raise OtherRoot(latest.size)
    verify_consistency(latest.size, shown.size, latest.root, shown.root, proof)
