"""Tallies of lights: always derived from the rows, and held against what a source prints (30)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from govlog.domain.events.evaluation import CriterionRow, Light, PrintedTotals


class Tally(Struct, frozen=True):
    """How many rows have which light; as a difference, how many more or fewer."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    not_relevant: int = 0


def tally(rows: Iterable[CriterionRow]) -> Tally:
    """Count lights; what is not relevant is counted apart (rule 30)."""
    lights = Counter(row.light for row in rows)
    return Tally(
        lights[Light.GREEN], lights[Light.YELLOW], lights[Light.RED], lights[Light.NOT_RELEVANT]
    )


def difference(printed: PrintedTotals, derived: Tally) -> Tally:
    """What a source prints beyond (or, negative, short of) what its own rows give."""
    return Tally(
        printed.green - derived.green,
        printed.yellow - derived.yellow,
        printed.red - derived.red,
        printed.not_relevant - derived.not_relevant,
    )


def unproven_greens(rows: Iterable[CriterionRow]) -> tuple[str, ...]:
    """The criteria that are green without evidence, as only an import can hold them (rule 30)."""
    return tuple(row.criterion for row in rows if row.light is Light.GREEN and not row.evidence)
