"""Evaluations, levels, catalogues, claims and disputes: what the views say on a day."""

from __future__ import annotations

from typing import Any

from govlog.domain.catalogue import IdMeaning
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.catalogue import CriteriaAdopted, Criterion, Level, LevelSchemeAdopted
from govlog.domain.events.dispute import DisputeOutcome, DisputeSettled, EvaluationDisputed
from govlog.domain.events.evaluation import (
    CriterionRow,
    EvaluationPublished,
    LevelChanged,
    Light,
    PrintedTotals,
)
from govlog.domain.events.fact import PendingReason
from govlog.domain.tallies import Tally
from govlog.domain.values import Key, Reference, StreamId
from projections.measured import LevelWord, Moved
from projections.proofs import AuthorityWord
from tests.domain.given import History
from tests.projections.community import (
    BOARD,
    PLAN,
    TOOL,
    a_community,
    annul,
    approve,
    asked,
    carry,
    grant,
    on,
    text,
)

SCALE = StreamId("catalogue:scale")
RAISE = StreamId("resolution:raise")
G, Y, R, N = Light.GREEN, Light.YELLOW, Light.RED, Light.NOT_RELEVANT


def criterion(name: str, level: str, about: str | None = None, **more: Any) -> Criterion:
    told = {
        "theme": name[0],
        "theme_da": f"{name[0]}!",
        "text_da": f"krav {name}",
        "text_en": f"need {name}",
        **more,
    }
    return Criterion(criterion=name, level=Key(level), about=about, **told)


def measured() -> History:
    """The community with two levels, and three criteria in two versions."""
    history = a_community().at("2025-01-01")
    levels = tuple(Level(Key(each), each, each) for each in ("1", "2"))
    history.record(
        SCALE,
        LevelSchemeAdopted(
            decided_on=on("2024-01-01"),
            name="scale",
            version=Key("s"),
            levels=levels,
            cumulative=True,
        ),
    )
    first = (criterion("R1", "1"), criterion("R2", "2"), criterion("G1", "2", "steering_group"))
    second = (
        criterion("R1", "1", was="R2", text_da="krav R2", text_en="need R2"),
        criterion("R2", "2", text_en="anything else"),
        criterion("G1", "2", "steering_group"),
    )
    for version, day, criteria in (("a", "2024-01-01", first), ("b", "2024-06-01", second)):
        fact = CriteriaAdopted(decided_on=on(day), version=Key(version), criteria=criteria)
        history.record(SCALE, fact)
    return history


def publish(history: History, name: str, day: str, *lights: Light, **more: Any) -> Any:
    told = {"criteria_version": Key("a"), "recommended_level": Key("2"), **more}
    rows = tuple(
        CriterionRow(each, light, evidence=(Reference("report.md"),))
        for each, light in zip(("R1", "R2", "G1"), lights, strict=True)
    )
    fact = EvaluationPublished(
        decided_on=on(day), evaluation=Key(name), rows=rows, catalogue=SCALE, **told
    )
    return history.record(TOOL, fact)


def decide(history: History, day: str, **more: Any) -> None:
    carry(history, RAISE, day)
    told = {"resolution": RAISE, "from_level": Key("1"), "to_level": Key("2"), **more}
    history.record(TOOL, LevelChanged(decided_on=on(day), grounds=text(), **told))


def test_rows_carry_what_their_ids_mean_in_the_version_measured_against() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    publish(history, "two", "2024-07-01", G, Y, R, criteria_version=Key("b"))
    with asked(history) as views:
        meant = {
            name: [each.text_en for each in views.of("evaluations", key, "2024-12-31").rows]
            for name in ("one", "two")
            for key in (f"{TOOL}/{name}",)
        }
        assert meant == {
            "one": ["need R1", "need R2", "need G1"],
            "two": ["need R2", "anything else", "need G1"],
        }


