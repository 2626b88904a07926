"""Questions at two dates, against a look at every row."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govlog.domain.errors import MalformedValue, ViewsBehind
from projections.catalogue import VIEWS
from projections.questions import Upto
from projections.reading import Page, Row, Snapshot, Views
from projections.tables import column
from projections.view import View
from tests.projections.built import Facts, Stored, moved, readable, rows
from tests.projections.histories import HISTORIES, history

SEVERAL = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
DAYS = st.dates(date(2022, 1, 1), date(2027, 1, 1))
DAY = date(2024, 6, 1)


def there(stored: list[Stored], day: date, size: int) -> list[Stored]:
    """The rows that hold on a day as known at a size, in no promised order."""
    return [
        each
        for each in stored
        if each.valid_from <= day.toordinal() < each.valid_until
        and each.known_from <= size < each.known_until
    ]


def plain(row: Row | Stored) -> tuple[str, bool, bytes]:
    return row.key, bool(row.certain), row.body


def in_pages(now: Snapshot, view: View, limit: int, **asked: Any) -> list[Row]:
    """A whole list, page by page."""
    found: list[Row] = []
    after = None
    while True:
        page: Page = now.page(view.name, limit=limit, after=after, **asked)
        assert len(page.rows) <= limit
        found += page.rows
        if page.next is None:
            return found
        after = page.next


@given(facts=HISTORIES, day=DAYS, at=st.floats(0, 1), limit=st.integers(1, 60))
@SEVERAL
def test_a_list_holds_what_was_there_on_the_day_as_known_then(
    facts: Facts, day: date, at: float, limit: int
) -> None:
    size = round(len(facts) * at)
    with readable(facts) as views, views.snapshot() as now, moved(facts) as connection:
        for view in VIEWS:
            wanted = there(rows(connection, view), day, size)
            found = in_pages(now, view, limit, as_of=day, known=size)
            assert sorted(map(plain, found)) == sorted(map(plain, wanted))
            newest = in_pages(now, view, limit, as_of=day, known=size, newest=True)
            assert newest == found[::-1]


@given(facts=HISTORIES, day=DAYS, at=st.floats(0, 1), seed=st.integers())
@SEVERAL
def test_filters_keep_the_rows_whose_member_is_one_of_those_asked_for(
    facts: Facts, day: date, at: float, seed: int
) -> None:
    size = round(len(facts) * at)
    chance = Random(seed)
    with readable(facts) as views, views.snapshot() as now:
        for view in VIEWS:
            asked: dict[str, Any] = {"as_of": day, "known": size}
            everything = in_pages(now, view, 1000, **asked)
            members = [msgspec.json.decode(each.body, type=view.row) for each in everything]
            names = chance.sample(view.filters, min(2, len(view.filters)))
            values: dict[str, list[Any]] = {
                name: [column(getattr(each, name)) for each in members] or [None] for name in names
            }
            exact = {name: chance.choice(values[name]) for name in names}
            found = in_pages(now, view, 3, filters=exact, **asked)
            assert found == [
                row
                for place, row in enumerate(everything)
                if all(values[name][place] == exact[name] for name in names)
            ]
            one = names[0]
            known = [each for each in values[one] if each is not None]
            some = tuple(known[:2]) or ("none",)
            found = in_pages(now, view, 3, filters={one: some}, **asked)
            assert found == [
                row for row, value in zip(everything, values[one], strict=False) if value in some
            ]
            if known:
                found = in_pages(now, view, 3, filters={one: Upto(known[0])}, **asked)
                assert found == [
                    row
                    for row, value in zip(everything, values[one], strict=False)
                    if value is not None and value <= known[0]
                ]
            counted = {key: n for key, n in now.counts(view.name, one, **asked).items() if n}
            assert counted == (Counter(values[one]) if everything else {})


@given(facts=HISTORIES, day=DAYS, at=st.floats(0, 1))
@SEVERAL
def test_an_item_is_the_row_of_its_key_on_the_day_as_known_then(
    facts: Facts, day: date, at: float
) -> None:
    size = round(len(facts) * at)
    with readable(facts) as views, views.snapshot() as now, moved(facts) as connection:
        for view in VIEWS:
            stored = rows(connection, view)
            wanted = {each.key: each for each in there(stored, day, size)}
            for key in {each.key for each in stored}:
                found = now.item(view.name, key, as_of=day, known=size)
                assert (found and plain(found)) == (wanted.get(key) and plain(wanted[key]))
            assert now.item(view.name, "nobody", as_of=day, known=size) is None


def test_a_row_says_from_when_until_when_it_holds_and_was_known() -> None:
    with readable(history(1, 60)) as views, views.snapshot() as now:
        for row in now.page("portfolio", as_of=DAY).rows:
            assert row.valid_from <= DAY
            assert row.valid_until is None or row.valid_until > DAY
            assert row.known_from <= now.size
            assert row.known_until is None


def test_without_a_day_today_is_meant_in_the_time_zone_of_the_log() -> None:
    late = datetime(2024, 6, 1, 22, 30, tzinfo=UTC)
    with readable(history(1, 60), now=lambda: late) as views, views.snapshot() as now:
        assert now.day() == now.day(now.size) == date(2024, 6, 2)


def test_without_a_day_an_earlier_size_means_the_day_of_its_last_event() -> None:
    facts = history(1, 60)
    with readable(facts) as views, views.snapshot() as now:
        for size in (1, 30, len(facts) - 1):
            day = facts[size - 1].recorded_on
            assert now.day(size) == day
            asked = now.page("timeline", known=size, limit=500)
            assert asked == now.page("timeline", known=size, as_of=day, limit=500)


def test_all_answers_of_a_snapshot_come_from_one_size_while_the_views_move_on() -> None:
    facts = history(1, 60)
    with readable(facts) as views, views.snapshot() as now:
        before = now.page("timeline", as_of=DAY, limit=500)
        path = Path(views.link)
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("UPDATE position SET size = 1")
            writer.execute("DELETE FROM timeline_row")
            writer.commit()
        assert now.page("timeline", as_of=DAY, limit=500) == before


def test_a_view_or_a_filter_that_is_not_there_is_refused_by_name() -> None:
    with readable(history(1, 10)) as views, views.snapshot() as now:
        with pytest.raises(MalformedValue, match="weather"):
            now.item("weather", "x")
        with pytest.raises(MalformedValue, match="colour"):
            now.page("portfolio", filters={"colour": "red"})
        with pytest.raises(MalformedValue, match="description"):
            now.counts("portfolio", "description")


def test_where_there_are_no_views_yet_readers_are_told_to_come_back() -> None:
    with TemporaryDirectory() as folder, closing(Views(Path(folder, "views.db"))) as views:
        assert views.size() == 0
        assert not views.wait_until(1, 0.01)
        with pytest.raises(ViewsBehind), views.snapshot():
            pass


def test_waiting_ends_when_the_size_is_reached_or_the_time_is_up() -> None:
    facts = history(1, 10)
    with readable(facts) as views:
        assert views.wait_until(len(facts), 0)
        assert not views.wait_until(len(facts) + 1, 0.02)

        def move_on() -> None:
            with closing(sqlite3.connect(views.link)) as writer:
                writer.execute("UPDATE position SET size = size + 1")
                writer.commit()

        Timer(0.05, move_on).start()
        assert views.wait_until(len(facts) + 1, 5)
