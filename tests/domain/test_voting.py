"""The count alone: rules 23 to 26 by example and by property."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlog.domain.events.body import Majority, QuorumOf, Rules, TieRule
from govlog.domain.events.resolution import Counts, Minuted, OutcomeWord, RollFixed, RollSeat
from govlog.domain.values import Ballot, Key, StreamId
from govlog.domain.voting import Explanation, count, minuted

CARRIED, LOST, LAPSED = OutcomeWord.CARRIED, OutcomeWord.LOST, OutcomeWord.LAPSED
FOR, AGAINST, ABSTAIN = Ballot.FOR, Ballot.AGAINST, Ballot.ABSTAIN
RECUSED, ABSENT, NOT_VOTING = Ballot.RECUSED, Ballot.ABSENT, Ballot.NOT_VOTING


def roll(
    members: int = 4,
    *,
    observers: int = 0,
    presiding: str | None = "s0",
    quorum: QuorumOf = QuorumOf.AT_LEAST_HALF,
    majority: Majority = Majority.SIMPLE,
    tie: TieRule = TieRule.CHAIR,
    recused_count_as_present: bool = False,
) -> RollFixed:
    seats = [RollSeat(Key(f"s{n}"), StreamId(f"party:p{n}")) for n in range(members)]
    seats += [RollSeat(Key(f"o{n}"), StreamId(f"party:o{n}"), False) for n in range(observers)]
    return RollFixed(
        round=1,
        seats=tuple(seats),
        presiding=Key(presiding) if presiding else None,
        rules=Rules(
            version="v1",
            quorum=quorum,
            majority=majority,
            tie=tie,
            recused_count_as_present=recused_count_as_present,
        ),
    )


def counted(on: RollFixed, *ballots: Ballot | None, conflicts: tuple[str, ...] = ()) -> Explanation:
    cast = {Key(f"s{n}"): each for n, each in enumerate(ballots) if each is not None}
    return count(on, cast, [Key(each) for each in conflicts])


@pytest.mark.parametrize(
    ("members", "quorum", "needed"),
    [
        (4, QuorumOf.AT_LEAST_HALF, 2),
        (5, QuorumOf.AT_LEAST_HALF, 3),
        (4, QuorumOf.MORE_THAN_HALF, 3),
        (5, QuorumOf.MORE_THAN_HALF, 3),
        (6, QuorumOf.TWO_THIRDS, 4),
        (7, QuorumOf.TWO_THIRDS, 5),
        (9, QuorumOf.NONE, 0),
    ],
)
def test_the_quorum_is_the_smallest_number_of_present_that_meets_the_share(
    members: int, quorum: QuorumOf, needed: int
) -> None:
    on = roll(members, quorum=quorum)
    assert counted(on).quorum_needed == needed
    assert counted(on, *[FOR] * needed).quorum_met
    assert needed == 0 or counted(on, *[FOR] * (needed - 1)).word is LAPSED


def test_at_least_half_is_met_by_exactly_half() -> None:
    found = counted(roll(4), FOR, FOR)
    assert (found.present, found.seated, found.quorum_met, found.word) == (2, 4, True, CARRIED)


def test_quorum_is_measured_against_all_seated_on_the_roll_and_not_against_those_who_came() -> None:
    assert counted(roll(6), FOR, FOR).word is LAPSED


def test_abstaining_and_not_voting_are_present() -> None:
    found = counted(roll(4), FOR, ABSTAIN, NOT_VOTING)
    assert (found.present, found.word) == (3, CARRIED)


def test_no_ballot_is_absent_and_absent_is_not_present() -> None:
    found = counted(roll(4), FOR, ABSENT)
    assert (found.present, found.counts.absent, found.word) == (1, 3, LAPSED)


def test_a_recused_member_is_not_present_unless_the_rule_says_so() -> None:
    assert counted(roll(4), FOR, RECUSED).word is LAPSED
    assert counted(roll(4, recused_count_as_present=True), FOR, RECUSED).word is CARRIED


def test_a_recused_member_never_leaves_the_roll() -> None:
    found = counted(roll(4), FOR, RECUSED, RECUSED)
    assert (found.seated, found.quorum_needed, found.word) == (4, 2, LAPSED)


def test_observers_never_count() -> None:
    on = roll(4, observers=3)
    found = count(on, {Key("s0"): FOR, Key("o0"): AGAINST, Key("o1"): AGAINST})
    assert (found.seated, found.present, found.counts.against) == (4, 1, 0)
    assert [each.seat for each in found.seats if not each.votes] == ["o0", "o1", "o2"]


def test_simple_majority_is_more_for_than_against_whatever_the_others_do() -> None:
    found = counted(roll(5), FOR, ABSTAIN, ABSTAIN, NOT_VOTING, ABSTAIN)
    assert (found.word, found.reason) == (CARRIED, "majority")
    found = counted(roll(5), AGAINST, AGAINST, FOR)
    assert (found.word, found.reason) == (LOST, "no_majority")


def test_two_thirds_is_at_least_two_thirds_of_those_present_and_entitled() -> None:
    on = roll(6, majority=Majority.TWO_THIRDS_PRESENT)
    exactly = counted(on, FOR, FOR, FOR, FOR, AGAINST, ABSTAIN)
    assert (exactly.entitled, exactly.word, exactly.reason) == (6, CARRIED, "two_thirds")
    below = counted(on, FOR, FOR, FOR, ABSTAIN, NOT_VOTING)
    assert (below.entitled, below.word, below.reason) == (5, LOST, "below_two_thirds")


def test_a_recused_member_is_not_entitled_even_where_it_counts_towards_the_quorum() -> None:
    on = roll(3, majority=Majority.TWO_THIRDS_PRESENT, recused_count_as_present=True)
    found = counted(on, FOR, FOR, RECUSED)
    assert (found.present, found.entitled, found.word) == (3, 2, CARRIED)


def test_two_thirds_of_nobody_carries_nothing() -> None:
    on = roll(3, majority=Majority.TWO_THIRDS_PRESENT, quorum=QuorumOf.NONE)
    assert counted(on).word is LOST


def test_on_a_tie_the_casting_vote_belongs_to_the_one_presiding() -> None:
    won = counted(roll(4), FOR, AGAINST)
    assert (won.word, won.reason, won.tied, won.casting_vote) == (
        CARRIED,
        "casting_vote",
        True,
        FOR,
    )
    lost = counted(roll(4), AGAINST, FOR)
    assert (lost.word, lost.reason, lost.casting_vote) == (LOST, "casting_vote", AGAINST)


def test_the_one_presiding_is_whom_the_roll_names_and_need_not_be_the_first_seat() -> None:
    assert counted(roll(4, presiding="s1"), FOR, AGAINST).word is LOST


@pytest.mark.parametrize("chairs", [ABSTAIN, NOT_VOTING, RECUSED, ABSENT, None])
def test_a_tie_on_which_the_one_presiding_cast_neither_is_lost(chairs: Ballot | None) -> None:
    found = counted(roll(5), chairs, FOR, AGAINST, ABSTAIN, ABSTAIN)
    assert (found.word, found.reason, found.casting_vote) == (LOST, "tie", None)


def test_nil_nil_is_a_tie_and_lost() -> None:
    found = counted(roll(2), ABSTAIN, ABSTAIN)
    assert (found.word, found.reason, found.tied) == (LOST, "tie", True)


def test_without_anybody_presiding_a_tie_is_lost() -> None:
    assert counted(roll(2, presiding=None), FOR, AGAINST).word is LOST


def test_where_the_rules_give_no_casting_vote_a_tie_is_lost() -> None:
    found = counted(roll(2, tie=TieRule.LOST), FOR, AGAINST)
    assert (found.word, found.reason) == (LOST, "tie")


def test_an_inquorate_vote_lapses_even_if_all_who_came_were_for_it() -> None:
    found = counted(roll(5), FOR, FOR)
    assert (found.word, found.reason) == (LAPSED, "inquorate")


def test_a_conflict_declared_before_the_count_removes_the_ballot() -> None:
    found = counted(roll(3), FOR, FOR, AGAINST, conflicts=("s0",))
    assert found.counts == Counts(for_=1, against=1, recused=1)
    assert (found.conflicts, found.word) == (("s0",), LOST)


def test_a_conflict_of_the_chair_takes_the_casting_vote_away() -> None:
    found = counted(roll(3), FOR, FOR, AGAINST, conflicts=("s0",))
    assert (found.tied, found.casting_vote, found.reason) == (True, None, "tie")


def test_a_conflict_does_not_make_an_absent_member_present() -> None:
    on = roll(2, recused_count_as_present=True, quorum=QuorumOf.TWO_THIRDS)
    assert counted(on, FOR, ABSENT, conflicts=("s1",)).word is LAPSED


def test_the_explanation_says_who_counted_and_by_which_rules() -> None:
    found = counted(roll(4, observers=1), FOR, ABSTAIN, None, RECUSED)
    assert [(each.seat, each.ballot, each.present, each.counted) for each in found.seats] == [
        ("s0", FOR, True, True),
        ("s1", ABSTAIN, True, False),
        ("s2", ABSENT, False, False),
        ("s3", RECUSED, False, False),
        ("o0", ABSENT, False, False),
    ]
    assert (found.rule_version, found.tie_rule, found.presiding) == ("v1", TieRule.CHAIR, "s0")


def test_consensus_and_the_written_procedure_need_the_same_quorum() -> None:
    present = [Key("s0"), Key("s1")]
    agreed = minuted(roll(4), present, (), Minuted.CONSENSUS, CARRIED)
    assert (agreed.word, agreed.reason, agreed.present) == (CARRIED, "consensus", 2)
    written = minuted(roll(5), present, (), Minuted.WRITTEN, CARRIED)
    assert (written.word, written.reason) == (LAPSED, "inquorate")


def test_a_conflicted_member_does_not_make_up_the_quorum_of_a_consensus() -> None:
    present = [Key("s0"), Key("s1")]
    assert minuted(roll(4), present, [Key("s1")], Minuted.CONSENSUS, CARRIED).word is LAPSED


# Properties

Vote = tuple[RollFixed, dict[Key, Ballot]]

_rolls = st.builds(
    roll,
    st.integers(1, 9),
    observers=st.integers(0, 3),
    presiding=st.sampled_from(["s0", "o0", None]),
    quorum=st.sampled_from(QuorumOf),
    majority=st.sampled_from(Majority),
    tie=st.sampled_from(TieRule),
    recused_count_as_present=st.booleans(),
)


@st.composite
def _votes(draw: st.DrawFn) -> Vote:
    on = draw(_rolls)
    keys = [each.seat for each in on.seats]
    return on, draw(st.dictionaries(st.sampled_from(keys), st.sampled_from(Ballot)))


def _ballots_of_members(on: RollFixed, ballots: Mapping[Key, Ballot]) -> dict[Key, Ballot]:
    members = {each.seat for each in on.seats if each.votes}
    return {seat: ballot for seat, ballot in ballots.items() if seat in members}


@given(_votes(), st.randoms(use_true_random=False))
def test_who_cast_which_ballot_matters_for_the_one_presiding_only(
    vote: Vote, random: Random
) -> None:
    on, ballots = vote
    movable = [seat for seat in _ballots_of_members(on, ballots) if seat != on.presiding]
    dealt = list(movable)
    random.shuffle(dealt)
    swapped = dict(ballots) | {to: ballots[from_] for to, from_ in zip(movable, dealt, strict=True)}
    before, after = count(on, ballots), count(on, swapped)
    assert (before.word, before.reason, before.counts) == (after.word, after.reason, after.counts)


@given(_votes(), st.sampled_from(Ballot))
def test_an_observer_never_matters(vote: Vote, ballot: Ballot) -> None:
    on, ballots = vote
    observers = {each.seat: ballot for each in on.seats if not each.votes}
    alone = _ballots_of_members(on, ballots)
    with_them, without = count(on, alone | observers), count(on, alone)
    assert (with_them.word, with_them.counts) == (without.word, without.counts)


@given(_votes())
def test_a_vote_against_that_was_an_abstention_never_carries_what_was_not(vote: Vote) -> None:
    on, ballots = vote
    for seat, ballot in _ballots_of_members(on, ballots).items():
        if ballot is ABSTAIN and count(on, ballots).word is not CARRIED:
            assert count(on, dict(ballots) | {seat: AGAINST}).word is not CARRIED


@given(_votes())
def test_a_further_vote_against_carries_something_only_by_making_the_quorum(vote: Vote) -> None:
    on, ballots = vote
    for seat in (each.seat for each in on.seats if each.votes):
        before = count(on, ballots)
        after = count(on, dict(ballots) | {seat: AGAINST})
        if ballots.get(seat) in (None, ABSENT) and after.word is CARRIED:
            assert before.word is CARRIED or not before.quorum_met


@given(_votes())
def test_a_vote_for_never_loses_what_had_carried(vote: Vote) -> None:
    on, ballots = vote
    for seat in (each.seat for each in on.seats if each.votes):
        if count(on, ballots).word is CARRIED:
            assert count(on, dict(ballots) | {seat: FOR}).word is CARRIED


@given(_votes())
def test_the_counts_add_up_to_the_seats_that_vote(vote: Vote) -> None:
    on, ballots = vote
    found = count(on, ballots)
    each = found.counts
    total = sum(getattr(each, name) for name in each.__struct_fields__)
    assert total == found.seated == sum(seat.votes for seat in on.seats)


@given(_votes())
def test_whatever_carries_is_quorate_and_somebody_was_for_it(vote: Vote) -> None:
    found = count(*vote)
    if found.word is CARRIED:
        assert found.quorum_met
        assert found.counts.for_ >= 1
    assert (found.word is LAPSED) is (not found.quorum_met)
