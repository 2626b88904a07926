"""Correcting over HTTP: what is mended, who agrees, and what every answer says before and after."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.community import Community
from tests.api.service import Service, day
from tests.api.test_bad_input import fields, problem
from tests.api.test_batch import line

LAMP = "/v1/streams/product:lamp"
SMALL = {"amount": "2000", "currency": "DKK"}
TOO_LARGE = "credit-too-large"
SHOWN = [{"locator": "https://example.org/scan"}]


@pytest.fixture
def covered(community: Community) -> Community:
    """The lamp commissioned, and an instalment of 40,000 bound under it."""
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution)
    community.instalment("i1")
    return community


def correction(**more: Any) -> dict[str, Any]:
    return {
        "event": "product:lamp@3",
        "field": "amount",
        "value": {"amount": "45000", "currency": "DKK"},
        "grounds": "The invoice says 45,000",
        "evidence": SHOWN,
        **more,
    }


def at_stake(service: Service, **asked: str) -> str:
    """The amount of the instalment as the view has it."""
    service.show()
    found = service.client.get("/v1/investments", query_string=asked).json
    return str(found["items"][0]["amount"]["amount"])


def test_a_dry_run_of_a_corrected_text_shows_it(covered: Community) -> None:
    here = covered.service
    here.show()
    body = correction(event="product:lamp@1", field="name", value="Lamp of lamps", decided_on=day())
    told = here.post(f"{LAMP}/corrections?dry_run=true", body).json
    (fact,) = told["facts"]
    assert (fact["data"]["value"], fact["data"]["grounds"]) == ("Lamp of lamps", body["grounds"])
    party = here.record("/v1/parties", {"kind": "person", "name": "Ane"})["stream"]
    here.show()
    body = correction(event=f"{party}@1", field="name", value="Anne", decided_on=day())
    told = here.post(f"/v1/streams/{party}/corrections?dry_run=true", body).json
    assert told["facts"][0]["data"]["value"] == "Anne"
    assert here.record(f"/v1/streams/{party}/corrections", body)["facts"][0]["data"]["value"] == (
        "Anne"
    )


def test_an_import_sees_what_it_corrects_before_it_is_approved(covered: Community) -> None:
    here = covered.service
    credit = {"instalment": "i1", "amount": {"amount": "43000", "currency": "DKK"}}
    credited = line("credit_instalment", "product:lamp", **credit)
    alone = {"import": {"key": "old", "source": "old.jsonl"}, "commands": [credited]}
    problem(here.post("/v1/batch", alone), 422, TOO_LARGE)
    commands = [line("correct_fact", "product:lamp", **correction()), credited]
    told = here.post("/v1/batch", {**alone, "commands": commands})
    assert told.status_code == 201, told.text
    rest = line("credit_instalment", "product:lamp", **{**credit, "amount": SMALL})
    again = here.post("/v1/batch", {**alone, "commands": [rest]})
    assert again.status_code == 201, again.text
    problem(here.post("/v1/batch", {**alone, "commands": [rest]}), 422, TOO_LARGE)
    assert at_stake(here) == "40000.00"
    live = {"amount": credit["amount"], "decided_on": day()}
    problem(here.post("/v1/products/lamp/instalments/i1/credits", live), 422, TOO_LARGE)
    approval = here.post("/v1/batches/old/approval", token=covered.members["second"])
    assert approval.status_code == 201, approval.text
    assert at_stake(here) == "45000.00"


def test_a_correction_counts_once_a_second_person_approves_it(covered: Community) -> None:
    here = covered.service
    before = here.size()
    told = here.record(f"{LAMP}/corrections", correction())
    assert told["pending"] == ["corrects"]
    assert at_stake(here) == "40000.00"
    own = here.post(f"{LAMP}/approvals", {"facts": [told["id"]]})
    problem(own, 422, "four-eyes")
    again = here.token("party:recorder", {"approve"})
    problem(here.post(f"{LAMP}/approvals", {"facts": [told["id"]]}, token=again), 422, "four-eyes")
    here.record(f"{LAMP}/approvals", {"facts": [told["id"]]}, token=covered.members["second"])
    assert at_stake(here) == "45000.00"
    assert at_stake(here, known_at=f"size:{before}") == "40000.00"
    history = here.get(f"{LAMP}/history").json["items"]
    assert history[2]["data"]["amount"]["amount"] == "40000.00"
    told = here.client.get("/v1/timeline", query_string={"stream": "product:lamp"}).json["items"]
    assert told[2]["corrected_by"] == [history[3]["id"]]


def test_a_withdrawn_correction_gives_back_what_was_recorded(covered: Community) -> None:
    here, second = covered.service, covered.members["second"]
    told = here.record(f"{LAMP}/corrections", correction())
    here.record(f"{LAMP}/approvals", {"facts": [told["id"]]}, token=second)
    back = here.record(
        f"{LAMP}/corrections/withdrawals", {"correction": told["id"], "grounds": "Misread"}
    )
    assert at_stake(here) == "45000.00"
    here.record(f"{LAMP}/approvals", {"facts": [back["id"]]}, token=second)
    assert at_stake(here) == "40000.00"


def test_a_value_that_is_none_of_the_field_s_is_refused_by_its_place(covered: Community) -> None:
    here, size = covered.service, covered.service.size()
    wrong = correction(value={"amount": "-1", "currency": "DKK"})
    assert fields(problem(here.post(f"{LAMP}/corrections", wrong), 422, "invalid-body")) == {
        "value.amount"
    }
    for more, slug in (
        ({"field": "instalment", "value": "other"}, "not-correctable"),
        ({"field": "bound_on", "value": "2999"}, "past-its-recording"),
        ({"event": "product:lamp@99"}, "no-such-fact"),
        ({"evidence": []}, "without-evidence"),
        ({"value": {"amount": "40000", "currency": "DKK"}}, "nothing-to-correct"),
    ):
        problem(here.post(f"{LAMP}/corrections", correction(**more)), 422, slug)
    problem(
        here.post(f"{LAMP}/corrections/withdrawals", {"correction": "product:lamp@3"}),
        422,
        "not-in-effect",
    )
    assert here.size() == size


def test_correcting_needs_its_own_scope(covered: Community) -> None:
    here = covered.service
    token = here.token("party:recorder", {"record:commitment"})
    problem(here.post(f"{LAMP}/corrections", correction(), token=token), 403, "scope-required")


def test_one_person_with_two_tokens_is_no_second_person(covered: Community) -> None:
    here = covered.service
    told = here.record(f"{LAMP}/corrections", correction())
    for scopes in ({"approve"}, {"approve", "correct"}):
        token = here.token("party:recorder", scopes)
        for path in ("approvals", "refusals"):
            answer = here.post(f"{LAMP}/{path}", {"facts": [told["id"]]}, token=token)
            assert problem(answer, 422, "four-eyes")["rule_number"] == 5
    here.record(f"{LAMP}/refusals", {"facts": [told["id"]]}, token=covered.members["second"])
    assert at_stake(here) == "40000.00"
