"""`govlog approve-batch`."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlog.application.commands import COMMANDS
from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.command_line.answers import Exit
from govlog.contract.commands import load
from govlog.demo.loader import APPROVER, RECORDER
from govlog.domain.values import StreamId
from govlog.persistence.access import ROLES
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import AsPerson, Govlog

BATCH = StreamId("batch:minutes-2023")


@pytest.fixture
def imported(demo: Path) -> None:
    """One organisation that came with an import and waits."""
    body = {"kind": "organisation", "name": "Vestby", "decided_on": "2020"}
    fact = load(COMMANDS["register_party"], body, importing=True).fact
    with EventStore.open(Settings(demo)) as store:
        DecisionLog(store).record(
            [Order("register_party", StreamId("party:vestby"), fact)],
            Actor(RECORDER, "", ROLES["admin"]),
            batch=BATCH,
            source="minutes",
        )


@pytest.fixture
def as_person(govlog: Govlog, monkeypatch: pytest.MonkeyPatch) -> AsPerson:
    def use(person: str) -> None:
        made = govlog("token", "create", person, "--scope", "approve", "--json").json
        monkeypatch.setenv("GOVLOG_TOKEN", made["token"])

    return use


@pytest.mark.usefixtures("imported")
def test_a_second_person_lets_an_import_count(govlog: Govlog, as_person: AsPerson) -> None:
    as_person(APPROVER)
    assert govlog("approve-batch", BATCH, "--json").json["recorded"][-1] == f"{BATCH}@2"
    assert govlog("replay", "--json", "--stream", "party:vestby").lines[0]["counting"] == "approved"


@pytest.mark.usefixtures("imported")
def test_a_second_person_can_refuse_an_import(govlog: Govlog, as_person: AsPerson) -> None:
    as_person(APPROVER)
    assert "refused" in govlog("approve-batch", BATCH, "--refuse", "--grounds", "Not ours").out
    assert govlog("replay", "--json", "--stream", "party:vestby").lines[0]["counting"] == "refused"


@pytest.mark.usefixtures("imported")
def test_nobody_approves_an_import_of_their_own(govlog: Govlog, as_person: AsPerson) -> None:
    as_person(RECORDER)
    assert govlog("approve-batch", BATCH).code == Exit.REFUSED


@pytest.mark.usefixtures("imported")
def test_approving_needs_a_token_in_force(govlog: Govlog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVLOG_TOKEN", "0123456789ab.nonsense")
    refused = govlog("approve-batch", BATCH)
    assert refused.code == Exit.REFUSED
    assert "govlog token create" in refused.err


def test_grounds_without_a_refusal_are_a_slip(govlog: Govlog, demo: Path) -> None:
    assert govlog("approve-batch", BATCH, "--grounds", "none").code == Exit.USAGE
