"""A served log forgets an erased person: in answers, files, counts and in what it says."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.service import today
from tests.cli.asking import Govlog
from tests.cli.test_serving import Service
from tests.persistence.test_encryption import holding

NAME = "Grethe Lindqvist-Hauge"


class Served:
    """A log that is served, and who administers it."""

    def __init__(self, data: Path, token: str) -> None:
        self.service = Service(data)
        self.service.get("/livez")
        self._token = token

    def ask(self, path: str, body: Any = None) -> tuple[int, str]:
        """Status and text of an answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.service.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()


@pytest.fixture
def served(init: Govlog, data: Path) -> Iterator[Served]:
    running = Served(data, str(init("--json").json["token"]))
    yield running
    running.service.process.kill()
    running.service.process.communicate()


def test_an_erased_name_is_nowhere_in_what_a_service_holds_or_says(
    served: Served, data: Path
) -> None:
    person = {"kind": "person", "name": NAME, "decided_on": today().isoformat()}
    status, told = served.ask("/v1/parties", person)
    assert (status, NAME in told) == (201, True)
    party = json.loads(told)["stream"]
    for path, body in (
        (f"/v1/parties/{quote(NAME)}", None),
        (f"/v1/parties?name={quote(NAME)}", None),
        ("/v1/parties", {**person, "key": NAME}),
        (f"/v1/{quote(NAME)}", person),
    ):
        assert served.ask(path, body)[0] in (400, 404, 422)
    size = json.loads(told)["size"]
    assert NAME in served.ask(f"/v1/parties?at_least={size}")[1]
    status, told = served.ask("/v1/erasures", {"party": party, "ground": "objection"})
    assert status == 200
    assert json.loads(told)["complete"]
    key = party.partition(":")[2]
    for path in ("/v1/parties", "/v1/events", f"/v1/parties/{key}", "/metrics", "/v1/openings"):
        status, told = served.ask(path)
        assert (status, NAME in told) == (200, False)
    said = served.service.stop()
    assert NAME not in said
    assert quote(NAME) not in said
    assert holding(data, NAME) == holding(data, quote(NAME)) == []
