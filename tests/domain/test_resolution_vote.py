"""From the table to the count: rules 23 to 27 as a body lives them."""

from __future__ import annotations

from typing import Any

import pytest

from govlog.domain.body import adopt_rules, seat_member, vacate_seat
from govlog.domain.errors import NotAllowed, NotFound
from govlog.domain.events.body import (
    ActKind,
    MemberLeft,
    MemberSeated,
    QuorumOf,
    Rules,
    RulesAdopted,
    SeatRole,
)
from govlog.domain.events.fact import Fact
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.resolution import (
    Authorises,
    ConflictDeclared,
    Counts,
    ItemKind,
    OutcomeWord,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    ResolutionTabled,
    ResolutionWithdrawn,
    VoteCast,
)
from govlog.domain.party import register_party
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.resolution import (
    FixRoll,
    Proof,
    cast_vote,
    close_voting,
    declare_conflict,
    explain,
    fix_roll,
    table_resolution,
    withdraw_resolution,
)
from govlog.domain.resolution.balloting import (
    IsRecused,
    NoBallot,
    NotOnRoll,
    NotYourSeat,
    VotedLive,
    VotingNotOpen,
)
from govlog.domain.resolution.entitlement import (
    EmptyRoll,
    NotAnAlternate,
    NotSeated,
    UncertainRoll,
)
from govlog.domain.resolution.order import OutOfOrder
from govlog.domain.resolution.roll import RollIsFixed
from govlog.domain.resolution.tabling import (
    AuthorisesNothing,
    IsDecided,
    IsWithdrawn,
    NotItsToUndo,
)
from govlog.domain.values import Ballot, Key, StreamId
from tests.domain.board import (
    ABSTAIN,
    AGAINST,
    BOARD,
    BYLAWS,
    FOR,
    board,
    carried,
    cast,
    close,
    day,
    open_vote,
    outcome_of,
    resolution,
    seat,
    table,
    text,
    vote,
)
from tests.domain.given import History, known

CARRIED, LOST, LAPSED = OutcomeWord.CARRIED, OutcomeWord.LOST, OutcomeWord.LAPSED


def conflict(seat: str) -> ConflictDeclared:
    return ConflictDeclared(decided_on=day("2024-01-01"), seat=Key(seat))


def ballot(seat: str, ballot: Ballot = FOR, when: str = "2024-01-01") -> VoteCast:
    return VoteCast(decided_on=day(when), seat=Key(seat), ballot=ballot)


def on_the_table(**more: Any) -> tuple[History, str]:
    history = board(**more)
    return history, table(history)


def roll(history: History, stream: str = "resolution:plan") -> dict[str, bool]:
    return {each.seat: each.votes for each in resolution(history, stream).rounds[-1].roll.seats}


# Tabling


def test_an_item_is_tabled_before_a_body_that_exists() -> None:
    fact = ResolutionTabled(body=StreamId("body:none"), kind=ItemKind.DECISION, title=text())
    with pytest.raises(UnknownReference):
        board().decide(table_resolution, "resolution:r", fact)


def test_a_resolution_may_authorise_a_product_that_is_yet_to_be_proposed() -> None:
    admission = Authorises(ActKind.ADMISSION, StreamId("product:new"))
    history = board()
    assert resolution(history, table(history, authorises=(admission,))).authorises == (admission,)


@pytest.mark.parametrize("kind", [ItemKind.INFORMATION, ItemKind.DISCUSSION])
def test_information_and_discussion_items_authorise_nothing(kind: ItemKind) -> None:
    with pytest.raises(AuthorisesNothing):
        table(board(), kind=kind, authorises=(Authorises(ActKind.COMMISSION),))


def test_what_is_to_be_superseded_is_in_the_log_and_not_above_the_body() -> None:
    history = board()
    board(body="body:circle", seats=("dan",), history=history, superior=BOARD)
    of_board = carried(history, "of-board")
    with pytest.raises(UnknownReference):
        table(history, supersedes="resolution:none")
    with pytest.raises(NotItsToUndo):
        table(history, "coup", body="body:circle", supersedes=of_board)


