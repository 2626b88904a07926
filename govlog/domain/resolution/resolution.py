"""A resolution: tabled, voted on, decided; and what became of it."""

from __future__ import annotations

from enum import StrEnum

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import (
    Authorises,
    ConflictDeclared,
    Counts,
    ItemKind,
    Minuted,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    ResolutionSuperseded,
    ResolutionTabled,
    ResolutionWithdrawn,
    RollFixed,
    RollSeat,
    VoteCast,
)
from govlog.domain.stream import Recorded
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
    """Declared before the count: their ballots are removed (rule 27)."""
    outcome: Outcome | None = None
    opened: Span | None = None
    cast: Map[Key, int] = Map()
    """The log index of each seat's ballot: the one recorded last counts."""
    last_cast: Span | None = None
    """The latest day of a ballot: no count comes before it."""
    minuted: Minuted | None = None
    present: frozenset[Key] = frozenset()
    """Who took part, in a minuted round, which has no ballots."""
    shown_later: frozenset[Key] = frozenset()
    """Conflicts shown after the count: they turn nothing until an annulment (rule 27)."""

    def seat(self, key: Key) -> RollSeat | None:
        return next((each for each in self.roll.seats if each.seat == key), None)


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
    case_paper: Personal | None = None
    confidential: bool = False
    conflicts: frozenset[Key] = frozenset()
    """Every seat that has declared a conflict, in whichever round."""

    @property
    def open_round(self) -> Round | None:
        """The round in which voting is open."""
        if self.rounds and self.rounds[-1].outcome is None and not self.withdrawn:
            return self.rounds[-1]
        return None

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


Count = ResolutionCarried | ResolutionLost | ResolutionLapsed
_WORD: dict[type[Fact], OutcomeWord] = {
    ResolutionCarried: OutcomeWord.CARRIED,
    ResolutionLost: OutcomeWord.LOST,
    ResolutionLapsed: OutcomeWord.LAPSED,
}


def evolve(resolution: Resolution | None, recorded: Recorded[Fact]) -> Resolution | None:
    """The resolution after one more fact; what is out of place leaves it as it is."""
    fact = recorded.fact
    match fact:
        case ResolutionTabled():
            return resolution or _tabled(fact, recorded)
        case _ if resolution is None:
            return None
        case RollFixed() | VoteCast() | ConflictDeclared():
            return _voting(resolution, fact, recorded)
        case ResolutionCarried() | ResolutionLost() | ResolutionLapsed():
            return _counted(resolution, fact, recorded)
        case OutcomeMinuted():
            return _minuted(resolution, fact, recorded)
        case OutcomeRecorded():
            return _historical(resolution, fact, recorded)
        case ResolutionWithdrawn():
            return replace(resolution, withdrawn=True)
        case ResolutionSuperseded(by=by):
            superseded = Supersession(by, recorded.index)
            return replace(resolution, superseded_by=(*resolution.superseded_by, superseded))
        case ResolutionAnnulled():
            annulled = Annulment(
                ground=fact.ground,
                resolution=fact.resolution,
                ruling=fact.ruling,
                index=recorded.index,
                explanation=fact.explanation,
                day=recorded.decided,
            )
            return replace(resolution, annulments=(*resolution.annulments, annulled))
        case _:
            return resolution


def _tabled(fact: ResolutionTabled, recorded: Recorded[Fact]) -> Resolution:
    return Resolution(
        stream=recorded.stream,
        body=fact.body,
        kind=fact.kind,
        title=fact.title,
        tabled=recorded.decided,
        index=recorded.index,
        authorises=fact.authorises,
        supersedes=fact.supersedes,
        debate=fact.debate,
        fiction=fact.fiction,
        case_paper=fact.case_paper,
        confidential=fact.confidential,
    )


