"""What cannot be recorded is refused by name of member or rule, and leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from werkzeug.test import TestResponse

from tests.api.community import Community
from tests.api.service import Service, day, today


def problem(response: TestResponse, status: int, slug: str) -> dict[str, Any]:
    """The problem document of an answer, which must be one of this status and type."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    told = dict(response.json or {})
    assert (told["status"], told["type"]) == (status, f"/problems/{slug}")
    assert told["title"]
    assert told["detail"]
    return told


def fields(told: dict[str, Any]) -> set[str]:
    return {each["field"] for each in told["errors"]}


def grant() -> dict[str, Any]:
    return {
        "scope": ["shade"],
        "ceiling": {"kind": "amount", "currency": "DKK", "amount": "1000"},
        "resolution": "resolution:r1",
        "decided_on": day(),
    }


def instalment() -> dict[str, Any]:
    return {
        "investor": "party:acme",
        "scope_item": "shade",
        "amount": {"amount": "100", "currency": "DKK"},
        "bound_on": day(),
        "decided_on": day(),
    }


@pytest.mark.parametrize(
    "raw", [b"{", b"", b"[1,]", b"nonsense", b"\xff\xfe", b'{"a": 1e999}', b"[" * 50_000]
)
def test_malformed_json_is_malformed(service: Service, raw: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {service.recorder}",
        "Content-Type": "application/json",
    }
    response = service.client.post("/v1/parties", data=raw, headers=headers)
    if raw:
        problem(response, 400, "malformed-request")
    else:
        assert fields(problem(response, 422, "invalid-body")) >= {"kind", "name"}
    assert service.size() == 0


@pytest.mark.parametrize("body", [[], "text", 5, None, True])
def test_a_body_that_is_no_object_is_refused(service: Service, body: Any) -> None:
    headers = {
        "Authorization": f"Bearer {service.recorder}",
        "Content-Type": "application/json",
    }
    response = service.client.post("/v1/parties", data=msgspec.json.encode(body), headers=headers)
    assert problem(response, 422, "invalid-body")["errors"][0]["pointer"] == "#"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scope": "shade"}, "scope"),
        ({"scope": [7]}, "scope.0"),
        ({"scope": [" "]}, "scope.0"),
        ({"scope": ["a\nb"]}, "scope.0"),
        ({"ceiling": "1000"}, "ceiling"),
        ({"ceiling": {"kind": "huge", "currency": "DKK"}}, "ceiling.kind"),
        ({"ceiling": {"kind": "amount", "currency": "DKK"}}, "ceiling.amount"),
        ({"ceiling": {"kind": "none", "currency": "DKK", "amount": "1"}}, "ceiling.amount"),
        ({"resolution": "product:lamp"}, "resolution"),
        ({"resolution": 5}, "resolution"),
        ({"parties": ["acme"]}, "parties.0"),
        ({"commission": "Å b"}, "commission"),
        ({"decided_on": 2023}, "decided_on"),
        ({"until": "2023-13"}, "until"),
        ({"vision": {"$c": "00"}}, "vision"),
        ({"vision": "a\x00b"}, "vision"),
        ({"evidence": [{"locator": "x", "sha256": "zz"}]}, "evidence.0.sha256"),
        ({"evidence": [{"where": "x"}]}, "evidence.0.where"),
        ({"evidence": [{"locator": "javascript:alert(1)"}]}, "evidence.0.locator"),
        ({"evidence": [{"locator": " JavaScript :alert(1)"}]}, "evidence.0.locator"),
        ({"evidence": [{"locator": "data:text/html,x"}]}, "evidence.0.locator"),
        ({"colour": "red"}, "colour"),
        ({"pending": []}, "pending"),
        ({"batch": "batch:x"}, "batch"),
        ({"source_recorded_at": "2020-01-01T00:00:00Z"}, "source_recorded_at"),
    ],
)
def test_a_member_of_the_wrong_form_is_named(
    community: Community, wrong: dict[str, Any], field: str
) -> None:
    size = community.service.size()
    response = community.service.post("/v1/products/lamp/commissions", {**grant(), **wrong})
    assert field in fields(problem(response, 422, "invalid-body"))
    assert community.service.size() == size


