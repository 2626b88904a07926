"""`govlog witness`: begun, told whom to trust, served, killed and asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.ledger.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey
from govlog.ledger.notes import Note, signature_lines, verified
from tests.cli.asking import Govlog
from tests.ledger.shown import ShownLog

NAME = "witness.example/w1"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "witness"
    monkeypatch.setenv("GOVLOG_WITNESS_DATA", str(path))
    return path


@pytest.fixture
def log() -> ShownLog:
    return ShownLog(SigningKey.generate("log.example/a", NOTE))


def test_a_witness_is_begun_once_with_a_key_that_nobody_else_reads(
    govlog: Govlog, directory: Path
) -> None:
    key = VerifierKey.parse(govlog("witness", "init", NAME).out.strip())
    assert (key.name, key.kind) == (NAME, COSIGNATURE)
    for file in ("witness.key", "witness.db"):
        assert (directory / file).stat().st_mode & 0o777 == 0o600
    again = govlog("witness", "init", NAME)
    assert again.code == Exit.NO_LOG
    assert "already" in again.err
    assert govlog("witness", "status", "--json").json == {"key": str(key), "logs": []}


def test_it_follows_whom_it_is_told_to_trust(
    govlog: Govlog, directory: Path, log: ShownLog
) -> None:
    govlog("witness", "init", NAME)
    assert govlog("witness", "trust", str(log.key.verifier)).code == Exit.DONE
    assert govlog("witness", "status", "--json").json["logs"] == [
        {
            "origin": log.origin,
            "keys": [str(log.key.verifier)],
            "size": None,
            "cosigned_at": None,
            "contradictions": 0,
        }
    ]
    assert "nothing cosigned yet" in govlog("witness", "status").out
    govlog("witness", "distrust", str(log.key.verifier))
    assert govlog("witness", "status", "--json").json["logs"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", "two words"),
        ("trust", "no key"),
        ("trust", str(SigningKey("w", COSIGNATURE, bytes(32)).verifier)),
    ],
)
def test_what_is_no_name_and_no_log_key_is_refused_on_one_line(
    govlog: Govlog, directory: Path, arguments: tuple[str, ...]
) -> None:
    if arguments[0] == "trust":
        govlog("witness", "init", NAME)
    refused = govlog("witness", *arguments)
    assert refused.code == Exit.REFUSED
    assert refused.err.count("\n") == 1


def test_without_a_witness_every_command_says_how_to_begin_one(
    govlog: Govlog, directory: Path
) -> None:
    for command in ("status", "evidence", "serve"):
        refused = govlog("witness", command)
        assert refused.code == Exit.NO_LOG
        assert "govlog witness init" in refused.err


class Serving:
    """A running `govlog witness serve`."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "govlog", "witness", "serve"],
            env=os.environ | {"PORT": str(self.port)},
            start_new_session=True,
        )

    def show(self, body: bytes) -> tuple[int, str]:
        deadline = time.monotonic() + 30
        while True:
            try:
                address = f"http://127.0.0.1:{self.port}/add-checkpoint"
                with urllib.request.urlopen(address, data=body, timeout=10) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def kill(self) -> None:
        os.killpg(self._process.pid, 9)
        self._process.wait(30)


def test_what_was_cosigned_survives_a_kill(govlog: Govlog, directory: Path, log: ShownLog) -> None:
    key = VerifierKey.parse(govlog("witness", "init", NAME).out.strip())
    govlog("witness", "trust", str(log.key.verifier))
    serving = Serving()
    try:
        status, lines = serving.show(log.request(0, 7))
        assert status == 200
        assert verified(Note(Note.parse(log.checkpoint(7)).text, signature_lines(lines)), [key])
    finally:
        serving.kill()
    serving = Serving()
    try:
        fork = ShownLog(log.key, "another history")
        assert serving.show(log.request(0, 7)) == (409, "7\n")
        assert serving.show(fork.request(7, 7))[0] == 409
        assert serving.show(log.request(7, 8))[0] == 200
    finally:
        serving.kill()
    assert "contradicted 1 times" in govlog("witness", "status").out
    shown = govlog("witness", "evidence").out
    assert log.checkpoint(7).decode() in shown
    assert fork.checkpoint(7).decode() in shown
