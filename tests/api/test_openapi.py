"""The API's description: valid, complete, offline, and true to the routes."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest

from api.app import ROUTES, WRITES
from govlog.application.commands import COMMANDS
from govlog.ledger.keys import NOTE, SigningKey
from govlog.ledger.policy import Policy
from govlog.ledger.publication import Publication
from tests.api.community import Community
from tests.api.service import META, Service

METHODS = {"GET", "POST"}


@pytest.fixture
def document(service: Service) -> dict[str, Any]:
    return dict(service.get("/openapi.json").json)


def test_every_route_is_described(service: Service, document: dict[str, Any]) -> None:
    routed = {
        (re.sub(r"<(?:int:|path:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in service.app.url_map.iter_rules()
        for method in (rule.methods or set()) & METHODS
    }
    described = {
        (path, method.upper()) for path, methods in document["paths"].items() for method in methods
    }
    assert described == routed


def test_every_group_of_addresses_says_what_it_is_about(document: dict[str, Any]) -> None:
    told = {each["name"]: each["description"] for each in document["tags"]}
    used = {
        tag
        for path in document["paths"].values()
        for operation in path.values()
        for tag in operation["tags"]
    }
    assert told.keys() == used
    assert all(told.values())
    assert "govlog token create" in document["info"]["description"]


def test_every_command_has_one_route(document: dict[str, Any]) -> None:
    assert sorted(write.command for write in WRITES) == sorted(COMMANDS)
    operations = [each for path in document["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    assert len(names) == len(set(names))
    assert set(COMMANDS) <= set(names)


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"]
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        jsonschema_rs.meta.validate({"$schema": DIALECT, **schema})
    for reference in re.findall(r'"\$ref": ?"([^"]+)"', str(document).replace("'", '"')):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            named = set(re.findall(r"{(\w+)}", path))
            told = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert told == named
            assert operation["summary"]
            assert operation["responses"]


DIALECT = "https://json-schema.org/draft/2020-12/schema"


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    components = {"components": document["components"]}
    return jsonschema_rs.validator_for({"$schema": DIALECT, **components, **schema})


def test_answers_are_as_described(community: Community, document: dict[str, Any]) -> None:
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution, vision="Light")
    community.instalment("a")
    here.show()
    key = SigningKey(META.origin, NOTE, bytes(32))
    Publication(here.settings.publication).show_keys([key.verifier], Policy())
    for path, methods in document["paths"].items():
        good = methods.get("get", {}).get("responses", {}).get("200", {})
        schema = good.get("content", {}).get("application/json", {}).get("schema")
        if schema is None or "{" in path or path == "/v1/attribution/preview":
            continue
        asked = {"/v1/diff": "?since_known_at=size:0", "/v1/search": "?q=lamp"}.get(path, "")
        validator(document, schema).validate(here.get(path + asked).json)
    schema = {"$ref": "#/components/schemas/Recording"}
    told = here.post("/v1/products", {"name": "Kettle", "decided_on": "2026-11-01"})
    validator(document, schema).validate(told.json)
    schema = {"$ref": "#/components/schemas/Problem"}
    validator(document, schema).validate(here.post("/v1/products", {}).json)


def test_bodies_are_as_described(document: dict[str, Any]) -> None:
    body = {
        "scope": ["shade"],
        "ceiling": {"kind": "amount", "currency": "DKK", "amount": "1"},
        "decided_on": "2026-11",
    }
    described = validator(document, {"$ref": "#/components/schemas/GrantCommission"})
    described.validate(body)
    for wrong in ({"scope": "shade"}, {"decided_on": "soon"}, {"colour": "red"}):
        assert not described.is_valid({**body, **wrong})


def test_the_bare_address_leads_to_the_documentation(service: Service) -> None:
    front = service.get("/")
    assert (front.status_code, front.headers["Location"]) == (303, "docs")
    assert service.client.get("/", follow_redirects=True).status_code == 200


def test_the_page_to_read_it_loads_nothing_from_elsewhere_and_nothing_inline(
    service: Service,
) -> None:
    page = service.get("/docs")
    assert page.content_type == "text/html; charset=utf-8"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    text = page.text
    assert not re.search(r"https?://", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", text)
    for address in re.findall(r'(?:href|src)="([^"]+)"', text):
        with service.get(f"/{address}") as answer:
            assert answer.status_code == 200, address
    assert "openapi.json" in service.get("/docs/start.js").text
    assert service.get("/docs/assets/../app.py").status_code == 404


def test_every_type_of_problem_is_explained(service: Service) -> None:
    items = service.get("/problems").json["items"]
    slugs = [each["type"] for each in items]
    assert len(slugs) == len(set(slugs))
    assert all(each["means"] for each in items if each["status"] == 422)
    four_eyes = service.get("/problems/four-eyes").json
    assert (four_eyes["status"], four_eyes["rule_number"]) == (422, 5)
    for path, status in (("/nothing", 404), ("/v1/products?x=1", 400)):
        told = service.get(path).json
        assert service.get(told["type"]).json["status"] == status
    assert service.get("/problems/none").status_code == 404


def test_routes_of_their_own_say_what_they_do() -> None:
    assert all(route.answers.__doc__ for route in ROUTES)
