"""A log that is not the one that was signed: it is read as before, and nothing is recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from govlog.command_line.publishing import signing_keys
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.publishing import Publishing
from govlog.persistence import as_signed
from govlog.persistence.store import EventStore
from tests.api.answers import Answer, Client
from tests.api.service import Service, today

PARTY = {"kind": "organisation", "name": "Acme A/S"}


@pytest.fixture(autouse=True)
def looks_at_every_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_signed, "LOOK", 0.0)


@pytest.fixture
def turn(service: Service) -> Iterator[Callable[[], str]]:
    """A publisher of the service's log, turned by hand; answers the kind of its problem."""
    with EventStore.open(service.settings) as store:
        publication = Publication(service.settings.publication)
        keys = signing_keys(service.settings, store.meta.origin)
        said: list[str] = []
        publishing = Publishing(Publisher(store, publication, keys), publication, None, said.append)

        def turned() -> str:
            publishing._patrols = -100.0
            publishing.turn()
            return str((publishing.status.problem or {"kind": ""})["kind"])

        yield turned


@contextmanager
def copied(source: Path, target: Path) -> Iterator[None]:
    """Copies a log before a block, and puts the copy back in its place after it."""
    _copy(source, target)
    yield
    _copy(target, source)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def register(service: Service, **query: str) -> Answer:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return service.post(f"/v1/parties?{asked}", {**PARTY, "decided_on": today().isoformat()})


def refused(response: Answer) -> dict[str, Any]:
    told = dict(response.json)
    assert (response.status_code, told["type"]) == (503, "/problems/not-as-signed"), told
    assert int(response.headers["Retry-After"]) >= 1
    assert "govlog log status" in told["mend"]
    return dict(told["values"])


def test_a_log_that_was_set_back_takes_no_write_and_is_read_as_before(
    service: Service, turn: Callable[[], str], tmp_path: Path
) -> None:
    service.record("/v1/parties", PARTY)
    with copied(service.settings.events_db, tmp_path / "old.db"):
        service.record("/v1/parties", PARTY)
        turn()
    assert refused(register(service)) == {"kind": "log-behind", "size": 1, "signed_size": 2}
    assert refused(register(service, dry_run="true"))["kind"] == "log-behind"
    assert turn() == "log-behind"
    assert refused(register(service))["kind"] == "log-behind"
    assert service.size() == 1
    assert service.get("/v1/events").status_code == 200
    assert service.get("/readyz").json["checkpoint"]["state"] == "refusing"


def test_a_service_that_is_started_on_an_old_log_takes_no_first_write(
    service: Service, turn: Callable[[], str], tmp_path: Path
) -> None:
    with copied(service.settings.events_db, tmp_path / "old.db"):
        service.record("/v1/parties", PARTY)
        turn()
    service.app = create_app(service.settings)
    service.client = Client(service.app)
    assert refused(register(service))["kind"] == "log-behind"


def test_a_log_that_is_as_long_and_another_takes_no_write_once_its_publisher_has_seen_it(
    service: Service, turn: Callable[[], str], tmp_path: Path
) -> None:
    service.record("/v1/parties", PARTY)
    with copied(service.settings.events_db, tmp_path / "other.db"):
        service.record("/v1/parties", PARTY)
        turn()
        _write_to_the_copy(service, tmp_path / "other.db")
    assert service.size() == 2
    assert turn() == "log-rewritten"
    assert refused(register(service))["index"] == 1


def _write_to_the_copy(service: Service, copy: Path) -> None:
    """By who has put it where no publisher is."""
    elsewhere = copy.parent / "elsewhere"
    there = Service(elsewhere)
    _copy(copy, there.settings.events_db)
    there.record("/v1/parties", {**PARTY, "name": "Somebody else"})
    _copy(there.settings.events_db, copy)
    there.close()


def test_a_log_that_was_moved_away_under_the_service_takes_no_write(
    service: Service, tmp_path: Path
) -> None:
    service.record("/v1/parties", PARTY)
    log, aside = service.settings.events_db, tmp_path / "aside.db"
    _copy(log, aside)
    log.rename(tmp_path / "old.db")
    moved = register(service)
    aside.replace(log)
    for response in (moved, register(service)):
        assert response.status_code == 503
        assert response.json["type"] == "/problems/store-unusable"
        assert "start it anew" in response.json["mend"]
    again = create_app(service.settings)
    told = Client(again).post(
        "/v1/parties",
        json={**PARTY, "decided_on": today().isoformat()},
        headers={"Authorization": f"Bearer {service.recorder}"},
    )
    assert (told.status_code, told.json["size"]) == (201, 2)
    again.extensions["govlog"].close()


def test_writing_goes_on_once_the_log_is_whole_again(
    service: Service, turn: Callable[[], str], tmp_path: Path
) -> None:
    service.record("/v1/parties", PARTY)
    with copied(service.settings.events_db, tmp_path / "old.db"):
        service.record("/v1/parties", PARTY)
        turn()
        _copy(service.settings.events_db, tmp_path / "whole.db")
    assert turn() == "log-behind"
    refused(register(service))
    _copy(tmp_path / "whole.db", service.settings.events_db)
    assert turn() == ""
    assert register(service).status_code == 201
    assert turn() == ""


@pytest.mark.parametrize("kind", ["tiles-damaged", "frozen"])
def test_what_is_amiss_with_public_files_alone_stops_no_write(
    kind: str, service: Service, turn: Callable[[], str]
) -> None:
    service.record("/v1/parties", PARTY)
    turn()
    if kind == "frozen":
        (service.settings.publication / "frozen").write_text("the key was stolen\n")
    else:
        (service.settings.publication / "tile/0/000.p/1").write_bytes(bytes(32))
    service.record("/v1/parties", PARTY)
    assert turn() == kind
    assert register(service).status_code == 201


def test_a_write_between_two_looks_reads_no_file_of_the_publisher(
    service: Service, turn: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_signed, "LOOK", 3600.0)
    service.record("/v1/parties", PARTY)
    monkeypatch.setattr(as_signed.AsSigned, "_look", lambda _: 1 / 0)
    service.record("/v1/parties", PARTY)
