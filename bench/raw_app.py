"""The raw_sqlite route: the same bodies parsed with marshmallow, one durable row, nothing else.

At the best settings known for it: WAL, synchronous=FULL, one connection a worker, and a file lock
before the write, for writers that wait in SQLite's busy handler are slow.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson
from flask import Flask, Response, request
from marshmallow import Schema, fields

PLACE = "GOVLOG_BENCH_RAW"
"""The environment variable that names the database."""
TABLE = """
CREATE TABLE IF NOT EXISTS stored (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL, topic TEXT NOT NULL, recorded_us INTEGER NOT NULL, state BLOB NOT NULL
)"""


class AmountSchema(Schema):
    amount = fields.Decimal(required=True, places=2)
    currency = fields.String(required=True)


class CeilingSchema(Schema):
    kind = fields.String(required=True)
    currency = fields.String(required=True)
    amount = fields.Decimal(places=2)


class InstalmentSchema(Schema):
    decided_on = fields.String(required=True)
    investor = fields.String(required=True)
    scope_item = fields.String(required=True)
    amount = fields.Nested(AmountSchema, required=True)
    bound_on = fields.String()
    relies_on = fields.String()
    standing = fields.String()


class CommissionSchema(Schema):
    decided_on = fields.String(required=True)
    resolution = fields.String(required=True)
    scope = fields.List(fields.String(), required=True)
    ceiling = fields.Nested(CeilingSchema, required=True)
    parties = fields.List(fields.String())
    until = fields.String()


class VoteSchema(Schema):
    decided_on = fields.String(required=True)
    seat = fields.String(required=True)
    ballot = fields.String(required=True)


class Rows:
    """One connection to the table, used by one thread of one process at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._among_processes = path.with_suffix(".lock").open("w")
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous=FULL")

    def insert(self, stream: str, topic: str, state: bytes) -> int | None:
        row = (stream, topic, time.time_ns() // 1000, state)
        with self._lock:
            fcntl.flock(self._among_processes, fcntl.LOCK_EX)
            try:
                inserted = self._connection.execute(
                    "INSERT INTO stored (stream, topic, recorded_us, state) VALUES (?, ?, ?, ?)",
                    row,
                )
                return inserted.lastrowid
            finally:
                fcntl.flock(self._among_processes, fcntl.LOCK_UN)


def prepare(path: Path) -> None:
    """Create the table before any worker starts."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(TABLE)


def create_app() -> Flask:
    """For gunicorn: `bench.raw_app:create_app()`."""
    app = Flask("raw")
    rows = Rows(Path(os.environ[PLACE]))
    for kind, name, schema in (
        ("products", "instalments", InstalmentSchema()),
        ("products", "commissions", CommissionSchema()),
        ("resolutions", "votes", VoteSchema()),
    ):
        path = f"/v1/{kind}/<stream>/{name}"
        app.add_url_rule(path, name, _insert(rows, name, schema), methods=["POST"])
    app.add_url_rule("/livez", "livez", lambda: "")
    return app


def _insert(rows: Rows, topic: str, schema: Schema) -> Callable[[str], Response]:
    def view(stream: str) -> Response:
        parsed = schema.load(request.get_json())
        number = rows.insert(stream, topic, orjson.dumps(parsed, default=str))
        return Response(orjson.dumps({"id": number}), 201, mimetype="application/json")

    return view
