"""Scored votes over options: rule 25, from the ballots to the act that an option authorises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlog.domain.authority import ActOf, Amount, Flaw, judge
from govlog.domain.commitment import Taken
from govlog.domain.correctable import correctable
from govlog.domain.events.body import ActKind, Rules, SeatRole, TieRule
from govlog.domain.events.resolution import (
    Authorises,
    ConflictDeclared,
    ItemKind,
    Minuted,
    Option,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionCarried,
    ResolutionTabled,
    Score,
    VoteCast,
)
from govlog.domain.resolution import (
    Mismatch,
    annul_resolution,
    cast_vote,
    declare_conflict,
    explain,
    minute_outcome,
    record_outcome,
    table_resolution,
)
from govlog.domain.resolution.balloting import NoBallot, WrongBallot, WrongScore
from govlog.domain.resolution.minutes import NoSuchOption
from govlog.domain.resolution.tabling import AuthorisesNothing, WrongOptions
from govlog.domain.resolution.undoing import NotDecisive
from govlog.domain.scoring import choose
from govlog.domain.values import Ballot, Key, Reference, Span, StreamId
from govlog.domain.voting import Explanation
from tests.domain.board import BOARD, board, cast, close, day, open_vote, resolution, seat, text
from tests.domain.given import History
from tests.domain.test_correcting import correct, say

NORTH, SOUTH, WEST = (Key(each) for each in ("north", "south", "west"))
OPTIONS = tuple(Option(each, text(each)) for each in (NORTH, SOUTH, WEST))
PLAN = "resolution:plan"
FIRST = "2024-01-01"


def tabled(*options: Option, **more: Any) -> History:
    history = board(**more)
    put(history, options=options or OPTIONS)
    return history


def put(history: History, **more: Any) -> None:
    fact = ResolutionTabled(
        decided_on=day(FIRST), body=BOARD, title=text(), **{"kind": ItemKind.DECISION, **more}
    )
    history.when(table_resolution, PLAN, fact)


def score(history: History, seat: str, **scores: int | None) -> None:
    told = tuple(Score(Key(option), each) for option, each in scores.items())
    fact = VoteCast(decided_on=day(FIRST), seat=Key(seat), ballot=Ballot.SCORED, scores=told)
    history.when(cast_vote, PLAN, fact, person=f"party:{seat}")


def scored(history: History, **ballots: Mapping[str, int | None]) -> Explanation:
    """A whole round of scored ballots, counted and explained."""
    open_vote(history, PLAN)
    for name, scores in ballots.items():
        score(history, name, **scores)
    close(history, PLAN)
    return explain(resolution(history, PLAN)).rounds[-1]


def sums(found: Explanation) -> dict[str, int]:
    return {each.option: each.sum for each in found.sums}


# Rule 25: the count


def test_a_scored_vote_carries_the_option_with_the_highest_sum_above_0() -> None:
    found = scored(tabled(), chair={"north": 3}, ann={"north": 2, "south": 4})
    assert (found.word, found.option, found.reason) == (OutcomeWord.CARRIED, NORTH, "highest_sum")
    assert sums(found) == {"north": 5, "south": 4, "west": 0}


def test_no_option_carries_without_a_sum_above_0() -> None:
    found = scored(tabled(), chair={"north": -3, "south": 0}, ann={"north": 3})
    assert (found.word, found.option) == (OutcomeWord.LOST, None)
    assert found.reason == "no_sum_above_zero"


def test_blank_counts_0_whether_it_is_left_out_or_left_open() -> None:
    found = scored(tabled(), chair={"north": None, "south": 2}, ann={"south": 1})
    assert sums(found) == {"north": 0, "south": 3, "west": 0}


def test_a_tie_goes_to_the_option_the_chair_scored_higher() -> None:
    found = scored(tabled(), chair={"north": 5, "south": 1}, ann={"south": 4})
    assert (found.option, found.reason, found.tied) == (NORTH, "casting_vote", True)
    assert [each.by_presiding for each in found.sums] == [5, 1, 0]


def test_a_blank_of_the_chair_is_higher_than_a_score_below_0() -> None:
    found = scored(tabled(), chair={"south": -1}, ann={"north": 4, "south": 5})
    assert (found.option, found.reason) == (NORTH, "casting_vote")


@pytest.mark.parametrize("chair", [{"north": 2, "south": 2}, None])
def test_a_tie_on_which_the_chair_scored_alike_or_not_at_all_is_lost(
    chair: dict[str, int] | None,
) -> None:
    ballots = {"ann": {"north": 3, "south": 3}, "bo": {"north": 0}}
    found = scored(tabled(), **ballots, **({"chair": chair} if chair else {}))
    assert (found.word, found.option, found.reason) == (OutcomeWord.LOST, None, "tie")


def test_of_three_tied_options_the_chair_must_score_one_above_the_others() -> None:
    alike = {"north": 2, "south": 2, "west": 1}
    others = {"north": 1, "south": 1, "west": 2}
    assert scored(tabled(), chair=alike, ann=others).reason == "tie"
    assert scored(tabled(), chair={**alike, "west": 2}, ann={**others, "west": 1}).reason == "tie"
    liked = {"north": 3, "south": 2, "west": 1}
    assert scored(tabled(), chair=liked, ann={"south": 1, "west": 2}).option == NORTH


def test_where_the_rules_give_no_casting_vote_a_tie_of_sums_is_lost() -> None:
    history = tabled(rules=Rules(version="r", tie=TieRule.LOST))
    found = scored(history, chair={"north": 5, "south": 1}, ann={"south": 4})
    assert (found.word, found.reason) == (OutcomeWord.LOST, "tie")


def test_an_inquorate_scored_vote_lapses_whatever_the_sums_are() -> None:
    found = scored(tabled(), chair={"north": 10})
    assert (found.word, found.option) == (OutcomeWord.LAPSED, None)


def test_whoever_scores_is_present_and_whoever_abstains_scores_nothing() -> None:
    history = tabled()
    open_vote(history, PLAN)
    score(history, "ann", north=2)
    cast(history, PLAN, chair=Ballot.ABSTAIN)
    close(history, PLAN)
    (found,) = explain(resolution(history, PLAN)).rounds
    assert (found.present, found.counts.scored, found.counts.abstain) == (2, 1, 1)
    tally = {each.seat: (each.counted, each.scores) for each in found.seats}
    assert tally[Key("ann")] == (True, (Score(NORTH, 2),))
    assert tally[Key("chair")] == (False, ())


def test_a_conflict_removes_the_scores_too() -> None:
    history = tabled()
    open_vote(history, PLAN)
    for name, scores in (("chair", {"north": 1}), ("ann", {"south": 9}), ("bo", {"north": 1})):
        score(history, name, **scores)
    history.when(declare_conflict, PLAN, ConflictDeclared(decided_on=day(FIRST), seat=Key("ann")))
    close(history, PLAN)
    (found,) = explain(resolution(history, PLAN)).rounds
    assert (found.option, sums(found)["south"], found.conflicts) == (NORTH, 0, ("ann",))


# Ballots


def test_options_are_scored_and_a_plain_resolution_is_voted_for_or_against() -> None:
    history = tabled()
    open_vote(history, PLAN)
    for weighing in (Ballot.FOR, Ballot.AGAINST):
        with pytest.raises(WrongBallot):
            cast(history, PLAN, ann=weighing)
    cast(history, PLAN, ann=Ballot.ABSTAIN, bo=Ballot.NOT_VOTING, cy=Ballot.ABSENT)
    history = board()
    put(history)
    open_vote(history, PLAN)
    with pytest.raises(WrongBallot):
        score(history, "ann")


@pytest.mark.parametrize(
    "scores",
    [
        (Score(Key("east"), 1),),
        (Score(NORTH, 1), Score(NORTH, 2)),
        (Score(NORTH, 11),),
        (Score(NORTH, -11),),
    ],
)
def test_an_option_is_scored_once_from_minus_10_to_10(scores: tuple[Score, ...]) -> None:
    history = tabled()
    open_vote(history, PLAN)
    fact = VoteCast(decided_on=day(FIRST), seat=Key("ann"), ballot=Ballot.SCORED, scores=scores)
    with pytest.raises(WrongScore):
        history.decide(cast_vote, PLAN, fact, person="party:ann")


def test_scores_go_with_a_scored_ballot_only() -> None:
    history = tabled()
    open_vote(history, PLAN)
    fact = VoteCast(
        decided_on=day(FIRST), seat=Key("ann"), ballot=Ballot.ABSTAIN, scores=(Score(NORTH, 1),)
    )
    with pytest.raises(WrongScore):
        history.decide(cast_vote, PLAN, fact, person="party:ann")


def test_the_last_scores_of_a_seat_count_and_a_new_round_begins_without_any() -> None:
    history = tabled()
    open_vote(history, PLAN)
    score(history, "ann", north=9)
    score(history, "ann", south=-9)
    score(history, "chair", south=1)
    close(history, PLAN)
    assert sums(explain(resolution(history, PLAN)).rounds[0])["north"] == 0
    found = scored(history, chair={"west": 2}, ann={})
    assert (found.round, found.option, sums(found)) == (
        2,
        WEST,
        {"north": 0, "south": 0, "west": 2},
    )
    assert resolution(history, PLAN).rounds[0].scores[Key("ann")] == (Score(SOUTH, -9),)


def test_a_member_whose_alternate_is_seated_scores_nothing() -> None:
    history = tabled()
    seat(history, "dan", SeatRole.ALTERNATE, alternate_for="ann")
    open_vote(history, PLAN, alternates=(Key("dan"),))
    with pytest.raises(NoBallot):
        score(history, "ann", north=1)


# What an option carries


def test_options_are_told_apart_and_authorise_only_in_a_decision() -> None:
    with pytest.raises(WrongOptions):
        tabled(OPTIONS[0], OPTIONS[0])
    acts = (Authorises(ActKind.COMMISSION),)
    with pytest.raises(AuthorisesNothing):
        put(board(), kind=ItemKind.DISCUSSION, options=(Option(NORTH, text(), acts),))


def test_only_the_option_that_carried_authorises_its_acts() -> None:
    acts = {each: StreamId(f"product:{each}") for each in (NORTH, SOUTH)}
    history = tabled(
        *(
            Option(each, text(), (Authorises(ActKind.COMMISSION, product),))
            for each, product in acts.items()
        )
    )
    scored(history, chair={"north": 3}, ann={"south": 1})
    flaws = {
        each: judge(commission(product), history.facts()).flaw for each, product in acts.items()
    }
    assert flaws == {NORTH: Flaw.NO_MANDATE, SOUTH: Flaw.NOT_AUTHORISED}


def commission(product: StreamId) -> ActOf:
    today = Span(*[History().at(FIRST).given().recorded_on] * 2)
    taken = Taken(
        fact="product:x@1",
        decided=today,
        index=100,
        resolution=StreamId(PLAN),
        worded=False,
        imported=False,
        effective=None,
        notified=None,
    )
    return ActOf(ActKind.COMMISSION, product, Amount(), taken)


def test_a_consensus_names_the_option_agreed_on() -> None:
    history = tabled()
    everybody = tuple(Key(each) for each in ("chair", "ann", "bo"))
    for option in (None, Key("east")):
        fact = OutcomeMinuted(
            decided_on=day(FIRST), manner=Minuted.CONSENSUS, present=everybody, option=option
        )
        with pytest.raises(NoSuchOption):
            history.decide(minute_outcome, PLAN, fact)
    fact = OutcomeMinuted(
        decided_on=day(FIRST), manner=Minuted.CONSENSUS, present=everybody, option=SOUTH
    )
    history.when(minute_outcome, PLAN, fact)
    outcome = resolution(history, PLAN).outcome
    assert outcome is not None
    assert outcome.option == SOUTH


def test_a_source_that_says_another_option_than_its_ballots_is_flagged_and_not_repaired() -> None:
    history = tabled()
    open_vote(history, PLAN)
    score(history, "chair", north=2)
    score(history, "ann", south=1)
    fact = OutcomeRecorded(
        decided_on=day(FIRST), outcome=OutcomeWord.CARRIED, option=SOUTH, vote_shown=True
    )
    history.when(record_outcome, PLAN, fact, importing=True)
    state = resolution(history, PLAN)
    assert state.outcome is not None
    assert state.outcome.option == SOUTH
    assert explain(state).mismatches == (Mismatch.OUTCOME,)


def test_a_conflict_shown_later_is_decisive_where_another_option_would_have_carried() -> None:
    def vote(conflicted: int) -> History:
        history = tabled()
        scored(history, chair={"north": 2}, ann={"south": conflicted}, bo={"north": 1})
        conflict = ConflictDeclared(decided_on=day(FIRST), seat=Key("ann"))
        history.when(declare_conflict, PLAN, conflict)
        return history

    fact = ResolutionAnnulled(
        decided_on=day(FIRST), ground="conflicted_vote", ruling=Reference("a ruling")
    )
    with pytest.raises(NotDecisive):
        vote(1).decide(annul_resolution, PLAN, fact)
    vote(9).decide(annul_resolution, PLAN, fact)


def test_an_approved_correction_of_scores_derives_anew_which_option_carried() -> None:
    history = tabled()
    scored(history, chair={"north": 2}, ann={"north": 1}, bo={"south": 2})
    cast = next(
        each
        for each in history.log
        if getattr(each.fact, "seat", None) == "bo" and isinstance(each.fact, VoteCast)
    )
    correction = correct(history, cast, "scores", [{"option": "south", "score": 9}])
    before = resolution(history, PLAN).outcome
    say(history, correction)
    after = resolution(history, PLAN).outcome
    assert before is not None
    assert after is not None
    assert (before.option, after.option) == (NORTH, SOUTH)


def test_the_option_that_a_source_says_carried_can_be_corrected_and_a_counted_one_cannot() -> None:
    assert "option" in correctable(OutcomeRecorded)
    assert "option" not in correctable(ResolutionCarried)


# Properties

_SCORES = st.dictionaries(
    st.sampled_from((NORTH, SOUTH, WEST)), st.one_of(st.none(), st.integers(-10, 10))
)
_BALLOTS = st.dictionaries(st.sampled_from([Key(f"s{n}") for n in range(5)]), _SCORES)


def told(ballots: Mapping[Key, Mapping[Key, int | None]]) -> dict[Key, tuple[Score, ...]]:
    return {
        name: tuple(Score(option, each) for option, each in scores.items())
        for name, scores in ballots.items()
    }


@given(ballots=_BALLOTS, breaks=st.booleans())
def test_what_is_chosen_has_the_highest_sum_and_it_is_above_0(
    ballots: dict[Key, dict[Key, int | None]], breaks: bool
) -> None:
    found = choose((NORTH, SOUTH, WEST), told(ballots), Key("s0"), chair_breaks_ties=breaks)
    sums = {each.option: each.sum for each in found.sums}
    highest = max(sums.values())
    leading = {option for option, each in sums.items() if each == highest > 0}
    assert found.tied == (len(leading) > 1)
    assert found.option in leading or (found.option is None and (found.tied or not leading))
    assert not (found.tied and found.option and not breaks)


@given(ballots=_BALLOTS)
def test_a_blank_and_a_0_are_the_same_and_the_order_of_options_does_not_matter(
    ballots: dict[Key, dict[Key, int | None]],
) -> None:
    zeros = {
        name: {option: each or 0 for option, each in scores.items()}
        for name, scores in ballots.items()
    }
    one = choose((NORTH, SOUTH, WEST), told(ballots), Key("s0"), chair_breaks_ties=True)
    other = choose((WEST, SOUTH, NORTH), told(zeros), Key("s0"), chair_breaks_ties=True)
    assert (one.option, one.tied) == (other.option, other.tied)
