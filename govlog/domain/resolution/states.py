"""What is known of a resolution: its rounds, its outcome, and what became of it."""

from __future__ import annotations

from enum import StrEnum

from immutables import Map
from msgspec import Struct

from govlog.domain.events.resolution import (
    Authorises,
    Counts,
    ItemKind,
    Minuted,
    Option,
    OutcomeWord,
    RollFixed,
    RollSeat,
    Score,
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
    option: Key | None = None
    """The one carried, where the resolution has options."""


class Cast(Struct, frozen=True):
    """A ballot of one seat; a later one of the same round takes its place."""

    ballot: Ballot
    scores: tuple[Score, ...]
    day: Span
    index: int


class Round(Struct, frozen=True):
    """One round of voting; old rounds keep their ballots (rule 26)."""

    number: int
    roll: RollFixed
    ballots: Map[Key, Ballot] = Map()
    conflicts: frozenset[Key] = frozenset()
    """Declared before the count: their ballots are removed (rule 27)."""
    outcome: Outcome | None = None
    opened: Span | None = None
    cast: Map[Key, tuple[Cast, ...]] = Map()
    """By seat, every ballot in the order recorded: the last one counts."""
    last_cast: Span | None = None
    """The latest day of a ballot: no count comes before it."""
    minuted: Minuted | None = None
    present: frozenset[Key] = frozenset()
    """Who took part, in a minuted round, which has no ballots."""
    options: tuple[Key, ...] = ()
    """With options it is a scored round (rule 25)."""
    scores: Map[Key, tuple[Score, ...]] = Map()
    """By seat; of those whose ballot is scored."""
    shown_later: frozenset[Key] = frozenset()
    """Conflicts shown after the count: they turn nothing until an annulment (rule 27)."""

    def seat(self, key: Key) -> RollSeat | None:
        for each in self.roll.seats:
            if each.seat == key:
                return each
        return None


class Annulment(Struct, frozen=True):
    """Removes the authority from the start, unless its own resolution is annulled (rule 21)."""

    ground: str
    resolution: StreamId | None
    ruling: Reference | None
    index: int
    explanation: Personal | None = None
    day: Span | None = None


class Supersession(Struct, frozen=True):
    by: StreamId
    index: int


class Postponement(Struct, frozen=True):
    """Why and to which meeting an item was put off, where that is known."""

    day: Span
    index: int
    to: StreamId | None
    grounds: Personal | None


class Tabling(Struct, frozen=True):
    """One time on the table: at which meeting, and whether it was taken off again undecided."""

    meeting: StreamId | None
    day: Span
    index: int
    postponed: Postponement | None = None


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
    withdrawn: Span | None = None
    replaced: tuple[Outcome, ...] = ()
    """Earlier outcomes that had no round, such as those an import tells."""
    annulments: tuple[Annulment, ...] = ()
    superseded_by: tuple[Supersession, ...] = ()
    debate: StreamId | None = None
    fiction: bool = False
    case_paper: Personal | None = None
    confidential: bool = False
    conflicts: frozenset[Key] = frozenset()
    """Every seat that has declared a conflict, in whichever round."""
    recount: bool = False
    """A roll, ballot or conflict is corrected: counts after it are derived anew (rule 27)."""
    tablings: tuple[Tabling, ...] = ()
    """Each time it was on the table, in the order recorded."""
    recommended_by: StreamId | None = None
    options: tuple[Option, ...] = ()

    def round(self, number: int) -> Round | None:
        for each in self.rounds:
            if each.number == number:
                return each
        return None

    @property
    def open_round(self) -> Round | None:
        """The round in which voting is open."""
        if self.rounds and self.rounds[-1].outcome is None and self.withdrawn is None:
            return self.rounds[-1]
        return None

    @property
    def postponed(self) -> Postponement | None:
        """Why it is off the table; None while it is on it, and once it is decided."""
        off = self.tablings[-1].postponed if self.tablings else None
        decided = self.outcome is not None and off is not None and self.outcome.index > off.index
        return None if decided else off

    @property
    def meetings(self) -> frozenset[StreamId]:
        """Where it was tabled, to where it was postponed, and by whose roll it was voted on."""
        named = [each.meeting for each in self.tablings]
        named += [each.postponed.to for each in self.tablings if each.postponed]
        named += [each.roll.meeting for each in self.rounds]
        return frozenset([each for each in named if each is not None])

    @property
    def limited(self) -> bool:
        """Whether the acts that it may authorise are named; else it limits none (rule 15)."""
        return bool(self.authorises or any(each.authorises for each in self.options))

    @property
    def authorised(self) -> tuple[Authorises, ...]:
        """The acts named: for the whole resolution, and for the option that carried."""
        chosen = self.outcome.option if self.outcome is not None else None
        by_option = (each.authorises for each in self.options if each.option == chosen)
        return (*self.authorises, *(act for acts in by_option for act in acts))

    @property
    def carried(self) -> bool:
        """Whether it was carried; `standing` also asks whether it was annulled."""
        return self.outcome is not None and self.outcome.word is OutcomeWord.CARRIED

    @property
    def deciding_round(self) -> Round | None:
        """The round that gave the outcome in effect, where there is one."""
        if self.outcome is None:
            return None
        return next((each for each in self.rounds if each.outcome == self.outcome), None)
