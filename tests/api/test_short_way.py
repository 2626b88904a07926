"""The short way of writes and Flask's own lead to the same place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from api.app import WRITES
from api.short_way import ShortWay
from api.writing import Write
from tests.api.service import Service

WORDS = sorted({word for each in WRITES for word in each.rule.split("/")[1:]} | {"", "x", "v1"})
ADDRESSES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(
    lambda words: "/" + "/".join(words)
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    service = Service(Path(tmp_path_factory.mktemp("ways"), "log"))
    yield service.app
    service.close()


@pytest.fixture(scope="module")
def way(app: Flask) -> ShortWay:
    return ShortWay(app, app.extensions["govlog"], WRITES)


def short(way: ShortWay, path: str) -> tuple[str, dict[str, str]] | None:
    found, values = way._find(path.split("/")[1:])
    return None if found is None else (found.rule.rule, dict(zip(found.names, values, strict=True)))


def flasks(app: Flask, path: str) -> tuple[str, dict[str, str]] | None:
    try:
        rule, values = app.url_map.bind("").match(path, "POST", return_rule=True)
    except HTTPException:
        return None
    return (rule.rule, dict(values)) if rule.rule in {each.rule for each in WRITES} else None


@pytest.mark.parametrize("write", WRITES, ids=lambda each: each.command)
def test_every_write_is_found_with_what_its_address_names(
    app: Flask, way: ShortWay, write: Write
) -> None:
    path = write.rule.replace("<", "a-").replace(">", "-1")
    assert short(way, path) == flasks(app, path)
    assert short(way, path) is not None


@given(ADDRESSES)
def test_no_address_means_one_write_here_and_another_to_flask(
    app: Flask, way: ShortWay, path: str
) -> None:
    assert short(way, path) in (flasks(app, path), None)


def test_what_goes_wrong_on_the_short_way_is_told_by_the_one_table_of_problems(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/v1/products", json={})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="govlog"'
