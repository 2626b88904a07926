"""Two sides measured in turns, A B A B, so that a noisy minute disturbs both."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter

from msgspec import Struct


class Sides(Struct, frozen=True):
    """What each side took, round by round."""

    ours: tuple[float, ...]
    raw: tuple[float, ...]

    @property
    def speeds(self) -> list[float]:
        """How fast we were as a ratio to the raw side, in each round."""
        return [raw / ours for ours, raw in zip(self.ours, self.raw, strict=True)]

    @property
    def slownesses(self) -> list[float]:
        """How long we took as a ratio to the other side, in each round."""
        return [ours / raw for ours, raw in zip(self.ours, self.raw, strict=True)]

    def each(self, unit: str, per: float) -> str:
        """Both medians, divided by `per`."""
        return f"{median(self.ours) / per:.3g} {unit} / {median(self.raw) / per:.3g} {unit}"


def in_turns(ours: Callable[[], float], raw: Callable[[], float], rounds: int) -> Sides:
    """Run both sides `rounds` times; each tells what it took. The side that begins alternates."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        order = ((0, ours), (1, raw)) if number % 2 else ((1, raw), (0, ours))
        for side, run in order:
            gc.collect()
            taken[side].append(run())
    return Sides(tuple(taken[0]), tuple(taken[1]))


def timed(run: Callable[[], object]) -> Callable[[], float]:
    """The same, telling the seconds it took."""

    def timing() -> float:
        begun = perf_counter()
        run()
        return perf_counter() - begun

    return timing
