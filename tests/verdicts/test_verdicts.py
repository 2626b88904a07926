"""Verdicts worked out by hand from the rules: told through the front door, asked of the views,
and of the oracle."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from govlog.domain.attribution import Reason, Share
from tests.oracle.agreement import Asked
from tests.oracle.answers import Possibilities
from tests.oracle.counting import Log
from tests.oracle.telling import Teller
from tests.projections.built import readable
from tests.projections.community import Answers
from tests.verdicts.reading import Expected, Page, pages, read
from tests.verdicts.story import Story

PAGES = [read(path) for path in pages()]


def told(page: Page, folder: Path) -> tuple[Log, date]:
    first = date.fromisoformat(page.story[0].split()[0])
    t = Teller(folder, Random(0).randint, first - timedelta(days=1))
    try:
        story = Story(t)
        for line in page.story:
            story.line(line)
        return t.log, t.day
    finally:
        t.close()


def shown(share: Share, expected: Expected) -> Expected:
    """A share in the words of a page; of what else it says only what the page speaks of."""
    also = {f"may be {reason}" for reason in share.reasons}
    also |= set(share.flags)
    also |= {"proven"} if share.proven else {"unproven"} if share.commission else set()
    also |= {f"by {share.resolution.removeprefix('resolution:')}"} if share.resolution else set()
    also |= {"open"} if share.open else {"not open"}
    also |= {"displaced"} if share.displaced_by else set()
    also |= {"declined"} if share.declined else set()
    return Expected(
        share.amount,
        share.bearer.value,
        share.reason.value,
        share.commission or "",
        expected.also & also,
    )


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_verdict_is_as_it_was_worked_out_by_hand(page: Page, tmp_path: Path) -> None:
    log, _ = told(page, tmp_path / "data")
    with readable(log) as views, views.snapshot() as now:
        answers = Answers(now)
        for asked, expected in page.expected.items():
            size = sum(asked.known is None or each.recorded_on <= asked.known for each in log)
            key = f"product:tool/{asked.instalment}"
            row = answers.row("investments", key, f"{asked.as_of}", size)
            shares: tuple[Share, ...] = ()
            if row is not None:
                shares = answers.of("investments", key, f"{asked.as_of}", size).shares
            assert len(shares) == len(expected), (asked, shares)
            assert [shown(s, e) for s, e in zip(shares, expected, strict=True)] == expected, asked
            possible = Possibilities(log[:size], asked.as_of)
            comparison = Asked(answers, possible, asked.as_of, size)
            assert list(comparison.disagreements()) == []


def test_there_are_verdicts_for_every_reason() -> None:
    assert len(PAGES) >= 40
    reasons = {
        each.reason for page in PAGES for shares in page.expected.values() for each in shares
    }
    assert {reason.value for reason in Reason} - reasons == set()
