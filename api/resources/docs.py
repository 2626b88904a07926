"""The API's own description: OpenAPI, a page to read it offline, and what each problem means."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import flask_swagger_ui  # type: ignore[import-untyped]
import msgspec
from flask import Response, current_app, send_from_directory
from msgspec import Struct

from api.problems import HTTP, status_of_kind
from api.routes import Route
from govlog.domain.errors import GovlogError, NotFound, RuleViolation

_STATIC = Path(__file__).parent.parent / "static"
_ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
# Swagger UI is all files of ours; its icons are data URLs in its stylesheet.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class Meaning(Struct, frozen=True):
    """What a type of problem means."""

    type: str
    status: int
    means: str
    rule_number: int | None = None


class Meanings(Struct, frozen=True):
    items: tuple[Meaning, ...]


def front() -> Response:
    """Who opens the bare address wants to know what there is."""
    response = Response(status=303)
    response.headers["Location"] = "docs"
    return response


def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    response = Response(current_app.config["OPENAPI"](), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def docs() -> Response:
    """The same as a page."""
    return _page("docs.html", "text/html; charset=utf-8")


def start() -> Response:
    """The script that starts the page."""
    return _page("docs.js", "text/javascript; charset=utf-8")


def assets(name: str) -> Response:
    """Swagger UI, from the package that brings it."""
    response = send_from_directory(_ASSETS, name, max_age=86400)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def problems() -> Response:
    """Every type of problem and what it means."""
    return Response(
        msgspec.json.encode(Meanings(tuple(_meanings().values()))), content_type="application/json"
    )


def problem(slug: str) -> Response:
    """What one type of problem means: the address that its `type` names."""
    meaning = _meanings().get(slug)
    if meaning is None:
        raise NotFound(f"there is no problem {slug}", mend="list /problems")
    return Response(msgspec.json.encode(meaning), content_type="application/json")


def _page(name: str, content_type: str) -> Response:
    response = Response((_STATIC / name).read_bytes(), content_type=content_type)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _meanings() -> dict[str, Meaning]:
    """By slug, from the classes of refusals: each says in one line what it is."""
    found = {
        slug: Meaning(f"/problems/{slug}", status, _told(HTTPStatus(status)))
        for status, slug in HTTP.items()
    }
    for kind in sorted(_refusals(GovlogError), key=lambda each: each.slug):
        rule = kind.rule if issubclass(kind, RuleViolation) else None
        means = (kind.__doc__ or f"{kind.slug.replace('-', ' ').capitalize()}.").partition("\n")[0]
        status = status_of_kind(kind) or 500
        found[kind.slug] = Meaning(f"/problems/{kind.slug}", status, means, rule)
    return found


def _told(status: HTTPStatus) -> str:
    return status.description or status.phrase


def _refusals(kind: type[GovlogError]) -> Iterator[type[GovlogError]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _refusals(inner)


ROUTES = (
    Route("/", front, status=303),
    Route("/openapi.json", openapi),
    Route("/docs", docs),
    Route("/docs/start.js", start),
    Route("/docs/assets/<name>", assets),
    Route("/problems", problems, Meanings),
    Route("/problems/<slug>", problem, Meaning),
)
