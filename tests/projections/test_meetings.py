"""Meetings as they are shown: agenda, roll, what became of each item, minutes."""

from __future__ import annotations

from typing import Any

from govlog.domain.events.any_stream import FactCorrected, ItemOpened
from govlog.domain.events.fact import Fact
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
    ResolutionAnnulled,
    ResolutionPostponed,
    ResolutionTabled,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
)
from govlog.domain.meeting import TakeRoll, call_meeting, take_roll
from govlog.domain.resolution import minute_outcome, table_resolution
from govlog.domain.values import Ballot, Key, StreamId
from tests.domain import board as boards
from tests.domain.board import BOARD
from tests.domain.given import History
from tests.projections.community import asked, on, text

MAY = StreamId("meeting:may")
JUNE = StreamId("meeting:june")
PLAN = StreamId("resolution:plan")
FIRST, LATER = "2024-05-02", "2024-06-06"


def a_meeting() -> History:
    """Two meetings are called; the first has three items and is attended by three of four."""
    history = boards.board().at(FIRST)
    agenda = (
        AgendaItem(Key("news"), ItemKind.INFORMATION, text("news")),
        AgendaItem(Key("plan"), ItemKind.DECISION, resolution=PLAN),
    )
    boards.table(history)
    called = MeetingCalled(decided_on=on(FIRST), body=BOARD, day=on(FIRST), agenda=agenda)
    history.when(call_meeting, MAY, called)
    history.when(call_meeting, JUNE, MeetingCalled(decided_on=on(FIRST), body=BOARD, day=on(LATER)))
    table(history, "budget", FIRST, MAY)
    call_roll(history, MAY, FIRST, "chair", "ann", "bo")
    return history


def table(history: History, name: str, day: str, meeting: StreamId, **more: Any) -> str:
    fact = ResolutionTabled(
        decided_on=on(day),
        body=BOARD,
        kind=ItemKind.DECISION,
        title=text(name),
        meeting=meeting,
        **more,
    )
    return history.when(table_resolution, f"resolution:{name}", fact).stream


def call_roll(history: History, meeting: StreamId, day: str, *present: str) -> None:
    there = tuple(Key(each) for each in present)
    history.when(take_roll, meeting, TakeRoll(decided_on=on(day), present=there))


def agree(history: History, resolution: str, day: str, meeting: StreamId) -> None:
    fact = OutcomeMinuted(decided_on=on(day), manner=Minuted.CONSENSUS, meeting=meeting)
    history.when(minute_outcome, resolution, fact)


def put(history: History, stream: str, *facts: Fact) -> None:
    for fact in facts:
        history.record(stream, fact)


def items(views: Any, meeting: StreamId, day: str, known: int | None = None) -> dict[str, Any]:
    row = views.of("meetings", meeting, day, known)
    return {each.resolution or each.item: each for each in row.items}


def test_a_meeting_shows_its_agenda_and_what_else_was_tabled_at_it() -> None:
    history = a_meeting()
    with asked(history) as views:
        row = views.of("meetings", MAY, FIRST)
        assert [each.resolution or each.item for each in row.items] == [
            "news",
            PLAN,
            "resolution:budget",
        ]
        assert (row.status, row.minutes_status) == ("called", "none")
        named = views.of("resolutions", PLAN, FIRST).title
        assert [each.title for each in row.items] == [text("news"), named, text("budget")]


def test_a_meeting_shows_who_was_there_and_whether_they_make_a_quorum() -> None:
    with asked(a_meeting()) as views:
        roll = views.of("meetings", MAY, FIRST).roll
        assert {each.seat: each.present for each in roll.seats} == {
            "chair": True,
            "ann": True,
            "bo": True,
            "cy": False,
        }
        counted = roll.attendance
        assert (counted.seated, counted.present, counted.quorum_needed) == (4, 3, 2)
        assert counted.quorum_met


def test_the_roll_taken_last_is_the_last_by_day_whichever_was_recorded_last() -> None:
    history = a_meeting()
    call_roll(history, MAY, FIRST, "chair", "ann", "bo", "cy")
    wrong = history.log[-1]
    before = len(history.log)
    history.record(MAY, FactCorrected(event=wrong.id, field="decided_on", value="2024-05-01"))
    with asked(history) as views:
        present = [
            views.of("meetings", MAY, FIRST, known).roll.attendance.present
            for known in (before, before + 1)
        ]
    assert present == [4, 3]


def test_an_item_leaves_the_meeting_that_a_correction_takes_it_from() -> None:
    history = a_meeting()
    tabled = next(each for each in history.log if each.stream == "resolution:budget")
    before = len(history.log)
    history.record(tabled.stream, FactCorrected(event=tabled.id, field="meeting", value=f"{JUNE}"))
    with asked(history) as views:
        shown = {
            (meeting, known): "resolution:budget" in items(views, meeting, FIRST, known)
            for meeting in (MAY, JUNE)
            for known in (before, before + 1)
        }
    assert shown == {
        (MAY, before): True,
        (MAY, before + 1): False,
        (JUNE, before): False,
        (JUNE, before + 1): True,
    }