def _voting(
    resolution: Resolution,
    fact: RollFixed | VoteCast | ConflictDeclared,
    recorded: Recorded[Fact],
) -> Resolution:
    now = resolution.open_round
    match fact:
        case RollFixed(seats=seats) if now is None and _may_vote(resolution):
            conflicts = resolution.conflicts & {each.seat for each in seats}
            fresh = Round(fact.round, fact, conflicts=conflicts, opened=recorded.decided)
            return replace(resolution, rounds=(*resolution.rounds, fresh))
        case VoteCast(seat=seat) if now is not None and recorded.index > now.cast.get(seat, -1):
            day = recorded.decided
            cast = replace(
                now,
                ballots=now.ballots.set(seat, fact.ballot),
                cast=now.cast.set(seat, recorded.index),
                last_cast=day if now.last_cast is None else max(day, now.last_cast),
            )
            return replace(resolution, rounds=(*resolution.rounds[:-1], cast))
        case ConflictDeclared(seat=seat):
            declared = replace(resolution, conflicts=resolution.conflicts | {seat})
            if not resolution.rounds:
                return declared
            last = resolution.rounds[-1]
            if now is not None:
                last = replace(last, conflicts=last.conflicts | {seat})
            elif seat not in last.conflicts:
                last = replace(last, shown_later=last.shown_later | {seat})
            return replace(declared, rounds=(*resolution.rounds[:-1], last))
    return resolution


def _counted(resolution: Resolution, fact: Count, recorded: Recorded[Fact]) -> Resolution:
    """A count ends the open round; one of a resolution without any round stands as recorded."""
    now = resolution.open_round
    if now is None and (resolution.rounds or not _may_vote(resolution)):
        return resolution
    word = _WORD[type(fact)]
    outcome = Outcome(word, recorded.decided, Proof.VOTE, fact.counts, fact.reason, recorded.index)
    if now is not None:
        decided = replace(now, outcome=outcome)
        resolution = replace(resolution, rounds=(*resolution.rounds[:-1], decided))
    return _with(resolution, outcome)


def _minuted(resolution: Resolution, fact: OutcomeMinuted, recorded: Recorded[Fact]) -> Resolution:
    if resolution.open_round is not None or not _may_vote(resolution):
        return resolution
    proof = Proof.MINUTES if fact.roll else Proof.SOURCE if fact.evidence else Proof.TEXT
    outcome = Outcome(
        fact.outcome, recorded.decided, proof, None, fact.manner.value, recorded.index
    )
    if fact.roll is not None:
        held = Round(
            number=fact.roll.round,
            roll=fact.roll,
            conflicts=resolution.conflicts & {each.seat for each in fact.roll.seats},
            outcome=outcome,
            opened=recorded.decided,
            minuted=fact.manner,
            present=frozenset(fact.present),
        )
        resolution = replace(resolution, rounds=(*resolution.rounds, held))
    return _with(resolution, outcome)


def _historical(
    resolution: Resolution, fact: OutcomeRecorded, recorded: Recorded[Fact]
) -> Resolution:
    if not _may_vote(resolution):
        return resolution
    proof = Proof.SOURCE if fact.vote_shown else Proof.TEXT
    outcome = Outcome(
        fact.outcome, recorded.decided, proof, fact.counts, "as_recorded", recorded.index
    )
    now = resolution.open_round
    if now is not None:
        decided = replace(now, outcome=outcome)
        resolution = replace(resolution, rounds=(*resolution.rounds[:-1], decided))
    return _with(resolution, outcome)


def _may_vote(resolution: Resolution) -> bool:
    """Rule 26: a resolution that carried takes no new round."""
    return not resolution.carried and not resolution.withdrawn


def _with(resolution: Resolution, outcome: Outcome) -> Resolution:
    """Rule 26: an inquorate round leaves the earlier result."""
    if outcome.word is OutcomeWord.LAPSED and resolution.outcome is not None:
        return resolution
    return replace(resolution, outcome=outcome)
