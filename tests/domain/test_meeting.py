"""Meetings: called, counted once for many items, held or cancelled, minuted and approved."""

from __future__ import annotations

from typing import Any

import pytest

from govlog.domain.approval import Overtaken
from govlog.domain.approval import approve as approve_facts
from govlog.domain.body.seats import NoSuchSeat
from govlog.domain.errors import NotFound
from govlog.domain.events.any_stream import Approved
from govlog.domain.events.body import Rules, SeatRole
from govlog.domain.events.debate import DebateOpened
from govlog.domain.events.fact import PendingReason
from govlog.domain.events.meeting import (
    AgendaItem,
    ItemMinutes,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MinutesApproved,
    MinutesDrafted,
)
from govlog.domain.events.resolution import (
    ItemKind,
    Minuted,
    OutcomeMinuted,
    OutcomeWord,
    ResolutionPostponed,
    ResolutionTabled,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
    RollFixed,
    RollSeat,
)
from govlog.domain.meeting import (
    Meeting,
    TakeRoll,
    approve_minutes,
    call_meeting,
    cancel_meeting,
    draft_minutes,
    hold_meeting,
    take_roll,
)
from govlog.domain.meeting.calling import (
    CalledTooLate,
    ClosedItem,
    MeetingIsOver,
    NotOfThatBody,
    RepeatedItem,
)
from govlog.domain.meeting.minutes import (
    MinutesByOne,
    NotHeldYet,
    NothingMinuted,
    NotOnAgenda,
    NotQuorate,
)
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.resolution import (
    FixRoll,
    fix_roll,
    minute_outcome,
    postpone_resolution,
    table_again,
    table_resolution,
    withdraw_resolution,
)
from govlog.domain.resolution.at_meeting import NoRollTaken, NotAtThatMeeting
from govlog.domain.resolution.balloting import NotOnRoll
from govlog.domain.resolution.entitlement import NotSeated
from govlog.domain.resolution.order import OutOfOrder
from govlog.domain.resolution.roll import RollIsFixed
from govlog.domain.resolution.tabling import (
    IsDecided,
    IsOnTheTable,
    IsPostponed,
    NoMeetingForIt,
    VotingIsOpen,
)
from govlog.domain.values import Key, PartialDate, Reference, StreamId
from tests.domain.board import (
    ABSTAIN,
    BOARD,
    FOR,
    board,
    carried,
    cast,
    close,
    day,
    open_vote,
    resolution,
    seat,
    table,
    text,
    vote,
)
from tests.domain.given import History

MAY = StreamId("meeting:may")
JUNE = StreamId("meeting:june")
FIRST = "2024-01-01"


def call(history: History, stream: str = MAY, *agenda: AgendaItem, **more: Any) -> None:
    told = {"decided_on": day(FIRST), "day": day(FIRST), "body": BOARD, **more}
    history.when(call_meeting, stream, MeetingCalled(agenda=agenda, **told))


def roll(history: History, *present: str, stream: str = MAY, **more: Any) -> None:
    there = tuple(Key(each) for each in present)
    history.when(take_roll, stream, TakeRoll(decided_on=day(FIRST), present=there, **more))


def hold(history: History, stream: str = MAY, when: str = FIRST) -> None:
    history.when(hold_meeting, stream, MeetingHeld(decided_on=day(when)))


def draft(history: History, stream: str = MAY, **more: Any) -> None:
    told = {"decided_on": day(FIRST), "text": text("what was said"), **more}
    history.when(draft_minutes, stream, MinutesDrafted(**told))


def approve(history: History, *signed_by: str, meeting: str | None = None) -> None:
    fact = MinutesApproved(
        decided_on=day(FIRST),
        signed_by=tuple(StreamId(f"party:{each}") for each in signed_by),
        meeting=StreamId(meeting) if meeting else None,
    )
    history.when(approve_minutes, MAY, fact)


def state(history: History, stream: str = MAY) -> Meeting:
    found = history.facts().meeting(StreamId(stream))
    assert found is not None
    return found


def tabled(history: History, name: str, meeting: str | None = MAY, **more: Any) -> str:
    fact = ResolutionTabled(
        decided_on=day(FIRST),
        body=BOARD,
        kind=ItemKind.DECISION,
        title=text(name),
        meeting=StreamId(meeting) if meeting else None,
        **more,
    )
    return history.when(table_resolution, f"resolution:{name}", fact).stream


