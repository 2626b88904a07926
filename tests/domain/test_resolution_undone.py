"""What becomes of a resolution that carried: rules 17, 21 and 27."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from govlog.domain.events.any_stream import FactCorrected
from govlog.domain.events.body import Rules
from govlog.domain.events.resolution import (
    ConflictDeclared,
    ItemKind,
    Minuted,
    OutcomeMinuted,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionSuperseded,
)
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.resolution import (
    annul_resolution,
    declare_conflict,
    standing,
    supersede_resolution,
    superseded_on,
)
from govlog.domain.resolution.tabling import NotItsToUndo
from govlog.domain.resolution.undoing import (
    AnnulsWithout,
    NotALaterOne,
    NotDecisive,
    NothingToUndo,
    UnknownGround,
)
from govlog.domain.values import Ballot, Key, Reference, Span, StreamId
from tests.domain.board import (
    AGAINST,
    BOARD,
    FOR,
    board,
    carried,
    day,
    resolution,
    table,
    vote,
)
from tests.domain.given import History


def annulment(by: str | None = None, **more: Any) -> ResolutionAnnulled:
    more.setdefault("ground", "outside_mandate")
    return ResolutionAnnulled(
        decided_on=more.pop("decided_on", day("2024-01-01")),
        resolution=StreamId(by) if by else None,
        **more,
    )


def superseded(by: str, when: str = "2024-02-01") -> ResolutionSuperseded:
    return ResolutionSuperseded(decided_on=day(when), by=StreamId(by))


def stands(history: History, stream: str, size: int | None = None) -> bool:
    facts = history.facts(size)
    state = facts.resolution(StreamId(stream))
    assert state is not None
    return standing(state, facts)


def replaced_on(history: History, stream: str) -> Span | None:
    return superseded_on(resolution(history, stream), history.facts())


def on(when: str) -> Span:
    return Span(date.fromisoformat(when), date.fromisoformat(when))


# Supersession


def old_and_new() -> History:
    """`old` carried on 1 January, `new` on 1 February."""
    history = board()
    carried(history, "old")
    carried(history.at("2024-02-01"), "new")
    return history


def test_a_later_carried_resolution_supersedes_and_the_old_one_still_stands() -> None:
    history = old_and_new()
    history.when(supersede_resolution, "resolution:old", superseded("resolution:new"))
    assert replaced_on(history, "resolution:old") == on("2024-02-01")
    assert stands(history, "resolution:old")


def test_a_successor_takes_over_from_the_day_it_carried_and_not_from_the_link() -> None:
    history = old_and_new().at("2024-03-01")
    link = superseded("resolution:new", "2024-03-01")
    history.when(supersede_resolution, "resolution:old", link)
    assert replaced_on(history, "resolution:old") == on("2024-02-01")


def test_a_resolution_tabled_to_supersede_does_so_when_it_carries() -> None:
    history = board()
    old = carried(history, "old")
    history.at("2024-02-01")
    new = table(history, "new", supersedes=old)
    assert replaced_on(history, old) is None
    vote(history, new, chair=FOR, ann=FOR)
    assert replaced_on(history, old) == on("2024-02-01")


@pytest.mark.parametrize("ballots", [{"chair": AGAINST, "ann": AGAINST}, {"chair": FOR}])
def test_a_successor_that_lost_or_lapsed_supersedes_nothing(ballots: dict[str, Ballot]) -> None:
    history = board()
    old = carried(history, "old")
    new = table(history, "new", supersedes=old)
    vote(history, new, **ballots)
    assert replaced_on(history, old) is None
    with pytest.raises(NotALaterOne):
        history.decide(supersede_resolution, old, superseded(new))


def test_a_successor_that_is_annulled_supersedes_nothing_any_more() -> None:
    history = old_and_new()
    history.when(supersede_resolution, "resolution:old", superseded("resolution:new"))
    ruling = annulment(ground="ruling", ruling=Reference("court"), decided_on=day("2024-02-01"))
    history.when(annul_resolution, "resolution:new", ruling)
    assert replaced_on(history, "resolution:old") is None


def test_of_several_successors_the_earliest_counts() -> None:
    history = old_and_new()
    carried(history.at("2024-03-01"), "newer")
    for by in ("resolution:newer", "resolution:new"):
        history.when(supersede_resolution, "resolution:old", superseded(by, "2024-03-01"))
    assert replaced_on(history, "resolution:old") == on("2024-02-01")


def test_only_a_later_resolution_supersedes() -> None:
    history = old_and_new()
    for by in ("resolution:old", "resolution:new"):
        with pytest.raises(NotALaterOne):
            history.decide(supersede_resolution, "resolution:new", superseded(by))


def test_of_two_of_one_day_the_one_recorded_later_supersedes() -> None:
    history = board()
    one, two = carried(history, "one"), carried(history, "two")
    proposed = superseded(two, "2024-01-01")
    assert history.decide(supersede_resolution, one, proposed) == proposed
    with pytest.raises(NotALaterOne):
        history.decide(supersede_resolution, two, superseded(one, "2024-01-01"))


def test_a_resolution_of_some_day_may_be_the_later_one_and_is_superseded_perhaps_never() -> None:
    history = old_and_new()
    stream = table(history, "some-day")
    history.record(stream, OutcomeMinuted(decided_on=day("2024"), manner=Minuted.CONSENSUS))
    history.record(stream, superseded("resolution:new"))
    replaced = replaced_on(history, stream)
    assert replaced is not None
    assert (replaced.earliest, replaced.latest) == (date(2024, 2, 1), date.max)


def test_an_earlier_resolution_recorded_as_tabled_to_supersede_a_later_one_does_not() -> None:
    history = old_and_new()
    stream = table(history, "sly", supersedes="resolution:new")
    early = OutcomeMinuted(decided_on=day("2024-01-15"), manner=Minuted.CONSENSUS)
    history.record(stream, early)
    assert resolution(history, stream).carried
    assert replaced_on(history, "resolution:new") is None


def test_a_link_is_recorded_once_and_names_a_known_resolution() -> None:
    history = old_and_new()
    history.when(supersede_resolution, "resolution:old", superseded("resolution:new"))
    with pytest.raises(AlreadyRecorded):
        history.decide(supersede_resolution, "resolution:old", superseded("resolution:new"))
    with pytest.raises(UnknownReference):
        history.decide(supersede_resolution, "resolution:old", superseded("resolution:none"))


def test_a_body_below_does_not_supersede_what_the_board_resolved() -> None:
    history = board()
    board(body="body:circle", seats=("dan",), history=history, superior=BOARD)
    old = carried(history, "old")
    of_circle = carried(history, "of-circle", body="body:circle")
    with pytest.raises(NotItsToUndo):
        history.decide(supersede_resolution, old, superseded(of_circle, "2024-01-01"))
    by_board = carried(history, "by-board")
    proposed = superseded(by_board, "2024-01-01")
    assert history.decide(supersede_resolution, of_circle, proposed) == proposed


# Annulment


def test_an_annulled_resolution_never_stood_and_before_it_was_known_it_did() -> None:
    history = board()
    void, by = carried(history, "void"), carried(history, "by")
    before = len(history.log)
    history.when(annul_resolution, void, annulment(by))
    assert stands(history, void, before)
    assert not stands(history, void)


def test_an_annulment_falls_when_what_it_cites_is_annulled_and_what_it_annulled_stands() -> None:
    history = board()
    void, by, back = (carried(history, name) for name in ("void", "by", "back"))
    history.when(annul_resolution, void, annulment(by))
    history.when(annul_resolution, by, annulment(back))
    assert stands(history, void)
    history.when(annul_resolution, back, annulment(ground="ruling", ruling=Reference("court")))
    assert not stands(history, void)


def test_an_annulment_that_also_cites_a_ruling_does_not_fall_with_its_resolution() -> None:
    history = board()
    void, by, back = (carried(history, name) for name in ("void", "by", "back"))
    history.when(annul_resolution, void, annulment(by, ruling=Reference("court")))
    history.when(annul_resolution, by, annulment(back))
    assert not stands(history, void)


def test_an_annulment_takes_effect_only_if_what_it_cites_stood_when_recorded() -> None:
    history = board()
    void, by, back = (carried(history, name) for name in ("void", "by", "back"))
    history.when(annul_resolution, by, annulment(back))
    with pytest.raises(AnnulsWithout):
        history.decide(annul_resolution, void, annulment(by))
    history.record(void, annulment(by))
    history.when(annul_resolution, back, annulment(ground="ruling", ruling=Reference("court")))
    assert stands(history, by)
    assert stands(history, void)


def test_of_two_resolutions_that_annul_each_other_the_one_that_came_first_prevails() -> None:
    history = board()
    one, two = carried(history, "one"), carried(history, "two")
    history.record(one, annulment(two))
    history.record(two, annulment(one))
    assert not stands(history, one)
    assert stands(history, two)


def test_a_resolution_of_a_body_below_annuls_nothing_and_of_a_superior_does() -> None:
    history = board(body="body:assembly", seats=("zoe",))
    board(history=history, superior="body:assembly")
    of_board = carried(history, "of-board")
    of_assembly = carried(history, "of-assembly", body="body:assembly")
    with pytest.raises(NotItsToUndo):
        history.decide(annul_resolution, of_assembly, annulment(of_board))
    proposed = annulment(of_assembly)
    assert history.decide(annul_resolution, of_board, proposed) == proposed


def test_an_annulment_that_is_corrected_to_cite_what_carried_later_takes_no_effect() -> None:
    history = board()
    void, by = carried(history, "void"), carried(history, "by")
    recorded = history.when(annul_resolution, void, annulment(by))
    assert not stands(history, void)
    later = carried(history, "later")
    history.record(void, FactCorrected(event=recorded.id, field="resolution", value=later))
    assert stands(history, void)


def test_an_annulment_cites_a_resolution_that_carried_or_a_ruling() -> None:
    history = board()
    void, open_ = carried(history, "void"), table(history, "open")
    for cites in (
        annulment(),
        annulment(open_),
        annulment(void),
        annulment(ground="ruling"),
        annulment(carried(history, "by"), ground="ruling"),
    ):
        with pytest.raises(AnnulsWithout):
            history.decide(annul_resolution, void, cites)
    by_ruling = annulment(ruling=Reference("court"))
    assert history.decide(annul_resolution, void, by_ruling) == by_ruling


def test_an_annulment_has_one_of_the_named_grounds() -> None:
    history = board()
    with pytest.raises(UnknownGround):
        history.decide(
            annul_resolution, carried(history, "void"), annulment(carried(history), ground="whim")
        )


def test_what_never_carried_cannot_be_undone() -> None:
    history = board()
    by, open_ = carried(history, "by"), table(history, "open")
    with pytest.raises(NothingToUndo):
        history.decide(annul_resolution, open_, annulment(by))
    with pytest.raises(NothingToUndo):
        history.decide(supersede_resolution, open_, superseded(by, "2024-01-01"))


# Rule 27: a conflict shown after the count


def shown_later(conflicted: str, rules: Rules | None = None, **ballots: Ballot) -> History:
    history = board(rules=rules)
    stream = table(history, "void")
    assert vote(history, stream, **ballots).fact.reason in ("majority", "casting_vote")
    conflict = ConflictDeclared(decided_on=day("2024-01-01"), seat=Key(conflicted))
    history.when(declare_conflict, stream, conflict)
    carried(history, "by")
    return history


def annul_for_conflict(history: History) -> None:
    fact = annulment("resolution:by", ground="conflicted_vote")
    history.when(annul_resolution, "resolution:void", fact)


def test_a_decisive_conflicted_ballot_annuls() -> None:
    history = shown_later("ann", chair=AGAINST, ann=FOR, bo=FOR)
    annul_for_conflict(history)
    assert not stands(history, "resolution:void")


def test_a_conflicted_ballot_that_made_the_quorum_annuls() -> None:
    history = shown_later("ann", chair=FOR, ann=FOR)
    annul_for_conflict(history)
    assert not stands(history, "resolution:void")


def test_a_conflict_shown_later_that_changes_neither_outcome_nor_quorum_annuls_nothing() -> None:
    history = shown_later("ann", chair=FOR, ann=FOR, bo=FOR, cy=AGAINST)
    with pytest.raises(NotDecisive) as refusal:
        annul_for_conflict(history)
    assert (refusal.value.rule, refusal.value.values["outcome"]) == (27, OutcomeWord.CARRIED)


def test_where_recused_count_as_present_a_conflict_leaves_the_quorum() -> None:
    history = shown_later(
        "ann", Rules(version="v", recused_count_as_present=True), chair=FOR, ann=FOR
    )
    with pytest.raises(NotDecisive):
        annul_for_conflict(history)


def test_a_vote_without_a_conflict_shown_is_not_annulled_for_one() -> None:
    history = board()
    vote(history, table(history, "void"), chair=FOR, ann=FOR)
    carried(history, "by")
    with pytest.raises(NotDecisive):
        annul_for_conflict(history)


def test_an_item_for_discussion_can_carry_and_stand_and_still_is_no_decision() -> None:
    history = board()
    stream = carried(history, kind=ItemKind.DISCUSSION)
    assert stands(history, stream)
    assert resolution(history, stream).kind is not ItemKind.DECISION
