"""What a body that breaks the contract gets back: every fault with the member it is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError
from msgspec import Struct

from govlog.contract import plans
from govlog.contract.wording import plain
from govlog.domain.errors import GovlogError


class Fault(Struct, frozen=True):
    """One thing wrong in a body; `pointer` is a JSON Pointer (RFC 6901) as RFC 9457 §3 shows it."""

    field: str
    pointer: str
    detail: str


class InvalidBody(GovlogError):
    """A body that is JSON but not of the contract's shape."""

    slug = "invalid-body"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{first.field or 'body'}: {first.detail}{more}", mend="see errors")
        self.faults = faults

    @classmethod
    def of(cls, messages: object, *within: str | int) -> InvalidBody:
        """From marshmallow's nested messages, found inside the members `within`."""
        return cls(tuple(_faults(messages, tuple(str(step) for step in within))))


def parsed(schema: Schema, body: object, *path: str | int) -> dict[str, Any]:
    """What a schema makes of a body; `path` leads to it in a larger document."""
    try:
        members: dict[str, Any] = plans.load(schema, body)
    except ValidationError as error:
        raise InvalidBody.of(error.messages, *path) from None
    return members


def fault(detail: str, *path: str | int) -> Fault:
    """A fault at the member that `path` leads to."""
    steps = [str(step) for step in path]
    escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
    return Fault(".".join(steps), "#" + "".join(f"/{step}" for step in escaped), detail)


def _faults(messages: object, path: tuple[str, ...]) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _faults(inner, path if step == "_schema" else (*path, str(step)))
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from _faults(message, path)
    else:
        yield fault(plain(str(messages)), *path)
