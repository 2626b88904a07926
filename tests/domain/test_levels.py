"""A level is decided: from the level on that date, on grounds, on an evaluation (rule 29)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from govlog.domain.authorities import Authorities
from govlog.domain.body import grant_mandate
from govlog.domain.catalogue import UnknownLevel
from govlog.domain.evaluating import publish_evaluation
from govlog.domain.events.body import ActKind, MandateEnded, MandateGranted
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.product import ProductAdmitted, ProductExited
from govlog.domain.events.resolution import Authorises, ResolutionAnnulled
from govlog.domain.level_flips import LevelFlip, level_flips
from govlog.domain.levels import (
    OtherCriteria,
    OtherLevel,
    UnfoundedLevel,
    answer_to,
    change_level,
    judged_by,
    step_on,
    steps,
)
from govlog.domain.tri import Tri
from govlog.domain.values import Key, StreamId
from govlog.domain.warrant import WithoutAuthority
from tests.domain.board import BOARD, board, carried, day, text
from tests.domain.given import History
from tests.domain.measuring import REPORT, TOOL, evaluation, measured_community, product


def evaluated() -> History:
    history = measured_community().at("2024-02-01")
    history.when(publish_evaluation, TOOL, evaluation(when="2024-02-01"))
    return history


def decision(when: str = "2024-03-01", **more: Any) -> LevelChanged:
    told = {
        "resolution": StreamId("resolution:raise"),
        "from_level": Key("1"),
        "to_level": Key("2"),
        "grounds": text("two of three"),
        "decided_by": BOARD,
        "evaluation": Key("first"),
        "criteria_version": Key("a"),
        "evidence": REPORT,
        **more,
    }
    return LevelChanged(decided_on=day(when), **told)


def decided(history: History, when: str = "2024-03-01", **more: Any) -> None:
    history.at(when)
    if history.facts().resolution(StreamId("resolution:raise")) is None:
        carried(history, "raise")
    history.when(change_level, TOOL, decision(when, **more))


def level(history: History, when: str) -> str | None:
    facts = history.facts()
    held = product(history)
    found = steps(held, judged_by(held, Authorities(facts)))
    step, _ = step_on(found, date.fromisoformat(when))
    return step.level if step else None


def answer(history: History, when: str) -> Tri:
    facts = history.facts()
    held = product(history)
    judge = judged_by(held, Authorities(facts))
    first = held.evaluations["first"]
    return answer_to(first, held, judge, facts, date.fromisoformat(when)).answer


def test_a_level_changes_by_decision_from_its_day_on() -> None:
    history = evaluated()
    decided(history)
    assert [level(history, each) for each in ("2024-02-29", "2024-03-01")] == ["1", "2"]


def test_the_from_level_is_the_level_on_that_date() -> None:
    history = evaluated()
    with pytest.raises(OtherLevel) as refused:
        decided(history, from_level=Key("2"))
    assert refused.value.values["level"] == "1"
    with pytest.raises(OtherLevel):
        decided(history, from_level=None)
    decided(history)
    with pytest.raises(OtherLevel):
        decided(history, "2024-04-01")


def test_a_decision_names_grounds_who_decided_a_reference_and_the_evaluation() -> None:
    for missing in ("grounds", "decided_by", "evaluation", "criteria_version"):
        left_out: dict[str, Any] = {missing: None}
        with pytest.raises(UnfoundedLevel, match=missing):
            decided(evaluated(), **left_out)
    with pytest.raises(UnfoundedLevel, match="evidence"):
        decided(evaluated(), evidence=())


def test_the_criteria_version_is_the_one_measured_against() -> None:
    with pytest.raises(OtherCriteria):
        decided(evaluated(), criteria_version=Key("b"))


def test_a_level_is_one_that_the_catalogue_has() -> None:
    with pytest.raises(UnknownLevel):
        decided(evaluated(), to_level=Key("9"))


def test_a_decision_may_keep_the_level() -> None:
    history = evaluated()
    decided(history, to_level=Key("1"))
    assert level(history, "2024-03-01") == "1"
    assert answer(history, "2024-03-01") is Tri.YES


def test_a_level_change_needs_a_carried_decision_within_a_mandate() -> None:
    history = evaluated().at("2024-03-01")
    with pytest.raises(WithoutAuthority, match="no resolution"):
        history.when(change_level, TOOL, decision(resolution=None))
    only_admission = (Authorises(ActKind.ADMISSION),)
    carried(history, "raise", authorises=only_admission)
    with pytest.raises(WithoutAuthority, match="not what was resolved"):
        history.when(change_level, TOOL, decision())


def test_the_secretariat_sets_levels_under_the_board_s_mandate() -> None:
    """OS2's model (rule 18): the board gives the mandate, the secretariat's decision cites it."""
    history = evaluated()
    secretariat = StreamId("body:secretariat")
    board(body=secretariat, seats=("head", "deputy"), history=history, superior=BOARD)
    history.at("2024-03-01")
    carried(history, "own", body=secretariat)
    with pytest.raises(WithoutAuthority, match="no mandate"):
        history.when(change_level, TOOL, decision(resolution=StreamId("resolution:own")))
    mandate = MandateGranted(
        decided_on=day("2024-03-01"),
        mandate=Key("levels"),
        acts=(ActKind.LEVEL_CHANGE,),
        resolution=StreamId(carried(history, "delegate")),
    )
    history.when(grant_mandate, secretariat, mandate)
    history.when(change_level, TOOL, decision(resolution=StreamId("resolution:own")))
    assert level(history, "2024-03-01") == "2"


def test_a_mandate_that_ended_before_covers_no_level_change() -> None:
    history = evaluated()
    history.record(BOARD, MandateEnded(decided_on=day("2024-02-15"), mandate=Key("all")))
    with pytest.raises(WithoutAuthority):
        decided(history)


def test_an_annulled_decision_gives_the_earlier_level_back_from_the_start() -> None:
    history = evaluated()
    decided(history)
    annulled = ResolutionAnnulled(decided_on=day("2024-04-01"), ground="ruling")
    history.at("2024-04-01").record("resolution:raise", annulled)
    assert level(history, "2024-03-01") == "1"
    assert answer(history, "2024-04-01") is Tri.NO


def test_without_a_decision_after_it_a_recommended_level_is_not_decided() -> None:
    history = evaluated()
    assert answer(history, "2024-12-31") is Tri.NO
    decided(history, "2024-03-01")
    assert [answer(history, each) for each in ("2024-02-29", "2024-03-01")] == [Tri.NO, Tri.YES]


def test_a_decision_before_the_evaluation_answers_it_only_where_it_names_it() -> None:
    history = evaluated()
    decided(history, "2024-03-01")
    later = evaluation("second", when="2024-05-01")
    history.at("2024-05-01").when(publish_evaluation, TOOL, later)
    held, facts = product(history), history.facts()
    judge = judged_by(held, Authorities(facts))
    second = held.evaluations["second"]
    assert answer_to(second, held, judge, facts, date(2024, 12, 31)).answer is Tri.NO


def test_a_recommendation_changes_no_level() -> None:
    assert level(evaluated(), "2024-12-31") == "1"


def test_an_exit_ends_the_level_and_readmission_gives_the_one_it_names() -> None:
    history = evaluated().at("2024-06-01")
    out = StreamId(carried(history, "out"))
    history.record(TOOL, ProductExited(decided_on=day("2024-06-01"), resolution=out))
    history.at("2024-07-01")
    back = StreamId(carried(history, "back"))
    again = ProductAdmitted(decided_on=day("2024-07-01"), resolution=back, level="3")
    history.record(TOOL, again)
    days = ("2024-05-31", "2024-06-01", "2024-07-01")
    assert [level(history, each) for each in days] == ["1", None, "3"]


def test_a_preview_names_exactly_the_days_on_which_the_level_would_be_another() -> None:
    history = evaluated()
    decided(history, "2024-03-01")
    before = history.facts()
    annulled = ResolutionAnnulled(decided_on=day("2024-04-01"), ground="ruling")
    history.at("2024-04-01").record("resolution:raise", annulled)
    (flip,) = level_flips(before, history.facts(), [TOOL])
    assert flip == LevelFlip(TOOL, date(2024, 3, 1), None, "2", "1")
    for each in ("2024-02-29", "2024-03-01", "2024-12-31"):
        differs = level(history, each) != {"2024-02-29": "1"}.get(each, "2")
        assert differs is (date.fromisoformat(each) >= flip.since)


def test_a_preview_of_what_changes_no_level_names_none() -> None:
    history = evaluated()
    assert list(level_flips(history.facts(), history.facts(), [TOOL])) == []


def test_an_import_keeps_a_from_level_that_does_not_fit() -> None:
    history = evaluated().at("2024-03-01")
    carried(history, "raise")
    history.when(change_level, TOOL, decision(from_level=Key("3")), importing=True)
    assert product(history).levels[0].from_level == "3"
