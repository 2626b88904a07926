"""The plan of the house (docs/architecture.md), held by reading the source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from govlog.domain.events import TOPICS

ROOT = Path(__file__).parent.parent
ROOMS = ("govlog", "projections", "api", "bench")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
DOMAIN = [path for path in SOURCES if path.is_relative_to(ROOT / "govlog/domain")]

LAYERS = (
    "govlog.cli",
    "govlog.command_line",
    "govlog.demo",
    "api",
    "projections",
    "govlog.exchange",
    "govlog.contract",
    "govlog.application",
    "govlog.persistence",
    "govlog.domain",
)
"""From the roof to the cellar; a room may import what stands below it."""

UNEVOLVED = {
    "FactCorrected": "the stream is folded anew with the fact as it is mended",
    "CorrectionWithdrawn": "the stream is folded anew without the correction",
    "BatchRecorded": "the record of an import on a stream of its own, without a state to change",
}
"""Facts that change no state, and why."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: Path) -> Iterator[str]:
    """The modules a file imports; of `from a import b` both `a` and `a.b`: b may be a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def layer(of: str) -> int | None:
    for depth, room in enumerate(LAYERS):
        if of == room or of.startswith(room + "."):
            return depth
    return None


def test_there_is_something_to_read() -> None:
    assert len(DOMAIN) > 10
    assert len(SOURCES) > len(DOMAIN)


def test_import_linter_finds_every_contract_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml") == 0


def test_no_room_imports_one_above_it() -> None:
    climbing = [
        f"{name(path)} imports {target}"
        for path in SOURCES
        if (own := layer(module(path))) is not None
        for target in imports(path)
        if (other := layer(target)) is not None and other < own
    ]
    assert climbing == []


def test_the_ledger_imports_nothing_of_the_house() -> None:
    ledger = [path for path in SOURCES if module(path).startswith("govlog.ledger")]
    strangers = {
        f"{name(path)} imports {target}"
        for path in ledger
        for target in imports(path)
        if target.split(".")[0] in ROOMS and not target.startswith("govlog.ledger")
    }
    assert ledger
    assert strangers == set()


def test_the_domain_imports_the_standard_library_msgspec_and_immutables_only() -> None:
    allowed = sys.stdlib_module_names | {"govlog", "msgspec", "immutables"}
    strangers = {
        f"{name(path)} imports {target}"
        for path in DOMAIN
        for target in imports(path)
        if target.split(".")[0] not in allowed
    }
    assert strangers == set()


def test_the_domain_has_no_clock_no_chance_no_log_and_no_files() -> None:
    modules = {"time", "random", "secrets", "uuid", "logging", "os", "io", "pathlib", "socket"}
    modules |= {"sqlite3", "subprocess", "threading", "asyncio", "urllib", "http", "shutil"}
    calls = {"open", "print", "input", "now", "utcnow", "today", "exec", "eval", "uuid4", "getenv"}
    found = []
    for path in DOMAIN:
        found += [f"{name(path)}: {target}" for target in imports(path) if target in modules]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                found += [f"{name(path)}:{node.lineno}: {called}()"] if called in calls else []
    assert found == []


def test_evolving_never_refuses() -> None:
    evolving = [
        (path, function)
        for path in DOMAIN
        for function in functions(path)
        if function.name.lstrip("_").startswith(("evolve", "advance", "fold"))
    ]
    refusing = [
        f"{name(path)}:{node.lineno}"
        for path, function in evolving
        for node in ast.walk(function)
        if isinstance(node, ast.Raise | ast.Assert)
    ]
    assert {path.name for path, _ in evolving} >= {"stream.py", "body.py", "resolution.py"}
    assert refusing == []


def test_every_fact_changes_a_state_or_is_listed_with_its_reason() -> None:
    matched = {
        pattern.cls.id if isinstance(pattern.cls, ast.Name) else ast.unparse(pattern.cls)
        for path in DOMAIN
        for pattern in ast.walk(tree(path))
        if isinstance(pattern, ast.MatchClass)
    }
    matched = {each.rpartition(".")[2] for each in matched}
    facts = {fact.__name__ for fact in TOPICS.values()}
    assert facts - matched == set(UNEVOLVED)


def test_no_file_is_named_after_nothing() -> None:
    nameless = re.compile(r"(utils?|helpers?|common|base|misc)")
    assert [name(path) for path in SOURCES if nameless.fullmatch(path.stem)] == []


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    lengths = {
        f"{name(path)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in SOURCES
        for function in functions(path)
    }
    assert {function: lines for function, lines in lengths.items() if lines > 50} == {}


def test_every_module_says_its_purpose_in_one_line() -> None:
    silent = []
    for path in SOURCES:
        purpose = ast.get_docstring(tree(path)) or ""
        if not purpose.partition("\n")[0].endswith((".", ":")):
            silent.append(name(path))
    assert silent == []


def test_resources_leave_errors_to_the_one_table() -> None:
    resources = [path for path in SOURCES if path.is_relative_to(ROOT / "api/resources")]
    trying = [
        f"{name(path)}:{node.lineno}"
        for path in resources
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Try | ast.TryStar)
    ]
    assert resources
    assert trying == []


def test_no_module_is_without_types() -> None:
    loose = [
        f"{name(path)}:{function.name}"
        for path in SOURCES
        for function in functions(path)
        if function.returns is None
    ]
    assert loose == []


@pytest.mark.parametrize("mark", ["TODO", "FIXME", "NotImplementedError", "pytest.skip(", "xfail("])
def test_nothing_is_left_unfinished(mark: str) -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert [name(path) for path in [*SOURCES, *tests] if mark in path.read_text("utf-8")] == []
