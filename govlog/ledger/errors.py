"""What the ledger refuses.

LedgerError
  Malformed          the bytes are not in the format they should be in
  Unverified         they are, but what they claim does not hold
    BadSignature     a known key's signature does not belong to the text
    Unsigned         no known key has signed the text
    BadProof         the hashes do not lead to the root
  Contradicted       signing would contradict what was signed before
    LogBehind        the log holds less than was signed
    LogRewritten     the log holds other entries than were signed
    EntryAltered     an entry is not what its leaf was hashed over
    TilesDamaged     the published tiles do not give the root that was signed
    WitnessAhead     a witness has seen more of this log than was signed here
    Frozen           an operator has ended signing for good
Stopped              no refusal: told to stop, it did not read the log to its end
"""

from __future__ import annotations


class LedgerError(Exception):
    """Any refusal of the ledger; its text says what was found and what was expected."""


class Malformed(LedgerError):
    """The bytes are not in the format they should be in."""


class Unverified(LedgerError):
    """Well-formed, but what is claimed does not hold."""


class BadSignature(Unverified):
    """A known key's signature does not belong to the text."""


class Unsigned(Unverified):
    """No known key has signed the text."""


class BadProof(Unverified):
    """The hashes of a proof do not lead to the root."""


class Contradicted(LedgerError):
    """Signing would contradict what was signed before; `seen` holds what was compared."""

    kind = "contradicted"

    def __init__(self, message: str, *, mend: str, **seen: int | str | None) -> None:
        super().__init__(message)
        self.mend = mend
        self.seen = seen


class LogBehind(Contradicted):
    """The log holds less than was signed: an old backup, or a tail that was deleted."""

    kind = "log-behind"


class LogRewritten(Contradicted):
    """The log holds other entries than were signed."""

    kind = "log-rewritten"


class EntryAltered(Contradicted):
    """An entry, as its columns give it now, is not what its leaf was hashed over."""

    kind = "entry-altered"


class TilesDamaged(Contradicted):
    """The published tiles do not give the root that was signed."""

    kind = "tiles-damaged"


class WitnessAhead(Contradicted):
    """A witness has seen more of this log than was signed here: old files were put back."""

    kind = "witness-ahead"


class Frozen(Contradicted):
    """An operator has ended signing for good."""

    kind = "frozen"


class Stopped(Exception):
    """Whoever reads the log was told to stop before it had all of it."""
