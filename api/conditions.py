"""Conditional requests (RFC 9110 §13): versions of streams to write on, tags of answers to read."""

from __future__ import annotations

import re

from flask import Request, Response, request

from api.refusals import MalformedRequest, PreconditionRequired
from govlog.domain.errors import StaleVersion

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
# Answers of views carry "v<version>.<what else they depend on>": it names the version as well. A
# proxy that compresses makes tags weak, and the version stays what it is.
_VERSION = re.compile(r'(?:W/)?"v(\d{1,15})(?:\.[^"]*)?"', re.ASCII)


def version_tag(version: int) -> str:
    """The entity tag of a stream at a version."""
    return f'"v{version}"'


def expected_version(asked: Request) -> int | None:
    """The version in `If-Match`; None for `*`: whichever it is at, it must exist.

    The rules are checked under the write lock whichever is sent.
    """
    text: str | None = asked.environ.get("HTTP_IF_MATCH")
    if text is None:
        raise PreconditionRequired(
            "a write to an existing stream needs the version it was decided on",
            mend='send If-Match: "v<version>" with the ETag you last read, or If-Match: *',
            header="If-Match",
        )
    text = text.strip()
    if text == "*":
        return None
    if named := _VERSION.fullmatch(text):
        return int(named[1])
    if not _TAG.fullmatch(text):
        raise MalformedRequest(
            "If-Match is not one entity tag",
            mend='send If-Match: "v<version>", with the quotes',
            field="If-Match",
            value=text,
        )
    raise StaleVersion(
        f"no version of a stream has the tag {text}",
        mend="read the stream again and send the ETag of that answer",
        sent=text,
    )


def unchanged(tag: str) -> Response | None:
    """304 when the client holds the answer with this tag already."""
    held = request.headers.get("If-None-Match")
    if held is None:
        return None
    if held.strip() != "*" and tag not in re.findall(r'"[^"]*"', held):
        return None
    return Response(status=304, headers={"ETag": tag})
