"""Facts about the log itself: by which key it is signed, and what it goes on from."""

from __future__ import annotations

from govlog.domain.events.fact import Fact


class KeyRotated(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The log is signed with a new key from here on; for a while both sign."""

    old: str
    """A verifier key, C2SP signed-note."""
    new: str


class LogContinued(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """This log goes on from another one, whose last checkpoint that was vouched for it holds."""

    checkpoint: str
    """The signed note, verbatim, with its cosignatures."""
    continued_at: str
    """RFC 3339: when that was. As the first of the log it is recorded with the time of the second,
    which was recorded in the log before: recording times never fall."""
    because: str
