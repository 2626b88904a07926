"""What asking the command line gives, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What a command printed, and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """One JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Govlog = Callable[..., Answer]

INIT = {
    "--origin": "log.example.org/hedeby",
    "--zone": "Europe/Copenhagen",
    "--body": "body:assembly",
    "--body-name": "Hedeby's assembly",
    "--bylaws": "https://example.org/bylaws",
    "--admin": "Anna Administrator",
}

AsPerson = Callable[[str], None]
"""Puts a token of that person into GOVLOG_TOKEN."""
