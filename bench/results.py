"""The figures as a table, on the terminal and in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.figure import Figure
from bench.scale import Scale

PAGE = Path("docs", "benchmarks.md")
_HEAD = ("What", "Measured", "Rounds", "Target", "")
_BEGIN = "<!-- figures: written by `python -m bench --write` -->"
_END = "<!-- end of figures -->"


def table(figures: Sequence[Figure]) -> str:
    """For a terminal, in columns."""
    rows = [_HEAD, *(_cells(each) for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def write(page: Path, figures: Sequence[Figure], scale: Scale, command: str) -> None:
    """Put the figures in the place of those in the page; what stands around them stays."""
    text = page.read_text("utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, found, after = rest.partition(_END)
    if not found:
        raise SystemExit(f"bench: {page} has no place for figures: {_BEGIN} ... {_END}")
    fresh = "\n\n".join(
        (_BEGIN, _about(scale, command), _markdown(figures), _missed(figures), _END)
    )
    page.write_text(before + fresh + after, "utf-8")


def _about(scale: Scale, command: str) -> str:
    load, _, _ = os.getloadavg()
    return (
        f"`{command}` on {date.today():%Y-%m-%d}, "  # noqa: DTZ011 - the day of the machine it ran on
        f"{scale.rounds} rounds, {os.cpu_count()} cores shared with other work"
        f" (load {load:.1f}), {platform.system()}, Python {platform.python_version()}."
    )


def _markdown(figures: Sequence[Figure]) -> str:
    head = (*_HEAD[:4], "Met", "Both sides in this run")
    rows = [head, ("---",) * len(head)]
    rows += [(*_cells(each)[:4], _met(each), each.beside) for each in figures]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _missed(figures: Sequence[Figure]) -> str:
    missed = [each for each in figures if each.met is False]
    if not missed:
        return "Every target was met in this run."
    lines = [f"- {each.what}: {_number(each.value)}{each.unit}, {each.target}" for each in missed]
    return "\n".join(["Missed in this run:", "", *lines])


def _cells(figure: Figure) -> tuple[str, ...]:
    spread = f"{_number(figure.lowest)} - {_number(figure.highest)}"
    missed = "missed" if figure.met is False else ""
    return (figure.what, f"{_number(figure.value)}{figure.unit}", spread, figure.target, missed)


def _met(figure: Figure) -> str:
    return {True: "yes", False: "**no**", None: ""}[figure.met]


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