def test_an_item_is_withdrawn_before_it_is_decided_and_not_after() -> None:
    history, stream = on_the_table()
    history.when(withdraw_resolution, stream, ResolutionWithdrawn(decided_on=day("2024-01-01")))
    with pytest.raises(IsWithdrawn):
        open_vote(history, stream)
    with pytest.raises(IsWithdrawn):
        history.decide(withdraw_resolution, stream, ResolutionWithdrawn())
    with pytest.raises(IsDecided):
        history.decide(withdraw_resolution, carried(history, "other"), ResolutionWithdrawn())


def test_nothing_is_voted_on_that_was_never_tabled() -> None:
    with pytest.raises(NotFound):
        open_vote(board(), "resolution:none")


# Rule 23: roll and rules


def test_roll_and_rule_version_are_fixed_when_voting_opens() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    seat(history, "late")
    later = Rules(version="stricter", quorum=QuorumOf.TWO_THIRDS)
    fact = RulesAdopted(decided_on=day("2024-01-01"), rules=later, evidence=BYLAWS)
    history.when(adopt_rules, BOARD, fact)
    cast(history, stream, chair=FOR, ann=FOR)
    close(history, stream)
    held = resolution(history, stream).rounds[0]
    assert (roll(history), held.roll.rules.version) == (
        {"chair": True, "ann": True, "bo": True, "cy": True},
        "bylaws",
    )
    assert outcome_of(history, stream).word is CARRIED


def test_a_fixed_roll_is_not_fixed_again_while_voting_is_open() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    with pytest.raises(RollIsFixed):
        open_vote(history, stream)


def test_the_rules_are_those_in_force_on_the_day_of_the_roll() -> None:
    history = board().at("2024-02-20")
    stream = table(history)
    newer = Rules(version="from-february")
    fact = RulesAdopted(decided_on=day("2024-02-15"), rules=newer, evidence=BYLAWS)
    history.when(adopt_rules, BOARD, fact)
    open_vote(history, stream)
    assert resolution(history, stream).rounds[0].roll.rules.version == "from-february"


def test_the_roll_is_made_of_those_seated_at_the_end_of_its_day() -> None:
    history = board().at("2024-02-01")
    history.when(vacate_seat, BOARD, MemberLeft(decided_on=day("2024-02-01"), seat=Key("cy")))
    seat(history, "dan")
    seat(history, "obs", SeatRole.OBSERVER)
    open_vote(history, table(history))
    assert roll(history) == {"chair": True, "ann": True, "bo": True, "dan": True, "obs": False}


def test_the_roll_is_open_where_a_seat_s_date_leaves_it_open_until_somebody_says() -> None:
    history = board().at("2024-02-20")
    partly = MemberSeated(
        decided_on=day("2024-02"),
        seat=Key("dan"),
        party=StreamId("party:recorder"),
        role=SeatRole.MEMBER,
    )
    history.record(BOARD, partly)
    stream = table(history)
    history.at("2024-02-25")
    with pytest.raises(UncertainRoll) as refusal:
        history.decide(fix_roll, stream, FixRoll(decided_on=day("2024-02")))
    assert refusal.value.values["seats"] == ["dan"]
    without = history.decide(fix_roll, stream, FixRoll(decided_on=day("2024-02"), held=()))
    with_it = FixRoll(decided_on=day("2024-02"), held=(Key("dan"),))
    assert "dan" not in [each.seat for each in without.seats]
    assert "dan" in [each.seat for each in history.decide(fix_roll, stream, with_it).seats]
    after = history.decide(fix_roll, stream, FixRoll(decided_on=day("2024-02-20")))
    assert "dan" in [each.seat for each in after.seats]


