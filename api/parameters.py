"""Request parameters that the domain's own constructors read."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TypeVar

from api.refusals import MalformedRequest
from govlog.domain.errors import MalformedValue, NotFound
from govlog.domain.values import StreamId, stream_id

T = TypeVar("T")


def checked(parameters: Container[str], name: str, read: Callable[[], T]) -> T:
    """A value as its constructor reads it; what that refuses is a malformed request."""
    try:
        return read()
    except MalformedValue as error:
        told = str(error.values["field"])
        field = told if told in parameters else name
        raise MalformedRequest(f"{field}: {error.message}", mend=error.mend, field=field) from None


def stream_in_path(text: str) -> StreamId:
    """A stream named in a path: what is no stream id cannot be found."""
    try:
        return stream_id(text)
    except MalformedValue as error:
        raise NotFound(f"there is no stream {text}", mend=error.mend) from None
