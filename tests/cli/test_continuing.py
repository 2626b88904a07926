"""`govlog log`: its state, a new key, an end to signing, and the ways back."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.command_line.publishing import signing_keys
from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.errors import Contradicted
from govlog.ledger.keys import VerifierKey
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.notes import Note, verified
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.publishing import Publishing
from govlog.ledger.status import Status
from govlog.persistence.audit import audit
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.cli.asking import Govlog
from tests.cli.test_publishing import as_administrator
from tests.ledger.shelf import published, turn_until_idle

Publish = Callable[[], Checkpoint]
ADMIN = "party:demo-approver"


@pytest.fixture
def publish(demo: Path) -> Publish:
    """Everything recorded by now, signed with the keys that are there now."""

    said: list[str] = []

    def run(data: Path = demo) -> Checkpoint:
        settings = Settings(data)
        with EventStore.open(settings) as store:
            keys = signing_keys(settings, store.meta.origin)
            publication = Publication(settings.publication)
            publishing = Publishing(
                Publisher(store, publication, keys), publication, None, said.append
            )
            turn_until_idle(publishing)
            return published(settings.publication, keys[-1].verifier)[0]

    return run


def entries(data: Path) -> list[bytes]:
    with EventStore.open(Settings(data)) as store:
        return [each.framed for each in store.entries()]


def signers(data: Path, *keys: str) -> list[str]:
    note = Note.parse((data / "publication/checkpoint").read_bytes())
    return [str(key) for key in verified(note, map(VerifierKey.parse, keys))]


def cut(demo: Path, gone: int) -> None:
    with as_administrator(demo) as log:
        log.execute(
            "DELETE FROM stored_events WHERE rowid > (SELECT max(rowid) FROM stored_events) - ?",
            (gone,),
        )


def test_a_key_is_changed_in_two_steps_and_the_log_says_so(
    govlog: Govlog, demo: Path, publish: Publish
) -> None:
    publish()
    old = str(signing_keys(Settings(demo), "govlog.demo/os2")[0].verifier)
    begun = govlog("log", "rotate-key", "--by", ADMIN)
    new = begun.out.strip()
    assert begun.code == Exit.DONE
    assert "--finish" in begun.err
    early = govlog("log", "rotate-key", "--by", ADMIN, "--finish")
    assert early.code == Exit.REFUSED
    assert "not signed by both" in early.err
    size = publish().size
    assert signers(demo, old, new) == [old, new]
    fact = json.loads(entries(demo)[size - 1])
    assert (fact["topic"], fact["recorded_by"]) == ("KeyRotated.v1", ADMIN)
    assert fact["state"] == {"old": old, "new": new}
    again = govlog("log", "rotate-key", "--by", ADMIN)
    assert again.out.strip() == new
    assert len(entries(demo)) == size
    assert govlog("log", "rotate-key", "--by", ADMIN, "--finish").code == Exit.DONE
    publish()
    assert signers(demo, old, new) == [new]
    assert govlog("log", "rotate-key", "--by", ADMIN, "--finish").code == Exit.REFUSED


def test_a_frozen_log_is_signed_no_more_and_says_why(
    govlog: Govlog, demo: Path, publish: Publish
) -> None:
    size = publish().size
    frozen = govlog("log", "freeze", "--because", "the key was stolen")
    assert frozen.code == Exit.DONE
    govlog("log", "rotate-key", "--by", ADMIN)  # one more event
    with pytest.raises(Contradicted, match="the key was stolen"):
        step(demo)
    note = Note.parse((demo / "publication/checkpoint").read_bytes())
    assert Checkpoint.parse(note.text).size == size


def step(data: Path) -> None:
    settings = Settings(data)
    with EventStore.open(settings) as store:
        keys = signing_keys(settings, store.meta.origin)
        Publisher(store, Publication(settings.publication), keys).step()


def test_the_state_is_told_with_what_was_seen(govlog: Govlog, demo: Path, publish: Publish) -> None:
    assert "no publisher has run" in govlog("log", "status").out
    size = publish().size
    told = govlog("log", "status").out
    assert f"publishing, {size} events published" in told
    assert "nobody witnesses this log" in told
    cut(demo, 3)
    with closing(sqlite3.connect(demo / "events.db")) as log, log:
        tree = Frontier().extended(map(leaf_hash, entries(demo)))
        log.execute("UPDATE frontier SET size = ?, roots = ?", (tree.size, tree.packed()))
    assert publish().size == size
    told = govlog("log", "status", "--json").json
    assert told["state"] == "refusing"
    assert told["problem"]["kind"] == "log-behind"
    assert (told["problem"]["size"], told["problem"]["signed_size"]) == (size - 3, size)


def test_the_state_names_every_witness_with_what_is_wrong(govlog: Govlog, demo: Path) -> None:
    (demo / "publication").mkdir()
    wrong = "it says it has cosigned 1000 events of this log, only 3 are here"
    told = Status(size=3, witnesses=2, witnessed=True, complaints={"one.example/w": wrong})
    told.write(demo / "publication")
    assert f"one.example/w: {wrong}" in govlog("log", "status").out


@pytest.mark.parametrize("gone", [1, 10, 300])
def test_a_lost_tail_comes_back_out_of_the_tiles(
    gone: int, govlog: Govlog, demo: Path, publish: Publish
) -> None:
    checkpoint, before = publish(), entries(demo)
    with sqlite3.connect(demo / "events.db") as log:
        citations = log.execute("SELECT * FROM citation ORDER BY 1, 2").fetchall()
    cut(demo, gone)
    with sqlite3.connect(demo / "events.db") as log:
        log.execute("DELETE FROM citation WHERE position >= ?", (len(before) - gone,))
    restored = govlog("log", "restore-entries", "--json")
    assert restored.json == {"before": len(before) - gone, "size": len(before)}
    assert entries(demo) == before
    with sqlite3.connect(demo / "events.db") as log:
        assert log.execute("SELECT * FROM citation ORDER BY 1, 2").fetchall() == citations
    assert publish() == checkpoint
    settings = Settings(demo)
    assert audit(settings.events_db, settings.keys_db).whole
    govlog("log", "rotate-key", "--by", ADMIN)
    assert publish().size == len(before) + 1


def test_nothing_is_restored_on_top_of_what_was_never_signed(
    govlog: Govlog, demo: Path, publish: Publish
) -> None:
    publish()
    cut(demo, 10)
    with as_administrator(demo) as log:
        log.execute("UPDATE stored_events SET token = 'x' WHERE rowid = 5")
    refused = govlog("log", "restore-entries")
    assert refused.code == Exit.NO_LOG
    assert "event 4 " in refused.err


def test_without_whole_tiles_the_way_back_is_a_new_origin(
    govlog: Govlog, demo: Path, publish: Publish
) -> None:
    publish()
    cut(demo, 10)
    shutil.rmtree(demo / "publication/tile")
    assert "a tile cannot be read" in govlog("log", "restore-entries").err
    (demo / "publication/checkpoint").unlink()
    assert "new-origin" in govlog("log", "restore-entries").err


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return tmp_path / "new"


def test_a_log_goes_on_under_a_new_origin_with_the_last_checkpoint_as_its_first_leaf(
    govlog: Govlog, demo: Path, publish: Callable[..., Checkpoint], fresh: Path
) -> None:
    publish()
    note = (demo / "publication/checkpoint").read_text()
    cut(demo, 10)
    begun = govlog(
        "log", "new-origin", "--origin", "log.example.org/again", "--data", str(fresh),
        "--because", "ten events were lost", "--by", ADMIN,
    )  # fmt: skip
    assert begun.code == Exit.DONE, begun.err
    old, new = entries(demo), entries(fresh)
    first = json.loads(new[0])
    assert first["topic"] == "LogContinued.v1"
    assert first["state"]["checkpoint"] == note
    assert first["state"]["because"] == "ten events were lost"
    assert new[1:] == old
    settings = Settings(fresh)
    assert audit(settings.events_db, settings.keys_db).whole
    with EventStore.open(Settings(demo)) as before, EventStore.open(settings) as after:
        assert after.meta.origin == "log.example.org/again"
        texts = [each.framed.decode().split('{"$c":"')[1:] for each in before.entries()]
        commitments = [text[:64] for found in texts for text in found]
        assert len(after.reveal(commitments)) == len(before.reveal(commitments)) > 10
    assert publish(fresh).origin == "log.example.org/again"
    taken = govlog(
        "log", "new-origin", "--origin", "x", "--data", str(fresh), "--because", "y", "--by", ADMIN
    )
    assert taken.code == Exit.NO_LOG
