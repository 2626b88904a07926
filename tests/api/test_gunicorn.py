"""The API as it is served: real processes, real sockets, several writers at once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from govlog.persistence.store import EventStore
from tests.api.service import Service, day

ROOT = Path(__file__).parent.parent.parent


class Served(NamedTuple):
    service: Service
    port: int
    process: subprocess.Popen[bytes]

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent = {"Content-Type": "application/json", **sent}
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        told = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return told

    def say(self, request: str) -> tuple[int, dict[str, str], bytes]:
        """Send anything at all."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request.encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status, dict(answer.getheaders()), answer.read()

    def write(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, str], bytes]:
        bearer = f"Bearer {self.service.recorder}"
        return self.ask("POST", path, body, Authorization=bearer, **headers)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "GOVLOG_DATA": str(data),
        "PORT": str(port),
        "GOVLOG_WORKERS": "2",
        "GOVLOG_THREADS": "4",
        "HOME": str(log.parent),
    }
    command = (sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf")
    with log.open("wb") as said:
        return subprocess.Popen(
            (*command, "api.app:create_app()"), env=environ, cwd=ROOT, stdout=said, stderr=said
        )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    service = Service(tmp_path / "log")
    port = free_port()
    process = start(service.settings.data, port, tmp_path / "said.txt")
    running = Served(service, port, process)
    deadline = time.monotonic() + 20
    while True:
        try:
            if running.ask("GET", "/livez")[0] == 200:
                break
        except OSError:
            assert process.poll() is None, (tmp_path / "said.txt").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield running
    process.terminate()
    process.wait(timeout=15)
    service.close()


def test_many_writers_at_once_lose_nothing_and_double_nothing(served: Served) -> None:
    def record(number: int) -> tuple[int, int]:
        body = {"kind": "organisation", "key": f"o{number // 2}", "name": "O", "decided_on": day()}
        status, _, told = served.write("/v1/parties", body, Idempotency_Key=f"k{number // 2}")
        return status, json.loads(told)["index"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(record, range(60)))
    assert {status for status, _ in answers} == {201}
    assert sorted({index for _, index in answers}) == list(range(30))
    with EventStore.open(served.service.settings) as store:
        assert store.size() == 30


def test_of_two_writers_on_one_version_one_wins(served: Served) -> None:
    served.write("/v1/products", {"key": "lamp", "name": "Lamp", "decided_on": day()})
    together = threading.Barrier(6)

    def rename(number: int) -> int:
        together.wait()
        body = {"name": f"Lamp {number}", "decided_on": day()}
        return served.write("/v1/products/lamp/names", body, If_Match='"v1"')[0]

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(rename, range(6)))
    assert answers == [201, 412, 412, 412, 412, 412]


def test_what_never_reaches_the_app_gets_a_problem_document_too(served: Served) -> None:
    for path, long, status, kind in (
        ("/" + "x" * 5000, "", 414, "address-too-long"),
        ("/v1/events", "y" * 9000, 431, "request-header-fields-too-large"),
        ("/v1/events", "y\x00", 400, "bad-request"),
    ):
        answer = served.say(f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n")
        assert answer[0] == status
        assert answer[1]["Content-Type"] == "application/problem+json"
        assert answer[1]["Cache-Control"] == "no-store"
        told = json.loads(answer[2])
        assert (told["type"], told["status"]) == (f"/problems/{kind}", status)
        assert told["detail"]
        assert told["mend"]
    body = {"kind": "organisation", "name": "x" * 2_000_000, "decided_on": day()}
    status, headers, told = served.write("/v1/parties", body)
    assert (status, headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(told)["type"] == "/problems/body-too-large"
    assert served.ask("GET", "/v1/events")[0] == 200


def test_the_counts_of_all_workers_are_added_up(served: Served) -> None:
    for _ in range(20):
        served.ask("GET", "/livez")
    counts = served.ask("GET", "/metrics")[2].decode()
    (line,) = (each for each in counts.splitlines() if "seconds_count" in each and "/livez" in each)
    assert float(line.rpartition(" ")[2]) >= 20


def test_a_port_that_is_taken_is_refused_and_no_control_socket_is_left(
    served: Served, tmp_path: Path
) -> None:
    second = start(served.service.settings.data, served.port, tmp_path / "second.txt")
    assert second.wait(timeout=20) != 0
    assert "set PORT to another one" in (tmp_path / "second.txt").read_text()
    assert not (tmp_path / ".gunicorn").exists()


def test_it_ends_in_good_order_on_sigterm(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=15) == 0
