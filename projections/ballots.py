"""Ballots: what each seat on the roll did in each round of a resolution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeMinuted,
    RollFixed,
    Score,
    VoteCast,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Ballot, Key, StreamId
from projections.known import Known
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class BallotRow(Struct, frozen=True):
    resolution: StreamId
    round: int
    seat: Key
    party: StreamId
    votes: bool
    """False for observers and members whose alternate is seated (rule 24)."""
    ballot: Ballot | None
    """As cast by the day, the last one where there were several; how it counted is told by the
    resolution.
    """
    scores: tuple[Score, ...]
    """With a scored ballot; an option that is left out was left blank, and counts 0."""
    present: bool
    """Took part, as the minutes of a round without ballots say."""
    conflict: bool
    """Declared before the count: it removes the ballot (rule 27)."""
    shown_later: bool
    """A conflict shown after the count: it turns nothing until an annulment."""
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    """A ballot or a conflict concerns its seat in every round; a roll all of its seats.

    After a correction it may have had other seats before, and later rounds may count no longer.
    """
    for each in counted:
        fact, stream = each.fact, each.stream
        resolution = known.facts.resolution(stream)
        rounds = resolution.rounds if resolution else ()
        if isinstance(fact, VoteCast | ConflictDeclared):
            for held in rounds:
                yield f"{stream}/{held.number}/{fact.seat}"
        elif (told := _roll(fact)) is not None:
            for number in range(1, max(len(rounds), _rolls(counted)) + 1):
                for seat in told.seats:
                    yield f"{stream}/{number}/{seat.seat}"


def _roll(fact: Fact) -> RollFixed | None:
    if isinstance(fact, OutcomeMinuted):
        return fact.roll
    return fact if isinstance(fact, RollFixed) else None


def _rolls(counted: Iterable[Recorded[Fact]]) -> int:
    return sum(_roll(each.fact) is not None for each in counted)


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, number, key = subject.split("/")
    resolution = known.facts.resolution(StreamId(stream))
    held = resolution.round(int(number)) if resolution else None
    seat = held.seat(Key(key)) if held else None
    if resolution is None or held is None or held.opened is None or seat is None:
        return ()
    opened, cast = held.opened, held.cast.get(seat.seat, ())
    spans = [opened, *(each.day for each in cast)]

    def on(day: date) -> tuple[BallotRow, bool] | None:
        if day < opened.earliest:
            return None
        by_then = [each for each in cast if each.day.latest <= day]
        row = BallotRow(
            resolution=resolution.stream,
            round=held.number,
            seat=seat.seat,
            party=seat.party,
            votes=seat.votes,
            ballot=by_then[-1].ballot if by_then else None,
            scores=by_then[-1].scores if by_then else (),
            present=seat.seat in held.present,
            conflict=seat.seat in held.conflicts,
            shown_later=seat.seat in held.shown_later,
            fiction=resolution.fiction,
        )
        return row, not open_on(day, *spans)

    return spells(turning(*spans), on)


BALLOTS = View(
    name="ballots",
    row=BallotRow,
    reads=frozenset((RollFixed, VoteCast, ConflictDeclared, OutcomeMinuted)),
    touches=touches,
    segments=segments,
    filters=("resolution", "party", "seat"),
    scanned=("seat",),
)