def test_an_item_shows_what_the_meeting_decided() -> None:
    history = a_meeting()
    boards.open_vote(history, PLAN, meeting=MAY)
    boards.cast(history, PLAN, chair=Ballot.FOR, ann=Ballot.FOR)
    before = len(history.log)
    boards.close(history, PLAN)
    agree(history, "resolution:budget", FIRST, MAY)
    with asked(history) as views:
        assert items(views, MAY, FIRST, before)[PLAN].status == "voting"
        found = items(views, MAY, FIRST)
        assert (found[PLAN].decided.word, found[PLAN].decided.reason) == ("carried", "majority")
        assert found["resolution:budget"].decided.reason == "consensus"
        assert found["news"].decided is None


def test_a_postponed_item_is_postponed_here_and_decided_there() -> None:
    history = a_meeting()
    put(
        history,
        "resolution:budget",
        ResolutionPostponed(decided_on=on(FIRST), to=JUNE, grounds=text("figures")),
    )
    before = len(history.log)
    history.at(LATER)
    again = ResolutionTabledAgain(decided_on=on(LATER), meeting=JUNE)
    put(history, "resolution:budget", again)
    call_roll(history, JUNE, LATER, "chair", "ann")
    agree(history, "resolution:budget", LATER, JUNE)
    with asked(history) as views:
        expected = items(views, JUNE, FIRST, before)["resolution:budget"]
        assert (expected.status, expected.postponed) == ("postponed", None)
        then = items(views, MAY, FIRST)["resolution:budget"]
        assert (then.status, then.postponed.to, then.decided) == ("postponed", JUNE, None)
        here, there = (items(views, each, LATER)["resolution:budget"] for each in (MAY, JUNE))
        assert (here.status, here.decided, here.postponed.to) == ("carried", None, JUNE)
        assert (there.decided.word, there.postponed) == ("carried", None)
        resolution = views.of("resolutions", "resolution:budget", FIRST)
        assert (resolution.status, resolution.meeting) == ("postponed", MAY)
        assert resolution.postponed.to == JUNE
        assert views.of("resolutions", "resolution:budget", LATER).meeting == JUNE
        listed = views.all("resolutions", LATER, meeting=JUNE)
        assert [each.resolution for each in listed] == ["resolution:budget"]


def test_an_annulment_later_shows_at_the_meeting_and_not_as_known_before() -> None:
    history = a_meeting()
    agree(history, "resolution:budget", FIRST, MAY)
    before = len(history.log)
    put(history, "resolution:budget", ResolutionAnnulled(decided_on=on(FIRST), ground="ruling"))
    with asked(history) as views:
        statuses = [
            items(views, MAY, FIRST, known)["resolution:budget"].status for known in (before, None)
        ]
        assert statuses == ["carried", "annulled"]


def test_minutes_show_as_a_draft_until_the_day_they_are_approved() -> None:
    history = a_meeting().at("2024-07-01")
    put(
        history,
        MAY,
        MeetingHeld(decided_on=on(FIRST), remark=text("short")),
        MinutesDrafted(decided_on=on("2024-05-03"), text=text("first")),
        MinutesDrafted(
            decided_on=on("2024-05-10"),
            text=text("second"),
            items=(
                ItemMinutes(text("about the plan"), item=Key("plan")),
                ItemMinutes(text("about money"), resolution=StreamId("resolution:budget")),
            ),
        ),
        MinutesApproved(decided_on=on(LATER), meeting=JUNE),
    )
    with asked(history) as views:
        days = ("2024-05-02", "2024-05-04", "2024-05-10", LATER)
        shown = [views.of("meetings", MAY, day) for day in days]
        assert [each.minutes_status for each in shown] == ["none", "draft", "draft", "approved"]
        assert [each.minutes.text for each in shown[1:]] == [
            text("first"),
            text("second"),
            text("second"),
        ]
        assert (shown[3].minutes.approved_by, shown[3].minutes.minuted_by) == (
            JUNE,
            "party:recorder",
        )
        told = [each.minutes for each in shown[2].items]
        assert told == [None, text("about the plan"), text("about money")]
        waiting = views.all("meetings", "2024-05-10", minutes_status="draft")
        assert [each.meeting for each in waiting] == [MAY]


def test_a_cancelled_meeting_says_why() -> None:
    history = a_meeting()
    put(history, JUNE, MeetingCancelled(decided_on=on(FIRST), grounds=text("too few")))
    with asked(history) as views:
        row = views.of("meetings", JUNE, FIRST)
        assert (row.status, row.grounds) == ("cancelled", text("too few"))


def test_a_closed_item_shows_its_outcome_and_not_its_title() -> None:
    history = a_meeting()
    closed = table(history, "closed", FIRST, MAY, confidential=True)
    agree(history, closed, FIRST, MAY)
    with asked(history) as views:
        item = items(views, MAY, FIRST)[closed]
        assert (item.closed, item.title, item.decided.word) == (True, None, "carried")


def test_a_withdrawn_item_is_withdrawn_from_its_day_on() -> None:
    history = a_meeting().at(LATER)
    put(history, PLAN, ResolutionWithdrawn(decided_on=on(LATER)))
    with asked(history) as views:
        statuses = [views.of("resolutions", PLAN, day).status for day in (FIRST, LATER)]
        assert statuses == ["tabled", "withdrawn"]


def test_an_item_that_is_opened_shows_its_title_at_the_meeting_again() -> None:
    history = a_meeting()
    closed = table(history, "closed", FIRST, MAY, confidential=True)
    known = len(history.log)
    put(history, closed, ItemOpened())
    with asked(history) as views:
        before, after = (items(views, MAY, FIRST, size)[closed] for size in (known, None))
        assert (before.closed, before.title) == (True, None)
        assert (after.closed, after.title) == (False, text("closed"))
