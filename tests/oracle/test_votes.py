"""Rounds of ballots, plain and scored: the product counts them as the oracle does."""

from __future__ import annotations

from collections import Counter
from random import Random

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import FactCorrected
from govlog.domain.events.body import Majority, QuorumOf, Rules, TieRule
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeRecorded,
    OutcomeWord,
    RollFixed,
    RollSeat,
    Score,
    VoteCast,
)
from govlog.domain.resolution.balloting import counted as product_counts
from govlog.domain.resolution.states import Round
from govlog.domain.values import Ballot, Key, PartialDate, StreamId
from govlog.domain.voting import Reason
from tests.domain import board as boards
from tests.domain.given import History
from tests.oracle.counting import counted
from tests.oracle.rounds import rounds
from tests.oracle.votes import closed

SEATS = tuple(Key(f"s{number}") for number in range(5))
OPTIONS = tuple(Key(each) for each in ("north", "south", "west"))
NEITHER = (Ballot.ABSTAIN, Ballot.RECUSED, Ballot.ABSENT, Ballot.NOT_VOTING)
WEIGHING = (Ballot.FOR, Ballot.AGAINST)


def a_roll(chance: Random) -> RollFixed:
    rules = Rules(
        version="r",
        quorum=chance.choice(list(QuorumOf)),
        majority=chance.choice(list(Majority)),
        tie=chance.choice(list(TieRule)),
        recused_count_as_present=chance.random() < 0.5,
    )
    seats = tuple(
        RollSeat(seat, StreamId(f"party:{seat}"), seat == SEATS[0] or chance.random() < 0.8)
        for seat in SEATS
    )
    return RollFixed(round=1, seats=seats, presiding=chance.choice((None, *SEATS)), rules=rules)


def ballots(chance: Random, roll: RollFixed, options: tuple[Key, ...]) -> list[VoteCast]:
    """Of most seats that vote; few values, so that there are ties."""
    cast = []
    for each in roll.seats:
        if not each.votes or chance.random() < 0.15:
            continue
        if chance.random() < 0.2:
            cast.append(VoteCast(seat=each.seat, ballot=chance.choice(NEITHER)))
        elif not options:
            cast.append(VoteCast(seat=each.seat, ballot=chance.choice(WEIGHING)))
        else:
            told = [Score(option, chance.choice((None, -3, 0, 1, 2))) for option in options]
            scores = tuple(chance.sample(told, chance.randrange(len(told) + 1)))
            cast.append(VoteCast(seat=each.seat, ballot=Ballot.SCORED, scores=scores))
    return cast


def test_every_round_comes_out_as_the_oracle_reads_the_rules() -> None:
    reasons: Counter[str] = Counter()
    chance = Random(25)
    close = History().record("resolution:r", Fact())
    for _ in range(4000):
        roll = a_roll(chance)
        options = chance.choice(((), OPTIONS))
        cast = ballots(chance, roll, options)
        conflicts = {seat for seat in SEATS if chance.random() < 0.1}
        held = Round(1, roll, options=options, conflicts=frozenset(conflicts))
        for each in cast:
            held = Round(
                number=1,
                roll=roll,
                options=options,
                conflicts=held.conflicts,
                ballots=held.ballots.set(each.seat, each.ballot),
                scores=held.scores.set(each.seat, each.scores),
            )
        told: list[Fact] = [*cast, *(ConflictDeclared(seat=seat) for seat in sorted(conflicts))]
        found = product_counts(held)
        reasons[found.reason] += 1
        expected = closed(close, roll, options, told)
        assert (found.word, found.option) == (expected.word, expected.option), told
    assert set(Reason) - {Reason.CONSENSUS, Reason.WRITTEN} - reasons.keys() == set()


def test_the_oracle_reads_a_conflict_of_a_void_round_as_shown_after_the_one_that_carried() -> None:
    history = boards.board()
    resolution = boards.conflict_in_a_void_round(history)
    (held,) = rounds([each for each in counted(history.log) if each.stream == resolution])
    assert (held.conflicts, held.later) == ((), ("ann",))


def test_the_oracle_reads_a_round_after_a_text_that_turned_out_to_say_carried_as_void() -> None:
    history = boards.board()
    resolution = StreamId(boards.table(history))
    today = PartialDate("2024-01-01")
    told = history.record(resolution, OutcomeRecorded(decided_on=today, outcome=OutcomeWord.LOST))
    boards.vote(history, resolution, ann=Ballot.FOR)
    history.record(resolution, FactCorrected(event=told.id, field="outcome", value="carried"))
    assert rounds([each for each in counted(history.log) if each.stream == resolution]) == []