def test_tallies_are_derived_by_level_with_those_below_and_by_theme() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, N)
    with asked(history) as views:
        row = views.of("evaluations", f"{TOOL}/one", "2024-03-01")
        assert row.totals == Tally(1, 1, 0, 1)
        levels = [(each.level, each.own, each.with_lower) for each in row.by_level]
        assert levels == [
            ("1", Tally(1), Tally(1)),
            ("2", Tally(0, 1, 0, 1), Tally(1, 1, 0, 1)),
        ]
        assert [(each.theme, each.theme_da, each.totals) for each in row.by_theme] == [
            ("R", "R!", Tally(1, 1)),
            ("G", "G!", Tally(0, 0, 0, 1)),
        ]


def test_printed_totals_stand_beside_the_derived_ones_with_their_difference() -> None:
    history = measured()
    tables = (PrintedTotals("by level", 0, 2, 1), PrintedTotals("by theme", 1, 1, 1))
    publish(history, "one", "2024-03-01", G, Y, R, printed=tables)
    with asked(history) as views:
        row = views.of("evaluations", f"{TOOL}/one", "2024-03-01")
        assert [(each.difference, each.agrees) for each in row.printed] == [
            (Tally(-1, 1, 0, 0), False),
            (Tally(), True),
        ]
        assert not row.printed_agrees
        assert views.all("evaluations", "2024-03-01", printed_agrees=True) == []


def test_the_change_since_the_last_one_compares_meanings_and_not_ids() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    publish(history, "two", "2024-07-01", G, Y, Y, criteria_version=Key("b"))
    with asked(history) as views:
        assert views.of("evaluations", f"{TOOL}/one", "2024-12-31").since_last is None
        since = views.of("evaluations", f"{TOOL}/two", "2024-12-31").since_last
        assert (since.evaluation, since.better, since.worse) == ("one", 2, 0)
        assert since.moved == (Moved("R1", "R2", Y, G), Moved("G1", "G1", R, Y))
        assert since.not_comparable == ("R2",)


def test_an_evaluation_recorded_later_takes_its_place_between_the_others() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    publish(history, "three", "2024-09-01", G, Y, R)
    before = len(history.log)
    publish(history, "two", "2024-06-01", R, R, R)
    with asked(history) as views:
        key = f"{TOOL}/three"
        assert views.of("evaluations", key, "2024-12-31", before).since_last.better == 0
        last = views.of("evaluations", key, "2024-12-31").since_last
        assert (last.evaluation, last.better) == ("two", 2)


def test_a_recommended_level_is_not_decided_until_a_decision_comes_after_it() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    decide(history, "2024-05-01")
    with asked(history) as views:
        said = {
            day: (row.standing, row.decided_level)
            for day in ("2024-04-30", "2024-05-01")
            for row in (views.of("evaluations", f"{TOOL}/one", day),)
        }
        assert said == {
            "2024-04-30": (LevelWord.NOT_DECIDED, None),
            "2024-05-01": (LevelWord.DECIDED, "2"),
        }
        levels = {
            day: (row.level, row.recommended_level)
            for day in ("2024-02-29", "2024-03-01", "2024-05-01")
            for row in (views.of("portfolio", TOOL, day),)
        }
        assert levels == {
            "2024-02-29": ("1", None),
            "2024-03-01": ("1", "2"),
            "2024-05-01": ("2", None),
        }


def test_a_decision_that_is_annulled_decided_nothing() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    decide(history, "2024-05-01")
    known = len(history.log)
    annul(history, RAISE, "2024-12-01")
    with asked(history) as views:
        key = f"{TOOL}/one"
        assert views.of("evaluations", key, "2024-06-01", known).standing is LevelWord.DECIDED
        assert views.of("evaluations", key, "2024-06-01").standing is LevelWord.NOT_DECIDED
        assert views.of("portfolio", TOOL, "2024-06-01").level == "1"
        rows = views.all("levels", "2024-06-01", product=TOOL)
        assert [(each.level, each.authority, each.in_effect) for each in rows] == [
            ("1", AuthorityWord.GIVEN, True),
            ("2", AuthorityWord.VOID, False),
        ]


