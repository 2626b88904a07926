"""Who may do what: tokens, scopes, one's own seat and organisation, and closed items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.app import Bounds
from govlog.persistence.access import SCOPES, AccessTokens
from tests.api.community import Community
from tests.api.service import Service, day
from tests.api.test_bad_input import instalment, problem


def acme() -> dict[str, Any]:
    return {"kind": "organisation", "key": "acme", "name": "Acme", "decided_on": day()}


def test_reading_needs_no_token(service: Service) -> None:
    for path in ("/v1/events", "/livez", "/readyz", "/openapi.json", "/docs"):
        assert service.get(path).status_code == 200


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Bearer", "Basic YTpi", "Bearer a.b"])
def test_writing_needs_a_token_that_is_known(service: Service, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = service.client.post("/v1/parties", json=acme(), headers=headers)
    problem(response, 401, "token-required")
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="govlog"')
    assert service.size() == 0


def test_a_token_with_one_letter_changed_is_not_the_token(service: Service) -> None:
    wrong = service.recorder[:-1] + ("A" if service.recorder[-1] != "A" else "B")
    problem(service.post("/v1/parties", acme(), token=wrong), 401, "token-required")


def test_an_expired_token_is_none(service: Service) -> None:
    past = service.token("party:a", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    problem(service.post("/v1/parties", acme(), token=past), 401, "token-required")


def test_a_revoked_token_ends_at_once(service: Service) -> None:
    assert service.post("/v1/parties", acme()).status_code == 201
    with AccessTokens(service.settings) as tokens:
        tokens.revoke(service.recorder.partition(".")[0])
    body = {**acme(), "key": "other"}
    problem(service.post("/v1/parties", body), 401, "token-required")
    assert service.size() == 1


def test_a_false_token_reads_nothing(service: Service) -> None:
    problem(service.get("/v1/events", Authorization="Bearer x"), 401, "token-required")


def test_a_token_without_the_scope_is_told_which_one_it_lacks(community: Community) -> None:
    here = community.service
    weak = here.token("party:weak", {"record:debate"})
    size = here.size()
    response = here.post("/v1/products/lamp/commissions", {"not": "looked at"}, token=weak)
    told = problem(response, 403, "scope-required")
    assert told["values"]["scope"] == "record:commitment"
    assert told["mend"] == "use a token of a role that has it: recorder, admin"
    assert 'scope="record:commitment"' in response.headers["WWW-Authenticate"]
    batch = {
        "commands": [
            {
                "command": "open_debate",
                "data": {"title": "a", "question": "b", "decided_on": day()},
            },
            {"command": "raise_risk", "data": {"title": "a", "decided_on": day()}},
        ]
    }
    response = here.post("/v1/batch", batch, token=weak)
    assert problem(response, 403, "scope-required")["values"]["scope"] == "record:risk"
    assert here.size() == size


def test_nobody_votes_on_the_seat_of_another(community: Community) -> None:
    here = community.service
    resolution = community.table()
    here.record(f"/v1/resolutions/{resolution}/rolls")
    size = here.size()
    body = {"seat": "chair", "ballot": "against", "decided_on": day()}
    path = f"/v1/resolutions/{resolution}/votes"
    told = problem(here.post(path, body, token=community.members["second"]), 403, "not-your-seat")
    assert told["values"]["seat"] == "chair"
    assert here.size() == size


def test_a_vendor_declares_for_its_own_organisation_only(community: Community) -> None:
    here = community.service
    vendor = here.token("party:vendor", {"declare:investment"}, organisations=["party:acme"])
    stranger = here.token("party:stranger", {"declare:investment"})
    path = "/v1/products/lamp/instalments"
    body = {**instalment(), "instalment": "own"}
    assert here.post(path, body, token=vendor).status_code == 201
    size = here.size()
    problem(here.post(path, instalment(), token=stranger), 403, "not-allowed")
    credit = {"amount": {"amount": "1", "currency": "DKK"}, "decided_on": day()}
    problem(here.post(f"{path}/own/credits", credit, token=stranger), 403, "not-allowed")
    declared = {"investor": "party:acme", "scope_item": "shade", "decided_on": day()}
    invest = "/v1/products/lamp/investments"
    problem(here.post(invest, declared, token=stranger), 403, "not-allowed")
    assert here.size() == size
    named = {**declared, "investment": "plan"}
    assert here.post(invest, named, token=vendor).status_code == 201
    withdrawal = f"{invest}/plan/withdrawal"
    problem(here.post(withdrawal, {"decided_on": day()}, token=stranger), 403, "not-allowed")
    assert here.post(withdrawal, {"decided_on": day()}, token=vendor).status_code == 201


def test_the_texts_of_a_closed_item_are_for_readers_who_may(community: Community) -> None:
    here = community.service
    resolution = community.table(confidential=True, title="A closed matter")
    open_one = community.table(title="An open matter")
    here.show()
    auditor = f"Bearer {here.token('party:auditor', {'read:closed'})}"
    path = f"/v1/resolutions/{resolution}"
    history = f"/v1/streams/resolution:{resolution}/history"
    for address in (path, "/v1/resolutions", "/v1/events", history, f"{path}?as_of={day()}"):
        public = here.get(address)
        assert "A closed matter" not in public.text
        assert '"closed":"' in public.text
        seen = here.get(address, Authorization=auditor)
        assert "A closed matter" in seen.text
        assert seen.headers["ETag"] != public.headers["ETag"]
    assert "An open matter" in here.get("/v1/events").text
    assert "An open matter" in here.get(f"/v1/resolutions/{open_one}").text
    assert "A closed matter" not in here.get("/v1/resolutions", Accept="text/csv").text


def test_too_many_failed_log_ins_are_slowed_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    service = Service(tmp_path_factory.mktemp("log"), Bounds(failures="3/minute"))
    answers = [service.post("/v1/parties", acme(), token="false") for _ in range(4)]
    assert [each.status_code for each in answers] == [401, 401, 401, 429]
    assert int(answers[3].headers["Retry-After"]) > 0
    problem(answers[3], 429, "too-many-requests")
    assert service.post("/v1/parties", acme()).status_code == 201
    service.close()


def test_too_many_writes_with_one_token_are_slowed_down(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    service = Service(tmp_path_factory.mktemp("log"), Bounds(writes="2/minute"))
    other = service.token("party:other", SCOPES)
    for key in ("a", "b"):
        assert service.post("/v1/parties", {**acme(), "key": key}).status_code == 201
    response = service.post("/v1/parties", {**acme(), "key": "c"})
    assert problem(response, 429, "too-many-requests")["mend"]
    assert service.post("/v1/parties", {**acme(), "key": "c"}, token=other).status_code == 201
    service.close()