def test_nobody_is_put_on_the_roll_who_was_not_seated_that_day() -> None:
    history = board().at("2024-02-01")
    history.when(vacate_seat, BOARD, MemberLeft(decided_on=day("2024-02-01"), seat=Key("cy")))
    stream = table(history)
    with pytest.raises(NotSeated):
        open_vote(history, stream, held=(Key("cy"),))


def test_nobody_who_surely_was_seated_can_be_left_off_the_roll() -> None:
    history, stream = on_the_table()
    open_vote(history, stream, held=())
    assert list(roll(history)) == ["chair", "ann", "bo", "cy"]


def test_where_the_dates_of_the_rules_leave_it_open_the_version_is_named() -> None:
    history = board().at("2024-02-20")
    fact = RulesAdopted(decided_on=day("2024-02"), rules=Rules(version="feb"), evidence=BYLAWS)
    history.when(adopt_rules, BOARD, fact)
    stream = table(history)
    vague: dict[str, Any] = {"decided_on": day("2024-02"), "held": ()}
    with pytest.raises(UncertainRoll) as refusal:
        history.decide(fix_roll, stream, FixRoll(**vague))
    assert refusal.value.values["versions"] == ["bylaws", "feb"]
    named = history.decide(fix_roll, stream, FixRoll(**vague, rules="feb"))
    assert named.rules.version == "feb"
    surely = history.decide(fix_roll, stream, FixRoll(decided_on=day("2024-02-20")))
    assert surely.rules.version == "feb"


def test_a_body_without_anybody_who_votes_has_no_roll() -> None:
    history = board(seats=())
    seat(history, "obs", SeatRole.OBSERVER)
    stream = table(history)
    with pytest.raises(EmptyRoll):
        open_vote(history, stream)


def test_voting_does_not_open_before_the_resolution_was_tabled() -> None:
    history = board().at("2024-02-01")
    stream = table(history)
    with pytest.raises(OutOfOrder):
        history.decide(fix_roll, stream, FixRoll(decided_on=day("2024-01-31")))


# Rule 23: ballots


def test_a_vote_is_cast_for_one_s_own_seat_only() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    with pytest.raises(NotYourSeat) as refusal:
        history.decide(cast_vote, stream, ballot("ann"), person="party:bo")
    assert isinstance(refusal.value, NotAllowed)
    assert refusal.value.slug == "not-your-seat"
    assert history.decide(cast_vote, stream, ballot("ann"), person="party:ann") == ballot("ann")


def test_who_acts_for_an_organisation_casts_the_vote_of_its_seat() -> None:
    history = board()
    org = PartyRegistered(decided_on=day("2024-01-01"), kind=PartyKind.ORGANISATION, name="Havdrup")
    history.when(register_party, "party:havdrup", org)
    fact = MemberSeated(
        decided_on=day("2024-01-01"),
        seat=Key("havdrup"),
        party=StreamId("party:havdrup"),
        role=SeatRole.MEMBER,
    )
    history.when(seat_member, BOARD, fact)
    stream = table(history)
    open_vote(history, stream)
    with pytest.raises(NotYourSeat):
        history.decide(cast_vote, stream, ballot("havdrup"), person="party:ann")
    voted = history.decide(
        cast_vote,
        stream,
        ballot("havdrup"),
        person="party:zoe",
        organisations=("party:havdrup",),
    )
    assert voted == ballot("havdrup")


def test_an_import_records_the_ballots_of_others_where_the_roll_came_with_one() -> None:
    history, stream = on_the_table()
    open_vote(history, stream, batch=StreamId("batch:minutes"))
    told = history.decide(cast_vote, stream, ballot("ann"), person="party:bo", importing=True)
    assert told == ballot("ann")


def test_an_import_casts_no_ballot_for_those_who_vote_live() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    with pytest.raises(VotedLive) as refusal:
        history.decide(cast_vote, stream, ballot("ann"), person="party:bo", importing=True)
    assert refusal.value.values["holder"] == "party:ann"


