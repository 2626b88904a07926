"""Debates, resolutions and ballots: what they answer at two dates."""

from __future__ import annotations

from msgspec.structs import replace

from govlog.domain.events.any_stream import Approved, FactCorrected
from govlog.domain.events.debate import (
    DebateClosed,
    DebateOpened,
    DebateReopened,
    FormatTried,
    KeyPoint,
    ReplyGiven,
    Signatory,
    VoiceAdded,
)
from govlog.domain.events.fact import PendingReason
from govlog.domain.events.resolution import (
    ConflictDeclared,
    ItemKind,
    Minuted,
    OutcomeMinuted,
    OutcomeWord,
    ResolutionSuperseded,
    ResolutionTabled,
    VoteCast,
)
from govlog.domain.resolution import minute_outcome
from govlog.domain.values import Ballot, Key, StreamId
from tests.domain import board as boards
from tests.domain.given import History
from tests.projections.community import (
    BOARD,
    PLAN,
    a_community,
    asked,
    carry,
    on,
    text,
)

DEBATE = StreamId("debate:elephant")


def a_debate() -> History:
    history = a_community()
    opened = DebateOpened(
        decided_on=on("2024-01-10"),
        title=text("t"),
        question=text("q"),
        groups=("vendor", "citizen", "press"),
    )
    history.record(DEBATE, opened)
    history.at("2024-03-01")
    for voice, group, day in (
        ("1", "vendor", "2024-02-01"),
        ("2", "vendor", "2024-02-03"),
        ("3", "citizen", "2024-02-20"),
        ("4", "vendor", "2024-01-15"),
    ):
        spoken = VoiceAdded(decided_on=on(day), voice=Key(voice), group=group, text=text(voice))
        history.record(DEBATE, spoken)
    return history


def test_a_debate_shows_which_groups_have_spoken_and_which_have_not() -> None:
    with asked(a_debate()) as views:
        silent = {
            day: views.of("debates", DEBATE, day).silent
            for day in ("2024-01-14", "2024-01-15", "2024-02-20")
        }
        assert silent == {
            "2024-01-14": ("vendor", "citizen", "press"),
            "2024-01-15": ("citizen", "press"),
            "2024-02-20": ("press",),
        }
        assert views.of("debates", DEBATE, "2024-02-20").heard == ("citizen", "vendor")
        voices = views.all("voices", "2024-02-03", debate=DEBATE, group="vendor")
        assert [each.voice for each in voices] == ["1", "2", "4"]


def test_a_group_is_heard_by_two_voices_of_one_day_that_are_approved_at_once() -> None:
    history = a_debate()
    voices = [
        history.record(
            DEBATE,
            VoiceAdded(
                decided_on=on("2024-02-10"),
                voice=Key(voice),
                group="press",
                text=text(voice),
                pending=(PendingReason.IMPORT,),
            ),
        )
        for voice in ("5", "6")
    ]
    history.by("party:second").record(DEBATE, Approved(facts=tuple(each.id for each in voices)))
    with asked(history) as views:
        assert views.of("debates", DEBATE, "2024-02-10").heard == ("press", "vendor")
        assert views.of("debates", DEBATE, "2024-02-10", len(history.log) - 1).heard == ("vendor",)


def test_a_debate_shows_formats_the_reply_with_its_signatories_and_what_was_decided() -> None:
    history = a_debate()
    history.record(DEBATE, FormatTried(decided_on=on("2024-02-10"), format="workshop"))
    reply = ReplyGiven(
        decided_on=on("2024-02-25"),
        body=BOARD,
        key_points=(KeyPoint(Key("shared"), text("point")),),
        signatories=(Signatory(StreamId("party:p"), "chair"),),
    )
    history.record(DEBATE, reply)
    closed = DebateClosed(decided_on=on("2024-02-28"), conclusion=text("c"), resolutions=(PLAN,))
    history.record(DEBATE, closed)
    history.record(DEBATE, DebateReopened(decided_on=on("2024-03-01")))
    with asked(history) as views:
        before, after = (views.of("debates", DEBATE, f"2024-02-{day}") for day in ("24", "28"))
        assert ([each.format for each in before.formats], before.replies) == (["workshop"], ())
        assert after.replies[0].key_points == reply.key_points
        assert after.replies[0].signatories == reply.signatories
        assert (after.status, after.resolutions) == ("closed", (PLAN,))
        again = views.of("debates", DEBATE, "2024-03-01")
        assert (again.status, again.resolutions) == ("open", ())


