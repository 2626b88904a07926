"""`make oracle`: many more histories than the suite has time for, the same for the same numbers."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from hypothesis import HealthCheck, given, seed, settings
from msgspec import Struct

from tests.oracle.comparing import Question, compare, questions

STRETCHES, HISTORIES = 32, 40
ENDLESS = 100_000
"""More stretches than there is time for."""


class Stretch(Struct):
    """What came of the histories of one number; in words where one of them disagrees."""

    number: int
    histories: int = 0
    pairs: int = 0
    rows: int = 0
    words: str = ""


def stretch(number: int, until: float | None) -> Stretch:
    """Hold the histories of a number to the oracle; one that disagrees, as small as it gets."""
    told = Stretch(number)
    if until is not None and time.time() > until:
        return told
    # One in four with partial dates: each is answered in many worlds.
    asked = questions(20, 4, partial=0.06) if number % 4 == 3 else questions(35, 6)

    @seed(number)
    @settings(
        max_examples=HISTORIES,
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
    )
    @given(asked)
    def agrees(question: Question) -> None:
        found = compare(question)
        told.histories += 1
        told.pairs += found.pairs
        told.rows += found.compared
        assert not found.disagreements, "\n".join(found.disagreements)

    try:
        agrees()
    except AssertionError as disagreement:
        told.words = "".join(traceback.format_exception_only(disagreement))
    return told


def stretches(first: int, minutes: float | None) -> Iterator[Stretch]:
    """The fixed set of numbers from the first on, or as many as there is time for."""
    until = None if minutes is None else time.time() + minutes * 60
    numbers = range(first, first + (STRETCHES if minutes is None else ENDLESS))
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        yield from processes.map(stretch, numbers, repeat(until))


def main() -> int:
    """Compare; 1 where anything disagrees."""
    options = argparse.ArgumentParser(prog="make oracle", description=__doc__)
    options.add_argument("--seed", type=int, default=1, help="the number of the first histories")
    options.add_argument("--minutes", type=float, help="go on for so long, not for a fixed set")
    asked = options.parse_args()
    began, found = time.time(), []
    for told in stretches(asked.seed, asked.minutes):
        if told.histories:
            found.append(told)
        if told.words:
            sys.stdout.write(
                f"of the histories of {told.number} (SEED={told.number}):\n{told.words}\n"
            )
            sys.stdout.flush()
    disagreeing = sum(bool(told.words) for told in found)
    sys.stdout.write(
        f"from seed {asked.seed}: {sum(told.histories for told in found)} histories,"
        f" {sum(told.pairs for told in found)} pairs of dates,"
        f" {sum(told.rows for told in found)} rows in {time.time() - began:.0f} s;"
        f" {disagreeing} of {len(found)} stretches disagree\n"
    )
    return 1 if disagreeing else 0


if __name__ == "__main__":
    sys.exit(main())
