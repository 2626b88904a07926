"""A publisher and its witnesses: cosignatures gathered, missed, and what a witness knows better."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from api.witness import create_app
from govlog.ledger import gathering, status
from govlog.ledger.errors import WitnessAhead
from govlog.ledger.gathering import Answer, Gathering
from govlog.ledger.keys import VerifierKey
from govlog.ledger.notes import Note
from govlog.ledger.policy import Policy
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.publishing import Publishing
from govlog.persistence.witness_records import WitnessRecords
from tests.ledger.shelf import KEY, Shelf, numbered, publish_all, published

NAMES = ("one", "two", "three")


class Witnesses:
    """Three witnesses that run, and any of which can be taken away."""

    def __init__(self, folder: Path) -> None:
        self.clients: dict[str, FlaskClient] = {}
        self.keys: dict[str, VerifierKey] = {}
        self.away: set[str] = set()
        self.hangs: set[str] = set()
        self.says: dict[str, Answer] = {}
        self.released = threading.Event()
        for name in NAMES:
            records = WitnessRecords.begin(folder / name, f"{name}.example/w")
            records.trust(KEY.verifier)
            self.keys[name] = records.key().verifier
            self.clients[name] = create_app(folder / name).test_client()

    def send(self, url: str, body: bytes) -> Answer:
        place = urlsplit(url)
        name = str(place.hostname)
        if name in self.away:
            raise ConnectionRefusedError("nobody is there")
        if name in self.says:
            return self.says[name]
        if name in self.hangs:
            self.released.wait(30)
        answer = self.clients[name].post(place.path, data=body)
        return Answer(answer.status_code, answer.data)

    def gathering(self, quorum: str = "2", patience: float = 30.0) -> Gathering:
        lines = [f"witness {n} {self.keys[n]} http://{n}/\n" for n in NAMES]
        lines.append(f"group all {quorum} {' '.join(NAMES)}\nquorum all\n")
        return Gathering(Policy.parse("".join(lines).encode()), patience=patience, send=self.send)


@pytest.fixture
def witnesses(tmp_path: Path) -> Witnesses:
    return Witnesses(tmp_path / "witnesses")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "publication"


def publisher(shelf: Shelf, folder: Path, gathering: Gathering) -> Publisher:
    return Publisher(shelf, Publication(folder), [KEY], gathering)


def cosigners(folder: Path) -> set[str]:
    note = Note.parse((folder / "checkpoint").read_bytes())
    return {each.name.partition(".")[0] for each in note.signatures} - {"log"}


def test_every_checkpoint_carries_the_cosignatures_of_the_quorum(
    witnesses: Witnesses, folder: Path
) -> None:
    shelf = Shelf()
    working = publisher(shelf, folder, gathering := witnesses.gathering("3"))
    for size in (0, 1, 5, 256, 300):
        shelf.grow(numbered(len(shelf.rows), size))
        publish_all(working)
        note = Note.parse((folder / "checkpoint").read_bytes())
        assert published(folder)[0].size == size
        assert cosigners(folder) == set(NAMES)
        assert gathering.is_met(note.signatures, note.text)
        assert gathering.complaints == {}


def test_a_publisher_that_starts_anew_asks_the_witness_where_it_stands(
    witnesses: Witnesses, folder: Path
) -> None:
    shelf = Shelf(numbered(0, 7))
    publish_all(publisher(shelf, folder, witnesses.gathering("3")))
    shelf.grow(numbered(7, 9))
    publish_all(publisher(shelf, folder, witnesses.gathering("3")))
    assert published(folder)[0].size == 9
    assert cosigners(folder) == set(NAMES)


def test_a_witness_that_is_away_is_said_and_made_up_for_later(
    witnesses: Witnesses, folder: Path
) -> None:
    shelf = Shelf(numbered(0, 3))
    gathering = witnesses.gathering("3")
    publication = Publication(folder)
    running = Publishing(
        Publisher(shelf, publication, [KEY], gathering), publication, gathering, print
    )
    witnesses.away = {"two"}
    running.turn()
    told = running.status
    assert (told.state, told.size, told.witnessed) == (status.PUBLISHING, 3, False)
    assert told.complaints == {"two.example/w": "nobody is there"}
    assert cosigners(folder) == {"one", "three"}
    witnesses.away = set()
    running._asks = -100.0
    running.turn()
    assert running.status.witnessed
    assert running.status.complaints == {}
    assert cosigners(folder) == set(NAMES)


def test_a_restart_while_witnesses_are_away_keeps_what_they_have_cosigned(
    witnesses: Witnesses, folder: Path
) -> None:
    shelf = Shelf(numbered(0, 3))
    publish_all(publisher(shelf, folder, witnesses.gathering("3")))
    witnesses.away = {"one", "three"}
    gathering = witnesses.gathering("3")
    publish_all(publisher(shelf, folder, gathering))
    note = Note.parse((folder / "checkpoint").read_bytes())
    assert gathering.is_met(note.signatures, note.text)
    assert len(note.signatures) == 4
    publish_all(publisher(shelf.grow(numbered(3, 4)), folder, gathering))
    assert cosigners(folder) == {"two"}


def test_without_its_quorum_a_checkpoint_is_published_and_marked(
    witnesses: Witnesses, folder: Path
) -> None:
    gathering = witnesses.gathering("2")
    witnesses.away = set(NAMES) - {"one"}
    publish_all(publisher(Shelf(numbered(0, 3)), folder, gathering))
    note = Note.parse((folder / "checkpoint").read_bytes())
    assert published(folder)[0].size == 3
    assert not gathering.is_met(note.signatures, note.text)
    assert gathering.is_met(note.signatures, "another text\n") is False


def test_a_witness_that_hangs_holds_nobody_up(witnesses: Witnesses, folder: Path) -> None:
    shelf = Shelf(numbered(0, 3))
    gathering = witnesses.gathering("2", patience=0.2)
    working = publisher(shelf, folder, gathering)
    witnesses.hangs = {"two"}
    witnesses.away = {"three"}
    try:
        publish_all(working)
        assert gathering.complaints["two.example/w"] == "no answer within 0.2 s"
        shelf.grow(numbered(3, 4))
        publish_all(working)
        assert gathering.complaints["two.example/w"] == "it has not answered yet"
        assert published(folder)[0].size == 4
    finally:
        witnesses.released.set()


@pytest.mark.parametrize(("moved", "said"), [(86_400, "behind"), (-86_400, "ahead of")])
def test_a_clock_that_is_a_day_off_is_told_by_the_witnesses_times(
    moved: int, said: str, witnesses: Witnesses, folder: Path
) -> None:
    lines = f"witness one {witnesses.keys['one']} http://one\nquorum one\n"
    gathering = Gathering(
        Policy.parse(lines.encode()),
        patience=30.0,
        send=witnesses.send,
        clock=lambda: time.time() + moved,
    )
    publish_all(publisher(Shelf(numbered(0, 3)), folder, gathering))
    assert cosigners(folder) == {"one"}
    (complaint,) = gathering.complaints.values()
    assert complaint.endswith(f"s {said} the one here")


def test_a_witness_that_has_seen_another_history_does_not_cosign_this_one(
    witnesses: Witnesses, folder: Path
) -> None:
    publish_all(publisher(Shelf(numbered(0, 3)), folder, witnesses.gathering("3")))
    shutil.rmtree(folder)
    for forged in (numbered(0, 3, "other"), numbered(0, 9, "other")):
        gathering = witnesses.gathering("1")
        publish_all(publisher(Shelf(forged), folder, gathering))
        assert cosigners(folder) == set()
        assert {each[:14] for each in gathering.complaints.values()} <= {
            "it answered 40",
            "it answered 42",
        }
        shutil.rmtree(folder)


def test_when_all_files_were_set_back_a_witness_knows_better(
    witnesses: Witnesses, folder: Path, tmp_path: Path
) -> None:
    publish_all(publisher(Shelf(numbered(0, 3)), folder, witnesses.gathering("1")))
    shutil.copytree(folder, tmp_path / "backup")
    publish_all(publisher(Shelf(numbered(0, 5)), folder, witnesses.gathering("3")))
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    for shelf in (Shelf(numbered(0, 3)), Shelf(numbered(0, 3)).grow(numbered(3, 4, "other"))):
        with pytest.raises(WitnessAhead) as refusal:
            publisher(shelf, folder, witnesses.gathering("1")).step()
        assert refusal.value.seen["signed_size"] == 5
        assert published(folder)[0].size == 3


def test_a_witness_that_answers_byte_by_byte_is_given_up_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "LONGEST_REQUEST", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        served = threading.Thread(target=drip, args=(server,))
        served.start()
        try:
            with pytest.raises(TimeoutError, match="was not there within"):
                gathering.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"old 0")
        finally:
            served.join()


def drip(server: socket.socket) -> None:
    """One byte at a time, for longer than anybody waits."""
    connection, _ = server.accept()
    with connection, suppress(OSError):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n")
        for _ in range(60):
            connection.sendall(b"x")
            time.sleep(0.02)


CLAIM = Answer(409, b"1000\n")
"""What a witness says that has cosigned more, or that lies: nothing of it is signed."""


def test_a_witness_that_claims_a_larger_size_keeps_the_others_from_nothing(
    witnesses: Witnesses, folder: Path
) -> None:
    shelf = Shelf(numbered(0, 3))
    witnesses.says["one"] = CLAIM
    publication = Publication(folder)
    gathering = witnesses.gathering("2")
    running = Publishing(
        Publisher(shelf, publication, [KEY], gathering), publication, gathering, print
    )
    for size in (3, 4, 9):
        shelf.grow(numbered(len(shelf.rows), size))
        running.turn()
        assert published(folder)[0].size == size
        assert cosigners(folder) == {"two", "three"}
    told = status.read(folder)
    assert told is not None
    assert (told.state, told.witnessed, told.problem) == (status.PUBLISHING, True, None)
    assert "says it has cosigned 1000 events of this log, only" in told.complaints["one.example/w"]


def test_a_claim_and_a_witness_that_is_away_do_not_stop_signing_either(
    witnesses: Witnesses, folder: Path
) -> None:
    witnesses.says["one"] = CLAIM
    witnesses.away = {"two"}
    publish_all(publisher(Shelf(numbered(0, 3)), folder, witnesses.gathering("2")))
    assert published(folder)[0].size == 3
    assert cosigners(folder) == {"three"}


def test_claims_of_so_many_that_no_quorum_is_left_are_believed(
    witnesses: Witnesses, folder: Path
) -> None:
    witnesses.says = {"one": CLAIM, "two": Answer(409, b"999\n")}
    with pytest.raises(WitnessAhead, match=r"one\.example/w has cosigned 1000") as refusal:
        publisher(Shelf(numbered(0, 3)), folder, witnesses.gathering("2")).step()
    assert "leaves the policy" in refusal.value.mend
    assert not (folder / "checkpoint").exists()


@pytest.mark.parametrize(
    "lie",
    [
        lambda answer: Answer(200, b""),
        lambda answer: Answer(200, b"nonsense\n"),
        lambda answer: Answer(200, answer.body.replace(b"one", b"two")),
        lambda answer: Answer(200, answer.body[:-8] + b"AAAA" + answer.body[-4:]),
        lambda answer: Answer(500, b"\xff\xfe"),
        lambda answer: Answer(409, b"many\n"),
    ],
)
def test_what_is_no_cosignature_is_left_out(
    lie: Callable[[Answer], Answer], witnesses: Witnesses, folder: Path
) -> None:
    policy = Policy.parse(f"witness one {witnesses.keys['one']} http://one\nquorum one\n".encode())
    gathering = Gathering(
        policy, patience=30.0, send=lambda url, body: lie(witnesses.send(url, body))
    )
    publish_all(publisher(Shelf(numbered(0, 3)), folder, gathering))
    assert published(folder)[0].size == 3
    assert cosigners(folder) == set()
    assert list(gathering.complaints) == ["one.example/w"]