def test_before_the_count_the_last_ballot_of_a_seat_counts_and_both_stand_in_the_log() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    cast(history, stream, chair=FOR, ann=FOR)
    cast(history, stream, ann=AGAINST, bo=AGAINST)
    assert close(history, stream).fact.counts == Counts(for_=1, against=2, absent=1)
    assert sum(isinstance(each.fact, VoteCast) for each in history.log) == 4


def test_a_ballot_that_was_approved_after_a_newer_one_does_not_replace_it() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    older = history.record(stream, ballot("ann", AGAINST))
    newer = history.record(stream, ballot("ann", FOR))
    history.log[-2:] = [newer, older]
    assert known(resolution(history, stream).open_round).ballots[Key("ann")] is FOR


def test_who_is_not_on_the_roll_has_no_ballot() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    seat(history, "late")
    with pytest.raises(NotOnRoll):
        history.decide(cast_vote, stream, ballot("late"), person="party:late")


def test_before_voting_opens_and_after_it_closed_nobody_votes() -> None:
    history, stream = on_the_table()
    with pytest.raises(VotingNotOpen):
        history.decide(cast_vote, stream, ballot("ann"), person="party:ann")
    with pytest.raises(VotingNotOpen):
        history.decide(close_voting, stream, Fact(decided_on=day("2024-01-01")))
    vote(history, stream, chair=AGAINST, ann=AGAINST)
    with pytest.raises(VotingNotOpen):
        history.decide(cast_vote, stream, ballot("bo"), person="party:bo")


def test_no_count_is_dated_before_its_ballots_and_no_ballot_before_its_roll() -> None:
    history = board().at("2024-02-10")
    stream = table(history)
    open_vote(history, stream)
    early = ballot("ann", when="2024-02-09")
    with pytest.raises(OutOfOrder):
        history.decide(cast_vote, stream, early, person="party:ann")
    history.at("2024-02-12")
    cast(history, stream, ann=FOR, chair=FOR)
    with pytest.raises(OutOfOrder):
        history.decide(close_voting, stream, Fact(decided_on=day("2024-02-11")))


# Rule 23: the outcome is computed and explained


def test_the_outcome_is_computed_from_the_ballots_and_explained() -> None:
    history, stream = on_the_table()
    recorded = vote(history, stream, chair=FOR, ann=FOR, bo=AGAINST)
    assert isinstance(recorded.fact, ResolutionCarried)
    state, outcome = resolution(history, stream), outcome_of(history, stream)
    assert (outcome.word, outcome.proof, outcome.reason) == (
        CARRIED,
        Proof.VOTE,
        "majority",
    )
    assert outcome.counts == Counts(for_=2, against=1, absent=1)
    (explained,) = explain(state).rounds
    assert (explained.seated, explained.present, explained.quorum_needed) == (4, 3, 2)
    assert (explained.rule_version, explained.word) == ("bylaws", CARRIED)
    assert explain(state).mismatches == ()


def test_the_count_keeps_the_day_evidence_and_reasons_it_was_asked_with() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    asked = Fact(decided_on=day("2024-01-01"), evidence=BYLAWS, batch=StreamId("batch:b"))
    found = history.decide(close_voting, stream, asked)
    assert isinstance(found, ResolutionLapsed)
    assert (found.decided_on, found.evidence, found.batch) == ("2024-01-01", BYLAWS, "batch:b")


def test_an_open_round_is_not_explained_before_its_count() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    cast(history, stream, ann=FOR)
    assert explain(resolution(history, stream)).rounds == ()


# Rule 24: who counts


def test_a_member_whose_alternate_is_seated_has_no_ballot() -> None:
    history = board()
    seat(history, "alt", SeatRole.ALTERNATE, alternate_for="ann")
    stream = table(history)
    open_vote(history, stream, alternates=(Key("alt"),))
    assert roll(history) == {"chair": True, "ann": False, "bo": True, "cy": True, "alt": True}
    with pytest.raises(NoBallot):
        history.decide(cast_vote, stream, ballot("ann"), person="party:ann")
    cast(history, stream, alt=FOR, chair=FOR)
    close(history, stream)
    (explained,) = explain(resolution(history, stream)).rounds
    assert (explained.seated, explained.present, explained.word) == (4, 2, CARRIED)


