"""Keys against doubles, versions, dry runs and unchanged answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.community import Community
from tests.api.service import Service, day
from tests.api.test_bad_input import instalment, problem


def acme() -> dict[str, Any]:
    return {"kind": "organisation", "key": "acme", "name": "Acme", "decided_on": day()}


def test_a_write_answers_where_what_was_recorded_stands(service: Service) -> None:
    response = service.post("/v1/parties", acme())
    told = response.json
    assert response.status_code == 201
    assert response.headers["Location"] == "/v1/parties/acme"
    assert response.headers["ETag"] == '"v1"'
    assert {name: told[name] for name in ("index", "size", "id", "stream", "version")} == {
        "index": 0,
        "size": 1,
        "id": "party:acme@1",
        "stream": "party:acme",
        "version": 1,
    }
    assert told["pending"] == []
    (fact,) = told["facts"]
    assert fact["topic"] == "PartyRegistered.v1"
    assert fact["data"] == {"kind": "organisation", "name": "Acme", "decided_on": day()}


def test_the_same_key_with_the_same_body_records_once_and_answers_the_same(
    service: Service,
) -> None:
    anna = {"kind": "person", "name": "Anna", "decided_on": day()}
    first = service.post("/v1/parties", anna, Idempotency_Key="one")
    again = service.post("/v1/parties", dict(reversed(anna.items())), Idempotency_Key="one")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert service.size() == 1


def test_the_same_key_with_another_body_or_for_another_thing_is_refused(
    community: Community,
) -> None:
    here = community.service
    assert (
        here.post("/v1/parties", {**acme(), "key": "one"}, Idempotency_Key="k").status_code == 201
    )
    size = here.size()
    other = {**acme(), "key": "one", "name": "Other"}
    problem(here.post("/v1/parties", other, Idempotency_Key="k"), 422, "key-reused")
    elsewhere = here.post(
        "/v1/products", {"name": "Acme", "decided_on": day()}, Idempotency_Key="k"
    )
    problem(elsewhere, 422, "key-reused")
    assert here.size() == size


def test_a_replayed_key_answers_even_when_the_stream_has_moved_on(community: Community) -> None:
    here = community.service
    body = {"name": "Lamp two", "decided_on": day()}
    first = here.post("/v1/products/lamp/names", body, If_Match='"v1"', Idempotency_Key="k")
    again = here.post("/v1/products/lamp/names", body, If_Match='"v1"', Idempotency_Key="k")
    assert first.status_code == again.status_code == 201
    assert first.data == again.data


def test_a_key_is_the_clients_own(service: Service) -> None:
    other = service.token("party:other")
    assert service.post("/v1/parties", acme(), Idempotency_Key="k").status_code == 201
    body = {**acme(), "key": "bcme"}
    assert service.post("/v1/parties", body, token=other, Idempotency_Key="k").status_code == 201


def test_a_strange_key_is_malformed(service: Service) -> None:
    problem(
        service.post("/v1/parties", acme(), Idempotency_Key="x" * 256), 400, "malformed-request"
    )
    assert service.size() == 0


def test_a_write_to_an_existing_stream_names_the_version_it_was_decided_on(
    community: Community,
) -> None:
    here = community.service
    body = {"name": "Lamp two", "decided_on": day()}
    headers = {"Authorization": f"Bearer {here.recorder}"}
    size = here.size()
    bare = here.client.post("/v1/products/lamp/names", json=body, headers=headers)
    problem(bare, 428, "precondition-required")
    stale = here.post("/v1/products/lamp/names", body, If_Match='"v7"')
    told = problem(stale, 412, "stale-version")
    assert (told["values"]["expected"], told["values"]["current"]) == (7, 1)
    problem(here.post("/v1/products/lamp/names", body, If_Match='"other"'), 412, "stale-version")
    problem(here.post("/v1/products/lamp/names", body, If_Match="v1"), 400, "malformed-request")
    assert here.size() == size
    assert here.post("/v1/products/lamp/names", body, If_Match='"v1"').status_code == 201


def test_the_tag_of_an_answer_read_is_a_version_to_write_on(community: Community) -> None:
    here = community.service
    here.show()
    tag = here.get("/v1/products/lamp").headers["ETag"]
    body = {"name": "Lamp two", "decided_on": day()}
    assert here.post("/v1/products/lamp/names", body, If_Match=tag).status_code == 201
    problem(here.post("/v1/products/lamp/names", body, If_Match=tag), 412, "stale-version")
    tag = here.get("/v1/streams/product:lamp/history").headers["ETag"]
    assert here.post("/v1/products/lamp/names", body, If_Match=tag).status_code == 201


def test_what_has_not_changed_is_not_sent_again(community: Community) -> None:
    here = community.service
    here.show()
    paths = (
        "/v1/products",
        "/v1/products/lamp",
        "/v1/events",
        "/v1/streams/product:lamp/history",
        "/v1/attribution/preview?product=lamp&scope_item=a&investor=acme&amount=5&currency=DKK",
    )
    tags = {path: here.get(path).headers["ETag"] for path in paths}
    for path, tag in tags.items():
        unchanged = here.get(path, If_None_Match=f'"other", {tag}')
        assert (unchanged.status_code, unchanged.data) == (304, b"")
        assert unchanged.headers["ETag"] == tag
    here.record("/v1/products/lamp/names", {"name": "Lamp two"})
    here.show()
    for path, tag in tags.items():
        assert here.get(path, If_None_Match=tag).status_code == 200


def test_a_dry_run_tells_what_would_be_recorded_and_records_nothing(community: Community) -> None:
    here = community.service
    here.show()
    size = here.size()
    anna = {"kind": "person", "name": "Anna", "decided_on": day()}
    told = here.post("/v1/parties?dry_run=true", anna)
    assert told.status_code == 200
    assert told.json["dry_run"] is True
    assert told.json["facts"][0]["data"]["name"] == "Anna"
    assert here.size() == size
    refused = here.post(
        "/v1/products/lamp/instalments?dry_run=true", instalment() | {"amount": "x"}
    )
    problem(refused, 422, "invalid-body")
    problem(here.post("/v1/parties?dry_run=maybe", anna), 400, "malformed-request")
    problem(here.post("/v1/parties?dryrun=true", anna), 400, "malformed-request")
    assert here.size() == size


def test_a_dry_run_of_an_annulment_shows_the_verdicts_that_would_flip(
    community: Community,
) -> None:
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution)
    community.instalment("first")
    here.show()
    body = {
        "ground": "ruling",
        "ruling": {"locator": "https://example.org/ruling"},
        "decided_on": day(),
    }
    told = here.post(f"/v1/resolutions/{resolution}/annulments?dry_run=true", body).json
    (flip,) = told["impact"]
    assert (flip["product"], flip["instalment"]) == ("product:lamp", "first")
    assert flip["before"]["shares"][0]["reason"] == "covered"
    assert flip["after"]["shares"][0]["reason"] == "authority_void"


def test_a_dry_run_writes_amounts_as_the_views_do(community: Community) -> None:
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution)
    community.instalment("first", "40000")
    community.instalment("second", "99999.5")
    here.show()
    shown = here.get("/v1/investments").json["items"]
    body = {"ground": "ruling", "ruling": {"locator": "A ruling"}, "decided_on": day()}
    told = here.post(f"/v1/resolutions/{resolution}/annulments?dry_run=true", body).json
    assert told["impact"][0]["before"]["shares"] == shown[0]["shares"]
    written = [*amounts(shown), *amounts(told)]
    assert len(written) > 20
    assert all(re.fullmatch(r"\d+\.\d\d", each) for each in written), written


def amounts(document: Any) -> Iterator[str]:
    """Every amount in an answer, wherever it stands."""
    if isinstance(document, list):
        yield from (each for item in document for each in amounts(item))
    elif isinstance(document, dict):
        for name, value in document.items():
            if name in ("amount", "at_risk", "at_least", "at_most") and isinstance(value, str):
                yield value
            yield from amounts(value)


def test_every_answer_keeps_browsers_from_guessing(service: Service) -> None:
    for response in (service.get("/v1/events"), service.get("/nothing"), service.get("/docs")):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_public_reads_are_open_to_other_pages_and_writes_are_not(service: Service) -> None:
    assert service.get("/v1/events").headers["Access-Control-Allow-Origin"] == "*"
    preflight = service.client.options("/v1/events", headers={"Origin": "https://example.org"})
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Origin" not in service.post("/v1/parties", acme()).headers


@pytest.mark.parametrize("key", ["%00", "%FF", "%C3%A5", "%F0%9F%98%80", "a%0D%0AX-Evil:%201"])
def test_an_address_in_any_writing_leads_on_in_plain_ascii(service: Service, key: str) -> None:
    service.show()
    response = service.get(f"/v1/products/{key}/commissions")
    assert response.status_code == 200, response.text
    assert all(value.isascii() and value.isprintable() for value in response.headers.values())
    assert response.headers["Link"].startswith("</v1/products/")


@pytest.mark.parametrize("index", [2**63, 10**30])
@pytest.mark.parametrize(
    "path", ["/v1/events/{}", "/v1/openings/{}/name", "/v1/receipts/{}", "/v1/receipts/{}/bundle"]
)
def test_an_index_beyond_all_numbers_is_not_found(service: Service, path: str, index: int) -> None:
    assert service.get(path.format(index)).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "/v1/products?as_of=2023-09&as_of=2024",
        "/v1/debates?known_at=size:0&known_at=size:1",
        "/v1/calendar?due_by=2023&due_by=2024",
        "/v1/events?after=1&after=2",
        "/v1/attribution/preview?currency=DKK&currency=EUR",
    ],
)
def test_two_values_where_one_counts_are_refused_and_not_chosen_from(
    service: Service, asked: str
) -> None:
    told = service.get(asked)
    assert told.status_code == 400, told.text
    assert told.json is not None
    assert told.json["detail"].endswith("is given 2 times")


def test_a_write_is_either_tried_or_recorded(service: Service) -> None:
    body = {"kind": "organisation", "name": "Acme"}
    assert service.post("/v1/parties?dry_run=true&dry_run=false", body).status_code == 400
    assert service.size() == 0
