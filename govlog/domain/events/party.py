"""Facts about persons and organisations."""

from __future__ import annotations

from enum import StrEnum

from govlog.domain.events.fact import Fact
from govlog.domain.values import Personal


class PartyKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class PartyRegistered(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A party is known to the log from here on; a person's name is erasable."""

    kind: PartyKind
    name: str | Personal
    group: str | None = None
    """Stakeholder group, for example `vendor` or `public_authority`."""
    fiction: bool = False
    """True for invented parties in worked examples."""


class PartyRenamed(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """The party has a new name from `decided_on`."""

    name: str | Personal
