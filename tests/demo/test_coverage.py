"""The page of coverage is true: its tests are there, its commands answer, nothing is left out."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from govlog.cli import govlog
from projections.catalogue import VIEWS
from tests.api.answers import Client
from tests.demo.demonstration import Demonstration

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/coverage.md").read_text(encoding="utf-8")


def section(title: str) -> list[list[str]]:
    """The rows of one table, in cells, without its heading."""
    _, _, rest = PAGE.partition(f"\n## {title}\n")
    table = rest.partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def named() -> set[str]:
    """Every test that the page names, verdicts by their page."""
    tests = {f"tests/{each}" for each in re.findall(r"`([\w/]+\.py::test_\w+)`", PAGE)}
    verdicts = re.findall(r"\]\(\.\./tests/verdicts/(\d\d-[\w-]+)\.md\)", PAGE)
    verdict = "tests/verdicts/test_verdicts.py::test_a_verdict_is_as_it_was_worked_out_by_hand"
    return tests | {f"{verdict}[{each}]" for each in verdicts}


def commands(start: str) -> list[str]:
    return sorted(set(re.findall(rf"`({start} [^`]+)`", PAGE)))


def test_each_named_test_is_collected() -> None:
    files = sorted({each.partition("::")[0] for each in named()})
    collecting = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    collected = set(re.findall(r"^tests/\S+::test_\S+", collecting.stdout, re.M))
    assert collected, collecting.stderr
    collected |= {each.partition("[")[0] for each in collected}
    assert named() - collected == set()


@pytest.fixture
def client(demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    settings = demonstration.store.settings
    monkeypatch.setenv("GOVLOG_DATA", str(settings.data))
    client = Client(create_app(settings))
    with client:
        yield client


def test_each_question_is_answered_by_the_demonstration(client: Client) -> None:
    asked = {each: client.get(each.removeprefix("GET ")) for each in commands("GET")}
    assert {each: answer.status_code for each, answer in asked.items()} == dict.fromkeys(asked, 200)
    empty = [each for each, answer in asked.items() if answer.json.get("items", [...]) == []]
    assert not empty, " ".join(empty)


def test_each_command_is_one_of_govlog_s_with_these_options() -> None:
    for each in commands("govlog"):
        name, *arguments = each.removeprefix("govlog ").split()
        command = govlog.commands[name]
        if arguments != ["--help"]:
            command.make_context(name, arguments)


def test_every_rule_every_view_and_every_point_has_a_row_or_is_said_to_be_missing() -> None:
    rules = {int(row[0].split()[0]) for row in section("Rules")}
    missing = PAGE.partition("\n## Not here yet\n")[2]
    rules |= {int(each) for each in re.findall(r"\brule (\d+)", missing)}
    assert rules == set(range(1, 31))
    assert {view.name for view in VIEWS} <= {row[0].strip("`") for row in section("Views")}
    assert len(section("What the board says")) == 7


def test_every_row_names_a_test_and_a_command() -> None:
    for title in ("What the board says", "Rules", "Views"):
        for what, tests, see in section(title):
            assert "::test_" in tests or "verdicts/" in tests, what
            assert re.search(r"`(GET|govlog|make) [^`]+`", see), what
