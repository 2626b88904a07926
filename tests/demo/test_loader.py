"""Filling a demonstration store: whole, by two persons, and never twice."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from govlog.application.commands import COMMANDS
from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.demo.lines import FICTION, OS2, read
from govlog.demo.loader import APPROVER, LEFT_WAITING, META, RECORDER, SOURCES, load
from govlog.domain.errors import StoreUnusable
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.values import StreamId
from govlog.persistence.migrate import begin, migrate
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.demo.demonstration import Demonstration


def test_the_origin_says_that_it_is_a_demonstration(demonstration: Demonstration) -> None:
    assert demonstration.store.meta == META
    assert META.demo
    assert META.origin.startswith("govlog.demo/")


def test_every_batch_is_recorded_by_one_person_and_approved_by_another(
    demonstration: Demonstration,
) -> None:
    assert demonstration.summary.batches == tuple(SOURCES)
    for batch in SOURCES:
        *parts, word = demonstration.store.read(StreamId(f"batch:{batch}"))
        if batch in LEFT_WAITING:
            assert (parts, word.recorded_by) == ([], RECORDER)
            continue
        assert {part.recorded_by for part in parts} == {RECORDER}
        assert word.recorded_by == APPROVER
    waiting = {row["batch"] for row in demonstration.rows("timeline", counting="pending")}
    assert waiting == {f"batch:{batch}" for batch in LEFT_WAITING}


def test_the_order_of_batches_is_the_order_of_the_files() -> None:
    in_files = dict.fromkeys(line.batch for name in (OS2, FICTION) for line in read(name))
    assert ["demonstration", *in_files] == list(SOURCES)


def test_every_command_is_shown_but_those_that_no_import_can_give() -> None:
    shown = {line.command for name in (OS2, FICTION) for line in read(name)}
    assert set(COMMANDS) - shown == {"approve", "refuse_approval", "open_item"}


def test_every_fact_keeps_its_evidence(demonstration: Demonstration) -> None:
    lines = [line for name in (OS2, FICTION) for line in read(name)]
    recorded = [
        each.fact
        for each in demonstration.store.page(0, demonstration.summary.size)
        if each.fact.batch not in {None, "batch:demonstration"}
    ]
    assert len(recorded) == len(lines)
    for line, fact in zip(lines, recorded, strict=True):
        locators = [each["locator"] for each in line.data["evidence"]]
        assert [each.locator for each in fact.evidence] == locators, line.key
        assert fact.source_recorded_at == line.data.get("source_recorded_at"), line.key


def test_no_name_of_a_person_stands_in_the_log_itself(demonstration: Demonstration) -> None:
    names = [
        line.data["name"]
        for name in (OS2, FICTION)
        for line in read(name)
        if line.data.get("kind") == "person"
    ]
    facts = demonstration.store.page(0, demonstration.summary.size)
    entries = " ".join(f"{each.id} {msgspec.json.encode(each.fact).decode()}" for each in facts)
    assert len(names) == 18
    assert [name for name in names if name in entries] == []


def test_loading_again_records_nothing(fresh: EventStore) -> None:
    first = load(fresh, DecisionLog(fresh))
    again = load(fresh, DecisionLog(fresh))
    assert again == first
    assert fresh.size() == first.size


def test_loading_that_was_broken_off_goes_on_where_it_ended(fresh: EventStore) -> None:
    def broken_off(batch: str) -> None:
        if batch == "os2-products":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(fresh, DecisionLog(fresh), progress=broken_off)
    half = fresh.size()
    summary = load(fresh, DecisionLog(fresh))
    assert 0 < half < summary.size
    assert len(fresh.read(StreamId("batch:os2-debate"))) == 2


def test_a_real_log_is_refused(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    migrate(settings)
    begin(settings, msgspec.structs.replace(META, demo=False, origin="log.example.org"))
    with EventStore.open(settings) as store:
        with pytest.raises(StoreUnusable, match="is a real log"):
            load(store, DecisionLog(store))
        assert store.size() == 0


def test_a_store_that_holds_something_else_is_refused(fresh: EventStore) -> None:
    log = DecisionLog(fresh)
    stranger = PartyRegistered(
        kind=PartyKind.ORGANISATION, name="Somebody else", decided_on=None, undated_because=None
    )
    actor = Actor(RECORDER, "", frozenset({"record:resolution"}))
    order = Order("register_party", StreamId("party:stranger"), stranger)
    size = log.record([order], actor, batch=StreamId("batch:other"), source="elsewhere").size
    with pytest.raises(StoreUnusable, match="other than this demonstration"):
        load(fresh, log)
    assert fresh.size() == size
