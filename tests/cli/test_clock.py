"""A clock that was ahead: writing stops, an administrator accepts it, and writing goes on."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from api.app import create_app
from govlog.application.commands import COMMANDS
from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.command_line.answers import Exit
from govlog.contract.commands import load
from govlog.domain.values import StreamId
from govlog.persistence.access import ROLES
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.api.answers import Client
from tests.cli.asking import Govlog
from tests.persistence.test_encryption import holding

AN_HOUR = 3_600 * 10**9


@pytest.fixture
def token(init: Govlog, data: Path) -> str:
    """The administrator's, of a log whose last fact was recorded by a clock an hour ahead."""
    made = init("--json").json
    body = {"name": "Lamp", "decided_on": "2020"}
    fact = load(COMMANDS["propose_product"], body).fact
    ahead = EventStore(Settings(data), clock=lambda: time.time_ns() + AN_HOUR)
    with closing(ahead) as store:
        order = Order("propose_product", StreamId("product:lamp"), fact)
        DecisionLog(store).record([order], Actor(made["admin"], "", ROLES["admin"]))
    return str(made["token"])


def test_writing_stops_until_an_administrator_accepts_that_the_clock_was_ahead(
    govlog: Govlog, token: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(data))
    client = Client(app)

    def write(key: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        body = {"key": key, "name": key, "decided_on": "2020"}
        answer = client.post("/v1/products", json=body, headers=headers)
        if answer.status_code == 503:
            assert answer.headers["Retry-After"] == "60"
            assert "govlog clock accept" in answer.json["mend"]
        return answer.status_code

    with closing(app.extensions["govlog"]):
        assert write("chair") == 503
        monkeypatch.setenv("GOVLOG_TOKEN", token)
        accepted = govlog("clock", "accept", "--grounds", "NTP was off", "--json")
        assert accepted.json["accepted"]
        assert accepted.json["recording_as"].endswith("Z")
        assert write("chair") == 201
    again = govlog("clock", "accept", "--grounds", "NTP was off")
    assert (again.code, "nothing had to be accepted" in again.out) == (Exit.DONE, True)


def test_what_was_said_of_the_clock_is_listed_and_erased_with_who_said_it(
    govlog: Govlog, token: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVLOG_TOKEN", token)
    said = "Grethe set it by hand"
    assert govlog("clock", "accept", "--grounds", said).code == Exit.DONE
    admin = govlog("token", "list", "--json").lines[0]["person"]
    assert f"said of the clock: {said}" in govlog("personal-data", admin).out
    backup = (str(data.parent / "backup"), "--keys", str(data.parent / "keys"))
    assert govlog("backup", *backup).code == Exit.DONE
    erased = govlog("erase", admin, "--ground", "objection", "--yes")
    assert erased.code == Exit.DONE
    assert holding(data, said) == []
    with EventStore.open(Settings(data)) as store:
        assert store.clock_words(admin) == []
    restored = data.parent / "restored"
    monkeypatch.setenv("GOVLOG_ERASURES", str(data / "erasures.jsonl"))
    monkeypatch.setenv("GOVLOG_DATA", str(restored))
    assert govlog("restore", *backup).code == Exit.DONE
    assert holding(restored, said) == []


def test_only_an_administrator_accepts_it(
    govlog: Govlog, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = govlog("token", "list", "--json").lines[0]["person"]
    made = govlog("token", "create", admin, "--role", "recorder", "--json").json
    monkeypatch.setenv("GOVLOG_TOKEN", made["token"])
    refused = govlog("clock", "accept", "--grounds", "I say so")
    assert refused.code == Exit.REFUSED
    assert "admin" in refused.err