def test_an_alternate_who_does_not_sit_in_is_not_on_the_roll() -> None:
    history = board()
    seat(history, "alt", SeatRole.ALTERNATE, alternate_for="ann")
    open_vote(history, table(history))
    assert "alt" not in roll(history)


def test_an_observer_is_on_the_roll_without_a_ballot() -> None:
    history = board()
    seat(history, "obs", SeatRole.OBSERVER)
    stream = table(history)
    open_vote(history, stream)
    with pytest.raises(NoBallot):
        history.decide(cast_vote, stream, ballot("obs"), person="party:obs")


def test_only_an_alternate_of_a_seated_member_sits_in_and_one_at_most() -> None:
    history = board()
    seat(history, "alt", SeatRole.ALTERNATE, alternate_for="ann")
    seat(history, "alt2", SeatRole.ALTERNATE, alternate_for="ann")
    seat(history, "alt3", SeatRole.ALTERNATE, alternate_for="cy")
    history.at("2024-02-01")
    history.when(vacate_seat, BOARD, MemberLeft(decided_on=day("2024-02-01"), seat=Key("cy")))
    stream = table(history)
    for wrong in (("bo",), ("alt", "alt2"), ("alt3",)):
        with pytest.raises(NotAnAlternate):
            open_vote(history, stream, alternates=tuple(Key(each) for each in wrong))


# Rule 25: who presides


def test_the_chair_presides_unless_the_roll_names_another() -> None:
    history, stream = on_the_table()
    assert vote(history, stream, chair=FOR, ann=AGAINST).fact.reason == "casting_vote"
    again = table(history, "again")
    open_vote(history, again, presiding=Key("ann"))
    cast(history, again, chair=FOR, ann=AGAINST)
    lost = close(history, again).fact
    assert (type(lost), lost.reason) == (ResolutionLost, "casting_vote")


def test_who_presides_is_on_the_roll() -> None:
    history, stream = on_the_table()
    with pytest.raises(NotSeated):
        open_vote(history, stream, presiding=Key("nobody"))


def test_where_two_chairs_are_seated_the_one_presiding_is_named() -> None:
    history = board()
    seat(history, "dan", SeatRole.CHAIR)
    stream = table(history)
    with pytest.raises(UncertainRoll):
        open_vote(history, stream)
    open_vote(history, stream, presiding=Key("dan"))


# Rule 26: lapse and further rounds


def test_a_re_vote_is_a_new_round_and_the_old_ballots_are_kept() -> None:
    history, stream = on_the_table()
    vote(history, stream, chair=AGAINST, ann=AGAINST)
    vote(history, stream, chair=FOR, ann=FOR, bo=FOR)
    state = resolution(history, stream)
    assert [each.number for each in state.rounds] == [1, 2]
    assert dict(state.rounds[0].ballots) == {"chair": AGAINST, "ann": AGAINST}
    assert [each.word for each in explain(state).rounds] == [LOST, CARRIED]
    assert outcome_of(history, stream).word is CARRIED


def test_an_inquorate_vote_lapses_and_may_be_held_again() -> None:
    history, stream = on_the_table()
    assert isinstance(vote(history, stream, chair=FOR).fact, ResolutionLapsed)
    assert outcome_of(history, stream).word is LAPSED
    vote(history, stream, chair=FOR, ann=FOR)
    assert outcome_of(history, stream).word is CARRIED


def test_an_inquorate_round_leaves_the_earlier_result() -> None:
    history, stream = on_the_table()
    vote(history, stream, chair=AGAINST, ann=AGAINST)
    vote(history, stream, chair=FOR)
    state = resolution(history, stream)
    assert outcome_of(history, stream).word is LOST
    assert known(state.rounds[1].outcome).word is LAPSED
    assert known(state.deciding_round).number == 1


