"""The erasure journal: what begins stands in it before anything is erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlog.domain.errors import StoreUnusable
from govlog.domain.values import StreamId
from govlog.persistence.erasure_journal import Entry, ErasureJournal

FIRST = Entry(
    erasure="e1",
    origin="log.example.org/test",
    at="2026-11-23T09:00:00.000000Z",
    by=StreamId("party:dpo"),
    ground="objection",
    party=StreamId("party:grethe"),
    commitments=("ab" * 32,),
)
SECOND = Entry(erasure="e2", origin="o", at="t", by=StreamId("party:dpo"), ground="unlawful")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "safe" / "erasures.jsonl"


def test_a_journal_that_is_not_there_holds_nothing(path: Path) -> None:
    assert ErasureJournal(path).entries() == []
    assert not path.exists()


def test_what_begins_is_not_done_until_it_says_so(path: Path) -> None:
    journal = ErasureJournal(path)
    journal.begin(FIRST)
    journal.begin(SECOND)
    journal.done("e1", "later", ["cd" * 32, "ab" * 32])
    first, second = journal.entries()
    assert (first.done, first.commitments) == (True, ("ab" * 32, "cd" * 32))
    assert second == SECOND
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kept", [0, 1, 40])
def test_a_torn_last_line_never_was_and_the_next_one_takes_its_place(path: Path, kept: int) -> None:
    journal = ErasureJournal(path)
    journal.begin(FIRST)
    whole = path.read_bytes()
    journal.begin(SECOND)
    path.write_bytes(path.read_bytes()[: len(whole) + kept])
    assert journal.entries() == [FIRST]
    journal.begin(SECOND)
    assert journal.entries() == [FIRST, SECOND]


@pytest.mark.parametrize(
    "line", [b"{}", b"no json", b'{"erasure":"e9","done":"x","commitments":[]}']
)
def test_a_damaged_journal_is_refused(path: Path, line: bytes) -> None:
    journal = ErasureJournal(path)
    journal.begin(FIRST)
    path.write_bytes(line + b"\n" + path.read_bytes())
    with pytest.raises(StoreUnusable, match="line 1"):
        journal.entries()
