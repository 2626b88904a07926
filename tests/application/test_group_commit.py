"""Commands that arrive together share a commit; each gets its own answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import pytest

from govlog.application.decision_log import Actor, DecisionLog
from govlog.application.group_commit import GroupCommit, Take
from govlog.domain.errors import (
    GovlogError,
    NotFound,
    OutcomeUnknown,
    StoreBusy,
)
from govlog.domain.events.fact import Fact
from govlog.domain.events.product import ProductRenamed
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.persistence.store import EventStore
from tests.application.office import ADA, LAMP, proposed, renamed

PATIENCE = 10.0


class Committing:
    """A commit that can be held up; it keeps the groups and who committed them."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.threads: list[int] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, take: Take[int, int]) -> None:
        tickets = take()
        self.groups.append([each.request for each in tickets])
        self.threads.append(threading.get_ident())
        assert self.go_on.wait(PATIENCE)
        for each in tickets:
            if each.request < 0:
                each.refusal = NotFound(f"{each.request}")
            else:
                each.answer = each.request * 10


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


class Clients:
    """Threads that submit one request each and keep what they got."""

    def __init__(self, group: GroupCommit[int, int]) -> None:
        self.group = group
        self.outcomes: dict[int, object] = {}
        self._threads: list[threading.Thread] = []

    def send(self, request: int) -> None:
        def submit() -> None:
            try:
                self.outcomes[request] = self.group.submit(request)
            except GovlogError as refusal:
                self.outcomes[request] = refusal

        thread = threading.Thread(target=submit)
        self._threads.append(thread)
        thread.start()

    def queue(self, request: int) -> None:
        """Send a request behind one that is being committed."""
        queued = len(self.group._queue)
        self.send(request)
        wait_for(lambda: len(self.group._queue) > queued or request in self.outcomes)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_a_lone_client_commits_in_its_own_thread() -> None:
    committing = Committing()
    group = GroupCommit(committing, PATIENCE)
    assert [group.submit(request) for request in (1, 2, 3)] == [10, 20, 30]
    assert committing.groups == [[1], [2], [3]]
    assert set(committing.threads) == {threading.get_ident()}


def held_up(requests: list[int]) -> tuple[Committing, Clients]:
    """One request being committed while the others queue up behind it."""
    committing = Committing()
    committing.go_on.clear()
    clients = Clients(GroupCommit(committing, PATIENCE))
    clients.send(0)
    wait_for(lambda: committing.groups == [[0]])
    for request in requests:
        clients.queue(request)
    return committing, clients


def test_those_who_come_during_a_commit_share_the_next_one() -> None:
    committing, clients = held_up([1, 2, 3, 4])
    committing.go_on.set()
    clients.join()
    assert committing.groups == [[0], [1, 2, 3, 4]]
    assert clients.outcomes == {0: 0, 1: 10, 2: 20, 3: 30, 4: 40}


def test_a_refusal_in_a_group_is_its_owner_s_alone() -> None:
    committing, clients = held_up([1, -2, 3])
    committing.go_on.set()
    clients.join()
    assert isinstance(clients.outcomes.pop(-2), NotFound)
    assert clients.outcomes == {0: 0, 1: 10, 3: 30}


def test_a_large_queue_is_taken_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govlog.application.group_commit.LARGEST_GROUP", 2)
    committing, clients = held_up([1, 2, 3, 4, 5])
    committing.go_on.set()
    clients.join()
    assert committing.groups == [[0], [1, 2], [3, 4], [5]]


def test_who_waits_too_long_in_the_queue_is_told_that_nothing_was_recorded() -> None:
    committing, clients = held_up([])
    clients.group._patience = 0.02
    clients.queue(1)
    wait_for(lambda: 1 in clients.outcomes)
    clients.group._patience = PATIENCE
    clients.queue(2)
    committing.go_on.set()
    clients.join()
    assert committing.groups == [[0], [2]]
    assert isinstance(clients.outcomes[1], StoreBusy)
    assert not isinstance(clients.outcomes[1], OutcomeUnknown)