def a_meeting(*present: str) -> History:
    history = board()
    call(history)
    if present:
        roll(history, *present)
    return history


# Called, held, cancelled


def test_a_meeting_is_called_for_a_day_ahead_with_items_of_three_kinds() -> None:
    history = board()
    plan = table(history)
    history.record("debate:d", DebateOpened(title=text(), question=text()))
    agenda = (
        AgendaItem(Key("1"), ItemKind.INFORMATION, text("news")),
        AgendaItem(Key("2"), ItemKind.DISCUSSION, debate=StreamId("debate:d")),
        AgendaItem(Key("3"), ItemKind.DECISION, resolution=StreamId(plan)),
    )
    call(history, MAY, *agenda, day=day("2024-05-02"))
    assert state(history).agenda == agenda
    assert state(history).has_on_agenda(StreamId(plan))
    assert state(history).day.earliest.isoformat() == "2024-05-02"


def test_an_agenda_names_each_item_and_each_resolution_once() -> None:
    history = board()
    plan = StreamId(table(history))
    one = AgendaItem(Key("1"), ItemKind.DECISION, resolution=plan)
    for other in (
        AgendaItem(Key("1"), ItemKind.INFORMATION, text()),
        AgendaItem(Key("2"), ItemKind.DECISION, resolution=plan),
    ):
        with pytest.raises(RepeatedItem):
            call(history, MAY, one, other)


def test_a_body_decides_on_nothing_that_lies_with_another_but_may_be_told_of_it() -> None:
    history = board()
    board(body="body:circle", seats=("dan",), history=history)
    theirs = StreamId(table(history, "theirs", body="body:circle"))
    with pytest.raises(NotOfThatBody):
        call(history, MAY, AgendaItem(Key("1"), ItemKind.DECISION, resolution=theirs))
    call(history, MAY, AgendaItem(Key("1"), ItemKind.INFORMATION, resolution=theirs))


def test_an_agenda_names_only_what_is_in_the_log() -> None:
    nothing = AgendaItem(Key("1"), ItemKind.DECISION, resolution=StreamId("resolution:none"))
    with pytest.raises(UnknownReference):
        call(board(), MAY, nothing)
    with pytest.raises(UnknownReference):
        call(board(), body=StreamId("body:none"))


def test_a_closed_item_has_its_title_on_its_resolution_alone() -> None:
    history = board()
    closed = StreamId(tabled(history, "closed", None, confidential=True))
    with pytest.raises(ClosedItem):
        call(history, MAY, AgendaItem(Key("1"), ItemKind.DECISION, text("who"), closed))
    call(history, MAY, AgendaItem(Key("1"), ItemKind.DECISION, resolution=closed))


@pytest.mark.parametrize("told", [{"day": "2023-12-31"}, {"day": "2024-02", "until": "2024-01"}])
def test_a_meeting_is_not_called_for_a_day_that_has_passed_nor_ends_before_it_begins(
    told: dict[str, str],
) -> None:
    with pytest.raises(CalledTooLate):
        call(board(), **{name: day(when) for name, when in told.items()})


def test_an_import_takes_a_meeting_as_its_source_has_it() -> None:
    history = board()
    fact = MeetingCalled(
        decided_on=day(FIRST), body=BOARD, day=day("2014-08-26"), until=day("2014-08-25")
    )
    assert history.decide(call_meeting, MAY, fact, importing=True) == fact


def test_a_meeting_is_held_once_or_cancelled_and_not_both() -> None:
    for over in (MeetingHeld(decided_on=day(FIRST)), MeetingCancelled(decided_on=day(FIRST))):
        history = a_meeting()
        history.record(MAY, over)
        with pytest.raises(MeetingIsOver):
            hold(history)
        with pytest.raises(MeetingIsOver):
            history.decide(cancel_meeting, MAY, MeetingCancelled(decided_on=day(FIRST)))


def test_a_meeting_is_not_held_before_it_was_called_nor_before_its_roll() -> None:
    history = a_meeting("chair")
    with pytest.raises(OutOfOrder):
        hold(history, when="2023-12-31")


