"""The second person's word: rule 5, singly and for an import as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from govlog.domain.approval import (
    FourEyes,
    NotPending,
    Overtaken,
    PartOfBatch,
    RestsOnPending,
    approve,
    approve_part,
    refuse_approval,
    refuse_part,
)
from govlog.domain.body import vacate_seat
from govlog.domain.errors import NotFound
from govlog.domain.events.any_stream import ApprovalRefused, Approved, Stated
from govlog.domain.events.body import MemberLeft
from govlog.domain.events.debate import DebateOpened, VoiceAdded
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.events.product import CommissionGranted, CommissionReviewed, ProductProposed
from govlog.domain.events.resolution import ConflictDeclared
from govlog.domain.party import register_party, rename_party
from govlog.domain.recording import admit
from govlog.domain.refusals import UnknownReference
from govlog.domain.resolution import close_voting, declare_conflict
from govlog.domain.statement import state
from govlog.domain.stream import Folded, Recorded
from govlog.domain.values import Ceiling, CeilingKind, Key, StreamId
from tests.domain.board import BOARD, FOR, board, cast, day, open_vote, resolution, table, text
from tests.domain.given import Decide, F, History, known

BATCH = StreamId("batch:b")


def admitted(
    history: History, decide: Decide[F], stream: str, fact: Fact, **given: Any
) -> Recorded[F]:
    """Decide, admit with thirty days of grace, and record."""
    decided = history.decide(decide, stream, fact, **given)
    return history.record(stream, admit(decided, history.given(**given), late_days=30))


def folded(history: History, stream: str) -> Folded[Any]:
    return history.facts().folded(StreamId(stream))


def say(history: History, stream: str, *facts: Recorded[Fact], by: str) -> Recorded[Approved]:
    fact = Approved(facts=tuple(each.id for each in facts))
    approval = approve(folded(history, stream), fact, history.given(person=by))
    return history.by(by).record(stream, approval)


def renamed(history: History, when: str, name: str = "New") -> Recorded[Fact]:
    return admitted(history, rename_party, "party:v", PartyRenamed(decided_on=day(when), name=name))


def late_rename() -> tuple[History, Recorded[Fact]]:
    """A rename of 1 March that Ann records on 1 June."""
    history = History().at("2024-01-01").by("party:ann")
    fact = PartyRegistered(decided_on=day("2024-01-01"), kind=PartyKind.ORGANISATION, name="Old")
    admitted(history, register_party, "party:v", fact)
    return history, renamed(history.at("2024-06-01"), "2024-03-01")


def name(history: History, size: int | None = None) -> object:
    party = history.facts(size).party(StreamId("party:v"))
    return party.name if party else None


def test_a_late_fact_changes_no_answer_until_another_person_approves_it() -> None:
    history, late = late_rename()
    assert late.fact.pending == (PendingReason.LATE,)
    assert name(history) == "Old"
    say(history, "party:v", late, by="party:bo")
    assert name(history) == "New"
    assert name(history, len(history.log) - 1) == "Old"


def test_a_late_fact_is_listed_as_pending_until_it_is_decided_on() -> None:
    history, late = late_rename()
    assert list(folded(history, "party:v").pending) == [late.id]
    say(history, "party:v", late, by="party:bo")
    assert not folded(history, "party:v").pending


@pytest.mark.parametrize("decide", [approve, refuse_approval])
def test_nobody_approves_or_refuses_what_they_recorded_themselves(decide: Any) -> None:
    history, late = late_rename()
    word = Approved if decide is approve else ApprovalRefused
    with pytest.raises(FourEyes) as refusal:
        decide(
            folded(history, "party:v"),
            word(facts=(late.id,)),
            history.given(person="party:ann"),
        )
    assert (refusal.value.rule, refusal.value.slug) == (5, "four-eyes")


def test_four_eyes_are_of_two_persons_whatever_organisation_they_act_for() -> None:
    history, late = late_rename()
    given = history.given(person="party:ann", organisations=("party:bo",))
    with pytest.raises(FourEyes):
        approve(folded(history, "party:v"), Approved(facts=(late.id,)), given)


def test_one_own_fact_among_several_is_enough_to_be_refused() -> None:
    history, late = late_rename()
    other = renamed(history.by("party:bo"), "2024-04-01", "Newer")
    with pytest.raises(FourEyes) as refusal:
        say(history, "party:v", late, other, by="party:bo")
    assert refusal.value.values["facts"] == [other.id]


def test_a_refused_fact_never_counts_and_is_not_asked_about_again() -> None:
    history, late = late_rename()
    fact = ApprovalRefused(facts=(late.id,), grounds=text("No such rename"))
    given = history.given(person="party:bo")
    history.record("party:v", refuse_approval(folded(history, "party:v"), fact, given))
    assert (name(history), list(folded(history, "party:v").refused)) == ("Old", [late.id])
    with pytest.raises(NotPending, match="refused already"):
        say(history, "party:v", late, by="party:bo")


def test_only_what_is_pending_in_the_stream_can_be_approved() -> None:
    history, late = late_rename()
    say(history, "party:v", late, by="party:bo")
    for facts in ((late,), (history.log[0],), ()):
        with pytest.raises(NotPending):
            say(history, "party:v", *facts, by="party:bo")


def test_several_facts_count_in_the_order_they_were_recorded() -> None:
    history, late = late_rename()
    newer = renamed(history, "2024-04-01", "Newer")
    approval = say(history, "party:v", newer, late, by="party:bo").fact
    assert approval.facts == (late.id, newer.id)
    assert name(history) == "Newer"


def test_the_evidence_of_an_approval_is_kept() -> None:
    history, late = late_rename()
    fact = Approved(facts=(late.id,), decided_on=day("2024-06-01"))
    given = history.given(person="party:bo")
    assert approve(folded(history, "party:v"), fact, given) == fact


# What a pending fact rests on


def test_what_begins_a_stream_is_approved_before_what_follows() -> None:
    history = History().at("2024-06-01").by("party:ann")
    opened = history.record(
        "debate:d",
        DebateOpened(
            decided_on=day("2024-01-01"),
            title=text(),
            question=text(),
            pending=(PendingReason.LATE,),
        ),
    )
    voice = history.record(
        "debate:d",
        VoiceAdded(
            decided_on=day("2024-01-02"),
            voice=Key("v"),
            group="vendor",
            text=text(),
            pending=(PendingReason.LATE,),
        ),
    )
    with pytest.raises(RestsOnPending) as refusal:
        say(history, "debate:d", voice, by="party:bo")
    assert refusal.value.values["rests_on"] == opened.id
    say(history, "debate:d", opened, voice, by="party:bo")
    debate = history.facts().debate(StreamId("debate:d"))
    assert debate is not None
    assert list(debate.voices) == ["v"]


def test_only_what_is_about_the_same_thing_rests_on_each_other_in_a_product() -> None:
    history = History().at("2024-06-01").by("party:ann")
    history.record("product:p", ProductProposed(decided_on=day("2024-06-01"), name="P"))
    late = (PendingReason.LATE,)
    one, two = (
        history.record(
            "product:p",
            CommissionGranted(
                decided_on=day("2024-01-01"),
                commission=Key(key),
                scope=("api",),
                ceiling=Ceiling(CeilingKind.NONE, "DKK"),
                pending=late,
            ),
        )
        for key in ("c1", "c2")
    )
    review = history.record(
        "product:p",
        CommissionReviewed(decided_on=day("2024-02-01"), commission=Key("c1"), pending=late),
    )
    say(history, "product:p", two, by="party:bo")
    with pytest.raises(RestsOnPending):
        say(history, "product:p", review, by="party:bo")
    say(history, "product:p", one, review, by="party:bo")
    assert not folded(history, "product:p").pending


def test_a_count_that_waited_is_not_approved_when_a_conflict_has_changed_it() -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    cast(history, stream, chair=FOR, ann=FOR)
    history.at("2024-03-01")
    counted = admitted(history, close_voting, stream, Fact(decided_on=day("2024-01-01")))
    assert counted.fact.pending == (PendingReason.LATE,)
    conflict = ConflictDeclared(decided_on=day("2024-03-01"), seat=Key("ann"))
    admitted(history, declare_conflict, stream, conflict)
    with pytest.raises(Overtaken):
        say(history, stream, counted, by="party:bo")
    assert resolution(history, stream).outcome is None


def test_a_count_that_waited_counts_once_approved() -> None:
    history = board()
    stream = table(history)
    open_vote(history, stream)
    cast(history, stream, chair=FOR, ann=FOR)
    history.at("2024-03-01")
    counted = admitted(history, close_voting, stream, Fact(decided_on=day("2024-01-01")))
    say(history, stream, counted, by="party:bo")
    assert resolution(history, stream).carried


def test_what_would_count_for_nothing_any_more_is_not_approved() -> None:
    history = board().at("2024-06-01")
    left = MemberLeft(decided_on=day("2024-02-01"), seat=Key("ann"))
    late = admitted(history, vacate_seat, BOARD, left)
    now = MemberLeft(decided_on=day("2024-06-01"), seat=Key("ann"))
    admitted(history, vacate_seat, BOARD, now)
    with pytest.raises(Overtaken):
        say(history, BOARD, late, by="party:bo")


# Imports


def imported() -> tuple[History, list[Recorded[Fact]]]:
    """Ann imports a party and its rename."""
    history = History().at("2024-06-01").by("party:ann")
    registered = PartyRegistered(
        decided_on=day("2020"), batch=BATCH, kind=PartyKind.ORGANISATION, name="Old"
    )
    first = admitted(history, register_party, "party:v", registered, importing=True)
    fact = PartyRenamed(batch=BATCH, name="New")
    return history, [first, admitted(history, rename_party, "party:v", fact, importing=True)]


def test_commands_of_an_import_see_what_the_same_import_brought_and_nobody_else_does() -> None:
    history, facts = imported()
    assert len(facts) == 2
    assert history.facts().party(StreamId("party:v")) is None
    with pytest.raises(NotFound):
        history.decide(rename_party, "party:v", PartyRenamed(name="X"))


def test_facts_of_an_import_are_not_approved_singly() -> None:
    history, facts = imported()
    with pytest.raises(PartOfBatch) as refusal:
        say(history, "party:v", facts[0], by="party:bo")
    assert refusal.value.values["batch"] == BATCH


def test_an_import_is_approved_as_a_whole_by_a_second_person() -> None:
    history, facts = imported()
    with pytest.raises(FourEyes):
        approve_part(folded(history, "party:v"), BATCH, history.given(person="party:ann"))
    approval = approve_part(folded(history, "party:v"), BATCH, history.given(person="party:bo"))
    assert approval == Approved(facts=tuple(each.id for each in facts))
    history.by("party:bo").record("party:v", approval)
    assert name(history) == "New"


def test_an_import_is_refused_as_a_whole() -> None:
    history, facts = imported()
    refusal = refuse_part(folded(history, "party:v"), BATCH, history.given(person="party:bo"))
    assert refusal == ApprovalRefused(facts=tuple(each.id for each in facts))
    history.record("party:v", refusal)
    assert history.facts(provisional=True).party(StreamId("party:v")) is None


def test_a_stream_without_facts_of_an_import_has_no_part_in_its_approval() -> None:
    history, _ = late_rename()
    given = history.given(person="party:bo")
    assert approve_part(folded(history, "party:v"), BATCH, given) is None
    assert refuse_part(folded(history, "party:v"), BATCH, given) is None


def test_a_later_import_is_not_approved_before_the_one_it_builds_on() -> None:
    history, _ = imported()
    second = StreamId("batch:c")
    fact = PartyRenamed(decided_on=day("2023"), batch=second, name="Newest")
    admitted(history, rename_party, "party:v", fact, importing=True)
    with pytest.raises(RestsOnPending):
        approve_part(folded(history, "party:v"), second, history.given(person="party:bo"))


# Claims


def claim(**more: Any) -> Stated:
    return Stated(decided_on=day("2024-01-01"), topic="member_seated", text=text(), **more)


def test_a_claim_starts_no_seat_and_confers_nothing() -> None:
    history = board()
    before = history.facts().body(BOARD)
    history.when(state, BOARD, claim(party=StreamId("party:ann"), role="chair"))
    assert history.facts().body(BOARD) == before


def test_a_claim_is_about_a_stream_that_exists_and_names_known_parties() -> None:
    with pytest.raises(NotFound):
        board().decide(state, "body:none", claim())
    for who in ({"by": "body:none"}, {"party": "party:nobody"}):
        with pytest.raises(UnknownReference):
            board().decide(state, BOARD, claim(**who))


def test_a_late_claim_can_be_approved_though_it_changes_no_state() -> None:
    history = board().at("2024-06-01")
    late = admitted(history, state, BOARD, claim())
    say(history, BOARD, late, by="party:bo")
    assert not folded(history, BOARD).pending


def test_a_pending_fact_does_not_hold_up_what_is_recorded_in_time() -> None:
    history = board().at("2024-06-01")
    late = admitted(
        history, vacate_seat, BOARD, MemberLeft(decided_on=day("2024-02-01"), seat=Key("ann"))
    )
    now = MemberLeft(decided_on=day("2024-05-20"), seat=Key("bo"))
    assert admitted(history, vacate_seat, BOARD, now).fact.pending == ()
    seats = known(folded(history, BOARD).counted).seats
    assert (seats[Key("ann")].left, seats[Key("bo")].left is None) == (None, False)
    assert list(folded(history, BOARD).pending) == [late.id]
