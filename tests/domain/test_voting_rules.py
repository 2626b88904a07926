"""Rules 23 to 28 as DOMAIN says them, where no other test does; OS2's bylaws as data."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from govlog.domain.authority import ActOf, Amount, Flaw, judge
from govlog.domain.body import seat_member
from govlog.domain.body.seats import OneSeatPerOrganisation
from govlog.domain.commitment import Taken
from govlog.domain.events.body import (
    ActKind,
    Majority,
    MemberLeft,
    MemberSeated,
    QuorumOf,
    Rules,
    SeatRole,
    TieRule,
)
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.resolution import (
    Counts,
    ItemKind,
    Option,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionTabled,
    Score,
    VoteCast,
)
from govlog.domain.resolution import Mismatch, cast_vote, explain, record_outcome
from govlog.domain.values import Ballot, Key, Span, StreamId
from tests.domain.board import (
    ABSTAIN,
    AGAINST,
    BOARD,
    FOR,
    board,
    cast,
    close,
    day,
    open_vote,
    person,
    resolution,
    seat,
    table,
    text,
    vote,
)
from tests.domain.given import History

CARRIED, LOST, LAPSED = OutcomeWord.CARRIED, OutcomeWord.LOST, OutcomeWord.LAPSED
FIRST = "2024-01-01"

OS2_BOARD = Rules(
    version="bylaws §6",
    quorum=QuorumOf.AT_LEAST_HALF,
    majority=Majority.SIMPLE,
    tie=TieRule.CHAIR,
    one_seat_per_organisation=True,
)
OS2_ASSEMBLY = Rules(
    version="bylaws §9",
    quorum=QuorumOf.NONE,
    majority=Majority.TWO_THIRDS_PRESENT,
    tie=TieRule.LOST,
)


def word(history: History, stream: str = "resolution:plan") -> OutcomeWord | None:
    outcome = resolution(history, stream).outcome
    return outcome.word if outcome else None


# Rule 23


@pytest.mark.parametrize("ballot", [each for each in Ballot if each is not Ballot.SCORED])
def test_ballots_are_for_against_abstain_recused_absent_or_not_voting(ballot: Ballot) -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    cast(history, stream, ann=ballot)
    close(history, stream)
    (found,) = explain(resolution(history, stream)).rounds
    assert next(each.ballot for each in found.seats if each.seat == "ann") is ballot
    assert getattr(found.counts, {Ballot.FOR: "for_"}.get(ballot, ballot)) >= 1


def test_and_scored_ballots_over_options() -> None:
    history = board()
    options = (Option(Key("a"), text()), Option(Key("b"), text()))
    tabled = ResolutionTabled(
        decided_on=day(FIRST), body=BOARD, kind=ItemKind.DECISION, title=text(), options=options
    )
    history.record("resolution:plan", tabled)
    open_vote(history, "resolution:plan")
    for name in ("chair", "ann"):
        scores = (Score(Key("a"), 10), Score(Key("b"), -10))
        fact = VoteCast(decided_on=day(FIRST), seat=Key(name), ballot=Ballot.SCORED, scores=scores)
        history.when(cast_vote, "resolution:plan", fact, person=f"party:{name}")
    close(history, "resolution:plan")
    (found,) = explain(resolution(history, "resolution:plan")).rounds
    assert ({each.option: each.sum for each in found.sums}, found.option) == (
        {"a": 20, "b": -20},
        "a",
    )


# Rule 24


def test_an_observer_among_many_makes_up_no_quorum_and_no_majority() -> None:
    history = board()
    for name in ("eve", "fay", "gus"):
        seat(history, name, SeatRole.OBSERVER)
    stream = table(history)
    vote(history, stream, chair=FOR)
    (found,) = explain(resolution(history, stream)).rounds
    assert (found.seated, found.present, found.word) == (4, 1, LAPSED)


# Rule 25: OS2's bylaws


def test_os2_s_board_is_quorate_when_at_least_half_of_its_members_are_present() -> None:
    history = board(rules=OS2_BOARD, seats=("chair", "ann", "bo", "cy", "dan", "eva"))
    for name, ballots, expected in (
        ("three", {"chair": FOR, "ann": FOR, "bo": ABSTAIN}, CARRIED),
        ("two", {"chair": FOR, "ann": FOR}, LAPSED),
    ):
        stream = table(history, name)
        vote(history, stream, **ballots)
        assert word(history, stream) is expected


def test_os2_s_board_decides_by_simple_majority_and_the_chair_s_vote_counts_double_on_a_tie() -> (
    None
):
    history = board(rules=OS2_BOARD)
    for name, ballots, expected in (
        ("majority", {"chair": AGAINST, "ann": FOR, "bo": FOR}, CARRIED),
        ("for", {"chair": FOR, "ann": AGAINST}, CARRIED),
        ("against", {"chair": AGAINST, "ann": FOR}, LOST),
        ("neither", {"chair": ABSTAIN, "ann": FOR, "bo": AGAINST}, LOST),
    ):
        stream = table(history, name)
        vote(history, stream, **ballots)
        assert word(history, stream) is expected, name


def test_os2_s_bylaws_change_by_two_thirds_of_those_present_at_the_general_assembly() -> None:
    members = tuple(f"m{number}" for number in range(9))
    history = board(rules=OS2_ASSEMBLY, seats=members)
    for name, against, abstaining, expected in (
        ("exactly", 2, 0, CARRIED),
        ("short", 2, 1, LOST),
    ):
        stream = table(history, name)
        ballots = dict.fromkeys(members[:4], FOR)
        ballots |= dict.fromkeys(members[4 : 4 + against], AGAINST)
        ballots |= dict.fromkeys(members[6 : 6 + abstaining], ABSTAIN)
        vote(history, stream, **ballots)
        assert word(history, stream) is expected, name


def organised(history: History, name: str, role: SeatRole = SeatRole.MEMBER) -> MemberSeated:
    return MemberSeated(
        decided_on=day(FIRST),
        seat=Key(name),
        party=person(history, name),
        role=role,
        organisation=StreamId("party:havn"),
        alternate_for=Key("one") if role is SeatRole.ALTERNATE else None,
    )


def test_where_the_rules_say_so_a_member_organisation_has_one_seat() -> None:
    for rules, refused in ((OS2_BOARD, True), (Rules(version="other"), False)):
        history = board(rules=rules)
        havn = PartyRegistered(decided_on=day(FIRST), kind=PartyKind.ORGANISATION, name="Havn")
        history.record("party:havn", havn)
        history.when(seat_member, BOARD, organised(history, "one"))
        second = organised(history, "two")
        if not refused:
            assert history.decide(seat_member, BOARD, second) == second
            continue
        with pytest.raises(OneSeatPerOrganisation):
            history.decide(seat_member, BOARD, second)
        assert history.decide(seat_member, BOARD, second, importing=True) == second
        history.when(seat_member, BOARD, organised(history, "stand-in", SeatRole.ALTERNATE))
        history.record(BOARD, MemberLeft(decided_on=day(FIRST), seat=Key("one")))
        history.when(seat_member, BOARD, second)


# Rule 26


@dataclass(frozen=True)
class Act:
    resolution: str

    def flaw(self, history: History) -> Flaw:
        taken = Taken(
            fact="product:x@1",
            index=len(history.log),
            decided=Span(history.given().recorded_on, history.given().recorded_on),
            resolution=StreamId(self.resolution),
            worded=False,
            imported=False,
        )
        act = ActOf(ActKind.COMMISSION, StreamId("product:x"), Amount(), taken)
        return judge(act, history.facts()).flaw


def test_an_inquorate_vote_lapses_and_authorises_nothing() -> None:
    history = board()
    stream = table(history)
    vote(history, stream, chair=FOR)
    assert word(history, stream) is LAPSED
    assert Act(stream).flaw(history) is Flaw.NOT_CARRIED


def test_an_inquorate_re_vote_leaves_what_lost_lost_and_what_is_carried_then_authorises() -> None:
    history = board()
    stream = table(history)
    vote(history, stream, chair=AGAINST, ann=AGAINST)
    vote(history, stream, chair=FOR)
    assert word(history, stream) is LOST
    vote(history, stream, chair=FOR, ann=FOR)
    assert [each.outcome.word for each in resolution(history, stream).rounds if each.outcome] == [
        LOST,
        LAPSED,
        CARRIED,
    ]
    assert Act(stream).flaw(history) is Flaw.NO_MANDATE


# Rule 28


def recorded(history: History, stream: str, outcome: OutcomeWord, counts: Counts) -> None:
    fact = OutcomeRecorded(decided_on=day(FIRST), outcome=outcome, counts=counts, vote_shown=True)
    history.when(record_outcome, stream, fact, importing=True)


def test_stated_abstentions_that_disagree_with_the_ballots_are_flagged_never_repaired() -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    cast(history, stream, chair=FOR, ann=FOR, bo=ABSTAIN)
    stated = Counts(for_=2, abstain=2)
    recorded(history, stream, CARRIED, stated)
    state = resolution(history, stream)
    assert state.outcome is not None
    assert state.outcome.counts == stated
    explained = explain(state)
    assert explained.mismatches == (Mismatch.COUNTS,)
    assert explained.rounds[0].counts == Counts(for_=2, abstain=1, absent=1)


@pytest.mark.parametrize(
    ("stated", "flags"),
    [
        (Counts(for_=2), ()),
        (Counts(for_=2, absent=2), ()),
        (Counts(for_=2, absent=1), (Mismatch.COUNTS,)),
        (Counts(for_=1), (Mismatch.COUNTS,)),
    ],
    ids=["blank", "absent", "too few absent", "too few for"],
)
def test_a_blank_count_of_votes_means_0_and_of_the_absent_that_the_source_is_silent(
    stated: Counts, flags: tuple[Mismatch, ...]
) -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    cast(history, stream, chair=FOR, ann=FOR)
    recorded(history, stream, CARRIED, stated)
    assert explain(resolution(history, stream)).mismatches == flags


def test_a_pass_and_a_fail_with_the_same_counts_are_both_kept_as_recorded() -> None:
    history = board()
    counts = Counts(for_=3, against=3)
    for name, outcome in (("pass", CARRIED), ("fail", LOST)):
        stream = table(history, name)
        recorded(history, stream, outcome, counts)
        assert word(history, stream) is outcome
        assert explain(resolution(history, stream)).mismatches == ()


def test_an_outcome_that_its_own_counts_contradict_is_flagged_and_still_authorises() -> None:
    history = board()
    stream = table(history)
    recorded(history, stream, CARRIED, Counts(for_=1, against=4))
    assert explain(resolution(history, stream)).mismatches == (Mismatch.OUTCOME,)
    assert word(history, stream) is CARRIED
    assert Act(stream).flaw(history) is Flaw.NO_MANDATE
