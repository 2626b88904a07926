"""`make oracle`: many more histories than the suite has time for, the same for the same numbers."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat

from hypothesis import strategies as st

from tests.domain import acts
from tests.domain.investing import investments
from tests.oracle.bearers import misattributed
from tests.oracle.invested import PAIRS, misshown
from tests.oracle.judging import misjudged
from tests.oracle.stretches import BROAD, BROAD_PARTIAL, FULL, MENDED, PARTIAL, Tally, agree, hold

STRETCHES, ENDLESS = 110, 100_000
EITHER = st.booleans()
"""Whether some dates are partial."""
ACTS = EITHER.flatmap(lambda partial: acts.histories(partial=partial))
INVESTED = EITHER.flatmap(lambda partial: investments(partial=partial))
ASKED = st.tuples(ACTS | INVESTED, st.lists(PAIRS, min_size=3, max_size=3))
IN_TURN: tuple[Callable[..., Tally], ...] = (
    partial(agree, asked=FULL),
    partial(agree, asked=BROAD),
    partial(hold, made=ACTS, disagreements=misjudged),
    partial(agree, asked=FULL),
    partial(agree, asked=PARTIAL),
    partial(hold, made=INVESTED, disagreements=misattributed),
    partial(agree, asked=BROAD),
    partial(agree, asked=FULL),
    partial(hold, made=ASKED, disagreements=lambda one: misshown(*one)),
    partial(agree, asked=BROAD),
    partial(agree, asked=BROAD_PARTIAL),
    partial(agree, asked=MENDED),
)


def stretch(number: int, until: float | None, shrink: bool) -> Tally | str:
    """What was compared in a stretch, or in words what disagrees; nothing once the time is up."""
    if until is not None and time.time() > until:
        return Tally()
    try:
        return IN_TURN[number % len(IN_TURN)](number, shrink=shrink)
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
