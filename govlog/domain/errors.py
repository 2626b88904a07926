"""Every refusal.

GovlogError
├── MalformedValue      a value that is not of its format
├── NotFound            a named thing is not in the log
├── TextErased          a text was there and has been erased
├── NotAllowed          this person may not do this
│   └── ScopeRequired       the token lacks the scope for it
├── AlreadyExists       what would be created is in the log
├── StaleVersion        the stream has moved since it was read
├── KeyReused           an idempotency key came back with another body
├── EntryTooLarge       one fact does not fit in a log entry
├── StoreBusy           the log cannot be written just now; retry with the same key
│   ├── ClockBehind         the server's clock stands well before the last recording
│   ├── NotAsSigned         the log is not the one that was signed
│   ├── OutcomeUnknown      storing failed half-way: only a retry tells
│   ├── ViewsBehind         the views have not come as far as they are asked about
│   └── CheckpointBehind    no published checkpoint covers it yet
├── StoreUnusable       the data directory holds no log that this program may use
└── RuleViolation       a rule of the domain says no (slug, rule number, values, mend)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class First(NamedTuple):
    """What has to be recorded before: a command, and the stream that it is for."""

    command: str
    stream: str


class GovlogError(Exception):
    """A refusal: `slug` names it for machines, `values` hold what was met, `mend` what to do.

    `first` names the command that has to come before, where it is one: whoever knows the
    addresses tells where it is taken.
    """

    slug = "refused"

    def __init__(
        self, message: str, *, mend: str = "", first: First | None = None, **values: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.first = first
        self.values: Mapping[str, object] = values


class MalformedValue(GovlogError):
    """A value is not of its format; `field` says which."""

    slug = "malformed-value"

    def __init__(self, field: str, value: object, mend: str) -> None:
        super().__init__(f"{field} {value!r} is not valid", mend=mend, field=field, value=value)


class NotFound(GovlogError):
    """Nothing of that name is in the log."""

    slug = "not-found"


class TextErased(GovlogError):
    """The text has been erased; its commitment stays in the log, and every proof holds."""

    slug = "text-erased"


class NotAllowed(GovlogError):
    """This person or token may not do this."""

    slug = "not-allowed"


class ScopeRequired(NotAllowed):
    """The token does not carry the scope that the act needs."""

    slug = "scope-required"


class AlreadyExists(GovlogError):
    """A stream that was to be created is there already."""

    slug = "already-exists"


class StaleVersion(GovlogError):
    """The stream is at another version than the writer had read."""

    slug = "stale-version"


class KeyReused(GovlogError):
    """The idempotency key was used before with another body."""

    slug = "key-reused"


class StoreBusy(GovlogError):
    """The log could not be written now; the outcome of a retry with the same key is safe."""

    slug = "store-busy"


class ClockBehind(StoreBusy):
    """The clock is further behind the last recording time than an adjustment explains."""

    slug = "clock-behind"


class NotAsSigned(StoreBusy):
    """The log holds less than was signed of it, or something else: recording would fork it."""

    slug = "not-as-signed"


class OutcomeUnknown(StoreBusy):
    """The storage failed while the facts were being made durable: they may or may not stand."""

    slug = "outcome-unknown"


class ViewsBehind(StoreBusy):
    """The views are being made, or have not reached the size of the log that was asked for."""

    slug = "views-behind"


class CheckpointBehind(StoreBusy):
    """What is recorded is not covered yet by a checkpoint that is published and witnessed."""

    slug = "checkpoint-behind"


class EntryTooLarge(GovlogError):
    """A fact needs more than the 65,535 bytes of a log entry; longer texts belong in documents."""

    slug = "entry-too-large"


class StoreUnusable(GovlogError):
    """There is no log here that this program may open; `mend` names the command that helps."""

    slug = "store-unusable"


class RuleViolation(GovlogError):
    """A rule of the domain refuses; subclasses name the rule by slug and number in DOMAIN terms."""

    slug = "rule-violation"
    rule: int | None = None