def test_levels_over_time_show_each_act_and_whether_its_from_level_fits() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    decide(history, "2024-05-01", from_level=Key("2"))
    with asked(history) as views:
        rows = views.all("levels", "2024-05-01", product=TOOL)
        assert [(each.level, each.from_fits, each.in_effect) for each in rows] == [
            ("1", None, False),
            ("2", False, True),
        ]
        assert [each.level for each in views.all("levels", "2024-04-30", in_effect=True)] == ["1"]


def test_a_dispute_is_shown_with_the_evaluation_and_changes_no_tally() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    fact = EvaluationDisputed(
        decided_on=on("2024-04-01"),
        dispute=Key("d"),
        evaluation=Key("one"),
        by=BOARD,
        criteria=("G1",),
        grounds=text(),
    )
    history.record(TOOL, fact)
    settled = DisputeSettled(
        decided_on=on("2024-05-01"), dispute=Key("d"), outcome=DisputeOutcome.UPHELD
    )
    history.record(TOOL, settled)
    with asked(history) as views:
        rows = {
            day: views.of("evaluations", f"{TOOL}/one", day)
            for day in ("2024-03-31", "2024-04-01", "2024-05-01")
        }
        outcomes = {day: [each.outcome for each in row.disputes] for day, row in rows.items()}
        assert outcomes == {
            "2024-03-31": [],
            "2024-04-01": [None],
            "2024-05-01": [DisputeOutcome.UPHELD],
        }
        assert len({row.totals for row in rows.values()}) == 1
        assert [each.open for each in views.all("disputes", "2024-04-01")] == [True]
        assert views.all("disputes", "2024-05-01", open=True) == []


def test_the_disputes_of_an_evaluation_stand_in_the_order_in_which_they_were_recorded() -> None:
    """And not in one that differs from process to process, as that of a map by keys does."""
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    recorded = [Key(each) for each in ("north", "east", "south", "west", "up", "down")]
    for each in recorded:
        fact = EvaluationDisputed(
            decided_on=on("2024-04-01"),
            dispute=each,
            evaluation=Key("one"),
            by=BOARD,
            grounds=text(),
        )
        history.record(TOOL, fact)
    with asked(history) as views:
        row = views.of("evaluations", f"{TOOL}/one", "2024-04-01")
        assert [each.dispute for each in row.disputes] == recorded


def test_a_catalogue_says_which_levels_there_are_and_a_version_what_became_of_each_id() -> None:
    with asked(measured()) as views:
        row = views.of("catalogues", SCALE, "2024-03-01")
        assert ([each.level for each in row.levels], row.criteria_version) == (["1", "2"], "a")
        assert views.of("catalogues", SCALE, "2024-06-01").criteria_version == "b"
        version = views.of("criteria", f"{SCALE}/b", "2024-06-01")
        assert {each.criterion: each.meaning for each in version.criteria} == {
            "R1": IdMeaning.RENUMBERED,
            "R2": IdMeaning.OTHER,
            "G1": IdMeaning.SAME,
        }
        assert version.dropped == ("R1",)
        assert [(each.level, each.own, each.with_lower) for each in version.by_level] == [
            ("1", 1, 1),
            ("2", 2, 3),
        ]


def test_a_claim_stands_beside_what_was_found_about_it_later() -> None:
    history = measured()
    fact = Stated(
        decided_on=on("2024-02-01"), topic="steering_group", text=text(), holds_on=on("2024-02-01")
    )
    history.record(TOOL, fact)
    publish(history, "one", "2024-03-01", G, Y, R)
    with asked(history) as views:
        (before,) = views.all("claims", "2024-02-29", stream=TOOL)
        (after,) = views.all("claims", "2024-03-01", stream=TOOL)
        assert before.findings == ()
        found = [(each.evaluation, each.criterion, each.light) for each in after.findings]
        assert found == [("one", "G1", Light.RED)]


def test_a_pending_evaluation_is_in_no_view_until_it_is_approved() -> None:
    history = measured()
    waiting = publish(history, "one", "2024-03-01", G, Y, R, pending=(PendingReason.LATE,))
    before = len(history.log)
    approve(history, waiting)
    with asked(history) as views:
        assert views.row("evaluations", f"{TOOL}/one", "2024-12-31", before) is None
        assert views.of("evaluations", f"{TOOL}/one", "2024-12-31").totals == Tally(1, 1, 1)
        assert views.of("portfolio", TOOL, "2024-12-31", before).recommended_level is None


