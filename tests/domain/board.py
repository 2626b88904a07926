"""A small community for tests: a board of four on bylaws, and what it does every day."""

from __future__ import annotations

from typing import Any

from govlog.domain.body import found_body, seat_member
from govlog.domain.events.any_stream import FactCorrected
from govlog.domain.events.body import BodyFounded, MemberSeated, Rules, SeatRole
from govlog.domain.events.fact import Fact
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.resolution import (
    Authorises,
    ConflictDeclared,
    ItemKind,
    Minuted,
    OutcomeMinuted,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    ResolutionTabled,
    RollFixed,
    VoteCast,
)
from govlog.domain.party import register_party
from govlog.domain.resolution import (
    FixRoll,
    cast_vote,
    close_voting,
    fix_roll,
    minute_outcome,
    table_resolution,
)
from govlog.domain.resolution.states import Outcome, Resolution
from govlog.domain.stream import Recorded
from govlog.domain.values import Ballot, Key, PartialDate, Personal, Reference, StreamId
from tests.domain.given import History, known

BOARD = StreamId("body:board")
BYLAWS = (Reference("bylaws.md"),)
SEATS = ("chair", "ann", "bo", "cy")
FOR, AGAINST, ABSTAIN = Ballot.FOR, Ballot.AGAINST, Ballot.ABSTAIN
Counted = ResolutionCarried | ResolutionLost | ResolutionLapsed


def text(words: str = "words") -> Personal:
    return Personal(text=words)


def day(when: str) -> PartialDate:
    return PartialDate(when)


def person(history: History, name: str) -> StreamId:
    stream = StreamId(f"party:{name}")
    fact = PartyRegistered(decided_on=_today(history), kind=PartyKind.PERSON, name=text(name))
    history.when(register_party, stream, fact)
    return stream


def board(
    *,
    rules: Rules | None = None,
    seats: tuple[str, ...] = SEATS,
    body: str = BOARD,
    history: History | None = None,
    superior: str | None = None,
) -> History:
    """A founded body whose seats carry their holders' names; the first one is the chair."""
    history = history or History().at("2024-01-01")
    rules = rules or Rules(version="bylaws")
    founded = BodyFounded(
        decided_on=_today(history),
        name="the board",
        rules=rules,
        evidence=BYLAWS,
        superior=StreamId(superior) if superior else None,
    )
    history.when(found_body, body, founded)
    for name in seats:
        seat(history, name, SeatRole.CHAIR if name == seats[0] else SeatRole.MEMBER, body=body)
    return history


def seat(
    history: History,
    name: str,
    role: SeatRole = SeatRole.MEMBER,
    *,
    body: str = BOARD,
    alternate_for: str | None = None,
) -> Recorded[MemberSeated]:
    party = StreamId(f"party:{name}")
    if history.facts().party(party) is None:
        person(history, name)
    fact = MemberSeated(
        decided_on=_today(history),
        seat=Key(name),
        party=party,
        role=role,
        alternate_for=Key(alternate_for) if alternate_for else None,
    )
    return history.when(seat_member, body, fact)


def table(
    history: History,
    name: str = "plan",
    *,
    body: str = BOARD,
    kind: ItemKind = ItemKind.DECISION,
    authorises: tuple[Authorises, ...] = (),
    supersedes: str | None = None,
) -> str:
    """Table a resolution and answer its stream."""
    stream = f"resolution:{name}"
    fact = ResolutionTabled(
        decided_on=_today(history),
        body=StreamId(body),
        kind=kind,
        title=text(name),
        authorises=authorises,
        supersedes=StreamId(supersedes) if supersedes else None,
    )
    history.when(table_resolution, stream, fact)
    return stream


def open_vote(history: History, stream: str, **asked: Any) -> Recorded[RollFixed]:
    return history.when(fix_roll, stream, FixRoll(decided_on=_today(history), **asked))


def cast(history: History, stream: str, **ballots: Ballot) -> None:
    """Every named seat casts its own ballot."""
    for name, ballot in ballots.items():
        history.when(
            cast_vote,
            stream,
            VoteCast(decided_on=_today(history), seat=Key(name), ballot=ballot),
            person=f"party:{name}",
        )


def close(history: History, stream: str) -> Recorded[Counted]:
    return history.when(close_voting, stream, Fact(decided_on=_today(history)))


def vote(history: History, stream: str, **ballots: Ballot) -> Recorded[Counted]:
    """A whole round: roll, ballots, count."""
    open_vote(history, stream)
    cast(history, stream, **ballots)
    return close(history, stream)


def conflict_in_a_void_round(history: History) -> StreamId:
    """A vote is lost, ann tells of a conflict in the next; at last a ballot turns the first."""
    stream = StreamId(table(history))
    open_vote(history, stream)
    cast(history, stream, ann=FOR, chair=AGAINST)
    wrong = history.log[-1]
    close(history, stream)
    open_vote(history, stream)
    history.record(stream, ConflictDeclared(decided_on=_today(history), seat=Key("ann")))
    close(history, stream)
    history.record(stream, FactCorrected(event=wrong.id, field="ballot", value="for"))
    return stream


def agree(
    history: History, stream: str, *present: str, manner: Minuted = Minuted.CONSENSUS
) -> Recorded[OutcomeMinuted]:
    """Minute a decision of everyone on the board, or of those named."""
    fact = OutcomeMinuted(
        decided_on=_today(history),
        manner=manner,
        present=tuple(Key(name) for name in present or SEATS),
    )
    return history.when(minute_outcome, stream, fact)


def carried(history: History, name: str = "plan", *, body: str = BOARD, **more: Any) -> str:
    """Table and carry a resolution of a body with the usual four seats."""
    stream = table(history, name, body=body, **more)
    state = known(history.facts().body(StreamId(body)))
    agree(history, stream, *(key for key in state.seats))
    return stream


def resolution(history: History, stream: str) -> Resolution:
    return known(history.facts().resolution(StreamId(stream)))


def outcome_of(history: History, stream: str) -> Outcome:
    """What a resolution that was decided came to."""
    return known(resolution(history, stream).outcome)


def _today(history: History) -> PartialDate:
    return PartialDate(history.given().recorded_on.isoformat())
