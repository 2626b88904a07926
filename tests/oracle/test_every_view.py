"""Every view answers as the oracle does, row for row and member for member."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec

from govlog.domain.events import TOPICS
from govlog.domain.events.any_stream import Erased
from govlog.domain.events.log import KeyRotated, LogContinued
from projections.catalogue import VIEWS
from tests.oracle.chapters import CHAPTERS
from tests.oracle.everything import ANSWERED, ELSEWHERE, searches
from tests.oracle.histories import IN_MEMORY, History, histories
from tests.oracle.stories import FIRST_DAY, beginning, happen
from tests.oracle.stretches import BROAD, BROAD_PARTIAL, MENDED, agree, each_of
from tests.oracle.telling import Teller
from tests.oracle.wording import ASKED
from tests.projections.built import readable

NOT_TOLD = {Erased, KeyRotated, LogContinued}
"""Facts that the door does not record by which stories come in."""


def test_every_view_says_what_the_oracle_has_in_every_member_of_every_row() -> None:
    seen = agree(1, BROAD).members
    assert {view.name for view in VIEWS} == seen.keys() == ANSWERED
    for view in VIEWS:
        elsewhere = {member for name, member in ELSEWHERE if name == view.name}
        members = {each.encode_name for each in msgspec.structs.fields(view.row)}
        assert members - elsewhere == seen[view.name], view.name


def test_every_view_follows_a_correction_of_whatever_may_be_corrected() -> None:
    assert agree(1, MENDED).rows > 3000


def test_no_view_is_certain_of_what_some_possibility_denies() -> None:
    assert agree(1, BROAD_PARTIAL).rows > 500


def test_searching_finds_what_a_plain_scan_of_all_texts_finds_at_two_dates() -> None:
    def look(history: History) -> None:
        known, day = history.log[: len(history.log) * 2 // 3], history.last - timedelta(days=40)
        with readable(history.log, texts=history.texts) as views, views.snapshot() as now:
            assert list(searches(now, known, history.texts, ASKED, day)) == []

    each_of(1, histories(acts=20, further=CHAPTERS), look)


def test_the_stories_tell_of_every_kind_of_fact() -> None:
    seen = set()
    for number in range(36):
        with TemporaryDirectory(dir=IN_MEMORY) as folder:
            t = Teller(Path(folder, "data"), Random(number).randint, FIRST_DAY)
            t.further = CHAPTERS * (1 + number % 3)
            beginning(t)
            for _ in range(90):
                happen(t)
            t.close()
        seen |= {type(each.fact) for each in t.log}
    assert {kind.__name__ for kind in {*TOPICS.values()} - NOT_TOLD - seen} == set()
