"""Corrections in the log: at every size, in every process, in one call with others."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from govlog.application.counting import fold_all
from govlog.application.decision_log import DecisionLog, Order
from govlog.application.facts import Facts
from govlog.application.overlay import Overlay
from govlog.contract.refusal import InvalidBody
from govlog.contract.shapes import typed
from govlog.domain.correcting import NothingToCorrect
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.events.product import InstalmentCommitted, ProductProposed, ProductRenamed
from govlog.domain.stream import Folded, Recorded
from govlog.domain.values import Key, Money, Personal, Reference, StreamId, kind_of
from govlog.persistence.store import EventStore
from tests.application.office import (
    ADA,
    BOB,
    LAMP,
    TODAY,
    approved,
    board_at_work,
    bound,
    proposed,
)
from tests.persistence.logs import PERSON
from tests.persistence.logs import begun as log_begun

PRODUCTS = [StreamId(f"product:p{number}") for number in range(4)]
SHOWN = (Reference("scan.pdf"),)


def corrected(event: str, field: str, value: object, stream: StreamId = LAMP) -> Order:
    fact = FactCorrected(decided_on=TODAY, event=event, field=field, value=value, evidence=SHOWN)
    return Order("correct_fact", stream, fact)


def some_fact(chance: random.Random, own: Sequence[Recorded[Fact]]) -> Fact:
    """A fact for a stream with these facts, often a correction or a word on one that waits."""
    waits = (PendingReason.CORRECTS,) if chance.random() < 0.4 else ()
    waiting = [each.id for each in own if each.fact.pending]
    mended = [each.id for each in own if isinstance(each.fact, FactCorrected)]
    if waiting and chance.random() < 0.3:
        ids = tuple(chance.sample(waiting, 1))
        return Approved(facts=ids) if chance.random() < 0.7 else ApprovalRefused(facts=ids)
    if mended and chance.random() < 0.2:
        return CorrectionWithdrawn(correction=chance.choice(mended), pending=waits)
    if own and chance.random() < 0.5:
        each = chance.choice(own)
        field = "name" if hasattr(each.fact, "name") else "scope_item"
        return FactCorrected(event=each.id, field=field, value=f"v{chance.random()}", pending=waits)
    if not own:
        return ProductProposed(name="p")
    if chance.random() < 0.4:
        return ProductRenamed(name=f"n{chance.random()}", pending=waits)
    return InstalmentCommitted(
        instalment=Key(f"i{chance.randint(0, 9)}"),
        investor=StreamId("party:v"),
        scope_item="s",
        amount=Money(Decimal(chance.randint(1, 9)), "DKK"),
        pending=waits,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventStore]:
    data: Path = tmp_path_factory.mktemp("corrections") / "data"
    with EventStore.open(log_begun(data)) as opened:
        chance, facts = random.Random(5), list[Recorded[Fact]]()
        with opened.writing() as writing:
            for _ in range(300):
                stream = chance.choice(PRODUCTS)
                own = [each for each in facts if each.stream == stream]
                fact = some_fact(chance, own)
                facts.append(writing.append(stream, len(own) + 1, fact, PERSON, ""))
        yield opened


def from_scratch(facts: Sequence[Recorded[Fact]], stream: StreamId, size: int) -> Folded[Any]:
    return fold_all(kind_of(stream), [each for each in facts[:size] if each.stream == stream])


def test_the_history_has_corrections_of_every_fate(written: EventStore) -> None:
    facts = list(written.replay())
    folded = [from_scratch(facts, stream, 300) for stream in PRODUCTS]
    assert all(each.corrections and each.corrected and each.pending for each in folded)
    assert any(isinstance(each.fact, CorrectionWithdrawn) for each in facts)


def test_moving_on_gives_what_folding_anew_gives_at_every_size(written: EventStore) -> None:
    facts = list(written.replay())
    moving = Facts.at(written, 0)
    for each in facts:
        moving.advance(each)
        assert moving.folded(each.stream) == from_scratch(facts, each.stream, moving.size)
    assert Facts.at(written, 150).folded(PRODUCTS[0]) == from_scratch(facts, PRODUCTS[0], 150)


def test_a_process_that_follows_sees_the_same(written: EventStore) -> None:
    facts = list(written.replay())
    following = Facts.at(written, 0)
    for start in range(0, 300, 20):
        for stream in PRODUCTS:
            following.folded(stream)
        following.follow(facts[start : start + 20], start + 20)
    for stream in PRODUCTS:
        assert following.folded(stream) == from_scratch(facts, stream, 300)


def test_corrections_not_in_the_log_yet_count_on_top_of_it(written: EventStore) -> None:
    facts = list(written.replay())
    below = Facts.at(written, 200)
    lower = Overlay(below)
    for each in facts[200:250]:
        lower.advance(each)
    upper, moving = Overlay(lower), Facts.at(written, 250)
    for each in facts[250:]:
        assert upper.advance(each) == moving.advance(each)
    lower.absorb(upper)
    for stream in PRODUCTS:
        assert lower.folded(stream) == from_scratch(facts, stream, 300)
        assert lower.told(stream) == tuple(each for each in facts if each.stream == stream)


def test_a_correction_lets_the_fact_be_read_as_it_was_and_as_it_is(log: DecisionLog) -> None:
    board_at_work(log)
    (correction,) = log.record([corrected("product:lamp@1", "name", "Lantern")], ADA).recorded
    facts = Facts.at(log._store, correction.index)
    fact, was, now = facts.advance(correction)
    assert fact == correction
    assert (was.fact, now.fact) == (
        log._store.read(LAMP)[0].fact,
        replace(was.fact, name="Lantern"),
    )
    assert (was.corrected, now.corrected) == ((), ("name",))
    assert now.index == was.index


def test_what_is_decided_after_a_correction_in_the_same_call_sees_it(log: DecisionLog) -> None:
    board_at_work(log)
    orders = [
        corrected("product:lamp@1", "name", "Lantern"),
        corrected("product:lamp@1", "name", "Lantern"),
    ]
    with pytest.raises(NothingToCorrect):
        log.record(orders, ADA)
    receipt = log.record([orders[0], corrected("product:lamp@1", "name", "Lamp")], ADA)
    assert [each.version for each in receipt.recorded] == [4, 5]


def test_another_process_counts_a_correction_that_this_one_recorded(
    log: DecisionLog, store: EventStore
) -> None:
    board_at_work(log)
    other = DecisionLog(store)
    other.record([bound("before")], ADA)
    (correction,) = log.record([corrected("product:lamp@3", "scope", ["shade"])], ADA).recorded
    log.record([approved(LAMP, correction.id)], BOB)
    dry = other.record([bound("after", amount=7)], ADA, dry_run=True)
    assert dry.size == store.size() + 1
    product = other._facts.product(LAMP)
    assert product is not None
    assert product.commissions[Key("order")].scope == {"shade"}


def test_the_contract_reads_the_value_as_the_fact_s_own_command_does(store: EventStore) -> None:
    log = DecisionLog(store, typed=typed)
    board_at_work(log)
    log.record([bound("i")], ADA)
    for field, value in (
        ("amount", {"amount": "-5", "currency": "DKK"}),
        ("amount", {"amount": "5.001", "currency": "DKK"}),
        ("bound_on", "2024-02-31"),
        ("scope_item", "two\nlines"),
        ("scope_item", None),
        ("investor", "body:board"),
    ):
        with pytest.raises(InvalidBody) as refusal:
            log.record([corrected("product:lamp@4", field, value)], ADA)
        assert refusal.value.faults[0].field.startswith("value")


def test_a_corrected_text_stands_apart_like_the_text_it_mends(store: EventStore) -> None:
    log = DecisionLog(store, typed=typed)
    board_at_work(log)
    plan = StreamId("resolution:plan")
    correction = corrected(f"{plan}@1", "title", "The better plan", plan)
    (recorded,) = log.record([correction], ADA).recorded
    assert isinstance(recorded.fact, FactCorrected)
    assert set(recorded.fact.value) == {"$c"}
    assert store.read(plan)[-1] == recorded
    state = Facts(store).resolution(plan)
    assert state is not None
    assert state.title == Personal(commitment=recorded.fact.value["$c"])
    assert store.reveal([state.title.commitment]) == {state.title.commitment: "The better plan"}


def test_who_is_named_by_a_correction_is_found_like_who_is_named_by_the_fact(
    store: EventStore,
) -> None:
    log = DecisionLog(store, typed=typed)
    board_at_work(log)
    log.record([bound("i"), proposed(StreamId("product:stand"))], ADA)
    log.record([corrected("product:lamp@4", "investor", BOB.person)], ADA)
    assert LAMP in store.citing(BOB.person, "product")
    assert LAMP in set(Facts(store).citing(BOB.person, "product"))
