"""A witness over HTTP: C2SP tlog-witness v1.0.0, and a page that says what it follows.

Started as `gunicorn 'api.witness:create_app()'` with GOVLOG_WITNESS_DATA; needs no log.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from govlog.ledger.errors import BadProof, BadSignature, LedgerError, Malformed, Unsigned
from govlog.ledger.witness import OtherSize, UnknownLog, Witness
from govlog.persistence.witness_records import WitnessRecords, witness_directory

LARGEST_REQUEST = 256 * 1024
"""Bytes: 63 hashes and a checkpoint with more signatures than anybody uses."""

STATUS: Mapping[type[LedgerError], int] = {
    Malformed: 400,
    UnknownLog: 404,
    Unsigned: 403,
    BadSignature: 403,
    OtherSize: 409,
    BadProof: 422,
}
"""The only table from refusal to status, tlog-witness v1.0.0."""

TEXT = "text/plain; charset=utf-8"


def create_app(
    directory: Path | None = None, clock: Callable[[], int] = lambda: int(time.time())
) -> Flask:
    """Build the witness of a directory, GOVLOG_WITNESS_DATA when none is named."""
    app = Flask("govlog-witness", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    records = WitnessRecords(directory or witness_directory())
    key = records.key()

    def add_checkpoint() -> Response:
        # The trusted keys are read each time, so that trusting a log needs no restart.
        witness = Witness(key, records.logs(), records.exclusive, clock)
        return _text(200, witness.add_checkpoint(request.get_data()))

    app.add_url_rule("/add-checkpoint", view_func=add_checkpoint, methods=["POST"])
    app.add_url_rule("/", "about", lambda: _text(200, _about(str(key.verifier), records)))
    app.add_url_rule("/livez", "livez", lambda: _text(200, b""))
    app.register_error_handler(LedgerError, _refused)
    app.register_error_handler(HTTPException, _not_this_way)
    return app


def _refused(error: LedgerError) -> Response:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    if isinstance(error, OtherSize):
        answer = _text(status, f"{error.size}\n".encode())
        answer.content_type = "text/x.tlog.size"
        return answer
    return _text(status, f"{error}\n".encode())


def _not_this_way(error: HTTPException) -> Response:
    answer = _text(error.code or 500, f"{error.description}\n".encode())
    if allowed := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _about(key: str, records: WitnessRecords) -> bytes:
    lines = ["A witness of transparency logs, C2SP tlog-witness v1.0.0.", "", f"Its key: {key}"]
    lines += ["It cosigns what continues the latest checkpoint it has cosigned of:", ""]
    for each in records.followed():
        size = "nothing yet" if each.latest is None else f"size {each.latest.size}"
        contradicted = f", CONTRADICTED {each.evidence} times" if each.evidence else ""
        lines.append(f"  {each.origin}: {size}{contradicted}")
    return ("\n".join(lines) + "\n").encode()


def _text(status: int, body: bytes) -> Response:
    answer = Response(body, status, content_type=TEXT)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