def test_nothing_happens_at_a_meeting_that_was_never_called() -> None:
    with pytest.raises(NotFound):
        hold(board())


# The roll, once for many items


def test_one_roll_serves_every_item_that_is_voted_on_at_the_meeting() -> None:
    history = a_meeting("chair", "ann", "bo")
    for name in ("one", "two"):
        vote_at(history, tabled(history, name), chair=FOR, ann=FOR)
    first, second = (resolution(history, f"resolution:{name}") for name in ("one", "two"))
    assert (
        first.rounds[0].roll.seats == second.rounds[0].roll.seats == state(history).rolls[0].seats
    )
    assert (first.rounds[0].roll.meeting, first.carried, second.carried) == (MAY, True, True)


def vote_at(history: History, stream: str, meeting: str = MAY, **ballots: Any) -> None:
    open_vote(history, stream, meeting=StreamId(meeting))
    cast(history, stream, **ballots)
    close(history, stream)


def test_consensus_at_a_meeting_takes_its_roll_and_those_who_were_there() -> None:
    history = a_meeting("chair", "ann")
    stream = tabled(history, "one")
    fact = OutcomeMinuted(decided_on=day(FIRST), manner=Minuted.CONSENSUS, meeting=MAY)
    history.when(minute_outcome, stream, fact)
    held = resolution(history, stream).rounds[0]
    assert (held.present, held.roll.meeting) == (frozenset(("chair", "ann")), MAY)
    assert resolution(history, stream).carried


def test_a_meeting_s_roll_is_of_the_day_it_was_taken_even_if_members_come_later() -> None:
    history = a_meeting("chair", "ann")
    seat(history, "dan")
    stream = tabled(history, "one")
    open_vote(history, stream, meeting=MAY)
    assert [each.seat for each in resolution(history, stream).rounds[0].roll.seats] == [
        "chair",
        "ann",
        "bo",
        "cy",
    ]


def test_an_alternate_who_is_there_sits_in_for_an_absent_member_and_not_for_a_present_one() -> None:
    history = board()
    seat(history, "dan", SeatRole.ALTERNATE, alternate_for="ann")
    call(history)
    roll(history, "chair", "dan")
    votes = {each.seat: each.votes for each in state(history).rolls[0].seats}
    assert (votes[Key("ann")], votes[Key("dan")]) == (False, True)
    with pytest.raises(NotOnRoll):
        roll(history, "chair", "ann", "dan")


def test_a_roll_taken_again_holds_for_what_comes_after_and_leaves_what_was_opened() -> None:
    history = a_meeting("chair", "ann")
    one, two = tabled(history, "one"), tabled(history, "two")
    open_vote(history, one, meeting=MAY)
    roll(history, "chair", "ann", "bo", presiding=Key("ann"))
    open_vote(history, two, meeting=MAY)
    presiding = [resolution(history, each).rounds[0].roll.presiding for each in (one, two)]
    assert presiding == ["chair", "ann"]
    assert len(state(history).rolls) == 2


def test_another_may_preside_over_one_item_and_nothing_else_of_the_roll_differs() -> None:
    history = a_meeting("chair", "ann")
    stream = tabled(history, "one")
    with pytest.raises(RollIsFixed):
        open_vote(history, stream, meeting=MAY, alternates=(Key("ann"),))
    with pytest.raises(NotSeated):
        open_vote(history, stream, meeting=MAY, presiding=Key("nobody"))
    open_vote(history, stream, meeting=MAY, presiding=Key("ann"))
    assert resolution(history, stream).rounds[0].roll.presiding == "ann"


def test_only_seats_of_the_body_are_counted_as_present() -> None:
    with pytest.raises(NoSuchSeat):
        roll(a_meeting(), "nobody")


def test_no_roll_is_taken_at_a_cancelled_meeting_nor_after_its_last_day() -> None:
    history = a_meeting()
    history.record(MAY, MeetingCancelled(decided_on=day(FIRST)))
    with pytest.raises(MeetingIsOver):
        roll(history)
    history = a_meeting().at("2024-01-03")
    hold(history)
    with pytest.raises(MeetingIsOver):
        history.decide(take_roll, MAY, TakeRoll(decided_on=day("2024-01-02")))


