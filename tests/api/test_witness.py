"""A witness is shown checkpoints over HTTP, as C2SP tlog-witness has it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.witness import create_app
from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.keys import NOTE, SigningKey
from govlog.ledger.notes import Note, signature_lines, verified
from govlog.persistence.witness_records import WitnessRecords
from tests.ledger.shown import ShownLog

NOW = 1_800_000_000


@pytest.fixture
def records(tmp_path: Path) -> WitnessRecords:
    return WitnessRecords.begin(tmp_path / "witness", "witness.example/w1")


@pytest.fixture
def log(records: WitnessRecords) -> ShownLog:
    log = ShownLog(SigningKey.generate("log.example/a", NOTE))
    records.trust(log.key.verifier)
    return log


@pytest.fixture
def client(tmp_path: Path, records: WitnessRecords) -> FlaskClient:
    return create_app(tmp_path / "witness", lambda: NOW).test_client()


def cosigned_size(records: WitnessRecords) -> int | None:
    latest = records.followed()[0].latest
    return None if latest is None else latest.size


def test_what_continues_the_latest_checkpoint_is_cosigned(
    client: FlaskClient, records: WitnessRecords, log: ShownLog
) -> None:
    witness = records.key().verifier
    for old, size in ((0, 0), (0, 3), (3, 3), (3, 300), (300, 301)):
        answer = client.post("/add-checkpoint", data=log.request(old, size))
        assert answer.status_code == 200, answer.text
        note = Note.parse(log.checkpoint(size))
        cosigned = Note(note.text, (*note.signatures, *signature_lines(answer.text)))
        signed = verified(Note.parse(bytes(cosigned)), [witness, log.key.verifier])
        assert signed[witness].cosigned_at == NOW
        assert cosigned_size(records) == size


def test_extension_lines_of_other_logs_are_cosigned_with_the_rest(
    client: FlaskClient, records: WitnessRecords, log: ShownLog
) -> None:
    answer = client.post("/add-checkpoint", data=log.request(0, 2, "an extension\n"))
    text = Note.parse(log.checkpoint(2, "an extension\n")).text
    assert verified(Note(text, signature_lines(answer.text)), [records.key().verifier])


def test_a_log_that_is_not_followed_is_not_found(client: FlaskClient) -> None:
    stranger = ShownLog(SigningKey.generate("log.example/b", NOTE))
    assert client.post("/add-checkpoint", data=stranger.request(0, 1)).status_code == 404


def test_who_signs_with_another_key_is_forbidden(
    client: FlaskClient, records: WitnessRecords, log: ShownLog
) -> None:
    impostor = ShownLog(SigningKey.generate(log.origin, NOTE))
    assert client.post("/add-checkpoint", data=impostor.request(0, 1)).status_code == 403
    altered = log.request(0, 1)[:-4] + b"AA=\n"
    assert client.post("/add-checkpoint", data=altered).status_code == 403
    assert cosigned_size(records) is None


def test_a_rollback_is_refused_and_the_size_is_told(
    client: FlaskClient, records: WitnessRecords, log: ShownLog
) -> None:
    client.post("/add-checkpoint", data=log.request(0, 9))
    for old, size in ((0, 5), (5, 5), (5, 9), (8, 12), (0, 12)):
        answer = client.post("/add-checkpoint", data=log.request(old, size))
        assert (answer.status_code, answer.data) == (409, b"9\n")
        assert answer.content_type == "text/x.tlog.size"
    assert cosigned_size(records) == 9
    assert records.evidence() == []


def test_a_fork_is_refused_and_both_checkpoints_are_kept(
    client: FlaskClient, records: WitnessRecords, log: ShownLog
) -> None:
    fork = ShownLog(log.key, "another")
    client.post("/add-checkpoint", data=log.request(0, 9))
    assert client.post("/add-checkpoint", data=fork.request(9, 9)).status_code == 409
    for _ in range(2):
        assert client.post("/add-checkpoint", data=fork.request(9, 12)).status_code == 422
    kept = records.evidence()
    assert {each.cosigned_note for each in kept} == {log.checkpoint(9)}
    assert {each.shown_note for each in kept} == {fork.checkpoint(9), fork.checkpoint(12)}
    assert "CONTRADICTED 2 times" in client.get("/").text
    assert client.post("/add-checkpoint", data=log.request(9, 12)).status_code == 200


def altered_proof(body: bytes) -> bytes:
    lines = body.split(b"\n")
    lines[1] = lines[2]
    return b"\n".join(lines)


@pytest.mark.parametrize(
    "alter",
    [
        altered_proof,
        lambda body: body.replace(b"old 9\n", b"old 9\n" + b"A" * 43 + b"=\n"),
        lambda body: b"old 9\n\n" + body.partition(b"\n\n")[2],
    ],
    ids=["another hash", "one hash more", "no hashes"],
)
def test_a_proof_that_does_not_hold_is_unprocessable(
    client: FlaskClient, log: ShownLog, alter: Callable[[bytes], bytes]
) -> None:
    client.post("/add-checkpoint", data=log.request(0, 9))
    answer = client.post("/add-checkpoint", data=alter(log.request(9, 20)))
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n",
        b"old -1\n\n",
        b"old x\n\nlog.example/a\n",
        b"new 0\n\n",
        b"old 0\nnot base64\n\n",
        b"old 0\n" + (b"A" * 43 + b"=\n") * 64 + b"\n",
        b"old 0\n\nlog.example/a\n1\nAAAA\n\n",
        b"\xff\xfe",
    ],
)
def test_what_is_no_request_is_a_bad_request(client: FlaskClient, body: bytes) -> None:
    assert client.post("/add-checkpoint", data=body).status_code == 400


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(
    client: FlaskClient, log: ShownLog
) -> None:
    client.post("/add-checkpoint", data=log.request(0, 9))
    assert client.post("/add-checkpoint", data=log.request(9, 4)).status_code == 400


def test_what_is_too_large_or_asked_otherwise_is_refused(client: FlaskClient) -> None:
    assert client.post("/add-checkpoint", data=b"x" * 300_000).status_code == 413
    refused = client.get("/add-checkpoint")
    assert refused.status_code == 405
    assert "POST" in refused.headers["Allow"]


def test_a_replayed_request_changes_nothing(
    client: FlaskClient, records: WitnessRecords, log: ShownLog
) -> None:
    client.post("/add-checkpoint", data=log.request(0, 9))
    answers = [client.post("/add-checkpoint", data=log.request(9, 9)) for _ in range(20)]
    assert {each.status_code for each in answers} == {200}
    assert cosigned_size(records) == 9


def test_a_clock_that_is_set_back_does_not_set_cosignatures_back(
    tmp_path: Path, records: WitnessRecords, log: ShownLog
) -> None:
    clock = iter((NOW, NOW - 86_400))
    client = create_app(tmp_path / "witness", lambda: next(clock)).test_client()
    client.post("/add-checkpoint", data=log.request(0, 1))
    answer = client.post("/add-checkpoint", data=log.request(1, 2))
    assert signature_lines(answer.text)[0].cosigned_at == NOW


def race(directory: Path, body: bytes, answers: multiprocessing.Queue[int]) -> None:
    client = create_app(directory, lambda: NOW).test_client()
    answers.put(client.post("/add-checkpoint", data=body).status_code)


def test_of_two_that_race_from_one_size_one_wins(
    tmp_path: Path, client: FlaskClient, records: WitnessRecords, log: ShownLog
) -> None:
    client.post("/add-checkpoint", data=log.request(0, 9))
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[int] = context.Queue()
    bodies = [log.request(9, 9 + step) for step in (1, 2, 3)]
    racing = [
        context.Process(target=race, args=(tmp_path / "witness", body, answers)) for body in bodies
    ]
    for process in racing:
        process.start()
    got = sorted(answers.get(timeout=60) for _ in racing)
    for process in racing:
        process.join(60)
    assert got == [200, 409, 409]
    latest = records.followed()[0].latest
    assert latest is not None
    assert latest.root == log.root(latest.size)
    assert Checkpoint.parse(Note.parse(log.checkpoint(latest.size)).text).root == latest.root
