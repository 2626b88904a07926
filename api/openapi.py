"""The OpenAPI 3.1 document, made from the same tables that make the routes."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import msgspec
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow.fields import Field
from msgspec import Struct

from api.introduction import ABOUT, TAGS
from api.operations import REF, add_read, add_route, add_write, ref
from api.reading import BY_NAME, Item, Listing
from api.routes import Route
from api.writing import Recording, Write
from govlog.contract.answers import ClosedText, ErasedText
from govlog.contract.described import described
from govlog.contract.refusal import Fault
from govlog.domain.events import TOPICS


class Problem(Struct, frozen=True, omit_defaults=True):
    """An answer that is not what was asked for (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    rule: str = ""
    """The slug of the rule of the domain that refuses."""
    rule_number: int | None = None
    errors: tuple[Fault, ...] = ()
    """For a body that is not of the contract's shape: every fault with the member it is in."""
    values: dict[str, Any] = {}
    """What was met."""
    mend: str = ""
    """What would be accepted."""


def document(
    writes: Iterable[Write], reads: Iterable[Listing | Item], routes: Iterable[Route]
) -> dict[str, Any]:
    """Describe every route."""
    plugin = MarshmallowPlugin(schema_name_resolver=_part_name)
    spec = APISpec(
        title="govlog",
        version=version("govlog"),
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": ABOUT},
        tags=[{"name": name, "description": about} for name, about in TAGS.items()],
        security=[{}, {"token": []}],
    )
    assert plugin.converter is not None  # noqa: S101 - the plugin makes it when it is given a spec
    plugin.converter.add_attribute_function(_described)  # type: ignore[no-untyped-call]
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    reads, routes = list(reads), list(routes)
    for name, schema in _answers(reads, routes).items():
        spec.components.schema(name, schema)
    for write in writes:
        add_write(spec, write)
    for read in reads:
        add_read(spec, read)
    for route in routes:
        add_route(spec, route)
    made: dict[str, Any] = spec.to_dict()
    return made


def _answers(reads: Iterable[Listing | Item], routes: Iterable[Route]) -> dict[str, Any]:
    """Schemas of answers, from their types; what looks otherwise on the wire is put right."""
    rows = [BY_NAME[read.view].row for read in reads]
    shapes = [*rows, *(r.answer for r in routes if r.answer), *TOPICS.values()]
    shapes += [Problem, Recording, ErasedText, ClosedText]
    _, schemas = msgspec.json.schema_components(dict.fromkeys(shapes), ref_template=REF)
    schemas["Personal"] = {
        "description": "A text; erased or closed, what stands in its place.",
        "anyOf": [{"type": "string"}, ref("ErasedText"), ref("ClosedText")],
    }
    facts = [ref(fact.__name__) for fact in TOPICS.values()]
    schemas["Event"]["properties"]["data"] = {"anyOf": facts}
    return schemas


def _described(self: Any, field: Field[Any], **_: Any) -> dict[str, Any]:
    """What our own fields say of themselves."""
    inner = getattr(field, "schema", None)
    if inner is not None and not hasattr(field, "nested"):
        shape: dict[str, Any] = self.resolve_nested_schema(inner)
    else:
        shape = described(field)
    if field.allow_none and "enum" in shape:
        shape["enum"] = [*shape["enum"], None]
    if field.allow_none and "type" in shape:
        shape["type"] = [shape["type"], "null"]
    return shape


def _part_name(schema: Any) -> str:
    """Parts of bodies have names of their own: answers show the same parts otherwise."""
    made = schema if isinstance(schema, type) else type(schema)
    name: str = made.__name__.removesuffix("Schema").lstrip("_")
    return f"{name}Given"
