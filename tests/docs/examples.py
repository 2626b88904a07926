"""Reads the examples of a Markdown page and compares what they print with what the page shows.

A ```bash block is run; all of a page's blocks are one session, in which a failing command ends
the page. A ```json or ```text block right behind it shows what it prints, `…` standing for
anything. Every other block (```console, ```python) is there to read.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
REST = "…"


class Example(NamedTuple):
    """One bash block, where it stands and what the page says it prints."""

    line: int
    script: str
    kind: str
    shown: str


def examples(page: Path) -> list[Example]:
    text = page.read_text("utf-8")
    found: list[Example] = []
    end = -1
    for fence in _FENCE.finditer(text):
        kind, body = fence.groups()
        if kind == "bash":
            found.append(Example(text.count("\n", 0, fence.start()) + 1, body, "", ""))
        elif kind in ("json", "text") and found and not text[end : fence.start()].strip():
            found[-1] = found[-1]._replace(kind=kind, shown=body)
        end = fence.end()
    return found


def session(blocks: list[Example], outputs: Path) -> str:
    """One bash script that runs the blocks in order, each with its output in a file of its own."""
    steps = (
        f"exec >{outputs}/{number}.out; echo {block.line} >{outputs}/line\n{block.script}"
        for number, block in enumerate(blocks)
    )
    return "set -euo pipefail\n" + "\n".join(steps)


def mismatch(block: Example, printed: str) -> str:
    """Why what was printed is not what the page shows; empty when it is."""
    if block.kind == "json":
        return _differing(json.loads(block.shown), json.loads(printed), "$")
    if block.kind == "text" and not _matches(block.shown.strip(), printed.strip()):
        return f"shown:\n{block.shown}printed:\n{printed}"
    return ""


def _differing(shown: Any, printed: Any, where: str) -> str:
    """JSON shown with `…` as a value, an item (any further ones) or part of a text."""
    if shown == REST:
        return ""
    if isinstance(shown, dict) and isinstance(printed, dict):
        named = {name: value for name, value in shown.items() if name != REST}
        if missing := named.keys() - printed.keys():
            return f"{where} prints no {sorted(missing)}"
        if REST not in shown and (more := printed.keys() - named.keys()):
            return f"{where} also prints {sorted(more)}"
        pairs = [(value, printed[name], f"{where}.{name}") for name, value in named.items()]
    elif isinstance(shown, list) and isinstance(printed, list):
        items = [each for each in shown if each != REST]
        if len(printed) < len(items) or (REST not in shown and len(printed) > len(items)):
            return f"{where} prints {len(printed)} items"
        pairs = [(each, printed[at], f"{where}[{at}]") for at, each in enumerate(items)]
    elif isinstance(shown, str) and isinstance(printed, str):
        return "" if _matches(shown, printed) else f"{where} prints {printed!r}"
    else:
        return "" if shown == printed else f"{where} prints {printed!r}"
    return next((why for pair in pairs if (why := _differing(*pair))), "")


def _matches(shown: str, printed: str) -> bool:
    pattern = ".*?".join(re.escape(piece) for piece in shown.split(REST))
    return re.fullmatch(pattern, printed, re.S) is not None
