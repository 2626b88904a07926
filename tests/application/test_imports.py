"""An import sees itself, changes no answer, and is approved or refused as a whole."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from govlog.application.batches import FACTS_IN_ONE, Batch
from govlog.application.command import Command
from govlog.application.commands import COMMANDS
from govlog.application.decision_log import DecisionLog, Order, Receipt
from govlog.application.facts import Facts
from govlog.domain.commitment import Product
from govlog.domain.errors import AlreadyExists, MalformedValue, NotFound, RuleViolation
from govlog.domain.events.any_stream import ApprovalRefused, Approved, BatchRecorded
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.facts import Given
from govlog.domain.values import Personal, StreamId
from govlog.persistence.store import EventStore
from tests.application.office import (
    ACME,
    ADA,
    BOB,
    CLEO,
    LAMP,
    LONG_AGO,
    TODAY,
    approved,
    board_at_work,
    bound,
    proposed,
    registered,
    renamed,
    revoked,
)
from tests.persistence.logs import facts_of

SPRING = StreamId("batch:spring")
SUMMER = StreamId("batch:summer")
STAND = StreamId("product:stand")


def bring_in(
    log: DecisionLog, *orders: Order, batch: StreamId = SPRING, key: str | None = None
) -> Receipt:
    return log.record(orders, ADA, batch=batch, source="decisions.jsonl", key=key)


def old(product: StreamId = LAMP) -> tuple[Order, ...]:
    """What a source tells about a product, years later."""
    return (
        proposed(product, when=LONG_AGO),
        renamed("Bright Lamp", product, when=LONG_AGO),
        bound("first", product, when=LONG_AGO),
    )


def test_an_import_sees_its_own_facts_before_anybody_else_does(
    log: DecisionLog, store: EventStore
) -> None:
    receipt = bring_in(log, registered(), *old())
    assert [each.id for each in receipt.recorded] == [
        "party:acme@1", "product:lamp@1", "product:lamp@2", "product:lamp@3", "batch:spring@1",
    ]  # fmt: skip
    facts = Facts(store)
    assert facts.product(LAMP) is None
    assert facts.party(ACME) is None
    provisional = facts.folded(LAMP).provisional
    assert isinstance(provisional, Product)
    assert provisional.name == "Bright Lamp"
    with pytest.raises(NotFound):
        log.record([renamed("x")], BOB)


def test_every_fact_of_an_import_waits_and_names_its_batch(log: DecisionLog) -> None:
    *facts, listing = bring_in(log, registered(), *old()).recorded
    assert all(PendingReason.IMPORT in each.fact.pending for each in facts)
    assert {each.fact.batch for each in facts} == {SPRING}
    assert isinstance(listing.fact, BatchRecorded)
    assert listing.fact.facts == tuple(each.id for each in facts)


def test_the_source_is_an_erasable_text(log: DecisionLog, store: EventStore) -> None:
    listing = bring_in(log, registered()).recorded[-1].fact
    assert isinstance(listing, BatchRecorded)
    assert list(store.reveal([listing.source.commitment]).values()) == ["decisions.jsonl"]


def test_a_later_part_of_an_import_sees_the_earlier_ones(
    log: DecisionLog, store: EventStore
) -> None:
    bring_in(log, registered(), proposed(when=LONG_AGO))
    bring_in(log, renamed("Bright Lamp", when=LONG_AGO))
    again = DecisionLog(store)
    assert bring_in(again, bound("first", when=LONG_AGO)).recorded[0].version == 3


def test_one_import_does_not_see_another_s_waiting_facts(log: DecisionLog) -> None:
    bring_in(log, registered(), *old())
    with pytest.raises(NotFound):
        bring_in(log, renamed("x", when=LONG_AGO), batch=SUMMER)
    with pytest.raises(AlreadyExists):
        bring_in(log, proposed(when=LONG_AGO), batch=SUMMER)


def peeking_at_names(seen: list[str]) -> dict[str, Command]:
    """Commands of which one notes the name that its product has when it decides."""

    def rename(state: Product, fact: Fact, _: Given) -> Fact:
        seen.append(state.name)
        return fact

    return {**COMMANDS, "rename_product": replace(COMMANDS["rename_product"], decide=rename)}


def test_an_import_sees_what_counts_and_its_own_only(log: DecisionLog, store: EventStore) -> None:
    board_at_work(log)
    bring_in(log, renamed("By spring", when=LONG_AGO))
    log.record([renamed("Late", when=LONG_AGO)], ADA)
    seen: list[str] = []
    peeking = DecisionLog(store, peeking_at_names(seen))
    bring_in(peeking, renamed("By summer"), renamed("x"), renamed("y"), batch=SUMMER)
    bring_in(peeking, renamed("Again by spring"), renamed("z"), batch=SPRING)
    peeking.record([renamed("Live")], BOB)
    assert seen == ["Lamp", "By summer", "x", "By spring", "Again by spring", "Lamp"]


def test_a_decision_knows_that_it_is_part_of_an_import(store: EventStore) -> None:
    seen: list[bool] = []

    def rename(_: object, fact: Fact, given: Given) -> Fact:
        seen.append(given.importing)
        return fact

    commands = {**COMMANDS, "rename_product": replace(COMMANDS["rename_product"], decide=rename)}
    log = DecisionLog(store, commands)
    bring_in(log, proposed(), renamed("x"))
    log.record([proposed(STAND), renamed("x", STAND)], ADA)
    assert seen == [True, False]


def test_an_import_is_all_or_nothing(log: DecisionLog, store: EventStore) -> None:
    with pytest.raises(NotFound):
        bring_in(log, registered(), proposed(), renamed("x", STAND))
    assert store.size() == 0


def test_an_import_is_recorded_once_under_its_key(log: DecisionLog, store: EventStore) -> None:
    first = bring_in(log, registered(), *old(), key="k")
    again = bring_in(log, registered(), *old(), key="k")
    assert (again.recorded, again.replayed) == (first.recorded, True)
    assert store.size() == 5


def test_a_batch_has_the_id_of_a_batch(log: DecisionLog) -> None:
    with pytest.raises(MalformedValue):
        bring_in(log, registered(), batch=StreamId("spring"))


def test_an_approved_import_counts_from_there_on(log: DecisionLog, store: EventStore) -> None:
    imported = bring_in(log, registered(), *old(), proposed(STAND, when=LONG_AGO))
    receipt = log.approve_batch(SPRING, BOB)
    assert [(each.stream, type(each.fact)) for each in receipt.recorded] == [
        (ACME, Approved), (LAMP, Approved), (STAND, Approved), (SPRING, Approved),
    ]  # fmt: skip
    approvals = [each.fact for each in receipt.recorded if isinstance(each.fact, Approved)]
    assert approvals[1].facts == ("product:lamp@1", "product:lamp@2", "product:lamp@3")
    assert approvals[3].facts == ("batch:spring@1",)
    before, after = Facts.at(store, imported.size), Facts.at(store, receipt.size)
    assert before.product(LAMP) is None
    product = after.product(LAMP)
    assert product is not None
    assert list(product.instalments) == ["first"]
    assert log.record([renamed("Live")], ADA).recorded[0].fact.pending == ()


def test_one_s_own_import_is_not_one_s_own_to_approve(log: DecisionLog, store: EventStore) -> None:
    bring_in(log, registered(), *old())
    with pytest.raises(RuleViolation, match="same person"):
        log.approve_batch(SPRING, replace(ADA, token="another-token"))
    with pytest.raises(RuleViolation, match="same person"):
        log.refuse_batch(SPRING, ADA)
    assert store.size() == 5


def test_who_recorded_a_single_part_cannot_approve_the_whole(log: DecisionLog) -> None:
    bring_in(log, registered(), proposed())
    log.record([renamed("By Bob")], BOB, batch=SPRING, source="more.jsonl")
    with pytest.raises(RuleViolation, match="same person"):
        log.approve_batch(SPRING, BOB)
    assert log.approve_batch(SPRING, CLEO).recorded[-1].fact == Approved(
        facts=("batch:spring@1", "batch:spring@2")
    )


def test_a_fact_of_an_import_is_not_approved_singly(log: DecisionLog) -> None:
    bring_in(log, registered(), *old())
    with pytest.raises(RuleViolation, match="import"):
        log.record([approved(LAMP, "product:lamp@1")], BOB)


def test_a_refused_import_never_counts_and_can_be_made_again(
    log: DecisionLog, store: EventStore
) -> None:
    bring_in(log, registered(), *old())
    receipt = log.refuse_batch(SPRING, BOB, grounds="the wrong file")
    refusals = [each.fact for each in receipt.recorded if isinstance(each.fact, ApprovalRefused)]
    assert len(refusals) == len(receipt.recorded) == 3
    grounds = [each.grounds.commitment for each in refusals if each.grounds is not None]
    assert set(store.reveal(grounds).values()) == {"the wrong file"}
    assert Facts(store).product(LAMP) is None
    bring_in(log, registered(), *old(), batch=SUMMER)
    log.approve_batch(SUMMER, BOB)
    assert Facts(store).product(LAMP) is not None


def test_a_batch_gets_one_word_and_a_later_part_another(log: DecisionLog) -> None:
    bring_in(log, registered())
    log.approve_batch(SPRING, BOB)
    for word in (log.approve_batch, log.refuse_batch):
        with pytest.raises(RuleViolation, match="waits"):
            word(SPRING, BOB)
    bring_in(log, proposed())
    receipt = log.approve_batch(SPRING, BOB)
    assert [each.stream for each in receipt.recorded] == [LAMP, SPRING]


def test_an_unknown_batch_is_not_found(log: DecisionLog) -> None:
    with pytest.raises(NotFound):
        log.approve_batch(SPRING, BOB)


def test_an_approval_is_recorded_once_under_its_key(log: DecisionLog) -> None:
    bring_in(log, registered())
    first = log.approve_batch(SPRING, BOB, key="k")
    again = log.approve_batch(SPRING, BOB, key="k")
    assert (again.recorded, again.replayed) == (first.recorded, True)


def test_a_dry_run_of_an_approval_previews_all_it_flips(
    log: DecisionLog, store: EventStore
) -> None:
    board_at_work(log)
    log.record([bound("first", amount=800), bound("second", amount=100)], ADA)
    log.record([registered(CLEO.person, "Cleo Inc")], ADA)
    bring_in(log, bound("a", when=LONG_AGO), revoked("order", TODAY), bound("b", when=LONG_AGO))
    size = store.size()
    dry = log.approve_batch(SPRING, BOB, dry_run=True)
    assert store.size() == size
    assert [(flip.product, flip.instalment, flip.harms) for flip in dry.impact] == [
        (LAMP, "first", True),
        (LAMP, "second", True),
    ]
    words = log.approve_batch(SPRING, BOB).recorded
    assert [each.stream for each in words] == [LAMP, SPRING]
    # As the views will have it: displaced by the word that let the revocation count.
    assert {flip.after.shares[0].displaced_by for flip in dry.impact} == {words[0].id}


def test_a_large_import_is_listed_and_approved_in_portions(
    log: DecisionLog, store: EventStore
) -> None:
    orders = [registered(), proposed(), *(bound(f"i{number}") for number in range(1200))]
    receipt = bring_in(log, *orders)
    listings = [each.fact for each in receipt.recorded if isinstance(each.fact, BatchRecorded)]
    assert [len(each.facts) for each in listings] == [500, 500, 202]
    words = log.approve_batch(SPRING, BOB).recorded
    assert [each.stream for each in words] == [ACME, LAMP, LAMP, LAMP, SPRING]
    assert [len(each.facts) for each in facts_of(Approved, words)] == [1, 500, 500, 201, 3]
    product = Facts(store).product(LAMP)
    assert product is not None
    assert len(product.instalments) == 1200


def test_the_longest_ids_fit_in_a_portion() -> None:
    longest = f"resolution:{'k' * 63}@{10**9}"
    listing = BatchRecorded(source=Personal(commitment="0" * 64), facts=(longest,) * FACTS_IN_ONE)
    assert len(msgspec.json.encode(listing)) < 60_000


def test_a_batch_s_own_stream_tells_what_waits(log: DecisionLog, store: EventStore) -> None:
    bring_in(log, registered())
    bring_in(log, proposed(), renamed("x"))
    log.approve_batch(SPRING, BOB)
    bring_in(log, renamed("y"))
    batch = Facts(store).folded(SPRING).counted
    assert isinstance(batch, Batch)
    assert [part.word for part in batch.parts] == ["batch:spring@3", "batch:spring@3", None]
    assert batch.streams() == [LAMP]
    assert {part.recorded_by for part in batch.parts} == {ADA.person}
