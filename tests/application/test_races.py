"""Two who decide at once: what one did is seen by the other, or the other is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from govlog.application.decision_log import DecisionLog
from govlog.domain.errors import GovlogError, RuleViolation, StaleVersion
from govlog.domain.events.product import CommissionGranted
from govlog.domain.events.resolution import ResolutionAnnulled, ResolutionTabled
from govlog.domain.values import StreamId
from govlog.persistence.store import EventStore
from tests.application.office import (
    ADA,
    BOB,
    LAMP,
    annulled,
    board_at_work,
    granted,
    minuted,
    proposed,
    renamed,
    tabled,
)
from tests.persistence.logs import Clock, begun

Logs = tuple[DecisionLog, DecisionLog]


@pytest.fixture
def stores(tmp_path: Path, clock: Clock) -> Iterator[tuple[EventStore, EventStore]]:
    """Two workers on one log, each with connections, caches and a queue of its own."""
    settings = begun(tmp_path / "data", lock_timeout=30.0)
    with EventStore(settings, clock=clock) as one, EventStore(settings, clock=clock) as other:
        yield one, other


@pytest.fixture
def logs(stores: tuple[EventStore, EventStore]) -> Logs:
    return DecisionLog(stores[0]), DecisionLog(stores[1])


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act answered or was refused with, all begun together."""
    start = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes[place] = act()
        except GovlogError as refusal:
            outcomes[place] = refusal

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_what_another_worker_recorded_is_seen_by_the_next_decision(logs: Logs) -> None:
    one, other = logs
    one.record([proposed()], ADA)
    for number in range(10):
        log = logs[number % 2]
        log.record([renamed(f"{number}", expected=number + 1)], BOB)
    with pytest.raises(StaleVersion):
        one.record([renamed("x", expected=10)], ADA)
    assert other.record([renamed("x", expected=11)], ADA).size == 12


def test_a_worker_far_behind_starts_afresh(logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govlog.application.decision_log.CATCH_UP_LIMIT", 3)
    one, other = logs
    one.record([proposed()], ADA)
    for number in range(5):
        other.record([renamed(f"{number}")], BOB)
    assert one.record([renamed("x", expected=6)], ADA).size == 7


def test_of_two_workers_that_expect_one_version_one_wins(
    logs: Logs, stores: tuple[EventStore, EventStore]
) -> None:
    logs[0].record([proposed()], ADA)
    for version in range(1, 31):
        acts = [partial(log.record, [renamed("x", expected=version)], ADA) for log in logs]
        outcomes = at_once(*acts)
        assert sum(isinstance(each, StaleVersion) for each in outcomes) == 1
    assert [each.version for each in stores[0].read(LAMP)] == list(range(1, 32))


def test_an_annulment_never_slips_between_check_and_write_of_a_grant(
    logs: Logs, stores: tuple[EventStore, EventStore]
) -> None:
    board_at_work(logs[0])
    plan = logs[0]._store.read(StreamId("resolution:plan"))[0].fact
    assert isinstance(plan, ResolutionTabled)
    refused = 0
    for number in range(25):
        resolution = StreamId(f"resolution:r{number}")
        logs[0].record([tabled(resolution, authorises=plan.authorises), minuted(resolution)], ADA)
        outcomes = at_once(
            partial(logs[0].record, [annulled(resolution)], BOB),
            partial(logs[1].record, [granted(f"c{number}", resolution)], ADA),
        )
        assert not isinstance(outcomes[0], GovlogError)
        assert not isinstance(outcomes[1], GovlogError) or isinstance(outcomes[1], RuleViolation)
        refused += isinstance(outcomes[1], RuleViolation)
    annulments = {
        each.stream: each.index
        for each in stores[0].replay()
        if isinstance(each.fact, ResolutionAnnulled)
    }
    grants = {
        each.fact.resolution: each.index
        for each in stores[0].replay()
        if isinstance(each.fact, CommissionGranted) and each.fact.resolution in annulments
    }
    assert len(annulments) == 25
    assert len(grants) == 25 - refused
    assert all(index < annulments[resolution] for resolution, index in grants.items())


def test_a_grant_after_the_annulment_is_refused_and_before_it_stands(logs: Logs) -> None:
    board_at_work(logs[0])
    logs[1].record([granted("before")], ADA)
    logs[0].record([annulled()], BOB)
    with pytest.raises(RuleViolation):
        logs[1].record([granted("after")], ADA)
