"""Every refusal.

GovlogError
├── MalformedValue      a value that is not of its format
├── NotFound            a named thing is not in the log
├── NotAllowed          this person may not do this
├── StaleVersion        the stream has moved since it was read
├── KeyReused           an idempotency key came back with another body
├── StoreBusy           the log cannot be written just now; retry with the same key
└── RuleViolation       a rule of the domain says no (slug, rule number, values, mend)
"""

from __future__ import annotations

from collections.abc import Mapping


class GovlogError(Exception):
    """A refusal: `slug` names it for machines, `values` hold what was met, `mend` what to do."""

    slug = "refused"

    def __init__(self, message: str, *, mend: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.values: Mapping[str, object] = values


class MalformedValue(GovlogError):
    """A value is not of its format; `field` says which."""

    slug = "malformed-value"

    def __init__(self, field: str, value: object, mend: str) -> None:
        super().__init__(f"{field} {value!r} is not valid", mend=mend, field=field, value=value)


class NotFound(GovlogError):
    """Nothing of that name is in the log."""

    slug = "not-found"


class NotAllowed(GovlogError):
    """This person or token may not do this."""

    slug = "not-allowed"


class StaleVersion(GovlogError):
    """The stream is at another version than the writer had read."""

    slug = "stale-version"


class KeyReused(GovlogError):
    """The idempotency key was used before with another body."""

    slug = "key-reused"


class StoreBusy(GovlogError):
    """The log could not be written now; the outcome of a retry with the same key is safe."""

    slug = "store-busy"


class RuleViolation(GovlogError):
    """A rule of the domain refuses; subclasses name the rule by slug and number in DOMAIN terms."""

    slug = "rule-violation"
    rule: int | None = None
