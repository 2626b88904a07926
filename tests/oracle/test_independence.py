"""The oracle is a second opinion: it imports nothing that decides."""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent
COMPARES = {
    "__main__",
    "agreement",
    "bearers",
    "chapters",
    "comparing",
    "debating",
    "everything",
    "founding",
    "gatherings",
    "histories",
    "invested",
    "judging",
    "measuring",
    "mending",
    "stewardship",
    "stories",
    "stretches",
    "telling",
    "wording",
}
"""What tells histories and holds answers side by side; all else answers."""
DECIDES = sorted(
    each.stem
    for each in HERE.glob("*.py")
    if each.stem not in COMPARES and not each.stem.startswith("test_")
)
ALLOWED = ("govlog.domain.events", "govlog.domain.values", "govlog.domain.stream", "tests.oracle")
"""What facts are made of; of `stream` only how a recorded fact looks."""


def imported(name: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{each.name}" for each in node.names}
    return found


def test_the_oracle_imports_facts_and_values_and_nothing_that_decides() -> None:
    strange = {
        f"{name} imports {each}"
        for name in DECIDES
        for each in imported(name)
        if each.split(".")[0] in {"govlog", "projections", "api", "tests"}
        and not each.startswith(ALLOWED)
    }
    assert strange == set()


def test_of_the_stream_it_knows_only_how_a_recorded_fact_looks() -> None:
    used = {each for name in DECIDES for each in imported(name) if ".stream." in each}
    assert used == {"govlog.domain.stream.Recorded"}


def test_what_answers_knows_nothing_of_how_it_is_compared() -> None:
    inside = {f"tests.oracle.{name}" for name in DECIDES}
    outside = {
        each
        for name in DECIDES
        for each in imported(name)
        if each.startswith("tests.") and each.rpartition(".")[0] not in inside
    }
    assert outside == set()
