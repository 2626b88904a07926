"""What the pages say about the house is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.persistence.access import ROLES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = [
    path for room in ("govlog", "projections", "api") for path in (ROOT / room).rglob("*.py")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_operators_guide_lists_every_setting() -> None:
    read = {
        name
        for path in SOURCES
        for name in re.findall(r'environ[^\n]*?["\']([A-Z][A-Z_]+)["\']', path.read_text("utf-8"))
        if name == "PORT" or name.startswith("GOVLOG_")
    }
    guide = (ROOT / "docs/operators-guide.md").read_text("utf-8")
    assert read == set(re.findall(r"^\| `([A-Z_]+)`", guide, re.M))


def test_the_operators_guide_lists_every_role_and_exit_code() -> None:
    guide = (ROOT / "docs/operators-guide.md").read_text("utf-8")
    assert set(re.findall(r"^\| (\d+) \|", guide, re.M)) == {str(int(code)) for code in Exit}
    assert [role for role in ROLES if f"`{role}`" not in guide] == []


def test_the_architecture_page_names_every_room() -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    rooms = {path.parent.relative_to(ROOT).as_posix() for path in SOURCES}
    top = {room for room in rooms if room.count("/") <= (room.startswith("govlog"))} - {"govlog"}
    assert [room for room in top if f"`{room}`" not in page] == []


def test_the_table_of_decisions_names_each_page_by_its_title() -> None:
    table = (ROOT / "docs/adr/README.md").read_text("utf-8")
    listed = dict(re.findall(r"\[(\d{4})\]\(\S+\) \| (.+) \|", table))
    titles = dict(
        re.findall(r"# (\d{4}): (.+)", "\n".join(page.read_text("utf-8") for page in PAGES))
    )
    assert listed == titles


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs/adr").glob("0*.md")), ids=lambda page: page.stem
)
def test_a_decision_has_context_decision_and_consequences(page: Path) -> None:
    parts = re.findall(r"^\*\*(\w+)\.\*\*", page.read_text("utf-8"), re.M)
    assert parts == ["Context", "Decision", "Consequences"]
