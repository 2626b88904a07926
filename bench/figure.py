"""One measured figure: what, against which target, and how far the rounds lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from msgspec import Struct


class Figure(Struct, frozen=True, kw_only=True):
    what: str
    value: float
    """A ratio, unless `unit` says otherwise."""
    lowest: float
    highest: float
    """The rounds between which `value` is the median."""
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    """The target, where there is one."""
    beside: str = ""
    """What the two sides were in this run; it differs from machine to machine."""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.at_least is None and self.at_most is None:
            return None
        enough = self.at_least is None or self.value >= self.at_least
        return enough and (self.at_most is None or self.value <= self.at_most)

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}{self.unit}"
        return f"<= {self.at_most:g}{self.unit}" if self.at_most is not None else ""


def of_rounds(
    what: str,
    values: Sequence[float],
    *,
    unit: str = "",
    at_least: float | None = None,
    at_most: float | None = None,
    beside: str = "",
) -> Figure:
    """The median of the rounds, with the lowest and the highest of them."""
    return Figure(
        what=what,
        value=median(values),
        lowest=min(values),
        highest=max(values),
        unit=unit,
        at_least=at_least,
        at_most=at_most,
        beside=beside,
    )