def test_the_last_decision_is_that_of_the_last_day_and_not_the_one_recorded_last() -> None:
    history = measured()
    publish(history, "one", "2024-03-01", G, Y, R)
    decide(history, "2024-05-01")
    earlier = LevelChanged(decided_on=on("2024-05-01"), resolution=RAISE, to_level=Key("1"))
    later = LevelChanged(decided_on=on("2024-06-01"), resolution=RAISE, to_level=Key("2"))
    decided = history.record(TOOL, later)
    history.record(TOOL, earlier)
    with asked(history) as views:
        row = views.of("evaluations", f"{TOOL}/one", "2024-12-31")
        assert (row.decision, row.decided_level) == (decided.id, "2")
        assert views.of("portfolio", TOOL, "2024-12-31").level == "2"


def test_what_an_id_asked_for_is_dropped_where_the_id_asks_for_something_else() -> None:
    history = measured()
    third = (criterion("R1", "1", text_en="another need"), criterion("G1", "2", "steering_group"))
    history.record(
        SCALE, CriteriaAdopted(decided_on=on("2024-08-01"), version=Key("c"), criteria=third)
    )
    with asked(history) as views:
        version = views.of("criteria", f"{SCALE}/c", "2024-08-01")
        assert [each.meaning for each in version.criteria] == [IdMeaning.OTHER, IdMeaning.SAME]
        assert version.dropped == ("R1", "R2")


def test_which_of_two_came_last_in_one_month_is_not_called_certain() -> None:
    history = measured()
    for version in ("c", "d"):
        fact = CriteriaAdopted(
            decided_on=on("2024-08"), version=Key(version), criteria=(criterion("R1", "1"),)
        )
        history.record(SCALE, fact)
    publish(history, "one", "2024-03", G, Y, R)
    publish(history, "two", "2024-03-20", G, G, R)
    with asked(history) as views:
        for view, key in (("catalogues", SCALE), ("evaluations", f"{TOOL}/two")):
            row = views.row(view, key, "2024-12-31")
            assert row is not None
            assert not row.certain


def test_whether_a_from_level_fits_is_open_while_the_act_before_may_come_after() -> None:
    history = measured()
    publish(history, "one", "2024-02-01", G, Y, R)
    decide(history, "2024-03", to_level=Key("2"))
    last = LevelChanged(
        decided_on=on("2024-03-15"), resolution=PLAN, from_level=Key("2"), to_level=Key("1")
    )
    decided = history.record(TOOL, last)
    with asked(history) as views:
        row = views.row("levels", f"{TOOL}/{decided.id}", "2024-12-31")
        assert row is not None
        assert not row.certain


def test_which_of_two_acts_set_a_level_is_open_where_one_is_of_some_day_of_a_month() -> None:
    history = measured()
    decide(history, "2024-05-01", to_level=Key("2"))
    again = LevelChanged(decided_on=on("2024-04"), resolution=RAISE, to_level=Key("2"))
    decided = history.record(TOOL, again)
    with asked(history) as views:
        row = views.row("levels", f"{TOOL}/{decided.id}", "2024-12-31")
        assert row is not None
        assert not row.certain
        level = views.row("portfolio", TOOL, "2024-12-31")
        assert level is not None
        assert level.certain


def test_an_evaluation_that_counts_with_a_later_grant_is_recommended_from_its_own_day() -> None:
    history = measured()
    late = (PendingReason.LATE,)
    evaluation = publish(history, "one", "2024-03-01", G, Y, R, pending=late)
    commission = grant(history, "c", "2024-06-01", pending=late)
    approve(history, evaluation, commission)
    with asked(history) as views:
        for day, level in (("2024-02-28", None), ("2024-03-01", "2"), ("2024-06-01", "2")):
            assert views.of("portfolio", TOOL, day).recommended_level == level
        assert views.of("portfolio", TOOL, "2024-06-01").commissioned