@pytest.mark.parametrize(
    "locator",
    [
        "https://example.org/a?b=javascript:1",
        "Minutes of 3 May: item 4",
        "doi:10.1000/182",
        "a.pdf",
    ],
)
def test_evidence_is_an_address_or_what_the_source_is_called(
    service: Service, locator: str
) -> None:
    body = {"kind": "organisation", "name": "Acme", "evidence": [{"locator": locator}]}
    assert service.record("/v1/parties", body)["facts"][0]["data"]["evidence"] == body["evidence"]


def test_a_body_with_faults_is_told_what_would_be_accepted(community: Community) -> None:
    wrong = {"parties": "acme", "ceiling": {"kind": "none", "currency": 5}, "colour": "red"}
    wrong |= {"evidence": ["a.pdf"]}
    told = problem(
        community.service.post("/v1/products/lamp/commissions", wrong), 422, "invalid-body"
    )
    assert {each["field"]: each["detail"].partition(";")[0] for each in told["errors"]} == {
        "scope": "this is needed: give it",
        "parties": "write a list: [...]",
        "evidence.0": "write an object: {locator, sha256}",
        "ceiling.currency": "write a string",
        "colour": "no member of this name is read",
    }


@pytest.mark.parametrize(
    "amount",
    [
        "-5",
        "0",
        "1000000000000",
        "1.001",
        "1e3",
        "NaN",
        "Infinity",
        " 5",
        "1_0",
        "٣",
        1.5,
        True,
        "",
    ],
)
def test_negative_and_absurd_amounts_are_refused(community: Community, amount: Any) -> None:
    size = community.service.size()
    body = {**instalment(), "amount": {"amount": amount, "currency": "DKK"}}
    response = community.service.post("/v1/products/lamp/instalments", body)
    assert "amount.amount" in fields(problem(response, 422, "invalid-body"))
    assert community.service.size() == size


@pytest.mark.parametrize("currency", ["dkk", "KR", "", 5, "DKKK"])
def test_a_currency_is_an_iso_code(community: Community, currency: Any) -> None:
    body = {**instalment(), "amount": {"amount": "5", "currency": currency}}
    response = community.service.post("/v1/products/lamp/instalments", body)
    assert "amount.currency" in fields(problem(response, 422, "invalid-body"))


@pytest.mark.parametrize("day", ["2023-02-30", "2023-00", "23", "2023-1-1", "0999", "soon", "٢٠٢٣"])
def test_impossible_dates_are_refused(service: Service, day: str) -> None:
    body = {"kind": "organisation", "name": "Acme", "decided_on": day}
    response = service.post("/v1/parties", body)
    assert fields(problem(response, 422, "invalid-body")) == {"decided_on"}
    assert service.size() == 0


def test_a_decision_of_tomorrow_is_refused_by_rule(service: Service) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    body = {"kind": "organisation", "name": "Acme", "decided_on": tomorrow}
    told = problem(service.post("/v1/parties", body), 422, "in-the-future")
    assert told["rule"] == "in-the-future"
    assert told["rule_number"] == 1
    assert service.size() == 0


def test_a_decision_without_a_day_or_a_reason_is_refused_by_rule(service: Service) -> None:
    body = {"kind": "organisation", "name": "Acme"}
    assert problem(service.post("/v1/parties", body), 422, "without-date")["rule_number"] == 2
    assert service.size() == 0


