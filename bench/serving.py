"""Starts govlog with all its processes, and the raw route beside it; stops both by their ids."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench import raw_app
from govlog.persistence.settings import Settings

WORKERS = 2
THREADS = 16
"""Of gunicorn, on both sides."""
HEARTBEATS = "/dev/shm"
"""Where the workers of both sides show that they are alive: no disk is needed for it."""
PATIENCE = 60.0
ROOT = Path(__file__).parent.parent


class NotServing(Exception):
    """A server ended or did not answer in time; its own words say why."""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def govlog(settings: Settings, path: str = "/livez") -> Iterator[int]:
    """`govlog serve`: web workers and projections under one supervisor; gives its port.

    It is ready when it answers at `path`.
    """
    port = free_port()
    environ = {
        "GOVLOG_DATA": str(settings.data.absolute()),
        "PORT": str(port),
        "GOVLOG_WORKERS": str(WORKERS),
        "GOVLOG_THREADS": str(THREADS),
    }
    command = (sys.executable, "-m", "govlog", "serve")
    with _running(command, environ, port, settings.data / "serve.txt", path):
        yield port


@contextmanager
def raw_route(directory: Path) -> Iterator[int]:
    """The raw_sqlite route under the same gunicorn settings; gives its port."""
    port = free_port()
    path = directory / "raw.db"
    raw_app.prepare(path)
    command = (
        *(sys.executable, "-m", "gunicorn", "bench.raw_app:create_app()"),
        *("--bind", f"127.0.0.1:{port}", "--reuse-port", "--worker-class", "gthread"),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "5"),
        *("--log-level", "warning", "--no-control-socket"),
        *(("--worker-tmp-dir", HEARTBEATS) if Path(HEARTBEATS).is_dir() else ()),
    )
    with _running(command, {raw_app.PLACE: str(path)}, port, directory / "raw.txt"):
        yield port


@contextmanager
def _running(
    command: tuple[str, ...],
    environ: Mapping[str, str],
    port: int,
    said: Path,
    path: str = "/livez",
) -> Iterator[None]:
    with said.open("wb") as words:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environ}, stdout=words, stderr=words
        )
        try:
            _wait_for_answer(port, process, said, path)
            yield
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for_answer(port: int, process: subprocess.Popen[bytes], said: Path, path: str) -> None:
    """Ask until there is an answer that is not an error."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotServing(said.read_text("utf-8", "replace")[-2000:])
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)
    raise NotServing(f"no answer in {PATIENCE:g} s\n{said.read_text('utf-8', 'replace')[-2000:]}")
