"""What the demonstration says about levels, evaluations and what carries a product."""

from __future__ import annotations

import pytest

from govlog.demo.lines import OS2, read
from tests.demo.demonstration import Answer, Demonstration

FAKTOR = "product:os2faktor/2025-11-16"


def row(demonstration: Demonstration, view: str, key: str, day: str | None = None) -> Answer:
    found = demonstration.row(view, key, day)
    assert found is not None
    return found


def lights(totals: Answer) -> tuple[int, int, int]:
    return totals["green"], totals["yellow"], totals["red"]


def test_os2faktor_shows_9_22_12_beside_the_printed_8_23_12_and_9_22_12(
    demonstration: Demonstration,
) -> None:
    found = row(demonstration, "evaluations", FAKTOR)
    assert lights(found["totals"]) == (9, 22, 12)
    printed = {
        each["where"]: (lights(each["totals"]), lights(each["difference"]))
        for each in found["printed"]
    }
    assert printed == {
        "by level": ((8, 23, 12), (-1, 1, 0)),
        "by theme and level": ((9, 22, 12), (0, 0, 0)),
    }
    assert not found["printed_agrees"]


def test_os2faktor_is_recommended_level_1_and_that_is_not_decided(
    demonstration: Demonstration,
) -> None:
    found = row(demonstration, "evaluations", FAKTOR)
    assert (found["recommended_level"], found["recommendation"]) == ("1", "lower")
    assert (found["standing"], found["decided_level"]) == ("recommended_not_decided", None)
    product = row(demonstration, "portfolio", "product:os2faktor")
    assert (product["level"], product["recommended_level"]) == (None, "1")
    assert demonstration.row("evaluations", FAKTOR, "2025-11-15") is None


@pytest.mark.parametrize(
    ("product", "totals"),
    [("os2skadesoekonomi", (17, 17, 9)), ("os2autoproces", (15, 19, 9))],
)
def test_the_other_two_assessments_print_what_their_rows_give(
    demonstration: Demonstration, product: str, totals: tuple[int, int, int]
) -> None:
    found = row(demonstration, "evaluations", f"product:{product}/2025-09-05")
    assert lights(found["totals"]) == totals
    assert found["printed_agrees"]
    assert (found["recommendation"], found["standing"]) == ("keep", "recommended_not_decided")


def test_no_level_of_os2_is_decided_and_no_green_is_without_evidence(
    demonstration: Demonstration,
) -> None:
    assert demonstration.rows("levels", act="level_change", fiction=False) == []
    evaluations = demonstration.rows("evaluations", fiction=False)
    assert len(evaluations) == 4
    assert [each["green_without_evidence"] for each in evaluations] == [[]] * 4
    assert [each["unmeasured"] for each in evaluations] == [[]] * 4


def test_the_43_criteria_have_both_languages_and_6_16_35_43_of_them_by_level(
    demonstration: Demonstration,
) -> None:
    version = row(demonstration, "criteria", "catalogue:os2/0.9")
    assert version["count"] == 43
    assert [(each["level"], each["own"], each["with_lower"]) for each in version["by_level"]] == [
        ("sandbox", 6, 6),
        ("1", 10, 16),
        ("2", 19, 35),
        ("3", 8, 43),
    ]
    texts = [(each["text_da"], each["text_en"]) for each in version["criteria"]]
    assert len({each for pair in texts for each in pair}) == 86


def test_a_claim_of_2023_stands_beside_the_finding_of_2025(demonstration: Demonstration) -> None:
    claims = demonstration.rows("claims", stream="product:os2faktor", about="steering_group")
    assert [(each["holds_on"], each["count"]) for each in claims] == [
        ("2023-09-25", None),
        ("2025-11-16", 0),
    ]
    (finding,) = claims[0]["findings"]
    assert (finding["criterion"], finding["light"]) == ("G6", "red")
    assert "steering group" in demonstration.text(finding["grounds"])
    earlier = demonstration.rows(
        "claims", "2025-11-15", stream="product:os2faktor", about="steering_group"
    )
    assert [each["findings"] for each in earlier] == [[]]


def test_os2iot_is_shown_by_a_resolution_where_there_is_one_and_by_claims_elsewhere(
    demonstration: Demonstration,
) -> None:
    elements = row(demonstration, "sustainability", "product:os2iot")["elements"]
    shown = {name: each["shown"] for name, each in elements.items()}
    assert shown.pop("steering_group") == "evidenced"
    assert set(shown.values()) == {"claimed"}
    assert [each["count"] for each in elements["authorities"]["claims"]] == [22]
    assert elements["authorities"]["evidence"] == []
    earlier = row(demonstration, "sustainability", "product:os2iot", "2019-05-22")["elements"]
    assert {each["shown"] for each in earlier.values()} == {"missing"}


