"""The publisher at work: what it says of itself while things go well and while they do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from govlog.ledger import publishing, status
from govlog.ledger.merkle import Frontier
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.publishing import Publishing
from govlog.ledger.source import Source, Stoppable
from govlog.ledger.status import Status
from govlog.ledger.tiles import WIDTH
from tests.ledger.shelf import KEY, Shelf, numbered, published, turn_until_idle


class Running:
    """A publisher that a test turns by hand."""

    def __init__(self, shelf: Source, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        publication = Publication(folder)
        publisher = Publisher(shelf, publication, [KEY], clock=lambda: 7.0)
        self.publishing = Publishing(publisher, publication, None, self.said.append, lambda: 7.0)

    def turn(self) -> Status:
        self.publishing._patrols = -100.0
        self.publishing.turn()
        told = status.read(self.folder)
        assert told is not None
        return told


def test_it_says_what_is_published_and_that_nobody_witnesses_it(tmp_path: Path) -> None:
    running = Running(Shelf(numbered(0, 3)), tmp_path)
    told = running.turn()
    assert (told.state, told.size, told.published_at) == (status.PUBLISHING, 3, 7.0)
    assert (told.witnesses, told.cosigned_by, told.witnessed) == (0, (), False)
    assert running.said == []


def test_started_again_it_says_what_was_published_though_nothing_is_new(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 3))
    Running(shelf, tmp_path).turn()
    told = Running(shelf, tmp_path).turn()
    assert (told.state, told.size) == (status.PUBLISHING, 3)
    assert told.published_at == (tmp_path / "checkpoint").stat().st_mtime


def test_it_says_once_why_it_stopped_and_once_that_it_goes_on(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 9))
    running = Running(shelf, tmp_path)
    running.turn()
    honest = (list(shelf.rows), shelf.tree)
    cut = Shelf(numbered(0, 5))
    shelf.rows, shelf.tree = cut.rows, cut.tree
    told = [running.turn() for _ in range(3)][-1]
    assert told.state == status.REFUSING
    assert told.problem is not None
    assert told.problem["kind"] == "log-behind"
    assert (told.problem["index"], told.problem["size"], told.problem["signed_size"]) == (5, 5, 9)
    assert told.problem["root"] != told.problem["signed_root"]
    assert told.size == 9
    shelf.rows, shelf.tree = honest
    assert running.turn().state == status.PUBLISHING
    assert [line.partition(":")[0] for line in running.said] == [
        "publishing has stopped",
        "publishing goes on",
    ]
    assert published(tmp_path)[0].size == 9


def test_an_old_entry_that_was_altered_stops_the_signing_of_new_ones(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 9))
    running = Running(shelf, tmp_path)
    running.turn()
    shelf.rows[4] = replace(shelf.rows[4], framed=b"altered")
    shelf.grow(numbered(9, 12))
    told = running.turn()
    assert told.problem is not None
    assert (told.state, told.problem["kind"]) == (status.REFUSING, "entry-altered")
    assert told.problem["index"] == 4
    assert published(tmp_path)[0].size == 9


def test_a_fault_of_the_source_is_shown_and_tried_again(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 3))
    running = Running(shelf, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "frontier", lambda: 1 / 0)
        told = running.turn()
        assert (told.state, (told.problem or {})["kind"]) == (status.FAILING, "ZeroDivisionError")
    assert running.turn().state == status.PUBLISHING


def test_after_trouble_it_waits_longer_than_after_nothing(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 3))
    running = Running(shelf, tmp_path)
    assert running.publishing.turn() <= publishing.PACE
    assert running.publishing.turn() == publishing.POLL
    shelf.rows.pop()
    shelf.tree = Shelf(numbered(0, 2)).tree
    assert running.publishing.turn() >= publishing.TROUBLED


class Stop:
    """Says stop from a number of questions on."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_told_to_stop_while_it_looks_for_what_contradicts_it_stops_and_blames_nobody(
    pages: int, tmp_path: Path
) -> None:
    shelf = Shelf(numbered(0, 5 * WIDTH))
    turn_until_idle(Running(shelf, tmp_path).publishing)
    shelf.rows[-1] = replace(shelf.rows[-1], framed=b"altered")
    shelf.tree = Frontier()
    stop = Stop(after=pages)
    running = Running(Stoppable(shelf, stop), tmp_path)
    assert running.publishing.turn() == 0.0
    assert (stop.left, running.said) == (-1, [])
    told = status.read(tmp_path)
    assert told is not None
    assert told.state == status.PUBLISHING
    assert Running(shelf, tmp_path).turn().state == status.REFUSING


@pytest.mark.parametrize("asked", range(12))
def test_wherever_it_is_stopped_the_next_start_goes_on(asked: int, tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 3 * WIDTH + 5))
    Running(Stoppable(shelf, Stop(after=asked)), tmp_path).publishing.turn()
    shelf.grow(numbered(3 * WIDTH + 5, 3 * WIDTH + 9))
    turn_until_idle(Running(shelf, tmp_path).publishing)
    assert published(tmp_path)[0].size == 3 * WIDTH + 9


def test_what_fits_in_a_page_is_published_also_when_told_to_stop(tmp_path: Path) -> None:
    running = Running(Stoppable(Shelf(numbered(0, WIDTH)), lambda: True), tmp_path)
    assert running.turn().size == published(tmp_path)[0].size == WIDTH


def test_a_status_that_is_not_there_or_not_readable_is_none(tmp_path: Path) -> None:
    assert status.read(tmp_path) is None
    for text in ("", "[]", "{}", '{"cosigned_by": [], "unknown": 1}'):
        (tmp_path / "status.json").write_text(text)
        assert status.read(tmp_path) is None