def test_a_debate_reopened_on_a_day_that_nobody_knows_any_more_is_not_surely_open() -> None:
    history = a_debate()
    history.record(DEBATE, DebateClosed(decided_on=on("2024-02-25")))
    reopened = history.record(DEBATE, DebateReopened(decided_on=on("2024-02-26")))
    sizes = [len(history.log)]
    for value in (None, "2024-02-20"):
        fact = FactCorrected(event=reopened.id, field="decided_on", value=value)
        history.record(DEBATE, fact)
        sizes.append(len(history.log))
    with asked(history) as views:
        asked_of = [("debates", DEBATE, "2024-03-01", size) for size in sizes]
        seen = [(views.of(*each).status, views.existing(*each).certain) for each in asked_of]
    assert seen == [("open", True), ("open", False), ("closed", True)]


def test_a_recommendation_shows_what_it_led_to_and_the_decision_who_recommended_it() -> None:
    history = a_community()
    advice = StreamId("resolution:advice")
    tabled = ResolutionTabled(
        decided_on=on("2024-01-10"), body=BOARD, kind=ItemKind.RECOMMENDATION, title=text()
    )
    history.record(advice, tabled)
    carry(history, "resolution:done", "2024-01-10", recommended_by=advice)
    with asked(history) as views:
        row = views.of("resolutions", advice, "2024-01-10")
        assert (row.kind, row.led_to) == ("recommendation", ("resolution:done",))
        assert views.of("resolutions", "resolution:done", "2024-01-10").recommended_by == advice


def a_vote() -> tuple[History, str]:
    history = boards.board()
    resolution = boards.table(history)
    boards.open_vote(history, resolution)
    boards.cast(history, resolution, chair=Ballot.FOR, ann=Ballot.AGAINST)
    return history, resolution


def test_an_outcome_is_explained_with_every_ballot() -> None:
    history, resolution = a_vote()
    before = len(history.log)
    boards.close(history, resolution)
    with asked(history) as views:
        voting = views.of("resolutions", resolution, "2024-01-01", before)
        assert (voting.status, voting.open_round, voting.rounds) == ("voting", 1, ())
        row = views.of("resolutions", resolution, "2024-01-01")
        assert (row.status, row.outcome.reason, row.outcome.proof) == (
            "carried",
            "casting_vote",
            "vote",
        )
        (explained,) = row.rounds
        assert (explained.quorum_needed, explained.quorum_met, explained.tied) == (2, True, True)
        ballots = {each.seat: each.ballot for each in views.all("ballots", "2024-01-01")}
        assert ballots == {
            "chair": Ballot.FOR,
            "ann": Ballot.AGAINST,
            "bo": None,
            "cy": None,
        }


def test_a_conflict_shows_on_the_ballot_and_on_the_resolution() -> None:
    history, resolution = a_vote()
    history.record(resolution, ConflictDeclared(decided_on=on("2024-01-01"), seat=Key("ann")))
    boards.close(history, resolution)
    history.record(resolution, ConflictDeclared(decided_on=on("2024-01-01"), seat=Key("chair")))
    with asked(history) as views:
        flags = {
            each.seat: (each.conflict, each.shown_later)
            for each in views.all("ballots", "2024-01-01")
        }
        assert flags["ann"] == (True, False)
        assert flags["chair"] == (False, True)
        assert views.of("resolutions", resolution, "2024-01-01").conflicts == ("ann", "chair")


def test_a_second_round_keeps_the_old_ballots() -> None:
    history, resolution = a_vote()
    history.record(
        resolution, VoteCast(decided_on=on("2024-01-01"), seat=Key("chair"), ballot=Ballot.AGAINST)
    )
    boards.close(history, resolution)
    boards.vote(history, resolution, chair=Ballot.FOR, ann=Ballot.FOR)
    with asked(history) as views:
        cast = {(each.round, each.seat): each.ballot for each in views.all("ballots", "2024-01-01")}
        assert (cast[1, "chair"], cast[2, "chair"]) == (Ballot.AGAINST, Ballot.FOR)
        row = views.of("resolutions", resolution, "2024-01-01")
        assert [each.word for each in row.rounds] == ["lost", "carried"]


