"""A party: a person or an organisation, known by an opaque id whatever it is called."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.errors import RuleViolation
from govlog.domain.events.any_stream import Erased
from govlog.domain.events.fact import Fact
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.facts import Given
from govlog.domain.naming import EVER, Called
from govlog.domain.refusals import existing, require_new
from govlog.domain.stream import Recorded
from govlog.domain.values import Personal, StreamId


class NameOfWrongKind(RuleViolation):
    """A person's name is erasable, an organisation's stands in clear (TRUST, personal values)."""

    slug = "name-of-wrong-kind"


class IsErased(RuleViolation):
    """Who was erased gets no name again: what is recorded about them is recorded anew (TRUST)."""

    slug = "party-erased"


class Party(Struct, frozen=True, kw_only=True):
    stream: StreamId
    kind: PartyKind
    names: tuple[Called[str | Personal], ...]
    """In the order recorded; the first is the one it was registered under."""
    group: str | None = None
    fiction: bool = False
    erased: bool = False
    """The names open no more, and no other follows."""

    @property
    def name(self) -> str | Personal:
        """The name recorded last."""
        return self.names[-1].name


def evolve(party: Party | None, recorded: Recorded[Fact]) -> Party | None:
    """The party after one more fact; what is out of place leaves it as it is."""
    match recorded.fact:
        case PartyRegistered() as fact if party is None:
            return Party(
                stream=recorded.stream,
                kind=fact.kind,
                names=(Called(fact.name, EVER, recorded.index),),
                group=fact.group,
                fiction=fact.fiction,
            )
        case PartyRenamed(name=name) if party is not None:
            called: Called[str | Personal] = Called(name, recorded.decided, recorded.index)
            return replace(party, names=(*party.names, called))
        case Erased(person=True) if party is not None:
            return replace(party, erased=True)
        case _:
            return party


def register_party(party: Party | None, proposed: PartyRegistered, given: Given) -> PartyRegistered:
    require_new(party, "party")
    _require_fitting(proposed.kind, proposed.name)
    return proposed


def rename_party(party: Party | None, proposed: PartyRenamed, given: Given) -> PartyRenamed:
    held = existing(party, "party")
    _require_fitting(held.kind, proposed.name)
    if held.erased:
        raise IsErased(
            f"{held.stream} was erased and takes no other name",
            mend="register the person anew, under another id",
            id=held.stream,
        )
    return proposed


def _require_fitting(kind: PartyKind, name: str | Personal) -> None:
    if isinstance(name, Personal) is (kind is PartyKind.PERSON):
        return
    raise NameOfWrongKind(
        f"the name of a {kind} is not of that kind",
        mend="give a person's name as an erasable value, an organisation's as plain text",
        kind=kind,
    )
