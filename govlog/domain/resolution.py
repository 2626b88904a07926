"""A resolution: tabled, voted on, decided; and what became of it."""

from __future__ import annotations

from enum import StrEnum

from immutables import Map
from msgspec import Struct

from govlog.domain.events.resolution import (
    Authorises,
    Counts,
    ItemKind,
    OutcomeWord,
    RollFixed,
)
from govlog.domain.values import Ballot, Key, Personal, Reference, Span, StreamId


class Proof(StrEnum):
    """What an outcome rests on."""

    VOTE = "vote"
    """Ballots in this log."""
    MINUTES = "minutes"
    """Minuted consensus or written procedure, with the roll."""
    SOURCE = "source"
    """A historical source that shows the vote (rule 16)."""
    TEXT = "text"
    """A source that only says so: unproven (rule 16)."""


class Outcome(Struct, frozen=True):
    word: OutcomeWord
    day: Span
    """The days on which it may have been reached."""
    proof: Proof
    counts: Counts | None
    reason: str
    index: int


class Round(Struct, frozen=True):
    """One round of voting; old rounds keep their ballots (rule 26)."""

    number: int
    roll: RollFixed
    ballots: Map[Key, Ballot] = Map()
    conflicts: frozenset[Key] = frozenset()
    outcome: Outcome | None = None


class Annulment(Struct, frozen=True):
    """Removes the authority from the start, unless its own resolution is annulled (rule 21)."""

    ground: str
    resolution: StreamId | None
    ruling: Reference | None
    index: int


class Supersession(Struct, frozen=True):
    by: StreamId
    index: int


class Resolution(Struct, frozen=True, kw_only=True):
    stream: StreamId
    body: StreamId
    kind: ItemKind
    title: Personal
    tabled: Span
    index: int
    authorises: tuple[Authorises, ...] = ()
    supersedes: StreamId | None = None
    rounds: tuple[Round, ...] = ()
    outcome: Outcome | None = None
    """The one in effect: an inquorate later round leaves the earlier result (rule 26)."""
    withdrawn: bool = False
    annulments: tuple[Annulment, ...] = ()
    superseded_by: tuple[Supersession, ...] = ()
    debate: StreamId | None = None
    fiction: bool = False
