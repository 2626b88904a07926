"""`make oracle`: many more histories than the suite has time for, from a number of one's own."""

from __future__ import annotations

import argparse
import sys
import time

from tests.oracle.comparing import compare


def main() -> int:
    """Compare until the time is up; 1 where anything disagrees."""
    options = argparse.ArgumentParser(prog="make oracle", description=__doc__)
    options.add_argument("--minutes", type=float, default=10, help="for how long to go on")
    options.add_argument("--seed", type=int, default=int(time.time()), help="the first history")
    asked = options.parse_args()
    until = time.monotonic() + asked.minutes * 60
    seed, compared, disagreeing = asked.seed, 0, 0
    while time.monotonic() < until:
        # One in four with partial dates: each is answered in many worlds.
        partial = seed % 4 == 3
        found = compare(seed, steps=40 if partial else 80, partial=0.07 * partial, pairs=6)
        compared += found.compared
        disagreeing += bool(found.disagreements)
        for words in found.disagreements:
            sys.stdout.write(f"{words}\n")
        seed += 1
    sys.stdout.write(
        f"{seed - asked.seed} histories from {asked.seed} on, {compared} rows compared,"
        f" {disagreeing} histories with disagreements\n"
    )
    return 1 if disagreeing else 0


if __name__ == "__main__":
    sys.exit(main())
