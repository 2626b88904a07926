"""What a stranger's clone is made of: packages, lock files, image, licence and the two commands."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
EVERYTHING: list[str] = [*PROJECT["dependencies"], *EXTRAS["build"], *EXTRAS["dev"]]
LOCKS = ("requirements.lock", "requirements-run.lock")
NOT_IMPORTED = {
    "gunicorn": "`govlog serve` starts it as a program of its own",
    "tzdata": "zoneinfo reads it where the operating system has no time zones",
}
"""Dependencies that no line imports, and why they are needed."""


TOOLS = {"mypy", "pytest-xdist", "ruff"}
"""What the Makefile runs and no test imports."""


def normal(distribution: str) -> str:
    """The form in which names of distributions are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=!~\[ ;]", each)[0]) for each in requirements}


def imported(*rooms: str) -> set[str]:
    """The distributions that the rooms import, by the names pip knows."""
    names = set()
    for path in (path for room in rooms for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").split(".")[0])
    own = {"govlog", "projections", "api", "bench", "tests", "_typeshed"}
    distributions = packages_distributions()
    return {normal(distributions[each][0]) for each in names - sys.stdlib_module_names - own}


def pins(lock: str) -> list[tuple[str, str]]:
    """Distributions and versions; one may have two, for earlier and later Pythons."""
    text = (ROOT / lock).read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)", text, re.M)
    return [(normal(name), version) for name, version in found]


def pinned(lock: str) -> set[str]:
    return {name for name, _ in pins(lock)}


def tracked() -> list[Path]:
    """The files of the repository; of an unpacked archive, the files that are no build products."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode == 0:
        paths = [ROOT / each for each in listing.stdout.split("\0") if each]
    else:
        made = {".venv", "var", "dist", "__pycache__"}
        paths = [path for path in ROOT.rglob("*") if not made & set(path.parts)]
    return [path for path in paths if path.is_file()]


def test_what_the_code_imports_is_declared_and_nothing_else() -> None:
    assert declared(PROJECT["dependencies"]) == imported("govlog", "projections", "api") | set(
        NOT_IMPORTED
    )


def test_what_tests_and_benchmarks_import_is_declared_and_nothing_else() -> None:
    used = imported("tests", "bench")
    assert used <= declared(EVERYTHING)
    assert declared(EXTRAS["dev"]) - used == TOOLS


def test_every_dependency_has_a_lower_bound() -> None:
    assert [each for each in EVERYTHING if ">=" not in each] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert re.findall(r"://|index-url|find-links|trusted-host|^\s*-[^-]|@ ", text, re.M) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_a_hash_for_every_pin(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) == len(pins(lock)) > 20
    assert [each for each in entries if "--hash=sha256:" not in each] == []


def test_the_locks_pin_every_declared_dependency() -> None:
    running = declared(PROJECT["dependencies"] + EXTRAS["build"])
    assert running <= pinned("requirements-run.lock")
    assert running | declared(EXTRAS["dev"]) <= pinned("requirements.lock")


def test_both_locks_pin_the_same_versions() -> None:
    assert set(pins("requirements-run.lock")) <= set(pins("requirements.lock"))


def test_no_tracked_file_names_a_path_of_somebody_s_machine() -> None:
    private = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work)/\w|[A-Z]:\\Users")
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if private.search(line.decode("utf-8", "replace")):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []


def test_the_licence_is_the_whole_mozilla_public_licence() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert PROJECT["license"] == "MPL-2.0"
    assert text.startswith("Mozilla Public License Version 2.0\n")
    assert "Exhibit A - Source Code Form License Notice" in text
    assert "Exhibit B" in text


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## \[Unreleased\]$", text, re.M)


def test_make_says_what_it_can_do() -> None:
    made = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("run", "test", "check", "bench"):
        assert re.search(rf"^make {target}\b", made.stdout, re.M)


def test_the_readme_s_two_commands_are_make_run_and_make_test() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert re.search(r"^make run\b", text, re.M)
    assert re.search(r"^make test\b", text, re.M)


def test_continuous_integration_ends_with_the_readme_s_test_command() -> None:
    script = ROOT / ".ci/run"
    lines = script.read_text("utf-8").splitlines()
    assert os.access(script, os.X_OK)
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert lines[-3:] == ["make check", "make oracle", "make test"]


def dockerfile() -> list[list[tuple[str, str]]]:
    """The stages of the Dockerfile, each a list of instruction and arguments."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    stages: list[list[tuple[str, str]]] = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            word, _, rest = line.strip().partition(" ")
            stages += [[]] if word == "FROM" else []
            stages[-1].append((word, rest))
    return stages


def test_the_image_is_built_in_two_stages_and_the_last_one_builds_nothing() -> None:
    stages = dockerfile()
    assert len(stages) == 2
    last = [rest for word, rest in stages[-1] if word == "RUN"]
    assert [each for each in last if re.search(r"\b(apt|apt-get|apk|pip|gcc|make)\b", each)] == []
    assert any("--require-hashes" in rest for word, rest in stages[0] if word == "RUN")


def test_the_image_copies_only_what_is_there() -> None:
    sources = [
        source
        for stage in dockerfile()
        for word, rest in stage
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert {"govlog", "projections", "api", "requirements-run.lock"} <= set(sources)
    assert [each for each in sources if not (ROOT / each).exists()] == []


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    last = dict(dockerfile()[-1])
    assert last["USER"] not in {"", "0", "root"}
    assert "/livez" in last["HEALTHCHECK"]
    assert "urllib" in last["HEALTHCHECK"]