def test_a_round_has_its_place_as_number_though_it_waited_while_another_took_that() -> None:
    history, resolution = a_vote()
    history.record(
        resolution, VoteCast(decided_on=on("2024-01-01"), seat=Key("chair"), ballot=Ballot.AGAINST)
    )
    boards.close(history, resolution)
    waiting = [history.log.index(boards.open_vote(history, resolution))]
    boards.cast(history, resolution, ann=Ballot.FOR)
    waiting.append(len(history.log) - 1)
    for place in waiting:
        each = history.log[place]
        pending = replace(each.fact, pending=(PendingReason.IMPORT,))
        history.log[place] = replace(each, fact=pending)
    boards.vote(history, resolution, ann=Ballot.AGAINST)
    ids = tuple(history.log[place].id for place in waiting)
    history.by("party:second").record(resolution, Approved(facts=ids))
    with asked(history) as views:
        cast = {(each.round, each.seat): each.ballot for each in views.all("ballots", "2024-01-01")}
        assert (cast[2, "ann"], cast[3, "ann"]) == (Ballot.AGAINST, Ballot.FOR)
        row = views.of("resolutions", resolution, "2024-01-01")
        assert ([each.round for each in row.rounds], row.open_round) == ([1, 2], 3)


def test_the_ballots_of_a_minuted_round_go_with_it_where_a_correction_leaves_no_round_for_it() -> (
    None
):
    history = boards.board()
    resolution = boards.table(history)
    today = on("2024-01-01")
    lost = OutcomeMinuted(
        decided_on=today,
        manner=Minuted.CONSENSUS,
        present=tuple(map(Key, boards.SEATS)),
        outcome=OutcomeWord.LOST,
    )
    wrong = history.when(minute_outcome, resolution, lost)
    boards.agree(history, resolution)
    before = len(history.log)
    corrected = FactCorrected(decided_on=today, event=wrong.id, field="outcome", value="carried")
    history.record(resolution, corrected)
    with asked(history) as views:
        rounds = [
            {each.round for each in views.all("ballots", "2024-01-01", known)}
            for known in (before, before + 1)
        ]
    assert rounds == [{1, 2}, {1}]


def test_a_conflict_of_a_round_that_is_void_was_shown_after_the_one_that_carried() -> None:
    history = boards.board()
    boards.conflict_in_a_void_round(history)
    before = len(history.log) - 1
    with asked(history) as views:
        ann = {
            known: [
                (each.round, each.conflict, each.shown_later)
                for each in views.all("ballots", "2024-01-01", known)
                if each.seat == "ann"
            ]
            for known in (before, len(history.log))
        }
    assert ann == {before: [(1, False, False), (2, True, False)], before + 1: [(1, False, True)]}


def test_links_between_resolutions_show_both_ways_and_only_a_standing_successor_supersedes() -> (
    None
):
    history = a_community()
    tabled = ResolutionTabled(
        decided_on=on("2024-01-10"),
        body=BOARD,
        kind=ItemKind.DECISION,
        title=text(),
        supersedes=PLAN,
    )
    history.record("resolution:new", tabled)
    before = len(history.log)
    history.at("2024-04-01")
    carry(history, "resolution:newer", "2024-04-01")
    history.record(
        PLAN, ResolutionSuperseded(decided_on=on("2024-04-01"), by=StreamId("resolution:newer"))
    )
    with asked(history) as views:
        was = views.of("resolutions", PLAN, "2024-04-01", before)
        assert (was.status, was.superseded_by[0].standing) == ("carried", False)
        row = views.of("resolutions", PLAN, "2024-04-01")
        assert [(each.by, each.standing) for each in row.superseded_by] == [
            ("resolution:new", False),
            ("resolution:newer", True),
        ]
        assert row.status == "superseded"
        assert views.of("resolutions", PLAN, "2024-03-31").status == "carried"
        assert views.of("resolutions", "resolution:new", "2024-04-01").supersedes == (PLAN,)
        assert views.of("resolutions", "resolution:newer", "2024-04-01").supersedes == (PLAN,)
