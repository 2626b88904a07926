"""The only table from error to HTTP status: problem details of RFC 9457, never HTML."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from api import refusals
from govlog.contract.refusal import InvalidBody
from govlog.domain import errors
from govlog.domain.refusals import AlreadyRecorded

STATUS: Mapping[type[errors.GovlogError], int] = {
    refusals.MalformedRequest: 400,
    refusals.TokenRequired: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.TextErased: 410,
    errors.AlreadyExists: 409,
    AlreadyRecorded: 409,
    errors.StaleVersion: 412,
    errors.EntryTooLarge: 413,
    refusals.UnsupportedContent: 415,
    errors.MalformedValue: 422,
    errors.KeyReused: 422,
    errors.RuleViolation: 422,
    InvalidBody: 422,
    refusals.NotYetKnown: 422,
    refusals.PreconditionRequired: 428,
    refusals.TooManyRequests: 429,
    errors.StoreBusy: 503,
    errors.StoreUnusable: 503,
}
RETRY_AFTER: Mapping[type[errors.GovlogError], int] = {
    refusals.TooManyRequests: 10,
    errors.ClockBehind: 60,
    errors.NotAsSigned: 60,
    errors.StoreBusy: 1,
}
"""Seconds after which it is worth while to try again."""

HTTP = {
    status.value: status.phrase.lower().replace(" ", "-") for status in HTTPStatus if status >= 400
} | {
    404: "no-such-resource",
    413: "body-too-large",
    414: "address-too-long",
    500: "fault",
}
"""Slugs of problems that no rule of ours names; some phrases are others in later Pythons."""
MEND = {
    404: "/docs shows the addresses that there are",
    405: "the header Allow names the methods that there are",
    413: "send less at once: a body of up to 1 MiB, a batch of up to 8 MiB",
}
DETAIL = {
    404: "there is nothing at this address",
    405: "nothing is done here by this method",
}
"""In the place of Werkzeug's words."""
_log = logging.getLogger("govlog.api")
_encode = msgspec.json.Encoder(decimal_format="string", enc_hook=str).encode


def register(app: Flask, addresses: Mapping[str, str]) -> None:
    """Answer every error of the app with a problem document.

    `addresses` are those where each command is taken, with `<key>` for that of its stream.
    """
    app.register_error_handler(errors.GovlogError, partial(_refused, addresses))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def status_of_kind(kind: type[errors.GovlogError]) -> int | None:
    """The HTTP status of a kind of refusal, by the nearest class in the table."""
    return _nearest(kind, STATUS)


def _refused(addresses: Mapping[str, str], error: errors.GovlogError) -> Response:
    status = status_of_kind(type(error)) or 500
    if isinstance(error, errors.NotFound) and _names_a_member(error):
        status = 422
    if isinstance(error, errors.StaleVersion) and "If-Match" not in request.headers:
        status = 409
    members: dict[str, Any] = {"detail": error.message}
    if isinstance(error, errors.RuleViolation):
        members |= {"rule": error.slug, "rule_number": error.rule}
    if isinstance(error, InvalidBody):
        members["errors"] = error.faults
    mend = error.mend
    if error.first is not None:
        _, _, key = error.first.stream.partition(":")
        mend += f" (POST {addresses[error.first.command].replace('<key>', key)})"
    members |= {"values": dict(error.values), "mend": mend}
    answer = problem(status, error.slug, members)
    if seconds := _nearest(type(error), RETRY_AFTER):
        answer.headers["Retry-After"] = str(seconds)
    for name, value in _challenge(error):
        answer.headers[name] = value
    return answer


def _names_a_member(error: errors.NotFound) -> bool:
    """Whether what is missing was named in the body: the address itself is right then."""
    if request.method != "POST":
        return False
    addressed = request.view_args or {}
    named = next(iter(error.values), "id")
    return not addressed or (named != "id" and named not in addressed)


def _challenge(error: errors.GovlogError) -> Iterator[tuple[str, str]]:
    """RFC 6750 §3: which token would do."""
    if isinstance(error, refusals.TokenRequired):
        reason = ', error="invalid_token"' if "Authorization" in request.headers else ""
        yield "WWW-Authenticate", f'Bearer realm="govlog"{reason}'
    elif isinstance(error, errors.ScopeRequired):
        scope = error.values.get("scope", "")
        yield (
            "WWW-Authenticate",
            f'Bearer realm="govlog", error="insufficient_scope", scope="{scope}"',
        )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect, as Werkzeug made it
    members = {"detail": DETAIL.get(status, error.description), "mend": MEND.get(status)}
    answer = problem(status, HTTP.get(status, "fault"), members)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def _fault(error: Exception) -> Response:
    _log.error("%s %s", request.method, request.path, exc_info=error)
    return problem(500, HTTP[500], {"detail": "the server has a fault; it was noted"})


def problem(status: int, slug: str, members: dict[str, Any]) -> Response:
    """A problem document; what is empty is left out."""
    document = {
        "type": f"/problems/{slug}",
        "title": slug.replace("-", " ").capitalize(),
        "status": status,
        **{name: value for name, value in members.items() if value not in (None, "", {}, ())},
    }
    answer = Response(_encode(document), status, content_type="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _nearest(
    kind: type[errors.GovlogError], table: Mapping[type[errors.GovlogError], int]
) -> int | None:
    return next((table[each] for each in kind.__mro__ if each in table), None)
