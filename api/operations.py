"""Every route as an OpenAPI operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from marshmallow import Schema

from api.conditions import version_tag
from api.filters import readers, words
from api.reading import BY_NAME, Item, Listing, orders
from api.routes import Route
from api.writing import Write
from govlog.application.command import Command
from govlog.application.commands import COMMANDS
from govlog.contract.commands import body_schema

REF = "#/components/schemas/{name}"
_VARIABLE = re.compile(r"<(?:int:|path:)?(\w+)>")
_ABOUT: Mapping[str, str] = {
    "as_of": "What was in force at the end of this day; EDTF, a partial date means its last day.",
    "known_at": "What had been recorded: an RFC 3339 time with an offset, or `size:N`.",
    "at_least": "Wait, at most two seconds, until the answer shows this size of the log.",
    "since_known_at": "The earlier of two moments: what had been recorded by then.",
    "since_as_of": "The earlier of two days.",
    "view": "Only this view; may be repeated.",
    "limit": "How many at once.",
    "cursor": "Where the page before ended; follow the Link header.",
    "order": "`oldest` or `newest` first, as recorded; `due`: what is due earliest first.",
    "after": "The last index (of the log) or version (of the stream) that you have.",
    "topic": "Only facts of this topic, such as `CommissionGranted`; may be repeated.",
    "kind": "Only facts of streams of this kind.",
    "review_by": "Only what is due for review by the end of this day.",
    "due_by": "Only what is due by the end of this day.",
    "date": "The day of being bound; today where left out.",
    "dry_run": "`true` answers what would be recorded and change, and records nothing.",
    "wait": "`checkpoint` answers once a published checkpoint covers it; 503 says what was recorded"
    " where that takes too long.",
}
_PROBLEMS = {
    "read": (400, 401, 404, 410, 422, 503),
    "write": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
}


def add_write(spec: APISpec, write: Write) -> None:
    command = COMMANDS[write.command]
    parameters = [
        *_variables(write.rule),
        _header("Idempotency-Key", "The same key with the same body records once."),
        _query("dry_run", {"type": "boolean"}),
        _query("wait", {"type": "string", "enum": ["checkpoint"]}),
    ]
    if not command.creates:
        parameters.append(_expected())
    about_it = f"{_words(command)}\n\nNeeds a token with the scope `{command.scope}`."
    operation = {
        "operationId": command.name,
        "summary": _words(command).partition("\n")[0],
        "description": about_it,
        "tags": [_tag(write.rule)],
        "security": [{"token": []}],
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
        "responses": {
            "200": _json("What a dry run would record.", ref("Recording")),
            "201": _json("What was recorded.", ref("Recording")),
            **_problems("write"),
        },
    }
    name = _camel(command.name)
    if name not in spec.components.schemas:
        spec.components.schema(name, schema=_without_path(command, write.rule))
    operation["requestBody"]["content"]["application/json"]["schema"] = ref(name)  # type: ignore[index]
    spec.path(_path(write.rule), operations={"post": operation})


def _without_path(command: Command, rule: str) -> Schema:
    """The body's schema; members that the address names need not be given again."""
    schema = body_schema(command)
    named = [name for name in _VARIABLE.findall(rule) if name not in ("key", "stream")]
    return type(schema)(exclude=named) if named else schema


