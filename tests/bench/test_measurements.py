"""Every measurement runs on a log just large enough, and yields figures; none is timed here."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.__main__ import MEASUREMENTS
from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.rebuild_views import everything, rebuilt, upserted
from bench.results import PAGE, table, write
from bench.rounds import in_turns
from bench.scale import TINY
from govlog.persistence.store import EventStore

ROOT = Path(__file__).parent.parent.parent
MET = of_rounds("fast enough", [0.9, 1.0, 0.7], at_least=0.8, beside="us / them")
MISSED = of_rounds("too slow", [30.0, 10.0, 20.0], unit=" ms", at_most=15)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_a_measurement_yields_figures(name: str) -> None:
    figures = MEASUREMENTS[name](TINY)
    assert figures
    for figure in figures:
        assert 0 <= figure.lowest <= figure.value <= figure.highest
        assert math.isfinite(figure.highest)


def test_a_filled_log_holds_what_was_asked_for_and_nothing_waits(tmp_path: Path) -> None:
    with EventStore.open(fill(tmp_path, 500)) as store:
        facts = list(store.replay())
    assert len(facts) == 500
    assert not any(each.fact.pending for each in facts)
    assert [each.recorded_us for each in facts] == sorted(each.recorded_us for each in facts)


def test_both_sides_are_measured_in_turns() -> None:
    order = []

    def side(name: str, taken: float) -> float:
        order.append(name)
        return taken

    sides = in_turns(lambda: side("ours", 2.0), lambda: side("raw", 1.0), 4)
    assert order == ["raw", "ours", "ours", "raw"] * 2
    assert sides.speeds == [0.5] * 4
    assert sides.slownesses == [2.0] * 4


def test_a_figure_is_the_median_of_its_rounds_and_knows_its_target() -> None:
    assert (MET.value, MET.lowest, MET.highest, MET.met) == (0.9, 0.7, 1.0, True)
    assert (MISSED.value, MISSED.met) == (20.0, False)
    assert of_rounds("no target", [1.0]).met is None


def test_the_table_says_what_was_missed() -> None:
    lines = table([MET, MISSED]).splitlines()
    assert lines[2].split() == "fast enough 0.9 0.7 - 1 >= 0.8".split()
    assert lines[3].split() == "too slow 20 ms 10 - 30 <= 15 ms missed".split()


def test_the_page_keeps_its_words_and_gets_new_figures(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text((ROOT / PAGE).read_text("utf-8"), "utf-8")
    first_line = page.read_text("utf-8").splitlines()[0]
    for figures in ([MET], [MET, MISSED]):
        write(page, figures, TINY, "make bench")
    text = page.read_text("utf-8")
    assert text.splitlines()[0] == first_line
    assert text.count("| fast enough | 0.9 |") == 1
    assert "- too slow: 20 ms, <= 15 ms" in text
    missing: list[Figure] = [figure for figure in (MET, MISSED) if figure.what not in text]
    assert missing == []


def test_the_raw_rebuild_comes_to_every_row_of_every_table(tmp_path: Path) -> None:
    settings = fill(tmp_path / "log", 600)
    rebuilt(settings)
    tables, raw = everything(settings), tmp_path / "raw.db"
    upserted(settings, tables, raw)
    with (
        closing(sqlite3.connect(settings.views_db)) as ours,
        closing(sqlite3.connect(raw)) as theirs,
    ):
        named = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        asked = [name for (name,) in ours.execute(named) if not _says_how_far(name)]
        assert asked == [name for (name,) in theirs.execute(named)]
        for name in asked:
            rows = f"SELECT * FROM {name}"  # names of tables
            assert sorted(theirs.execute(rows)) == sorted(ours.execute(rows))
    assert sum(len(each.rows) for each in tables) > 2_000


def _says_how_far(table: str) -> bool:
    return table in ("made", "position", "search_position")
