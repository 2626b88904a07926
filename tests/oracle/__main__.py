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

from tests.oracle.stretches import BROAD, BROAD_PARTIAL, FULL, PARTIAL, Tally, agree

STRETCHES, ENDLESS = 80, 100_000
IN_TURN = (FULL, BROAD, FULL, PARTIAL, BROAD, FULL, BROAD, BROAD_PARTIAL)


def stretch(number: int, until: float | None, shrink: bool) -> Tally | str:
    """What was compared in a stretch, or in words what disagrees; nothing once the time is up."""
    if until is not None and time.time() > until:
        return Tally()
    try:
        return agree(number, IN_TURN[number % len(IN_TURN)], shrink=shrink)
    except AssertionError as disagreement:
        return "".join(traceback.format_exception_only(disagreement))


def stretches(first: int, minutes: float | None, *, shrink: bool) -> Iterator[Tally | str]:
    """The fixed set of numbers from the first on, or as many as there is time for."""
    until = None if minutes is None else time.time() + minutes * 60
    numbers = range(first, first + (STRETCHES if minutes is None else ENDLESS))
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        yield from processes.map(stretch, numbers, repeat(until), repeat(shrink))


def main() -> int:
    """Compare; 1 where anything disagrees."""
    options = argparse.ArgumentParser(prog="make oracle", description=__doc__)
    options.add_argument("--seed", type=int, default=1, help="the number of the first stretch")
    options.add_argument("--minutes", type=float, help="go on for so long, not for a fixed set")
    options.add_argument(
        "--shrink", action="store_true", help="take what disagrees down to the acts that matter"
    )
    asked = options.parse_args()
    began, sum_, disagreeing = time.time(), Tally(), 0
    for number, found in enumerate(
        stretches(asked.seed, asked.minutes, shrink=asked.shrink), asked.seed
    ):
        if isinstance(found, Tally):
            sum_.histories += found.histories
            sum_.pairs += found.pairs
            sum_.rows += found.rows
        else:
            disagreeing += 1
            sys.stdout.write(f"in the stretch of {number}: {found}\n")
            sys.stdout.flush()
    sys.stdout.write(
        f"from {asked.seed} on: {sum_.histories} histories agree at {sum_.pairs} pairs of dates in"
        f" {sum_.rows} rows, {disagreeing} stretches disagree; {time.time() - began:.0f} s\n"
    )
    return 1 if disagreeing else 0


if __name__ == "__main__":
    sys.exit(main())