def test_a_resolution_that_carried_takes_no_new_round() -> None:
    history, stream = on_the_table()
    vote(history, stream, chair=FOR, ann=FOR)
    with pytest.raises(IsDecided):
        open_vote(history, stream)


# Rule 27: conflicts


def test_a_conflict_declared_before_the_count_removes_the_ballot() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    cast(history, stream, chair=AGAINST, ann=FOR, bo=FOR)
    history.when(declare_conflict, stream, conflict("bo"))
    lost = close(history, stream).fact
    assert (lost.counts, lost.reason) == (
        Counts(for_=1, against=1, recused=1, absent=1),
        "casting_vote",
    )


def test_who_declared_a_conflict_casts_no_ballot_any_more() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    history.when(declare_conflict, stream, conflict("bo"))
    with pytest.raises(IsRecused):
        history.decide(cast_vote, stream, ballot("bo"), person="party:bo")
    cast(history, stream, bo=Ballot.RECUSED)


def test_who_recused_themselves_do_not_come_back_to_vote() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    cast(history, stream, bo=Ballot.RECUSED)
    with pytest.raises(IsRecused):
        history.decide(cast_vote, stream, ballot("bo"), person="party:bo")


def test_who_was_absent_may_still_come_and_vote() -> None:
    history, stream = on_the_table()
    open_vote(history, stream)
    cast(history, stream, bo=Ballot.ABSENT, chair=FOR)
    cast(history, stream, bo=FOR)
    assert close(history, stream).fact.counts.for_ == 2


def test_a_conflict_declared_before_the_roll_holds_in_the_vote_and_in_a_re_vote() -> None:
    history, stream = on_the_table()
    history.when(declare_conflict, stream, conflict("bo"))
    for _ in range(2):
        open_vote(history, stream)
        assert known(resolution(history, stream).open_round).conflicts == {"bo"}
        cast(history, stream, chair=ABSTAIN, ann=ABSTAIN)
        close(history, stream)


def test_a_conflict_shown_after_the_count_turns_nothing() -> None:
    history, stream = on_the_table()
    vote(history, stream, chair=AGAINST, ann=FOR, bo=FOR)
    history.when(declare_conflict, stream, conflict("bo"))
    state = resolution(history, stream)
    assert outcome_of(history, stream).word is CARRIED
    assert state.rounds[0].shown_later == {"bo"}
    assert explain(state).rounds[0].word is CARRIED


def test_a_conflict_is_of_a_seat_that_votes_and_is_declared_once() -> None:
    history, stream = on_the_table()
    seat(history, "obs", SeatRole.OBSERVER)
    open_vote(history, stream)
    with pytest.raises(NoBallot):
        history.decide(declare_conflict, stream, conflict("obs"))
    with pytest.raises(NotOnRoll):
        history.decide(declare_conflict, stream, conflict("nobody"))
    history.when(declare_conflict, stream, conflict("bo"))
    with pytest.raises(AlreadyRecorded):
        history.decide(declare_conflict, stream, conflict("bo"))


# Evolving never refuses


def test_a_count_without_any_round_stands_as_recorded() -> None:
    history, stream = on_the_table()
    history.record(stream, ResolutionCarried(counts=Counts(for_=3), reason="majority"))
    assert resolution(history, stream).carried


def test_facts_out_of_place_leave_a_resolution_as_it_is() -> None:
    history, stream = on_the_table()
    before = resolution(history, stream)
    history.record(stream, ballot("ann"))
    assert resolution(history, stream) == before
    vote(history, stream, chair=FOR, ann=FOR)
    decided = resolution(history, stream)
    history.record(stream, ballot("bo", AGAINST))
    history.record(stream, ResolutionLost(counts=Counts(), reason="stray"))
    assert resolution(history, stream) == decided
