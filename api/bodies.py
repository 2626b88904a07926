"""Bodies and headers of writes: JSON within bounds, a key against doubles, a dry run or not."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NoReturn

import msgspec
from flask import Request
from werkzeug.exceptions import ClientDisconnected

from api.refusals import MalformedRequest, UnsupportedContent

JSON = "application/json"
LARGEST_BODY = 1024 * 1024
LARGEST_BATCH = 8 * 1024 * 1024
_LONGEST_KEY = 255
_PARAMETERS = ("dry_run", "wait")
_sorted = msgspec.json.Encoder(order="sorted").encode


def json_body(asked: Request) -> Any:
    """The request's JSON; an empty body is an empty object."""
    data = _content(asked)
    if not data:
        return {}
    if asked.environ.get("CONTENT_TYPE") != JSON and asked.mimetype != JSON:
        raise UnsupportedContent(
            f"the body is {asked.mimetype or 'of no stated type'}",
            mend="send JSON, with Content-Type: application/json",
            header="Content-Type",
        )
    try:
        return msgspec.json.decode(data)
    except RecursionError:
        _malformed("it is nested too deeply")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _malformed(str(error))


def _content(asked: Request) -> bytes:
    """The body as sent; one whose length is stated and small needs none of Werkzeug's care."""
    stated: str = asked.environ.get("CONTENT_LENGTH", "")
    if not (stated.isascii() and stated.isdigit()) or int(stated) > LARGEST_BODY:
        return asked.get_data(cache=False)
    length = int(stated)
    data: bytes = asked.environ["wsgi.input"].read(length)
    if len(data) < length:
        raise ClientDisconnected
    return data


def with_path(body: Any, path: Mapping[str, str]) -> Any:
    """The body with the members that the address names; they may not contradict each other."""
    if not path or not isinstance(body, dict):
        return body
    for name, value in path.items():
        if body.get(name, value) != value:
            raise MalformedRequest(
                f"{name} is {value!r} in the address and another in the body",
                mend="leave it out of the body",
                field=name,
            )
    return {**body, **path}


def idempotency_key(asked: Request) -> str | None:
    """The client's name for this request, under which it may be sent again."""
    text: str | None = asked.environ.get("HTTP_IDEMPOTENCY_KEY")
    if text is None:
        return None
    if not (0 < len(text) <= _LONGEST_KEY and text.isascii() and text.isprintable()):
        raise MalformedRequest(
            "Idempotency-Key is not 1 to 255 printable characters",
            mend="send a new random key for every new request, such as a UUID",
            field="Idempotency-Key",
        )
    return text


def digest(what: str, body: Any) -> bytes:
    """What a request asks for, whatever the order and spacing of its JSON."""
    return sha256(what.encode() + b"\0" + _sorted(body)).digest()


def dry_run(asked: Request) -> bool:
    """Whether to answer what would be recorded, and record nothing."""
    if not asked.environ.get("QUERY_STRING"):
        return False
    for name, given in asked.args.lists():
        if name not in _PARAMETERS:
            raise MalformedRequest(
                f"there is no parameter {name}",
                mend=f"a write takes {' and '.join(_PARAMETERS)} only",
                field=name,
            )
        if len(given) > 1:
            raise MalformedRequest(
                f"{name} is given {len(given)} times", mend="give it once", field=name
            )
    text = asked.args.get("dry_run", "false")
    if text not in ("true", "false"):
        raise MalformedRequest(
            f"dry_run {text!r} is neither true nor false", mend="write true", field="dry_run"
        )
    if waits(asked) and text == "true":
        raise MalformedRequest(
            "a dry run records nothing to wait for", mend="leave out wait", field="wait"
        )
    return text == "true"


def waits(asked: Request) -> bool:
    """Whether to answer only once a published checkpoint covers what was recorded."""
    if not asked.environ.get("QUERY_STRING"):
        return False
    text = asked.args.get("wait")
    if text not in (None, "checkpoint"):
        raise MalformedRequest(
            f"wait {text!r} is not known", mend="write wait=checkpoint", field="wait"
        )
    return text is not None


def _malformed(why: str) -> NoReturn:
    raise MalformedRequest(
        f"the body is not JSON: {why}", mend="send one JSON object", field="body"
    ) from None
