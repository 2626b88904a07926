"""Whatever is sent, the answer is JSON, CSV or a problem document, and never a fault of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from api.app import READS, ROUTES, WRITES
from api.reading import BY_NAME
from govlog.application.commands import COMMANDS
from govlog.contract.commands import body_schema
from tests.api.community import Community, founded
from tests.api.service import Service, today

PLAUSIBLE = st.sampled_from(
    [
        "product:lamp",
        "party:acme",
        "body:board",
        "resolution:r",
        "debate:d",
        "risk:r",
        "chair",
        "c1",
        "DKK",
        "shade",
        "amount",
        "person",
        "organisation",
        "decision",
        "for",
        "carried",
        "2023",
        today().isoformat(),
        (today() + timedelta(days=400)).isoformat(),
        "product:lamp@1",
        "size:1",
    ]
)
ANY_TEXT = st.one_of(PLAUSIBLE, st.text(max_size=20))
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
MONEY = st.fixed_dictionaries(
    {"amount": st.sampled_from(["1", "100000.00", "-1", "0"]), "currency": PLAUSIBLE}
)
CEILING = st.fixed_dictionaries(
    {"kind": st.sampled_from(["amount", "none", "unknown"]), "currency": st.just("DKK")},
    optional={"amount": st.just("5")},
)
DATES = st.sampled_from(["2023", "2023-09", today().isoformat(), "2030", "1000"])
VALUE = st.one_of(PLAUSIBLE, st.lists(PLAUSIBLE, max_size=2), MONEY, CEILING, DATES, ANY_JSON)
FORMS = {"application/json", "application/problem+json", "text/csv", "application/x-ndjson"}
CALM = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def writes(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A command's route with members of its body, more or less as they should be."""
    write = draw(st.sampled_from(WRITES))
    members = list(body_schema(COMMANDS[write.command]).fields)
    chosen = draw(st.lists(st.sampled_from(members), unique=True))
    body = {name: draw(DATES if name == "decided_on" else VALUE) for name in chosen}
    keys = {"key": ["lamp", "acme", "board", "r", "none"], "stream": ["product:lamp", "party:x"]}
    path = re.sub(
        r"<(\w+)>",
        lambda v: draw(st.sampled_from(keys.get(v[1], ["chair", "c1", "x"]))),
        write.rule,
    )
    return path, body


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    service = Service(tmp_path_factory.mktemp("fuzz"))
    made = founded(service)
    service.show()
    yield made
    service.close()


def check(response: TestResponse) -> None:
    assert response.status_code < 500 or response.status_code == 503, response.text
    kind = response.mimetype
    assert all(value.isascii() for value in response.headers.values()), response.headers
    if response.status_code >= 400:
        assert kind == "application/problem+json"
        told = msgspec.json.decode(response.data)
        assert told["type"].startswith("/problems/")
        assert told["status"] == response.status_code
    elif response.status_code != 304:
        assert kind in FORMS
    assert b"<html" not in response.data.lower()


@given(asked=writes(), version=st.sampled_from(["*", '"v1"', '"v9"', "v1", '"x"', ""]))
@CALM
def test_no_body_makes_a_fault(
    community: Community, asked: tuple[str, dict[str, Any]], version: str
) -> None:
    here = community.service
    size = here.size()
    path, body = asked
    response = here.post(path, body, If_Match=version)
    check(response)
    assert (here.size() > size) == (response.status_code == 201)


@given(body=ANY_JSON, write=st.sampled_from(WRITES))
@CALM
def test_no_json_makes_a_fault(community: Community, body: Any, write: Any) -> None:
    here = community.service
    path = re.sub(r"<\w+>", "lamp", write.rule)
    headers = {
        "Authorization": f"Bearer {here.recorder}",
        "Content-Type": "application/json",
        "If-Match": "*",
    }
    check(here.client.post(path, data=msgspec.json.encode(body), headers=headers))


@given(
    commands=st.lists(
        st.fixed_dictionaries(
            {"command": st.sampled_from(sorted(COMMANDS)), "decided_on": DATES},
            optional={
                "stream": PLAUSIBLE,
                "key": PLAUSIBLE,
                "version": st.integers(-1, 3),
                "data": st.dictionaries(st.sampled_from(["name", "kind", "seat", "facts"]), VALUE),
            },
        ),
        max_size=3,
    ),
    imported=st.none() | st.fixed_dictionaries({"key": PLAUSIBLE, "source": ANY_TEXT}),
)
@CALM
def test_no_batch_makes_a_fault(community: Community, commands: Any, imported: Any) -> None:
    here = community.service
    size = here.size()
    response = here.post("/v1/batch", {"commands": commands, "import": imported})
    check(response)
    assert (here.size() > size) == (response.status_code == 201)


@given(raw=st.binary(max_size=60), kind=st.sampled_from(["application/json", "text/plain"]))
@CALM
def test_no_bytes_make_a_fault(community: Community, raw: bytes, kind: str) -> None:
    here = community.service
    headers = {"Authorization": f"Bearer {here.recorder}", "Content-Type": kind}
    check(here.client.post("/v1/batch", data=raw, headers=headers))


ADDRESSES = [
    *(read.rule for read in READS),
    *(route.rule for route in ROUTES if route.rule.startswith("/v1") and route.method == "GET"),
]
PARAMETERS = ["as_of", "known_at", "limit", "cursor", "order", "after", "topic", "kind", "amount"]
PARAMETERS += [*("product", "scope_item", "investor", "currency", "date", "commission")]
PARAMETERS += sorted({name for view in BY_NAME.values() for name in view.filters})


@given(
    rule=st.sampled_from(ADDRESSES),
    named=st.lists(ANY_TEXT, min_size=3, max_size=3),
    query=st.dictionaries(st.sampled_from(PARAMETERS), ANY_TEXT, max_size=4),
    accept=st.sampled_from(["*/*", "text/csv", "application/x-ndjson", "text/html", "a/b;q=x"]),
    tag=st.sampled_from(["", "*", '"s1"', 'W/"x"', "x"]),
)
@CALM
def test_no_question_makes_a_fault(
    community: Community, rule: str, named: list[str], query: Any, accept: str, tag: str
) -> None:
    names = iter(named)
    path = re.sub(r"<(?:int:)?\w+>", lambda _: quote(next(names), safe="") or "x", rule)
    check(
        community.service.client.get(
            path, query_string=query, headers={"Accept": accept, "If-None-Match": tag}
        )
    )


@given(
    header=st.sampled_from(
        ["Authorization", "Idempotency-Key", "If-Match", "Accept", "Content-Type"]
    ),
    value=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40),
)
@CALM
def test_no_header_makes_a_fault(community: Community, header: str, value: str) -> None:
    here = community.service
    headers = {"Authorization": f"Bearer {here.recorder}", "Content-Type": "application/json"}
    headers |= {"If-Match": "*", header: value}
    for path in ("/v1/products/lamp/pauses", "/v1/products"):
        check(here.client.post(path, data=b"{}", headers=headers))
    check(here.client.get("/v1/products", headers=headers))