def test_an_item_takes_its_roll_from_the_meeting_it_is_taken_up_at_and_from_no_other() -> None:
    history = a_meeting("chair", "ann")
    elsewhere = table(history, "elsewhere")
    with pytest.raises(NotAtThatMeeting):
        open_vote(history, elsewhere, meeting=MAY)
    board(body="body:circle", seats=("dan",), history=history)
    theirs = table(history, "theirs", body="body:circle")
    with pytest.raises(NotAtThatMeeting):
        open_vote(history, theirs, meeting=MAY)


def test_an_item_that_the_agenda_names_takes_the_meeting_s_roll() -> None:
    history = board()
    plan = table(history)
    call(history, MAY, AgendaItem(Key("1"), ItemKind.DECISION, resolution=StreamId(plan)))
    roll(history, "chair", "ann")
    open_vote(history, plan, meeting=MAY)
    assert resolution(history, plan).meetings == {MAY}


def test_a_meeting_without_a_roll_has_none_to_give() -> None:
    history = a_meeting()
    with pytest.raises(NoRollTaken):
        open_vote(history, tabled(history, "one"), meeting=MAY)


def test_nothing_is_voted_on_by_a_meeting_s_roll_after_its_last_day_or_once_it_is_cancelled() -> (
    None
):
    history = a_meeting("chair", "ann")
    stream = tabled(history, "one")
    hold(history)
    history.at("2024-01-02")
    late = FixRoll(decided_on=day("2024-01-02"), meeting=MAY)
    with pytest.raises(NotAtThatMeeting):
        history.decide(fix_roll, stream, late)
    history = a_meeting("chair")
    stream = tabled(history, "one")
    history.record(MAY, MeetingCancelled(decided_on=day(FIRST)))
    with pytest.raises(NotAtThatMeeting):
        open_vote(history, stream, meeting=MAY)


def test_a_written_procedure_is_a_meeting_without_a_room_and_counts_whoever_answers() -> None:
    history = board()
    call(history, written=True, until=day("2024-01-08"))
    roll(history)
    stream = tabled(history, "one")
    history.at("2024-01-05")
    present = (Key("chair"), Key("bo"))
    fact = OutcomeMinuted(
        decided_on=day("2024-01-05"), manner=Minuted.WRITTEN, meeting=MAY, present=present
    )
    history.when(minute_outcome, stream, fact)
    assert state(history).written
    assert resolution(history, stream).rounds[0].present == set(present)
    assert resolution(history, stream).carried


def test_a_written_procedure_that_too_few_answer_lapses() -> None:
    history = board()
    call(history, written=True)
    roll(history)
    stream = tabled(history, "one")
    fact = OutcomeMinuted(
        decided_on=day(FIRST),
        manner=Minuted.WRITTEN,
        meeting=MAY,
        present=(Key("chair"),),
        outcome=OutcomeWord.LAPSED,
    )
    history.when(minute_outcome, stream, fact)
    assert not resolution(history, stream).carried


def test_what_waited_and_was_overtaken_at_a_meeting_is_not_approved() -> None:
    history = a_meeting()
    late = (PendingReason.LATE,)
    waiting = history.record(MAY, MeetingHeld(decided_on=day(FIRST), pending=late))
    history.record(MAY, MeetingCancelled(decided_on=day(FIRST)))
    word = Approved(facts=(waiting.id,))
    with pytest.raises(Overtaken):
        approve_facts(history.facts().folded(MAY), word, history.given(person="party:second"))


def test_an_import_may_bring_a_roll_of_its_own_with_the_meeting_it_is_of() -> None:
    history = a_meeting("chair")
    stream = table(history)
    source = RollFixed(
        round=1,
        seats=(RollSeat(Key("x"), StreamId("party:x")),),
        presiding=None,
        rules=Rules(version="old"),
    )
    fact = OutcomeMinuted(
        decided_on=day(FIRST),
        manner=Minuted.CONSENSUS,
        meeting=MAY,
        roll=source,
        present=(Key("x"),),
    )
    history.when(minute_outcome, stream, fact, importing=True)
    assert resolution(history, stream).meetings == {MAY}


# Postponed, and tabled again


