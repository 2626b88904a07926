"""The publisher: what it makes public, and what it refuses to sign."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.encoding import base64_of
from govlog.ledger.errors import (
    Contradicted,
    EntryAltered,
    Frozen,
    LogBehind,
    LogRewritten,
    Malformed,
    TilesDamaged,
)
from govlog.ledger.keys import SigningKey
from govlog.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from govlog.ledger.notes import Note, verified
from govlog.ledger.publication import LastSigned, Publication
from govlog.ledger.publisher import STEP, Publisher
from govlog.ledger.tiles import Tile
from tests.ledger.shelf import KEY, ORIGIN, Row, Shelf, numbered, publish_all, published


def publisher(shelf: Shelf, folder: Path, *keys: SigningKey) -> Publisher:
    return Publisher(shelf, Publication(folder), keys or (KEY,))


def files(folder: Path) -> dict[str, bytes]:
    kept = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


def root(entries: list[bytes]) -> str:
    return base64_of(Frontier().extended(map(leaf_hash, entries)).root())


def test_an_empty_log_has_a_checkpoint(tmp_path: Path) -> None:
    assert publish_all(publisher(Shelf(), tmp_path)) == 1
    assert published(tmp_path) == (Checkpoint(ORIGIN, 0, EMPTY_ROOT), [])


def test_what_is_recorded_is_published_step_by_step(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 1))
    working = publisher(shelf, tmp_path)
    size = 1
    for more in (0, 1, 1, 252, 1, 1, 300, 700):
        shelf.grow(numbered(size, size + more))
        size += more
        publish_all(working)
        checkpoint, entries = published(tmp_path)
        assert (checkpoint.size, entries) == (size, numbered(0, size))


def test_a_long_log_is_published_in_steps_of_bounded_size(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 2 * STEP + 5))
    assert publish_all(publisher(shelf, tmp_path)) == 3
    assert published(tmp_path)[0].size == 2 * STEP + 5


def test_full_tiles_never_change_and_partial_ones_go_when_the_next_is_full(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 200))
    working = publisher(shelf, tmp_path)
    publish_all(working)
    shelf.grow(numbered(200, 300))
    publish_all(working)
    before = files(tmp_path)
    assert "tile/0/000.p/200" in before
    shelf.grow(numbered(300, 600))
    publish_all(working)
    after = files(tmp_path)
    full = [name for name in before if name.startswith("tile") and ".p/" not in name]
    assert sorted(full) == ["tile/0/000", "tile/entries/000"]
    assert all(after[name] == before[name] for name in full)
    assert "tile/0/000.p/200" not in after
    assert "tile/0/001.p/44" in after


def test_a_partial_tile_is_read_out_of_the_full_one_once_it_is_gone(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 200))
    working = publisher(shelf, tmp_path)
    publish_all(working)
    publication = Publication(tmp_path)
    places = (Tile(0, 0, 200), Tile(-1, 0, 200))
    before = [publication.read(place) for place in places]
    shelf.grow(numbered(200, 600))
    publish_all(working)
    assert not (tmp_path / "tile/0/000.p").exists()
    assert [publication.read(place) for place in places] == before


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 3))
    publish_all(publisher(shelf, tmp_path))
    before = files(tmp_path)
    assert publish_all(publisher(shelf, tmp_path)) == 0
    assert files(tmp_path) == before


def test_a_publisher_that_starts_anew_goes_on(tmp_path: Path) -> None:
    shelf = Shelf()
    for size in (1, 255, 256, 257, 511, 600):
        shelf.grow(numbered(len(shelf.rows), size))
        publish_all(publisher(shelf, tmp_path))
        assert published(tmp_path)[1] == numbered(0, size)


def test_what_was_bound_to_and_not_published_is_published_first(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 10))
    publish_all(publisher(shelf, tmp_path))
    before = LastSigned(Publication(tmp_path)).read()
    shelf.grow(numbered(10, 20))
    bound = Checkpoint(ORIGIN, 20, shelf.tree.root())
    assert LastSigned(Publication(tmp_path)).swap(before, bound)
    shelf.grow(numbered(20, 30))
    working = publisher(shelf, tmp_path)
    first = working.step()
    assert first is not None
    assert first.checkpoint == bound
    publish_all(working)
    assert published(tmp_path)[0].size == 30


def test_of_two_publishers_one_wins_and_the_other_goes_on_from_there(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 10))
    one, other = publisher(shelf, tmp_path), publisher(shelf, tmp_path)
    publish_all(one)
    publish_all(other)
    for size in range(11, 300, 7):
        shelf.grow(numbered(len(shelf.rows), size))
        assert [one.step() is None, other.step() is None] in ([False, True], [True, False])
        one, other = other, one
        assert published(tmp_path)[0].size == size


def test_two_publishers_of_two_histories_cannot_both_sign(tmp_path: Path) -> None:
    mine, other = Shelf(numbered(0, 10)), Shelf(numbered(0, 10))
    one, two = publisher(mine, tmp_path), publisher(other, tmp_path)
    publish_all(one)
    publish_all(two)
    mine.grow(numbered(10, 12, "mine"))
    other.grow(numbered(10, 12, "theirs"))
    publish_all(one)
    before = files(tmp_path)
    with pytest.raises(LogRewritten, match="event 10 "):
        two.step()
    assert files(tmp_path) == before


def test_the_loser_of_a_swap_signs_nothing(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 1))
    signed = LastSigned(Publication(tmp_path))
    first, second = (Checkpoint(ORIGIN, 1, shelf.tree.root()) for _ in range(2))
    assert signed.swap(None, first)
    assert not signed.swap(None, second)
    assert not signed.swap(Checkpoint(ORIGIN, 0, EMPTY_ROOT), second)
    assert signed.read() == first


@pytest.mark.parametrize("gone", [1, 10, 150])
def test_a_log_whose_tail_is_gone_is_not_signed(gone: int, tmp_path: Path) -> None:
    publish_all(publisher(Shelf(numbered(0, 300)), tmp_path))
    before = files(tmp_path)
    kept = numbered(0, 300 - gone)
    with pytest.raises(LogBehind) as refusal:
        publisher(Shelf(kept), tmp_path).step()
    assert files(tmp_path) == before
    assert refusal.value.seen == {
        "index": 300 - gone,
        "size": 300 - gone,
        "root": root(kept),
        "signed_size": 300,
        "signed_root": root(numbered(0, 300)),
    }
    assert "restore-entries" in refusal.value.mend


@pytest.mark.parametrize("gone", [1, 10, 150])
@pytest.mark.parametrize("regrown", [1, 10, 400])
def test_a_tail_that_grew_again_differently_is_not_signed(
    gone: int, regrown: int, tmp_path: Path
) -> None:
    working = publisher(shelf := Shelf(numbered(0, 300)), tmp_path)
    publish_all(working)
    before = files(tmp_path)
    forged = Shelf(numbered(0, 300 - gone)).grow(numbered(0, regrown, "other"))
    shelf.rows, shelf.tree = forged.rows, forged.tree
    for each in (working, publisher(shelf, tmp_path)):
        with pytest.raises(Contradicted) as refusal:
            each.step()
        assert refusal.value.seen["index"] == 300 - gone
        assert refusal.value.seen["signed_root"] == root(numbered(0, 300))
        size = min(300, 300 - gone + regrown)
        assert refusal.value.seen["root"] == root([row.framed for row in shelf.rows[:size]])
    assert files(tmp_path) == before


def test_rows_that_changed_places_are_named(tmp_path: Path) -> None:
    publish_all(publisher(Shelf(numbered(0, 300)), tmp_path))
    swapped = numbered(0, 300)
    swapped[7], swapped[250] = swapped[250], swapped[7]
    with pytest.raises(LogRewritten) as refusal:
        publisher(Shelf(swapped), tmp_path).step()
    assert refusal.value.seen["index"] == 7


def test_an_entry_that_is_not_what_its_leaf_was_hashed_over_is_not_signed(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 20))
    working = publisher(shelf, tmp_path)
    publish_all(working)
    shelf.grow(numbered(20, 25))
    honest = shelf.rows[22]
    shelf.rows[22] = replace(honest, framed=b"altered")
    with pytest.raises(EntryAltered) as refusal:
        working.step()
    assert refusal.value.seen == {"index": 22}
    assert published(tmp_path)[0].size == 20
    shelf.rows[22] = honest
    publish_all(working)
    assert published(tmp_path)[0].size == 25


def test_an_event_that_is_missing_in_the_middle_is_named(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 20))
    del shelf.rows[13]
    with pytest.raises(EntryAltered, match="event 13 is missing"):
        publisher(shelf, tmp_path).step()
    assert "checkpoint" not in files(tmp_path)


def test_a_stored_tree_that_belongs_to_other_entries_is_not_signed(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 20))
    publish_all(working := publisher(shelf, tmp_path))
    honest = shelf.tree
    shelf.tree = Shelf(numbered(0, 20, "other")).tree
    with pytest.raises(LogRewritten, match="own tree"):
        working.step()
    shelf.tree = honest
    assert working.step() is None


def patrolled(working: Publisher, rounds: int = 8) -> None:
    for _ in range(rounds):
        working.patrol()


def test_a_patrol_finds_an_old_entry_that_was_altered(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 600))
    working = publisher(shelf, tmp_path)
    publish_all(working)
    patrolled(working)
    honest = shelf.rows[270]
    shelf.rows[270] = replace(honest, framed=b"altered")
    for _ in range(2):
        with pytest.raises(EntryAltered) as refusal:
            patrolled(working)
        assert refusal.value.seen["index"] == 270
    shelf.rows[270] = honest
    patrolled(working)


def test_a_patrol_finds_an_old_entry_that_was_altered_with_its_leaf(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 600))
    working = publisher(shelf, tmp_path)
    publish_all(working)
    shelf.rows[599] = Row(599, b"altered", leaf_hash(b"altered"))
    with pytest.raises(LogRewritten) as refusal:
        patrolled(working)
    assert refusal.value.seen["index"] == 599


def test_a_patrol_finds_that_the_end_is_missing(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 600))
    working = publisher(shelf, tmp_path)
    publish_all(working)
    del shelf.rows[590:]
    with pytest.raises(LogBehind) as refusal:
        patrolled(working)
    assert refusal.value.seen["index"] == 590


def flip(path: Path) -> None:
    honest = path.read_bytes()
    path.write_bytes(honest[:-1] + bytes([honest[-1] ^ 1]))


@pytest.mark.parametrize("name", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_damaged_tiles_are_not_built_upon(name: str, tmp_path: Path) -> None:
    publish_all(publisher(Shelf(numbered(0, 300)), tmp_path))
    path = tmp_path / name
    for damage in (flip, Path.unlink):
        damage(path)
        with pytest.raises(TilesDamaged) as refusal:
            publisher(Shelf(numbered(0, 301)), tmp_path).step()
        assert "tile" in refusal.value.mend


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000"])
def test_a_patrol_finds_full_tiles_that_were_damaged(name: str, tmp_path: Path) -> None:
    working = publisher(Shelf(numbered(0, 600)), tmp_path)
    publish_all(working)
    for damage in (flip, Path.unlink):
        damage(tmp_path / name)
        with pytest.raises(TilesDamaged, match=name):
            patrolled(working)


def test_tiles_that_were_moved_away_are_made_again_if_the_log_is_whole(tmp_path: Path) -> None:
    publish_all(publisher(Shelf(numbered(0, 300)), tmp_path / "a"))
    (tmp_path / "b").mkdir()
    (tmp_path / "b/signed").write_bytes((tmp_path / "a/signed").read_bytes())
    with pytest.raises(LogRewritten):
        publisher(Shelf(numbered(0, 300, "other")), tmp_path / "b").step()
    assert not (tmp_path / "b/tile").exists()
    publish_all(publisher(Shelf(numbered(0, 301)), tmp_path / "b"))
    assert published(tmp_path / "b")[0].size == 301


def test_without_its_memory_of_what_it_signed_a_publisher_signs_nothing(tmp_path: Path) -> None:
    publish_all(publisher(Shelf(numbered(0, 3)), tmp_path))
    (tmp_path / "signed").unlink()
    with pytest.raises(TilesDamaged, match="signed is gone"):
        publisher(Shelf(numbered(0, 4)), tmp_path).step()


def test_a_frozen_log_is_signed_no_more(tmp_path: Path) -> None:
    publish_all(publisher(Shelf(numbered(0, 3)), tmp_path))
    (tmp_path / "frozen").write_text("the key was stolen\n")
    with pytest.raises(Frozen, match="the key was stolen"):
        publisher(Shelf(numbered(0, 4)), tmp_path).step()
    assert published(tmp_path)[0].size == 3


def test_a_key_of_another_log_signs_nothing_here(tmp_path: Path) -> None:
    publish_all(publisher(Shelf(numbered(0, 3)), tmp_path))
    stranger = SigningKey.generate("log.example/other")
    with pytest.raises(Malformed, match="other"):
        publisher(Shelf(numbered(0, 4)), tmp_path, stranger).step()


def test_while_keys_change_both_sign_and_then_only_the_new_one(tmp_path: Path) -> None:
    shelf, new = Shelf(numbered(0, 3)), SigningKey.generate(ORIGIN)
    publish_all(publisher(shelf, tmp_path))
    for keys in ((KEY, new), (new,)):
        assert publish_all(publisher(shelf, tmp_path, *keys)) == 1
        note = Note.parse((tmp_path / "checkpoint").read_bytes())
        assert list(verified(note, [KEY.verifier, new.verifier])) == [k.verifier for k in keys]


def full_after(writes: int) -> Callable[[int], None]:
    """An fsync to a disk that is full after so many of them."""
    left = iter(range(writes))

    def synced(file: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")

    return synced


def test_a_full_disk_is_said_and_gone_on_from(tmp_path: Path) -> None:
    shelf = Shelf(numbered(0, 10))
    working = publisher(shelf, tmp_path)
    publish_all(working)
    shelf.grow(numbered(10, 300))
    for allowed in range(40):
        with pytest.MonkeyPatch.context() as patch, suppress(OSError):
            patch.setattr(os, "fsync", full_after(allowed))
            publish_all(working)
            break
        published(tmp_path)
    assert 3 < allowed < 39
    assert published(tmp_path)[1] == numbered(0, 300)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        publisher(Shelf(numbered(0, 3)), tmp_path / "file/folder").step()
