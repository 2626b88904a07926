"""A key records once: whatever is retried, and whoever died in between."""

from __future__ import annotations

import signal
import sqlite3

import pytest

from govlog.application.decision_log import DecisionLog, Receipt
from govlog.domain.errors import KeyReused, NotFound, OutcomeUnknown
from govlog.domain.values import StreamId
from govlog.persistence.datastore import WriterConnection
from govlog.persistence.store import EventStore
from tests.application.office import ADA, BOB, LAMP, board_at_work, proposed, renamed, tabled
from tests.persistence.logs import script

KEY = "9f1c"
BODY = b"digest of the body"


def same(one: Receipt, other: Receipt) -> bool:
    return (one.recorded, one.size) == (other.recorded, other.size)


def test_the_same_key_gives_the_same_receipt_and_records_nothing(
    log: DecisionLog, store: EventStore
) -> None:
    log.record([proposed()], ADA)
    first = log.record([renamed("a"), renamed("b")], ADA, key=KEY, digest=BODY)
    log.record([renamed("c")], BOB)
    for _ in range(100):
        again = log.record([renamed("a"), renamed("b")], ADA, key=KEY, digest=BODY)
        assert same(again, first)
        assert (first.replayed, again.replayed) == (False, True)
    assert store.size() == 4


def test_the_key_is_looked_at_before_versions_and_rules(log: DecisionLog) -> None:
    first = log.record([proposed()], ADA, key=KEY, digest=BODY)
    assert same(log.record([proposed()], ADA, key=KEY, digest=BODY), first)
    renaming = [renamed("a", expected=1)]
    second = log.record(renaming, ADA, key="other", digest=BODY)
    assert same(log.record(renaming, ADA, key="other", digest=BODY), second)


def test_another_body_under_the_same_key_is_refused(log: DecisionLog, store: EventStore) -> None:
    log.record([proposed()], ADA, key=KEY, digest=BODY)
    with pytest.raises(KeyReused):
        log.record([renamed("a")], ADA, key=KEY, digest=b"digest of another body")
    assert store.size() == 1


def test_a_key_belongs_to_its_person(log: DecisionLog) -> None:
    log.record([proposed()], ADA, key=KEY, digest=BODY)
    receipt = log.record([renamed("b")], BOB, key=KEY, digest=b"digest of another body")
    assert not receipt.replayed


def test_a_refused_command_leaves_its_key_free(log: DecisionLog) -> None:
    with pytest.raises(NotFound):
        log.record([renamed("a")], ADA, key=KEY, digest=BODY)
    log.record([proposed()], ADA)
    assert not log.record([renamed("a")], ADA, key=KEY, digest=b"mended body").replayed


def test_a_receipt_with_texts_is_the_same_again(log: DecisionLog) -> None:
    board_at_work(log)
    order = tabled(StreamId("resolution:other"))
    first = log.record([order], ADA, key=KEY, digest=BODY)
    assert same(log.record([order], ADA, key=KEY, digest=BODY), first)


def test_a_key_is_known_after_a_restart_and_in_other_processes(
    log: DecisionLog, store: EventStore
) -> None:
    first = log.record([proposed()], ADA, key=KEY, digest=BODY)
    with EventStore(store.settings, clock=store._clock) as other:
        again = DecisionLog(other).record([proposed()], ADA, key=KEY, digest=BODY)
    assert same(again, first)


@pytest.mark.parametrize(("moment", "replayed"), [("before", False), ("after", True)])
def test_a_retry_after_an_unknown_outcome_records_once(
    log: DecisionLog,
    store: EventStore,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    replayed: bool,
) -> None:
    log.record([proposed()], ADA)
    commit = WriterConnection.commit

    def failing(connection: WriterConnection) -> None:
        if moment == "after":
            commit(connection)
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(WriterConnection, "commit", failing)
        with pytest.raises(OutcomeUnknown):
            log.record([renamed("a")], ADA, key=KEY, digest=BODY)
    again = log.record([renamed("a")], ADA, key=KEY, digest=BODY)
    assert again.replayed is replayed
    assert [each.id for each in again.recorded] == ["product:lamp@2"]
    assert [each.id for each in log.record([renamed("b")], ADA).recorded] == ["product:lamp@3"]
    assert store.size() == 3


DIES = """
import os, signal, sys
from pathlib import Path
from govlog.persistence.datastore import WriterConnection
from govlog.application.decision_log import DecisionLog
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.application.office import ADA, proposed, renamed
from tests.persistence.logs import Clock
data, moment = Path(sys.argv[1]), sys.argv[2]
commit = WriterConnection.commit
def dying(connection):
    if moment == "after COMMIT":
        commit(connection)
    os.kill(os.getpid(), signal.SIGKILL)
with EventStore(Settings(data), clock=Clock()) as store:
    log = DecisionLog(store)
    log.record([proposed()], ADA)
    print("acknowledged", flush=True)
    WriterConnection.commit = dying
    log.record([renamed("a"), renamed("b")], ADA, key="9f1c", digest=b"digest of the body")
"""


@pytest.mark.parametrize(("moment", "replayed"), [("after INSERT", False), ("after COMMIT", True)])
def test_a_retry_after_a_kill_records_once(
    log: DecisionLog, store: EventStore, moment: str, replayed: bool
) -> None:
    process = script(DIES, store.settings.data, moment)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert printed == "acknowledged\n"
    retry = log.record([renamed("a"), renamed("b")], ADA, key=KEY, digest=BODY)
    assert retry.replayed is replayed
    assert [each.id for each in retry.recorded] == ["product:lamp@2", "product:lamp@3"]
    assert [each.version for each in store.read(LAMP)] == [1, 2, 3]
    assert same(log.record([renamed("a"), renamed("b")], ADA, key=KEY, digest=BODY), retry)