def postpone(history: History, stream: str, to: str | None = None) -> None:
    fact = ResolutionPostponed(decided_on=day(FIRST), to=StreamId(to) if to else None)
    history.when(postpone_resolution, stream, fact)


def again(history: History, stream: str, meeting: str | None = None, when: str = FIRST) -> None:
    fact = ResolutionTabledAgain(
        decided_on=day(when), meeting=StreamId(meeting) if meeting else None
    )
    history.when(table_again, stream, fact)


def test_a_postponed_item_is_decided_at_a_later_meeting_once_it_is_tabled_again() -> None:
    history = a_meeting("chair", "ann")
    call(history, JUNE)
    stream = tabled(history, "one")
    postpone(history, stream, JUNE)
    with pytest.raises(IsPostponed):
        open_vote(history, stream)
    again(history, stream, JUNE)
    roll(history, "chair", "bo", stream=JUNE)
    vote_at(history, stream, JUNE, chair=FOR, bo=FOR)
    held = resolution(history, stream)
    assert [each.meeting for each in held.tablings] == [MAY, JUNE]
    assert held.tablings[0].postponed is not None
    assert held.tablings[0].postponed.to == JUNE
    assert held.postponed is None
    assert held.carried


def test_a_postponed_item_may_be_withdrawn_and_is_not_postponed_twice() -> None:
    history = board()
    stream = table(history)
    postpone(history, stream)
    with pytest.raises(IsPostponed):
        postpone(history, stream)
    history.when(withdraw_resolution, stream, ResolutionWithdrawn(decided_on=day(FIRST)))
    assert resolution(history, stream).withdrawn is not None


def test_an_open_vote_is_not_postponed_and_what_carried_is_not_either() -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    with pytest.raises(VotingIsOpen):
        postpone(history, stream)
    with pytest.raises(RollIsFixed):
        open_vote(history, stream)
    done = carried(history, "done")
    with pytest.raises(IsDecided):
        postpone(history, done)


def test_what_lost_may_be_put_off_to_a_new_round() -> None:
    history = board()
    stream = table(history)
    vote(history, stream, chair=ABSTAIN, ann=ABSTAIN)
    postpone(history, stream)
    assert resolution(history, stream).postponed is not None
    again(history, stream)
    vote(history, stream, chair=FOR, ann=FOR)
    assert resolution(history, stream).carried


def test_only_what_was_postponed_is_tabled_again_and_not_before() -> None:
    history = board()
    stream = table(history)
    with pytest.raises(IsOnTheTable):
        again(history, stream)
    postpone(history, stream)
    with pytest.raises(OutOfOrder):
        again(history, stream, when="2023-12-01")


def test_an_item_is_tabled_for_a_meeting_of_its_own_body_that_is_not_cancelled() -> None:
    history = board()
    board(body="body:circle", seats=("dan",), history=history)
    call(history, body=StreamId("body:circle"))
    call(history, JUNE)
    history.record(JUNE, MeetingCancelled(decided_on=day(FIRST)))
    for meeting in (MAY, JUNE):
        with pytest.raises(NoMeetingForIt):
            tabled(history, "one", meeting)
    with pytest.raises(UnknownReference):
        tabled(history, "one", "meeting:none")


# Minutes


def minuted(*present: str, by: str = "secretary") -> History:
    history = a_meeting(*(present or ("chair", "ann")))
    hold(history)
    history.by(f"party:{by}")
    draft(history)
    return history


def test_minutes_are_a_draft_until_they_are_approved() -> None:
    history = minuted()
    assert state(history).approved is None
    approve(history, "chair", "ann")
    approval = state(history).approved
    assert approval is not None
    assert approval.signed_by == ("party:chair", "party:ann")


def test_a_later_draft_takes_the_place_of_an_earlier_one_and_both_are_kept() -> None:
    history = minuted()
    draft(history, text=text("better"))
    assert [each.text for each in state(history).drafts] == [text("what was said"), text("better")]


def test_approved_minutes_are_not_drafted_anew_nor_approved_twice() -> None:
    history = minuted()
    approve(history, "chair")
    with pytest.raises(AlreadyRecorded):
        draft(history)
    with pytest.raises(AlreadyRecorded):
        approve(history, "ann")


