"""Levels, evaluations, agreements, risks and the calendar through the front door."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.api.community import BYLAWS, Community
from tests.api.service import RECORDER, Service, day, today
from tests.api.test_bad_input import problem

REPORT = [{"locator": "https://example.org/report"}]


def criterion(name: str, level: str, **more: str) -> dict[str, str]:
    told = {"criterion": name, "theme": "work", "level": level}
    return {**told, "text_da": f"krav {name}", "text_en": f"need {name}", **more}


SCHEME = {
    "key": "scale",
    "name": "The scale",
    "version": "2026",
    "cumulative": True,
    "levels": [
        {"level": "1", "name_da": "Lav", "name_en": "Low"},
        {"level": "2", "name_da": "Høj", "name_en": "High"},
    ],
}
CRITERIA = {
    "version": "a",
    "criteria": [criterion("R1", "1"), criterion("G1", "2", about="steering_group")],
}
EVALUATION = {
    "evaluation": "first",
    "catalogue": "catalogue:scale",
    "criteria_version": "a",
    "by": "party:acme",
    "rows": [
        {"criterion": "R1", "light": "green", "evidence": REPORT},
        {"criterion": "G1", "light": "red", "grounds": "There is no group."},
    ],
    "printed": [{"where": "summary", "green": 2, "yellow": 0, "red": 0}],
    "recommended_level": "2",
    "recommendation": "raise",
    "next_review": "2027-01-31",
}


@pytest.fixture
def measured(community: Community) -> Community:
    record = community.service.record
    record("/v1/catalogues", SCHEME)
    record("/v1/catalogues/scale/criteria", CRITERIA)
    record("/v1/products/lamp/evaluations", EVALUATION)
    community.service.show()
    return community


def item(service: Service, path: str) -> Any:
    answer = service.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json["item"]


def items(service: Service, path: str) -> Any:
    answer = service.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json["items"]


def test_an_evaluation_is_answered_with_derived_tallies_and_the_printed_difference(
    measured: Community,
) -> None:
    found = item(measured.service, "/v1/evaluations/lamp/first")
    assert found["totals"] == {"green": 1, "yellow": 0, "red": 1, "not_relevant": 0}
    (table,) = found["printed"]
    assert table["difference"] == {"green": 1, "yellow": 0, "red": -1, "not_relevant": 0}
    assert found["standing"] == "recommended_not_decided"
    assert found["rows"][1]["grounds"] == "There is no group."
    assert found["rows"][1]["text_da"] == "krav G1"
    not_decided = items(measured.service, "/v1/evaluations?standing=recommended_not_decided")
    assert [each["id"] for each in not_decided] == ["product:lamp/first"]


def test_a_level_is_decided_by_resolution_and_shown_in_the_portfolio(measured: Community) -> None:
    here = measured.service
    mandate = {"mandate": "levels", "acts": ["level_change"], "evidence": BYLAWS}
    here.record("/v1/bodies/board/mandates", mandate)
    authorises = [{"act": "level_change", "product": "product:lamp"}]
    resolution = measured.table(authorises=authorises)
    measured.carry(resolution)
    decision = {
        "resolution": f"resolution:{resolution}",
        "to_level": "2",
        "grounds": "Half of it is green.",
        "decided_by": "body:board",
        "evaluation": "first",
        "criteria_version": "a",
        "evidence": REPORT,
        "decided_on": day(),
    }
    refused = problem(
        here.post("/v1/products/lamp/levels", {**decision, "from_level": "1"}), 422, "other-level"
    )
    assert (refused["rule_number"], refused["values"]["level"]) == (29, None)
    dry = here.post("/v1/products/lamp/levels?dry_run=true", decision)
    assert dry.json["levels"] == [
        {"product": "product:lamp", "since": day(), "until": None, "before": None, "after": "2"}
    ]
    here.record("/v1/products/lamp/levels", decision)
    annulment = {"ground": "ruling", "ruling": REPORT[0], "decided_on": day()}
    dry = here.post(f"/v1/resolutions/{resolution}/annulments?dry_run=true", annulment)
    assert [(each["before"], each["after"]) for each in dry.json["levels"]] == [("2", None)]
    here.show()
    lamp = item(here, "/v1/products/lamp")
    assert (lamp["level"], lamp["recommended_level"]) == ("2", None)
    assert item(here, "/v1/evaluations/lamp/first")["standing"] == "decided"
    (step,) = items(here, "/v1/products/lamp/levels")
    assert (step["act"], step["level"], step["in_effect"]) == ("level_change", "2", True)


def test_rules_29_and_30_refuse_with_slug_number_and_mend(measured: Community) -> None:
    here = measured.service
    bare = {**EVALUATION, "evaluation": "second", "decided_on": day()}
    bare["rows"] = [{"criterion": "R1", "light": "green"}]
    told = problem(here.post("/v1/products/lamp/evaluations", bare), 422, "green-without-evidence")
    assert told["rule_number"] == 30
    assert "evidence" in told["mend"]
    unknown = {**bare, "criteria_version": "z"}
    problem(here.post("/v1/products/lamp/evaluations", unknown), 422, "unknown-reference")


def test_evaluations_need_their_own_scope(community: Community) -> None:
    here = community.service
    token = here.token(RECORDER, {"record:commitment"})
    problem(here.post("/v1/catalogues", SCHEME, token=token), 403, "scope-required")
    problem(
        here.post("/v1/products/lamp/evaluations", EVALUATION, token=token), 403, "scope-required"
    )


def test_the_elements_are_shown_with_evidence_claims_and_findings(measured: Community) -> None:
    here = measured.service
    here.record("/v1/products/lamp/authorities", {"party": "party:acme"})
    here.record("/v1/products/lamp/contributions", {"party": "party:acme", "every": "year"})
    here.record("/v1/products/lamp/contracts", {"vendor": "party:acme"})
    here.record("/v1/products/lamp/coordinators", {"party": "party:acme"})
    claim = {"topic": "steering_group", "text": "There is one.", "by": "body:board"}
    here.record("/v1/streams/product:lamp/statements", claim)
    here.show()
    row = item(here, "/v1/sustainability/lamp")
    shown = {name: element["shown"] for name, element in row["elements"].items()}
    assert shown == {
        "authorities": "evidenced",
        "coordinator": "evidenced",
        "steering_group": "claimed",
        "coordination_group": "missing",
        "central_economy": "evidenced",
        "vendor_agreement": "evidenced",
    }
    group = row["elements"]["steering_group"]
    assert [each["text"] for each in group["claims"]] == ["There is one."]
    assert [each["light"] for each in group["findings"]] == ["red"]
    assert [each["takes_part"] for each in items(here, "/v1/products/lamp/authorities")] == [True]
    here.record("/v1/products/lamp/withdrawals", {"party": "party:acme"})
    here.show()
    assert items(here, "/v1/participations?takes_part=true") == []


def test_a_risk_is_treated_reviewed_and_closed(community: Community) -> None:
    here = community.service
    soon = (today() + timedelta(days=30)).isoformat()
    here.record("/v1/risks", {"key": "dark", "title": "No bulbs", "next_review": soon})
    here.record("/v1/risks/dark/treatments", {"kind": "reduce", "description": "Buy more"})
    accept = {"kind": "accept", "decided_on": day()}
    problem(here.post("/v1/risks/dark/treatments", accept), 422, "without-authority")
    here.show()
    assert item(here, "/v1/risks/dark")["status"] == "treated"
    (due,) = items(here, f"/v1/calendar?due_by={soon}")
    assert (due["kind"], due["when"], due["due"]) == ("risk_review", "next_90_days", soon)
    assert items(here, "/v1/calendar?when=overdue") == []
    (overdue,) = items(here, f"/v1/calendar?when=overdue&as_of={today().year + 1}")
    assert overdue["stream"] == "risk:dark"
    here.record("/v1/risks/dark/reviews", {"findings": "Bought"})
    here.record("/v1/risks/dark/closure", {"grounds": "Enough bulbs"})
    here.show()
    assert items(here, "/v1/calendar") == []
    assert item(here, "/v1/risks/dark")["closed_because"] == "Enough bulbs"


def test_a_dispute_changes_no_verdict(community: Community) -> None:
    here = community.service
    community.instalment("early")
    here.show()
    before = item(here, "/v1/investments/lamp/early")["shares"]
    vendor = here.token("party:vendor-person", {"declare:investment"}, organisations=["party:acme"])
    dispute = {
        "dispute": "d",
        "by": "party:acme",
        "instalment": "early",
        "grounds": "It was asked for.",
        "decided_on": day(),
    }
    other = {**dispute, "by": "body:board"}
    problem(here.post("/v1/products/lamp/disputes", other, token=vendor), 403, "not-allowed")
    here.record("/v1/products/lamp/disputes", dispute, token=vendor)
    here.show()
    assert [each["open"] for each in items(here, "/v1/disputes?instalment=early")] == [True]
    here.record("/v1/products/lamp/disputes/d/settlement", {"outcome": "upheld"})
    here.show()
    assert item(here, "/v1/disputes/lamp/d")["outcome"] == "upheld"
    assert item(here, "/v1/investments/lamp/early")["shares"] == before


def test_a_product_is_found_by_an_old_name(community: Community) -> None:
    here = community.service
    here.record("/v1/products/lamp/names", {"name": "Lantern"})
    here.show()
    assert [each["id"] for each in items(here, "/v1/products?name=Lantern")] == ["product:lamp"]
    (found,) = items(here, "/v1/names?name=Lamp")
    assert (found["stream"], found["called"], found["current"]) == (
        "product:lamp",
        "Lantern",
        False,
    )


def test_evaluations_and_elements_are_tables_too(measured: Community) -> None:
    here = measured.service
    for path in ("/v1/evaluations", "/v1/sustainability", "/v1/criteria"):
        answer = here.get(path, Accept="text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
        assert rows, path
    table = here.get("/v1/evaluations", Accept="text/csv").get_data(as_text=True)
    (row,) = csv.DictReader(io.StringIO(table))
    assert (row["totals.green"], row["totals.red"]) == ("1", "1")


def test_the_calendar_lists_what_is_due_earliest_first_page_by_page(community: Community) -> None:
    here = community.service
    year = today().year
    due = [f"{year + 2}-03-01", f"{year + 1}", f"{year + 2}", f"{year + 1}-06", f"{year + 1}-06"]
    for number, date in enumerate(due):
        here.record("/v1/risks", {"key": f"r{number}", "title": "A risk", "next_review": date})
    here.show()

    def listed(query: str) -> list[str]:
        found, path = [], f"/v1/calendar?limit=2{query}"
        while path:
            told = here.get(path)
            assert told.status_code == 200, told.text
            found += [each["stream"].removeprefix("risk:") for each in told.json["items"]]
            path = told.json["next"]
        return found

    assert listed("") == ["r1", "r3", "r4", "r2", "r0"]
    assert listed("&order=due&kind=risk_review") == ["r1", "r3", "r4", "r2", "r0"]
    assert listed(f"&due_by={year + 1}") == ["r1", "r3", "r4"]
    assert listed("&order=oldest") == ["r0", "r1", "r2", "r3", "r4"]
    assert listed("&order=newest") == ["r4", "r3", "r2", "r1", "r0"]
    here.record("/v1/risks/r1/reviews", {"findings": "Dark", "next_review": f"{year + 3}"})
    size = here.size()
    here.show()
    assert listed("") == ["r3", "r4", "r2", "r0", "r1"]
    assert listed(f"&known_at=size:{size - 1}") == ["r1", "r3", "r4", "r2", "r0"]
    problem(here.get("/v1/risks?order=due"), 400, "malformed-request")
    problem(here.get("/v1/calendar?cursor=c1.x"), 400, "malformed-request")
