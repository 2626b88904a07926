"""Names and texts are erased: the log says which commitments open no more, and why (TRUST)."""

from __future__ import annotations

import re

from govlog.domain.errors import MalformedValue, RuleViolation
from govlog.domain.events.any_stream import Erased
from govlog.domain.events.party import PartyKind
from govlog.domain.facts import Given
from govlog.domain.party import Party
from govlog.domain.refusals import existing

_COMMITMENT = re.compile(r"[0-9a-f]{64}")


class NoPerson(RuleViolation):
    """Only a person is erased as a whole: an organisation's name is no personal data."""

    slug = "no-person"


class NothingToErase(RuleViolation):
    """An erasure names at least one value, or a person."""

    slug = "nothing-to-erase"


def erase_person(party: Party | None, proposed: Erased, given: Given) -> Erased:
    """Erase everything about a person: every name, and every text that names them as its subject.

    What was erased before may be erased again, for something may have been recorded since.
    """
    held = existing(party, "party")
    if held.kind is not PartyKind.PERSON:
        raise NoPerson(
            f"{held.stream} is an organisation, whose name is no personal data",
            mend="name the single texts to erase by their commitments",
            id=held.stream,
        )
    return _checked(proposed)


def erase_values(state: object, proposed: Erased, given: Given) -> Erased:
    """Erase single values of a stream, whatever state it is in: also what was refused goes."""
    if not proposed.commitments:
        raise NothingToErase(
            "no value is named", mend="name values by their commitments, or the person"
        )
    return _checked(proposed)


def _checked(proposed: Erased) -> Erased:
    for each in proposed.commitments:
        if not _COMMITMENT.fullmatch(each):
            raise MalformedValue(
                "commitments", each, "write 64 hexadecimal digits, as events and answers do"
            )
    return proposed