def test_who_minutes_does_not_approve_alone() -> None:
    history = minuted(by="ann")
    assert state(history).drafts[0].minuted_by == "party:ann"
    for signatories in ((), ("ann",)):
        with pytest.raises(MinutesByOne):
            approve(history, *signatories)
    approve(history, "ann", "chair")


def test_minutes_are_signed_by_somebody_of_the_body() -> None:
    history = minuted()
    board(body="body:circle", seats=("dan",), history=history)
    with pytest.raises(MinutesByOne):
        approve(history, "dan")


def test_minutes_are_approved_by_a_later_meeting_of_the_same_body() -> None:
    history = minuted()
    call(history, JUNE)
    with pytest.raises(NotHeldYet):
        approve(history, meeting=JUNE)
    with pytest.raises(NotHeldYet):
        approve(history, meeting=MAY)
    roll(history, "chair", stream=JUNE)
    with pytest.raises(NotQuorate):
        approve(history, meeting=JUNE)
    roll(history, "chair", "bo", stream=JUNE)
    approve(history, meeting=JUNE)
    approval = state(history).approved
    assert approval is not None
    assert approval.meeting == JUNE


def test_a_meeting_that_was_broken_off_approves_no_minutes() -> None:
    history = minuted()
    call(history, JUNE)
    roll(history, "chair", "bo", stream=JUNE)
    history.record(JUNE, MeetingCancelled(decided_on=day(FIRST)))
    with pytest.raises(NotHeldYet):
        approve(history, meeting=JUNE)


def test_minutes_are_not_approved_by_another_body_s_meeting() -> None:
    history = minuted()
    board(body="body:circle", seats=("dan",), history=history)
    call(history, JUNE, body=StreamId("body:circle"))
    with pytest.raises(NotHeldYet):
        approve(history, meeting=JUNE)


def test_nothing_is_minuted_before_the_meeting_was_held_or_cancelled() -> None:
    history = a_meeting("chair")
    with pytest.raises(NotHeldYet):
        draft(history)
    history.when(cancel_meeting, MAY, MeetingCancelled(decided_on=day(FIRST)))
    draft(history)


def test_there_is_nothing_to_approve_without_a_draft() -> None:
    history = a_meeting("chair")
    hold(history)
    with pytest.raises(NotHeldYet):
        approve(history, "chair")


def test_minutes_are_a_text_or_a_document() -> None:
    history = a_meeting("chair")
    hold(history)
    with pytest.raises(NothingMinuted):
        draft(history, text=None)
    draft(history, text=None, evidence=(Reference("minutes.pdf", "ab" * 32),))


def test_minutes_tell_of_items_on_the_agenda_or_tabled_at_the_meeting() -> None:
    history = board()
    call(history, MAY, AgendaItem(Key("1"), ItemKind.INFORMATION, text("news")))
    one = StreamId(tabled(history, "one"))
    elsewhere = StreamId(table(history, "elsewhere"))
    hold(history)
    draft(
        history,
        items=(ItemMinutes(text(), item=Key("1")), ItemMinutes(text(), resolution=one)),
    )
    for told in (
        ItemMinutes(text(), item=Key("2")),
        ItemMinutes(text(), resolution=elsewhere),
        ItemMinutes(text()),
    ):
        with pytest.raises(NotOnAgenda):
            draft(history, items=(told,))


def test_what_a_closed_item_says_is_not_minuted_in_public() -> None:
    history = board()
    call(history)
    closed = StreamId(tabled(history, "closed", confidential=True))
    hold(history)
    with pytest.raises(ClosedItem):
        draft(history, items=(ItemMinutes(text(), resolution=closed),))


def test_facts_out_of_place_leave_a_meeting_as_it_is() -> None:
    history = minuted()
    approve(history, "chair")
    before = state(history)
    for fact in (
        MeetingCalled(decided_on=day(FIRST), body=BOARD, day=PartialDate("2025")),
        MeetingHeld(decided_on=day(FIRST)),
        MeetingCancelled(decided_on=day(FIRST)),
        MinutesDrafted(decided_on=day(FIRST)),
        MinutesApproved(decided_on=day(FIRST)),
    ):
        history.record(MAY, fact)
    assert state(history) == before