def test_an_entry_that_does_not_fit_in_the_log_is_too_large(community: Community) -> None:
    size = community.service.size()
    body = {**grant(), "scope": [f"{number:0290}" for number in range(250)]}
    resolution = community.table()
    community.carry(resolution)
    size = community.service.size()
    body["resolution"] = f"resolution:{resolution}"
    response = community.service.post("/v1/products/lamp/commissions", body)
    assert problem(response, 413, "entry-too-large")["values"]["bytes"] > 65_535
    assert community.service.size() == size


def test_a_body_over_a_megabyte_is_too_large(service: Service) -> None:
    body = {"kind": "organisation", "name": "x" * (1024 * 1024 + 1), "decided_on": day()}
    problem(service.post("/v1/parties", body), 413, "body-too-large")
    assert service.size() == 0


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""]
)
def test_a_body_of_another_type_is_unsupported(service: Service, content_type: str) -> None:
    headers = {"Authorization": f"Bearer {service.recorder}", "Content-Type": content_type}
    response = service.client.post("/v1/parties", data=b"{}", headers=headers)
    problem(response, 415, "unsupported-content")
    assert service.size() == 0


def test_what_an_address_names_and_is_not_there_is_not_found(community: Community) -> None:
    here = community.service
    size = here.size()
    problem(here.post("/v1/products/kettle/pauses", {"decided_on": day()}), 404, "not-found")
    problem(here.post("/v1/products/KETTLE/pauses", {"decided_on": day()}), 404, "not-found")
    path = "/v1/products/lamp/commissions/none/revocation"
    problem(here.post(path, {"decided_on": day(), "resolution": "resolution:r"}), 404, "not-found")
    assert here.size() == size


def test_what_a_body_names_and_is_not_there_is_a_refusal_that_names_it(
    community: Community,
) -> None:
    here = community.service
    size = here.size()
    unknown = {**instalment(), "investor": "party:nobody"}
    told = problem(here.post("/v1/products/lamp/instalments", unknown), 422, "unknown-reference")
    assert told["values"] == {"field": "investor", "id": "party:nobody"}
    unknown = {**instalment(), "relies_on": "none"}
    told = problem(here.post("/v1/products/lamp/instalments", unknown), 422, "not-found")
    assert told["values"]["relies_on"] == "none"
    assert here.size() == size


def test_an_address_and_a_body_that_name_different_things_contradict_each_other(
    community: Community,
) -> None:
    body = {"seat": "second", "decided_on": day()}
    response = community.service.post("/v1/bodies/board/seats/chair/departure", body)
    assert problem(response, 400, "malformed-request")["values"] == {"field": "seat"}


def test_an_id_that_is_taken_is_a_conflict(community: Community) -> None:
    body = {"key": "lamp", "name": "Another lamp", "decided_on": day()}
    problem(community.service.post("/v1/products", body), 409, "already-exists")
    seat = {"seat": "chair", "party": "party:acme", "role": "member", "decided_on": day()}
    problem(community.service.post("/v1/bodies/board/seats", seat), 409, "already-recorded")


def test_the_id_of_a_person_is_never_chosen_by_a_client(service: Service) -> None:
    body = {"kind": "person", "key": "anna-hansen", "name": "Anna Hansen", "decided_on": day()}
    assert fields(problem(service.post("/v1/parties", body), 422, "invalid-body")) == {"key"}
    assert service.size() == 0


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/products/", "//v1/products", "/v1/events/x"])
def test_an_unknown_address_is_a_problem_too(service: Service, path: str) -> None:
    told = problem(service.get(path), 404, "no-such-resource")
    assert told["detail"] == "there is nothing at this address"


def test_a_method_that_is_not_there_names_those_that_are(service: Service) -> None:
    response = service.client.delete("/v1/products")
    problem(response, 405, "method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_fault_of_ours_shows_nothing_of_the_inside(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("secret inside")

    monkeypatch.setattr(service.rooms.store, "page", broken)
    response = service.get("/v1/events")
    assert problem(response, 500, "fault")["detail"] == "the server has a fault; it was noted"
    assert "secret" not in response.text
