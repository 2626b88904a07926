"""The authority of acts about money beside the oracle, in every world (rules 15, 17 and 20)."""

from __future__ import annotations

from hypothesis import given

from govlog.domain.authority import Authority
from govlog.domain.tri import MAYBE, NO, YES
from tests.domain.acts import histories, judged, made_up
from tests.domain.given import History
from tests.oracle.grounds import Grounds
from tests.oracle.world import worlds

MOST_WORLDS = 1000


def possible(history: History) -> dict[str, set[bool]]:
    """What the oracle says of every act, in any world."""
    found: dict[str, set[bool]] = {}
    for days in worlds(history.log, [], MOST_WORLDS):
        grounds = Grounds(history.log, days)
        for act in grounds.acts:
            found.setdefault(act.id, set()).add(grounds.authority(act).given)
    return found


def all_of(history: History) -> list[tuple[str, Authority]]:
    return [each for acts in judged(history).values() for each in acts.items()]


@made_up(300)
@given(histories(partial=False))
def test_where_all_dates_are_full_both_judge_alike(history: History) -> None:
    expected = possible(history)
    for fact, authority in all_of(history):
        assert authority.given is (YES if expected[fact] == {True} else NO), fact


@made_up(100)
@given(histories(partial=True))
def test_what_is_judged_for_certain_is_so_in_every_world(history: History) -> None:
    expected = possible(history)
    for fact, authority in all_of(history):
        if authority.given is not MAYBE:
            assert expected[fact] == {authority.given is YES}, fact
