"""Outcomes without ballots: consensus, written procedure, and what historical sources say."""

from __future__ import annotations

from typing import Any

import pytest

from govlog.domain.events.body import Rules, SeatRole
from govlog.domain.events.resolution import (
    ConflictDeclared,
    Counts,
    Minuted,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    RollFixed,
    RollSeat,
)
from govlog.domain.resolution import (
    Mismatch,
    Proof,
    declare_conflict,
    explain,
    minute_outcome,
    record_outcome,
)
from govlog.domain.resolution.balloting import NotOnRoll
from govlog.domain.resolution.minutes import (
    HistoricalOnly,
    QuorumSaysOtherwise,
    RollIsMade,
)
from govlog.domain.resolution.tabling import IsDecided, VotingIsOpen
from govlog.domain.values import Ballot, Key, Reference, StreamId
from tests.domain.board import (
    AGAINST,
    BOARD,
    FOR,
    agree,
    board,
    carried,
    cast,
    day,
    open_vote,
    outcome_of,
    resolution,
    seat,
    table,
    vote,
)
from tests.domain.given import History

CARRIED, LOST, LAPSED = OutcomeWord.CARRIED, OutcomeWord.LOST, OutcomeWord.LAPSED


def minutes(*present: str, **more: Any) -> OutcomeMinuted:
    more.setdefault("manner", Minuted.CONSENSUS)
    return OutcomeMinuted(
        decided_on=day("2024-01-01"), present=tuple(Key(each) for each in present), **more
    )


def source(outcome: OutcomeWord = CARRIED, **more: Any) -> OutcomeRecorded:
    return OutcomeRecorded(decided_on=day("2020-01-01"), outcome=outcome, **more)


@pytest.mark.parametrize("manner", list(Minuted))
def test_a_minuted_outcome_keeps_its_roll_and_who_took_part(manner: Minuted) -> None:
    history = board()
    stream = table(history)
    agree(history, stream, "chair", "ann", manner=manner)
    state, outcome = resolution(history, stream), outcome_of(history, stream)
    assert (outcome.word, outcome.proof, outcome.reason) == (
        CARRIED,
        Proof.MINUTES,
        manner.value,
    )
    (explained,) = explain(state).rounds
    assert (explained.present, explained.seated, explained.rule_version) == (2, 4, "bylaws")


def test_an_inquorate_consensus_carries_nothing() -> None:
    history = board()
    stream = table(history)
    with pytest.raises(QuorumSaysOtherwise) as refusal:
        history.decide(minute_outcome, stream, minutes("chair"))
    assert refusal.value.values["quorum_needed"] == 2
    history.when(minute_outcome, stream, minutes("chair", outcome=LAPSED))
    assert outcome_of(history, stream).word is LAPSED


def test_a_quorate_meeting_does_not_lapse() -> None:
    history = board()
    with pytest.raises(QuorumSaysOtherwise):
        history.decide(minute_outcome, table(history), minutes("chair", "ann", outcome=LAPSED))


def test_a_meeting_may_agree_against_a_proposal() -> None:
    history = board()
    stream = table(history)
    history.when(minute_outcome, stream, minutes("chair", "ann", outcome=LOST))
    assert outcome_of(history, stream).word is LOST


def test_an_alternate_who_took_part_sits_in_for_an_absent_member() -> None:
    history = board()
    seat(history, "alt", SeatRole.ALTERNATE, alternate_for="ann")
    stream = table(history)
    agree(history, stream, "chair", "alt")
    votes = {each.seat: each.votes for each in resolution(history, stream).rounds[0].roll.seats}
    assert (votes[Key("ann")], votes[Key("alt")]) == (False, True)
    with pytest.raises(NotOnRoll):
        history.decide(minute_outcome, table(history, "other"), minutes("ann", "alt", "bo"))


def test_only_who_is_on_the_roll_took_part() -> None:
    history = board()
    with pytest.raises(NotOnRoll):
        history.decide(minute_outcome, table(history), minutes("chair", "ann", "stranger"))


def test_who_declared_a_conflict_does_not_make_up_the_quorum() -> None:
    history = board()
    stream = table(history)
    conflict = ConflictDeclared(decided_on=day("2024-01-01"), seat=Key("ann"))
    history.when(declare_conflict, stream, conflict)
    with pytest.raises(QuorumSaysOtherwise):
        history.decide(minute_outcome, stream, minutes("chair", "ann"))


def test_a_round_with_ballots_ends_with_its_count_and_not_with_minutes() -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    with pytest.raises(VotingIsOpen):
        history.decide(minute_outcome, stream, minutes("chair", "ann"))


