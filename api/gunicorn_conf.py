"""How gunicorn serves the API.

Started as `gunicorn -c python:api.gunicorn_conf 'api.app:create_app()'`. PORT and GOVLOG_HOST say
where, GOVLOG_WORKERS and GOVLOG_THREADS how wide.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]

_host = os.environ.get("GOVLOG_HOST") or "127.0.0.1"
_port = int(os.environ.get("PORT") or 8000)

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
workers = int(os.environ.get("GOVLOG_WORKERS") or 2)
worker_class = "gthread"
threads = int(os.environ.get("GOVLOG_THREADS") or 16)
# A store does not survive a fork: every worker builds its own application.
preload_app = False
# With one shared socket eight keep-alive connections can end up in one worker.
reuse_port = True
control_socket_disable = True
keepalive = 5
timeout = 60
graceful_timeout = 10
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
if Path("/dev/shm").is_dir():  # noqa: S108  # heartbeats need no disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

_MEND = {
    400: "write the request as RFC 9112 has it",
    414: f"keep method and address within {limit_request_line} bytes",
    431: f"send at most {limit_request_fields} headers of {limit_request_field_size} bytes each",
}


def _refuse(client: socket.socket, status: int, reason: str, why: str) -> None:
    """What gunicorn answers to requests that never reach the app: a problem document as well."""
    # Imported late: only workers have the app, and this process watches over them.
    from api.problems import HTTP, problem

    members = {"detail": why, "mend": _MEND.get(status)}
    answer = problem(status, HTTP.get(status, HTTP[500]), members)
    headers = [*answer.headers, ("X-Content-Type-Options", "nosniff"), ("Connection", "close")]
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    util.write_nonblock(client, "\r\n".join([*lines, "", ""]).encode() + answer.get_data())


util.write_error = _refuse


def on_starting(server: Any) -> None:
    """Refuse a port that is taken: with SO_REUSEPORT two services would share it unnoticed."""
    family = socket.AF_INET6 if ":" in _host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host, _port))
        except OSError as error:
            sys.exit(f"govlog: cannot listen on {bind}: {error.strerror}; set PORT to another one")
    # Workers count in files of a directory that is made anew at every start; it must be named
    # before any of them imports prometheus_client.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="govlog-counts-")


def post_worker_init(worker: Any) -> None:
    """Leave what stays to itself: looking through it for cycles, time and again, finds none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def child_exit(server: Any, worker: Any) -> None:
    """Drop the gauges of a worker that is gone."""
    # Imported late: prometheus_client looks for the directory when it is imported.
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
