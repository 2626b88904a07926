"""The demonstration's commands as they stand in the two files, grouped into batches.

`os2.jsonl` holds what public sources say about OS2, `fiction.jsonl` an invented example. Each line
is one command; `key` names the fact it carries and is read by people only.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import groupby
from typing import Any

import msgspec
from msgspec import Struct

OS2 = "os2.jsonl"
FICTION = "fiction.jsonl"


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One command; `decided_on` stands beside `data` as in an import file."""

    batch: str
    key: str
    command: str
    stream: str
    data: dict[str, Any]
    decided_on: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The command's body as the API takes it."""
        return (
            self.data if self.decided_on is None else {"decided_on": self.decided_on, **self.data}
        )


def read(name: str) -> tuple[Line, ...]:
    """Every line of one file, in order."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(msgspec.json.decode(line, type=Line) for line in text.splitlines())


def batches(*names: str) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """The lines of the files batch by batch, each to be approved before the next is recorded."""
    for name in names:
        for batch, lines in groupby(read(name), key=lambda line: line.batch):
            yield batch, tuple(lines)
