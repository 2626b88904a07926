"""Reads a verdict: the story and the table of what it must come to, out of a page of prose."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

HERE = Path(__file__).parent
HEADING = "| instalment | as of | known at | amount | bearer | reason | commission | also |"


class Expected(Struct, frozen=True):
    """One share, as worked out by hand."""

    amount: Decimal
    bearer: str
    reason: str
    commission: str
    also: frozenset[str]


class Question(Struct, frozen=True):
    """An instalment at two dates; `known` None is the end of the story."""

    instalment: str
    as_of: date
    known: date | None


class Page(Struct):
    name: str
    story: list[str]
    expected: dict[Question, list[Expected]]


def pages() -> list[Path]:
    return sorted(HERE.glob("[0-9][0-9]-*.md"))


def read(path: Path) -> Page:
    """The fenced story and the table of a page; a row without a day goes on with the one above."""
    before, _, rest = path.read_text(encoding="utf-8").partition("```text\n")
    story, _, after = rest.partition("```\n")
    rows = [line for line in after.splitlines() if line.startswith("|")]
    if HEADING not in rows or not before.startswith("# "):
        raise ValueError(f"{path.name}: a title, a story and a table headed {HEADING}")
    expected: dict[Question, list[Expected]] = {}
    for row in rows[rows.index(HEADING) + 2 :]:
        name, as_of, known, amount, *said = (cell.strip() for cell in row.strip("|").split("|"))
        asked = Question(
            name, date.fromisoformat(as_of), date.fromisoformat(known) if known else None
        )
        shares = expected.setdefault(asked, [])
        if amount != "nothing":
            bearer, reason, commission, also = said
            words = frozenset(word.strip() for word in also.split(",") if word.strip())
            shares.append(Expected(Decimal(amount), bearer, reason, commission, words))
    return Page(path.stem, [line for line in story.splitlines() if line.strip()], expected)
