"""Routes that are neither a single command nor a view."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask.typing import ResponseReturnValue
from marshmallow import Schema
from msgspec import Struct


class Route(NamedTuple):
    """One such route; the docstring of its function describes it."""

    rule: str
    answers: Callable[..., ResponseReturnValue]
    answer: type[Struct] | None = None
    """What a good answer holds; None where it is no JSON object."""
    method: str = "GET"
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    """Those that must be given."""
    body: Schema | None = None
    status: int = 200
    paged: bool = False
