"""Facts about debates."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from govlog.domain.events.fact import Fact
from govlog.domain.values import Key, Personal, StreamId


class Familiarity(StrEnum):
    """How well a voice knows the matter."""

    NEW = "new"
    SOME = "some"
    EXPERT = "expert"


class Stance(StrEnum):
    SUPPORTS = "supports"
    OPPOSES = "opposes"
    ASKS = "asks"
    INFORMS = "informs"


class KeyPoint(Struct, frozen=True, omit_defaults=True):
    """One point of a reply."""

    point: Key
    text: Personal


class Signatory(Struct, frozen=True, omit_defaults=True):
    """Who signed a reply, and as what."""

    party: StreamId
    role: str | None = None
    organisation: StreamId | None = None


class DebateOpened(Fact, frozen=True, kw_only=True, omit_defaults=True):
    title: Personal
    question: Personal
    opened_by: StreamId | None = None
    groups: tuple[str, ...] = ()
    """The stakeholder groups that are to be heard; those without a voice show as silent."""
    confidential: bool = False
    """Held behind closed doors: its texts are for few until it is opened."""
    fiction: bool = False


class VoiceAdded(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody speaks; the group and familiarity stand even when the text is erased."""

    voice: Key
    group: str
    text: Personal
    party: StreamId | None = None
    familiarity: Familiarity | None = None
    stance: Stance | None = None


class FormatTried(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A form of debate was tried, for example `workshop` or `survey`."""

    format: str
    remark: Personal | None = None


class ReplyGiven(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A body answers, point by point."""

    body: StreamId
    key_points: tuple[KeyPoint, ...]
    signatories: tuple[Signatory, ...] = ()


class DebateClosed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    conclusion: Personal | None = None
    resolutions: tuple[StreamId, ...] = ()
    """The decisions that followed."""


class DebateReopened(Fact, frozen=True, kw_only=True, omit_defaults=True):
    grounds: Personal | None = None
