"""Facts that any stream can hold: claims of a source, and the second person's word."""

from __future__ import annotations

from govlog.domain.events.fact import Fact
from govlog.domain.values import PartialDate, Personal, StreamId


class Stated(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A source says that on a date something held: a claim, which confers nothing."""

    topic: str
    """What the claim is about, a short word such as `member_seated` or `authorities_joined`."""
    text: Personal
    holds_on: PartialDate | None = None
    by: StreamId | None = None
    party: StreamId | None = None
    role: str | None = None
    count: int | None = None


class Approved(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A second person confirms pending facts of this stream, which count from here on."""

    facts: tuple[str, ...]


class ApprovalRefused(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A second person refuses pending facts of this stream; they never count."""

    facts: tuple[str, ...]
    grounds: Personal | None = None


class BatchRecorded(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Part of an import was recorded: where from, and which facts it brought."""

    source: Personal
    facts: tuple[str, ...]
