"""`govlog serve`: the whole service, started, disturbed and stopped."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from govlog.command_line.answers import Exit
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import Govlog


class Service:
    """A running `govlog serve` on a port of its own."""

    def __init__(self, data: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        environment = os.environ | {"PORT": str(self.port), "GOVLOG_DATA": str(data)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "govlog", "serve"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def get(self, path: str) -> Any:
        """The answer, as soon as there is one."""
        deadline = time.monotonic() + 60
        while True:
            try:
                address = f"http://127.0.0.1:{self.port}{path}"
                with urllib.request.urlopen(address, timeout=10) as answer:
                    return json.loads(answer.read())
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.02)

    def child(self, word: str) -> int:
        """The pid of the process that has this word in its command, once there is one."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    parent = process.joinpath("stat").read_text().rpartition(")")[2].split()[1]
                    command = process.joinpath("cmdline").read_text().split("\0")
                    if parent == str(self.process.pid) and word in command:
                        return int(process.name)
            time.sleep(0.02)
        raise AssertionError(f"{word} is not running")

    def greeting(self) -> str:
        """What it says once it answers."""
        assert self.process.stdout
        lines = iter(self.process.stdout.readline, "")
        return "".join(itertools.takewhile(lambda line: "Ctrl-C" not in line, lines))

    def stop(self) -> str:
        """Stop it as an operator does; what it said."""
        self.process.terminate()
        said, _ = self.process.communicate(timeout=60)
        return said


@pytest.fixture
def service(demo: Path) -> Iterator[Service]:
    running = Service(demo)
    yield running
    running.process.kill()
    running.process.communicate()


@pytest.fixture
def size(demo: Path) -> int:
    with EventStore.open(Settings(demo)) as store:
        return store.size()


def test_the_service_says_where_it_is_and_ends_cleanly(service: Service, size: int) -> None:
    assert service.get("/livez") == {"alive": True}
    assert service.get(f"/v1/products?at_least={size}")["size"] == size
    said = service.greeting()
    service.stop()
    assert service.process.returncode == 0
    assert f"http://127.0.0.1:{service.port}/docs" in said
    assert "govlog token create party:demo-recorder --role recorder" in said
    assert "demonstration" in said


if sys.platform == "linux":  # where processes can be looked up in /proc

    @pytest.mark.parametrize(
        ("name", "word"), [("web", "gunicorn"), ("projections", "work"), ("publisher", "publish")]
    )
    def test_the_service_goes_on_when_one_of_its_processes_is_killed(
        service: Service, size: int, name: str, word: str
    ) -> None:
        service.get(f"/v1/products?at_least={size}")
        killed = service.child(word)
        os.kill(killed, signal.SIGKILL)
        while service.child(word) == killed:
            time.sleep(0.02)
        assert service.get("/readyz")["ready"]
        assert service.get(f"/v1/products?at_least={size}")["size"] == size
        assert f"the {name} ended by signal 9; starting it again" in service.stop()
        assert service.process.returncode == 0


def test_a_port_in_use_is_named_with_another_one(
    govlog: Govlog, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        refused = govlog("serve")
    assert refused.code == Exit.BUSY
    assert refused.err.startswith(f"govlog: port {port} on 127.0.0.1 is in use; ")
    assert refused.err.endswith(f": PORT={port + 1} govlog serve\n")


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none_is_refused(
    govlog: Govlog, demo: Path, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    refused = govlog("serve")
    assert refused.code == Exit.USAGE
    assert "from 1 to 65535" in refused.err
