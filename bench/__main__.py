"""`python -m bench`: the quick set in a table; `--full` for more, `--write` to renew the page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter

import click

from bench import (
    http_writes,
    ledger,
    long_stream,
    rebuild_views,
    results,
    start_up,
    two_dates,
    typed_replay,
    verify_log,
)
from bench.figure import Figure
from bench.scale import FULL, QUICK, SCALES, Scale

MEASUREMENTS: Mapping[str, Callable[[Scale], list[Figure]]] = {
    "http_writes": http_writes.measure,
    "typed_replay": typed_replay.measure,
    "rebuild_views": rebuild_views.measure,
    "two_dates": two_dates.measure,
    "long_stream": long_stream.measure,
    "start_up": start_up.measure,
    "verify_log": verify_log.measure,
    "ledger": ledger.measure,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option("--full", is_flag=True, help="1,000,000 events and 32 clients; takes hours.")
@click.option("--scale", type=click.Choice(list(SCALES)), default=QUICK.name, hidden=True)
@click.option("--write", is_flag=True, help="Renew the figures in docs/benchmarks.md.")
def bench(names: tuple[str, ...], *, full: bool, scale: str, write: bool) -> None:
    """Measure everything, or only NAMES, side by side with raw routes."""
    if write and names:
        raise click.UsageError("--write renews all figures: leave the names out")
    size = FULL if full else SCALES[scale]
    figures: list[Figure] = []
    for name, measure in MEASUREMENTS.items():
        if not names or name in names:
            begun = perf_counter()
            figures += measure(size)
            print(f"{name}: {perf_counter() - begun:.0f} s", file=sys.stderr)
    print(results.table(figures))
    if write:
        command = "make bench" if size is QUICK else "python -m bench --full"
        results.write(Path(results.PAGE), figures, size, command)


if __name__ == "__main__":
    bench(prog_name="python -m bench")
