"""Facts that any stream can hold: claims of a source, corrections, and the second person's word."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

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
    """How many, where the source counts; 0 where it says that there is none."""


class Approved(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A second person confirms pending facts of this stream, which count from here on."""

    facts: tuple[str, ...]


class ApprovalRefused(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A second person refuses pending facts of this stream; they never count."""

    facts: tuple[str, ...]
    grounds: Personal | None = None


class FactCorrected(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """One member of an earlier fact of this stream was recorded wrongly; this is what it says.

    The original stays and keeps its place; the new value counts from here, or from its approval.
    """

    event: str
    """The fact that is mended: `stream@version`."""
    field: str
    """The member, as the fact writes it; a list or a part is replaced as a whole."""
    value: Any = None
    """As the member is written in the fact; null takes out what may be left out."""
    grounds: Personal | None = None


class CorrectionWithdrawn(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A correction was wrong itself: what stood before it stands again."""

    correction: str
    """The event that records it: `stream@version`."""
    grounds: Personal | None = None


class BatchRecorded(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Part of an import was recorded: where from, and which facts it brought."""

    source: Personal
    facts: tuple[str, ...]


class ErasureGround(StrEnum):
    """Why personal data is erased: the cases of GDPR article 17(1), a to e."""

    NO_LONGER_NEEDED = "no_longer_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal_obligation"


class Erased(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Names and texts were erased: by their commitments, which stay in the log and open no more."""

    commitments: tuple[str, ...]
    """As the entries have them (hex); they may stand on other streams than this one."""
    ground: ErasureGround
    person: bool = False
    """On a person's own stream: everything about the person was erased."""


class ItemOpened(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A closed item is closed no longer; its texts are the ones committed to all along."""

    resolution: StreamId | None = None
    """The decision to open it, where one was made."""