def test_who_waits_too_long_for_a_commit_is_told_that_it_may_stand() -> None:
    committing, clients = held_up([])
    clients.group._patience = 1.0
    clients.queue(1)
    hold = committing.go_on
    committing.go_on = threading.Event()
    clients.queue(2)
    hold.set()
    wait_for(lambda: len(committing.groups) == 2)
    wait_for(lambda: len(clients.outcomes) == 2)
    committing.go_on.set()
    clients.join()
    unknown = [each for each in clients.outcomes.values() if isinstance(each, OutcomeUnknown)]
    assert len(unknown) == 1


def test_an_interrupted_leader_leaves_the_queue_to_the_next() -> None:
    interrupt = [True]
    committing = Committing()

    def commit(take: Take[int, int]) -> None:
        if interrupt.pop() if interrupt else False:
            raise KeyboardInterrupt
        committing(take)

    group = GroupCommit(commit, PATIENCE)
    with pytest.raises(KeyboardInterrupt):
        group.submit(1)
    assert group.submit(2) == 20
    assert committing.groups == [[2]]


def test_a_leader_interrupted_in_its_commit_owes_the_others_an_answer() -> None:
    reached = threading.Event()
    go_on = threading.Event()

    def commit(take: Take[int, int]) -> None:
        if not reached.is_set():
            reached.set()
            assert go_on.wait(PATIENCE)
            take()
            raise SystemExit
        for each in take():
            each.answer = each.request * 10

    clients = Clients(GroupCommit(commit, PATIENCE))

    def lead() -> None:
        with pytest.raises(SystemExit):
            clients.group.submit(0)

    leader = threading.Thread(target=lead)
    leader.start()
    assert reached.wait(PATIENCE)
    clients.queue(1)
    go_on.set()
    leader.join(PATIENCE)
    clients.join()
    assert isinstance(clients.outcomes[1], OutcomeUnknown)
    assert clients.group.submit(2) == 20


def test_many_threads_record_densely_and_each_gets_its_own_receipt(
    store: EventStore, log: DecisionLog
) -> None:
    log.record([proposed()], ADA)
    receipts: list[tuple[str, int]] = []
    refused: list[type[GovlogError]] = []
    start = threading.Barrier(8)

    def work(worker: int) -> None:
        actor = Actor(StreamId(f"party:p{worker}"), f"token-{worker}", ADA.scopes)
        product = StreamId(f"product:p{worker}")
        start.wait()
        log.record([proposed(product)], actor)
        for number in range(25):
            name = f"{worker}.{number}"
            receipt = log.record([renamed(name, product), renamed(name)], actor, key=name)
            receipts.extend((name, each.index) for each in receipt.recorded)
            for order in (proposed(product), renamed("x", StreamId("product:none")),
                          renamed("x", product, expected=1)):  # fmt: skip
                try:
                    log.record([renamed("never", product), order], actor)
                except GovlogError as refusal:
                    refused.append(type(refusal))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts = {each.index: each for each in store.replay()}
    assert len(facts) == store.size() == 1 + 8 + 8 * 25 * 2
    assert sorted(index for _, index in receipts) == sorted(set(facts) - begun(facts))
    names = {
        index: each.fact.name
        for index, each in facts.items()
        if isinstance(each.fact, ProductRenamed)
    }
    assert all(names[index] == name for name, index in receipts)
    assert sorted({each.__name__ for each in refused}) == [
        "AlreadyExists", "NotFound", "StaleVersion",
    ]  # fmt: skip
    assert len(refused) == 8 * 25 * 3
    leaves = [leaf_hash(each.framed) for each in store.entries()]
    assert store.frontier() == Frontier().extended(leaves)
    assert [each.version for each in store.read(LAMP)] == list(range(1, 202))


def begun(facts: Mapping[int, Recorded[Fact]]) -> set[int]:
    return {index for index, each in facts.items() if each.version == 1}


def test_a_store_that_is_busy_refuses_the_whole_group(
    store: EventStore, log: DecisionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record([proposed()], ADA)
    outcomes: list[object] = []

    def record(name: str) -> None:
        try:
            outcomes.append(log.record([renamed(name)], ADA))
        except StoreBusy as refusal:
            outcomes.append(refusal)

    with monkeypatch.context() as patched:
        patched.setattr(store._lock, "_timeout", 0.05)
        with store.writing():
            threads = [threading.Thread(target=record, args=(name,)) for name in "abc"]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert len(outcomes) == 3
    assert all(isinstance(each, StoreBusy) for each in outcomes)
    assert store.size() == 1
    assert log.record([renamed("d")], ADA).size == 2
