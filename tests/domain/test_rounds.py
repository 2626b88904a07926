"""Rule 26 over whole courses of rounds, postponements and re-votes, as they may come."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govlog.domain.events.resolution import (
    OutcomeWord,
    ResolutionPostponed,
    ResolutionTabledAgain,
)
from govlog.domain.resolution import explain, postpone_resolution, table_again
from govlog.domain.resolution.tabling import IsDecided
from govlog.domain.values import Ballot
from tests.domain.board import SEATS, board, cast, close, day, open_vote, resolution, table

PLAIN = [each for each in Ballot if each is not Ballot.SCORED]
ROUNDS = st.lists(
    st.dictionaries(st.sampled_from(SEATS), st.sampled_from(PLAIN)), min_size=1, max_size=4
)


@given(rounds=ROUNDS, put_off=st.booleans())
@settings(max_examples=40)
def test_a_carried_resolution_takes_no_new_round_and_every_round_keeps_its_ballots(
    rounds: list[dict[str, Ballot]], put_off: bool
) -> None:
    history = board()
    stream = table(history)
    held: list[dict[str, Ballot]] = []
    for ballots in rounds:
        if resolution(history, stream).carried:
            with pytest.raises(IsDecided):
                open_vote(history, stream)
            break
        open_vote(history, stream)
        cast(history, stream, **ballots)
        close(history, stream)
        held.append(ballots)
        if put_off and not resolution(history, stream).carried:
            today = day("2024-01-01")
            history.when(postpone_resolution, stream, ResolutionPostponed(decided_on=today))
            history.when(table_again, stream, ResolutionTabledAgain(decided_on=today))
    state = resolution(history, stream)
    assert [dict(each.ballots) for each in state.rounds] == held
    words = [each.word for each in explain(state).rounds]
    assert OutcomeWord.CARRIED not in words[:-1]
    counting = [each for each in words if each is not OutcomeWord.LAPSED]
    assert state.outcome is not None
    assert state.outcome.word is (counting[-1] if counting else OutcomeWord.LAPSED)
    assert state.postponed is None