def test_os2faktor_was_grouped_with_os2iot_in_2023_and_has_no_steering_group_in_2025(
    demonstration: Demonstration,
) -> None:
    def words(day: str) -> dict[str, str]:
        elements = row(demonstration, "sustainability", "product:os2faktor", day)["elements"]
        return {name: each["shown"] for name, each in elements.items()}

    assert words("2023-09-25")["steering_group"] == "claimed"
    assert words("2025-11-16")["steering_group"] == "missing"
    assert words("2025-11-16")["coordination_group"] == "claimed"


def test_every_repository_fact_of_the_sources_is_carried_by_some_line() -> None:
    carried = {line.key.partition("#")[0] for line in read(OS2)}
    assert len(carried) == 89


def test_the_self_evaluation_of_os2borgerpc_says_no_version_and_so_no_meaning(
    demonstration: Demonstration,
) -> None:
    found = row(demonstration, "evaluations", "product:os2borgerpc/2026-08-06")
    assert (found["kind"], lights(found["totals"])) == ("self_assessment", (33, 0, 10))
    assert found["criteria_version"] is None
    assert {each["text_en"] for each in found["rows"]} == {None}


def test_the_invented_product_rises_by_decision_and_compares_by_meaning(
    demonstration: Demonstration,
) -> None:
    found = row(demonstration, "evaluations", "product:faellesplan/2025")
    assert (found["standing"], found["decided_level"]) == ("decided", "2")
    since = found["since_last"]
    assert (since["evaluation"], since["better"], since["worse"]) == ("2024", 2, 0)
    moved = [(each["criterion"], each["was"]) for each in since["moved"]]
    assert moved == [("V1", "V2"), ("V3", "V4")]
    assert since["not_comparable"] == ["V4"]
    assert row(demonstration, "portfolio", "product:faellesplan")["level"] == "2"


def test_the_invented_town_that_came_back_keeps_its_first_entry(
    demonstration: Demonstration,
) -> None:
    egemose = row(demonstration, "participations", "product:faellesplan/party:egemose")
    assert egemose["takes_part"]
    assert len(egemose["entries"]) == 2
    strandlev = row(
        demonstration, "participations", "product:faellesplan/party:strandlev", "2024-12-02"
    )
    assert strandlev["takes_part"]


def test_the_invented_product_lacks_a_coordination_group_only(
    demonstration: Demonstration,
) -> None:
    found = row(demonstration, "sustainability", "product:faellesplan")
    assert (found["evidenced"], found["missing"], found["complete"]) == (5, 1, False)
    assert found["elements"]["coordination_group"]["shown"] == "missing"


def test_the_invented_risk_is_accepted_and_its_review_is_overdue(
    demonstration: Demonstration,
) -> None:
    risk = row(demonstration, "risks", "risk:faellesplan-operator", "2025-09-02")
    assert (risk["status"], risk["next_review"]) == ("accepted", "2025-09-01")
    due = demonstration.rows("calendar", "2025-09-02", product="product:faellesplan")
    others = {each["kind"]: each["when"] for each in due if each["kind"] != "commission_review"}
    assert others == {
        "risk_review": "overdue",
        "evaluation": "later",
        "level_review": "later",
    }


def test_the_invented_dispute_leaves_its_instalment_where_it_was(
    demonstration: Demonstration,
) -> None:
    (dispute,) = demonstration.rows("disputes", instalment="app-1")
    assert (dispute["open"], dispute["outcome"]) == (False, "dismissed")
    assert demonstration.shares("faellesplan/app-1") == [("40000.00", "out_of_scope")]


def test_a_product_that_was_renamed_and_readmitted_is_found_with_its_whole_life(
    demonstration: Demonstration,
) -> None:
    found = demonstration.rows("names", name="Havnekort (opdigtet)")
    assert [(each["stream"], each["current"]) for each in found] == [("product:havnekort", False)]
    product = row(demonstration, "portfolio", "product:havnekort")
    assert [each["stage"] for each in product["life"]] == ["admitted", "exited", "admitted"]
    assert product["admitted"]


def test_os2datascanner_is_found_by_the_name_it_had_on_each_day(
    demonstration: Demonstration,
) -> None:
    def found(name: str, day: str) -> list[tuple[str, str]]:
        rows = demonstration.rows("names", day, name=name)
        return [(each["stream"], each["called"]) for each in rows]

    product = "product:os2datascanner"
    assert found("OS2datascanner", "2023-12-14") == [(product, "OS2datascanner")]
    assert found("OSdatascanner", "2023-12-14") == []
    assert found("OS2datascanner", "2023-12-15") == [(product, "OSdatascanner")]
    assert found("OSdatascanner", "2023-12-15") == [(product, "OSdatascanner")]
