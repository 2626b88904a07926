"""Histories that hypothesis makes up act by act; one that fails shrinks to what matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields

from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import Personal
from tests.oracle.stories import FIRST_DAY, Steps, beginning, happen
from tests.oracle.telling import Teller

HUNDREDTHS = st.integers(0, 99)
"""Small: into larger numbers hypothesis mixes constants of whatever modules are in memory."""
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where nothing waits for a disk: a history is of no use when the power fails."""
SELDOM_MATTERS = ("evidence", "pending", "roll", "counts")


class History(Struct, frozen=True):
    """What came into the log, up to the last day, and what the log refused."""

    log: tuple[Recorded[Fact], ...]
    texts: Mapping[str, str]
    """What was committed to, by commitment."""
    last: date
    refused: Mapping[str, int]

    def __repr__(self) -> str:
        return "\n" + "\n".join(map(_line, self.log))


@st.composite
def happening(draw: st.DrawFn, t: Teller) -> None:
    """All of an act follows from three numbers; where they are 0, nothing happens."""
    numbers = draw(HUNDREDTHS), draw(HUNDREDTHS), draw(HUNDREDTHS)
    if any(numbers):
        t.draw = Random(f"{numbers}").randint
        happen(t)


@st.composite
def histories(draw: st.DrawFn, acts: int, partial: float = 0.0, further: Steps = ()) -> History:
    """From `acts` to twice as many acts, with this share of partial dates.

    `further` steps come up beside those of `stories`, which are about money.
    """
    number = acts + draw(st.integers(0, acts))
    first = Random(draw(HUNDREDTHS)).randint
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        t = Teller(Path(folder, "data"), first, FIRST_DAY, partial)
        try:
            t.further = further
            beginning(t)
            for _ in range(number):
                draw(happening(t))
            t.end_import()
            texts = t.texts()
        finally:
            t.close()
    return History(tuple(t.log), texts, t.day, dict(t.refused))


def _line(each: Recorded[Fact]) -> str:
    """A fact without what it need not say and what seldom matters."""
    fact = each.fact
    told = [
        f"{field.name}={_word(value)}"
        for field in fields(fact)
        if (value := getattr(fact, field.name)) != field.default
        and not isinstance(value, Personal)
        and field.name not in SELDOM_MATTERS
    ]
    told += [f"({reason.value} pending)" for reason in fact.pending]
    return f"{each.index} {each.recorded_on} {each.id} {type(fact).__name__} {' '.join(told)}"


def _word(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