def test_what_carried_is_not_minuted_again() -> None:
    history = board()
    with pytest.raises(IsDecided):
        history.decide(minute_outcome, carried(history), minutes("chair", "ann"))


def test_live_minutes_do_not_bring_their_own_roll() -> None:
    history = board()
    own = RollFixed(
        round=1,
        seats=(RollSeat(Key("me"), StreamId("party:me")),),
        presiding=None,
        rules=Rules(version="mine"),
    )
    with pytest.raises(RollIsMade):
        history.decide(minute_outcome, table(history), minutes("me", roll=own))


def test_an_import_minutes_a_decision_of_a_body_whose_seats_nobody_recorded() -> None:
    history = board(seats=())
    for name, evidence, proof in (
        ("shown", (Reference("minutes.pdf"),), Proof.SOURCE),
        ("said", (), Proof.TEXT),
    ):
        stream = table(history, name)
        history.when(minute_outcome, stream, minutes(evidence=evidence), importing=True)
        state, outcome = resolution(history, stream), outcome_of(history, stream)
        assert (outcome.word, outcome.proof, state.rounds) == (CARRIED, proof, ())


def test_an_imported_consensus_without_quorum_is_flagged_and_not_repaired() -> None:
    history = board()
    stream = table(history)
    history.when(minute_outcome, stream, minutes("chair"), importing=True)
    assert outcome_of(history, stream).word is CARRIED
    assert explain(resolution(history, stream)).mismatches == (Mismatch.OUTCOME,)


# Rules 16 and 28: historical outcomes


def historical(outcome: OutcomeRecorded) -> tuple[History, str]:
    history = board()
    stream = table(history)
    history.when(record_outcome, stream, outcome, importing=True)
    return history, stream


def test_a_historical_outcome_is_recorded_in_imports_only() -> None:
    history = board()
    with pytest.raises(HistoricalOnly) as refusal:
        history.decide(record_outcome, table(history), source())
    assert refusal.value.rule == 16


def test_a_historical_outcome_is_stored_as_recorded() -> None:
    for shown, proof in ((True, Proof.SOURCE), (False, Proof.TEXT)):
        history, stream = historical(source(vote_shown=shown, counts=Counts(for_=3)))
        outcome = outcome_of(history, stream)
        assert (outcome.word, outcome.proof, outcome.counts) == (CARRIED, proof, Counts(for_=3))


@pytest.mark.parametrize(
    ("outcome", "counts", "flags"),
    [
        (CARRIED, Counts(for_=2, against=3), (Mismatch.OUTCOME,)),
        (LOST, Counts(for_=3, against=2), (Mismatch.OUTCOME,)),
        (CARRIED, Counts(for_=3, against=2), ()),
        (CARRIED, Counts(for_=2, against=2), ()),
        (LOST, Counts(for_=2, against=2), ()),
        (LAPSED, Counts(for_=2), ()),
        (CARRIED, None, ()),
    ],
)
def test_a_mismatch_of_outcome_and_counts_is_flagged_never_repaired(
    outcome: OutcomeWord, counts: Counts | None, flags: tuple[Mismatch, ...]
) -> None:
    history, stream = historical(source(outcome, counts=counts))
    assert outcome_of(history, stream).word is outcome
    assert explain(resolution(history, stream)).mismatches == flags


def test_a_historical_outcome_that_its_own_ballots_contradict_is_flagged() -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    cast(history, stream, chair=AGAINST, ann=AGAINST, bo=Ballot.ABSTAIN)
    recorded = source(CARRIED, counts=Counts(for_=2, abstain=1), vote_shown=True)
    history.when(record_outcome, stream, recorded, importing=True)
    state = resolution(history, stream)
    assert (outcome_of(history, stream).word, state.open_round) == (CARRIED, None)
    assert explain(state).mismatches == (Mismatch.OUTCOME, Mismatch.COUNTS)


def test_what_carried_here_is_not_overwritten_by_a_source() -> None:
    history = board()
    stream = table(history)
    vote(history, stream, chair=FOR, ann=FOR)
    with pytest.raises(IsDecided):
        history.decide(record_outcome, stream, source(LOST), importing=True)
    history.record(stream, source(LOST))
    assert outcome_of(history, stream).word is CARRIED


def test_a_body_is_not_needed_to_be_seated_for_a_historical_outcome() -> None:
    history = board(seats=())
    stream = table(history, body=BOARD)
    history.when(record_outcome, stream, source(), importing=True)
    assert resolution(history, stream).carried