def add_read(spec: APISpec, read: Listing | Item) -> None:
    view = BY_NAME[read.view]
    row = ref(view.row.__name__)
    moment = {"size": {"type": "integer"}, "as_of": {"type": "string"}}
    moment["known_at"] = {"type": "string"}
    dates = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "valid_from": {"type": "string", "format": "date"},
            "valid_until": {"type": ["string", "null"], "format": "date"},
            "known_from": {"type": "integer"},
            "certain": {"type": "boolean"},
        },
    }
    one = {"allOf": [dates, row]}
    several = isinstance(read, Listing)
    held: dict[str, Any] = {"item": one}
    if several:
        held = {
            "next": {"type": ["string", "null"]},
            "items": {"type": "array", "items": one},
        }
    answer = _json("As of a day, as known at a size.", _object({**moment, **held}))
    parameters = [*_variables(read.rule), *map(_query, ("as_of", "known_at", "at_least"))]
    if several:
        parameters += map(_query, ("limit", "cursor"))
        parameters.append(_query("order", {"type": "string", "enum": list(orders(view))}))
        for name in readers(view):
            if name == read.kind and "<key>" in read.rule:
                continue
            known = words(view, name)
            shape: dict[str, Any] = {"type": "string"}
            if known:
                shape["enum"] = list(known)
            parameters.append(_query(name, shape))
        answer["content"] |= {"text/csv": {}, "application/x-ndjson": {}}
    operation = {
        "operationId": f"{'list' if several else 'get'}_{_slug(read.rule)}",
        "summary": (view.row.__doc__ or f"{view.name.capitalize()} as a view.").partition("\n")[0],
        "tags": [_tag(read.rule)],
        "parameters": parameters,
        "responses": {"200": answer, "304": {"description": "Unchanged."}, **_problems("read")},
    }
    spec.path(_path(read.rule), operations={"get": operation})


def add_route(spec: APISpec, route: Route) -> None:
    doc = (route.answers.__doc__ or "").strip()
    good = (
        {"description": "The answer."}
        if route.answer is None
        else _json("The answer.", ref(route.answer.__name__))
    )
    writes = route.method == "POST"
    parameters = [
        *_variables(route.rule),
        *({**_query(name), "required": name in route.required} for name in route.parameters),
    ]
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{_slug(route.rule)}",
        "summary": doc.partition("\n")[0],
        "description": re.sub(r"\n\s+", "\n", doc),
        "tags": [_tag(route.rule)],
        "parameters": parameters,
        "responses": {str(route.status): good, **_problems("write" if writes else "read")},
    }
    if writes:
        if "<key>" in route.rule:
            parameters.append(_expected())
        parameters.append(_header("Idempotency-Key", "The same key with the same body once."))
        parameters.append(_query("dry_run", {"type": "boolean"}))
        parameters.append(_query("wait", {"type": "string", "enum": ["checkpoint"]}))
        operation["security"] = [{"token": []}]
    if route.body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": route.body}}}
    spec.path(_path(route.rule), operations={route.method.lower(): operation})


def _variables(rule: str) -> list[dict[str, Any]]:
    return [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        for name in _VARIABLE.findall(rule)
    ]


def _query(name: str, shape: Mapping[str, Any] | None = None) -> dict[str, Any]:
    described_as = {"description": _ABOUT[name]} if name in _ABOUT else {}
    return {"in": "query", "name": name, "schema": shape or {"type": "string"}, **described_as}


def _expected() -> dict[str, Any]:
    about = f"The version it was decided on, such as `{version_tag(3)}`, or `*`."
    return {**_header("If-Match", about), "required": True}


def _header(name: str, about: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "schema": {"type": "string"}, "description": about}


def _json(about: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _problems(kind: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {
        str(status): {"description": HTTPStatus(status).phrase, "content": content}
        for status in _PROBLEMS[kind]
    }


def ref(name: str) -> dict[str, str]:
    return {"$ref": REF.format(name=name)}


def _words(command: Command) -> str:
    return command.fact.__doc__ or f"{command.name.replace('_', ' ').capitalize()}."


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _path(rule: str) -> str:
    return _VARIABLE.sub(r"{\1}", rule)


def _slug(rule: str) -> str:
    words_in = re.sub(r"<(?:int|path):", "<", rule.removeprefix("/v1"))
    return re.sub(r"\W+", "_", words_in).strip("_")


def _tag(rule: str) -> str:
    return rule.removeprefix("/v1").split("/")[1] or "docs"
