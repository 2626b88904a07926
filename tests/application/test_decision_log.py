"""One call is recorded whole, as decided, or not at all."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from govlog.application.command import Command
from govlog.application.commands import COMMANDS
from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.domain.errors import (
    AlreadyExists,
    MalformedValue,
    NotFound,
    RuleViolation,
    ScopeRequired,
    StaleVersion,
)
from govlog.domain.events.any_stream import ApprovalRefused
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.events.product import ProductRenamed
from govlog.domain.events.resolution import ResolutionTabled
from govlog.domain.facts import Facts, Given
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, StreamId
from govlog.persistence.store import EventStore
from tests.application.office import (
    ADA,
    BOARD,
    BOB,
    LAMP,
    LONG_AGO,
    TODAY,
    annulled,
    approved,
    board_at_work,
    bound,
    founded,
    proposed,
    registered,
    renamed,
    revoked,
)
from tests.persistence.logs import Clock, facts_of

STAND = StreamId("product:stand")


def test_a_command_answers_what_was_recorded_and_where(log: DecisionLog, store: EventStore) -> None:
    first = log.record([registered()], ADA)
    receipt = log.record([proposed(), renamed("Bright Lamp")], ADA)
    assert [each.id for each in receipt.recorded] == ["product:lamp@1", "product:lamp@2"]
    assert [each.index for each in receipt.recorded] == [1, 2]
    assert (first.size, receipt.size, receipt.replayed) == (1, 3, False)
    assert store.read(LAMP) == list(receipt.recorded)


def test_person_and_token_stand_on_each_fact(log: DecisionLog) -> None:
    (recorded,) = log.record([registered()], BOB).recorded
    assert (recorded.recorded_by, recorded.token) == (BOB.person, BOB.token)


def test_the_log_names_a_stream_where_the_client_does_not(log: DecisionLog) -> None:
    streams = {log.record([proposed(None)], ADA).recorded[0].stream for _ in range(3)}
    assert len(streams) == 3
    assert all(stream.startswith("product:") and len(stream) == 24 for stream in streams)


def test_what_is_there_is_not_begun_again(log: DecisionLog, store: EventStore) -> None:
    log.record([proposed()], ADA)
    with pytest.raises(AlreadyExists) as refusal:
        log.record([proposed()], BOB)
    assert refusal.value.values["id"] == LAMP
    assert store.size() == 1


def test_what_is_pending_is_not_begun_again_either(log: DecisionLog) -> None:
    (pending,) = log.record([proposed(when=LONG_AGO)], ADA).recorded
    assert pending.fact.pending == (PendingReason.LATE,)
    with pytest.raises(AlreadyExists):
        log.record([proposed()], ADA)


def test_a_beginning_that_was_refused_can_be_made_again(log: DecisionLog) -> None:
    (pending,) = log.record([proposed(when=LONG_AGO)], ADA).recorded
    refusal = ApprovalRefused(facts=(pending.id,))
    log.record([Order("refuse_approval", LAMP, refusal)], BOB)
    assert log.record([proposed()], ADA).recorded[0].version == 3


def test_an_unknown_stream_is_not_found(log: DecisionLog) -> None:
    with pytest.raises(NotFound) as refusal:
        log.record([renamed("x")], ADA)
    assert refusal.value.values["id"] == LAMP


@pytest.mark.parametrize(
    "order",
    [
        renamed("x", product=StreamId("body:board")),
        proposed(StreamId("product:No Key")),
        proposed(StreamId("product:")),
        proposed(StreamId("lamp")),
        Order("no_such_command", LAMP, ProductRenamed(name="x")),
        Order("rename_product", None, ProductRenamed(name="x")),
    ],
)
def test_an_order_for_the_wrong_thing_is_malformed(
    log: DecisionLog, store: EventStore, order: Order
) -> None:
    log.record([founded()], ADA)
    with pytest.raises(MalformedValue):
        log.record([order], ADA)
    assert store.size() == 1


def test_a_call_without_orders_is_malformed(log: DecisionLog) -> None:
    with pytest.raises(MalformedValue):
        log.record([], ADA)


def test_a_command_takes_its_own_fact_only(log: DecisionLog) -> None:
    with pytest.raises(TypeError, match="ProductRenamed"):
        log.record([Order("rename_product", LAMP, proposed().fact)], ADA)


def test_an_expected_version_is_compared_with_the_stream_s(log: DecisionLog) -> None:
    log.record([proposed()], ADA)
    log.record([renamed("a", expected=1)], ADA)
    with pytest.raises(StaleVersion) as refusal:
        log.record([renamed("b", expected=1)], BOB)
    assert refusal.value.values == {"id": LAMP, "expected": 1, "current": 2}
    assert log.record([renamed("b", expected=2)], BOB).recorded[0].version == 3


def test_one_refusal_refuses_the_whole_call(log: DecisionLog, store: EventStore) -> None:
    with pytest.raises(NotFound):
        log.record([proposed(), renamed("x"), renamed("y", product=STAND)], ADA)
    assert store.size() == 0
    assert store.read(LAMP) == []
    with pytest.raises(NotFound):
        log.record([renamed("x")], ADA)
    assert log.record([proposed()], ADA).recorded[0].index == 0


def test_later_orders_see_what_earlier_ones_begin(log: DecisionLog, store: EventStore) -> None:
    receipt = board_at_work(log)
    assert receipt.size == len(receipt.recorded) == store.size() == 10
    assert [each.fact.pending for each in receipt.recorded] == [()] * 10


def test_two_orders_of_one_call_cannot_begin_the_same(log: DecisionLog, store: EventStore) -> None:
    with pytest.raises(AlreadyExists):
        log.record([proposed(), proposed()], ADA)
    assert store.size() == 0


def test_a_token_without_the_scope_is_told_which(log: DecisionLog, store: EventStore) -> None:
    vendor = Actor(ADA.person, "t", frozenset({"declare:investment"}))
    with pytest.raises(ScopeRequired) as refusal:
        log.record([proposed()], vendor)
    assert refusal.value.values["scope"] == "record:commitment"
    for word in (log.approve_batch, log.refuse_batch):
        with pytest.raises(ScopeRequired, match="approve"):
            word(StreamId("batch:x"), vendor)
    assert store.size() == 0


def test_the_founding_body_says_how_late_is_late(log: DecisionLog) -> None:
    log.record([founded(late_days=365)], ADA)
    assert log.record([proposed(when=LONG_AGO)], ADA).recorded[0].fact.pending == ()


@pytest.mark.parametrize(
    ("when", "pending"), [("2026-10-24", ()), ("2026-10-23", (PendingReason.LATE,))]
)
def test_without_a_founding_body_thirty_days_are_late(
    log: DecisionLog, when: str, pending: tuple[PendingReason, ...]
) -> None:
    (recorded,) = log.record([proposed(when=PartialDate(when))], ADA).recorded
    assert recorded.fact.pending == pending


def test_a_pending_fact_counts_from_its_approval_by_another(log: DecisionLog) -> None:
    log.record([proposed()], ADA)
    (pending,) = log.record([renamed("Old name", when=LONG_AGO)], ADA).recorded
    with pytest.raises(RuleViolation, match="same person"):
        log.record([approved(LAMP, pending.id)], ADA)
    (word,) = log.record([approved(LAMP, pending.id)], BOB).recorded
    assert (word.version, word.fact.pending) == (3, ())
    with pytest.raises(RuleViolation, match="not pending"):
        log.record([approved(LAMP, pending.id)], BOB)


def test_texts_come_back_as_commitments(log: DecisionLog, store: EventStore) -> None:
    board_at_work(log)
    (tabled,) = facts_of(ResolutionTabled, store.read(StreamId("resolution:plan"))[:1])
    title = tabled.title
    assert title.text is None
    assert store.reveal([title.commitment]) == {title.commitment: "The plan"}


def test_a_dry_run_says_what_would_be_and_records_nothing(
    log: DecisionLog, store: EventStore
) -> None:
    log.record([proposed()], ADA)
    dry = log.record([renamed("a"), renamed("b")], ADA, dry_run=True, key="k", digest=b"d")
    assert [each.id for each in dry.recorded] == ["product:lamp@2", "product:lamp@3"]
    assert store.size() == 1
    wet = log.record([renamed("c")], ADA, key="k", digest=b"another body")
    assert [each.id for each in wet.recorded] == ["product:lamp@2"]
    assert not wet.replayed


def test_a_dry_run_is_refused_as_the_run_would_be(log: DecisionLog) -> None:
    with pytest.raises(NotFound):
        log.record([renamed("x")], ADA, dry_run=True)


def test_a_dry_run_previews_the_verdicts_that_flip(log: DecisionLog, store: EventStore) -> None:
    board_at_work(log)
    log.record([bound("first"), bound("second")], ADA)
    size = store.size()
    impact = log.record([annulled()], BOB, dry_run=True).impact
    assert [(flip.instalment, flip.harms) for flip in impact] == [
        ("first", True),
        ("second", True),
    ]
    assert store.size() == size
    assert log.record([bound("third")], ADA, dry_run=True).impact == ()
    assert log.record([bound("third")], ADA).impact == ()


def test_a_dry_run_of_a_fact_that_must_wait_previews_what_it_will_change(
    log: DecisionLog, clock: Clock
) -> None:
    board_at_work(log)
    clock.forward(10 * 86_400)
    log.record([bound("later", when=PartialDate("2026-12-03"))], ADA)
    clock.forward(50 * 86_400)
    dry = log.record([revoked("order", PartialDate("2026-11-25"))], BOB, dry_run=True)
    assert PendingReason.LATE in dry.recorded[0].fact.pending
    assert [(flip.instalment, flip.harms) for flip in dry.impact] == [("later", True)]


def renaming(**more: object) -> dict[str, Command]:
    return {**COMMANDS, "rename_product": replace(COMMANDS["rename_product"], **more)}


def test_what_a_fact_does_to_others_can_make_it_wait(store: EventStore) -> None:
    seen: list[tuple[str, str]] = []

    def waits(before: Facts, after: Facts, recorded: Recorded[Fact]) -> tuple[PendingReason, ...]:
        old, new = before.product(LAMP), after.product(LAMP)
        assert old is not None
        assert new is not None
        seen.append((old.name, new.name))
        assert recorded.fact.pending == ()
        return (PendingReason.DISPLACES,) if len(seen) > 1 else ()

    log = DecisionLog(store, renaming(waits=waits))
    log.record([proposed()], ADA)
    (counts,) = log.record([renamed("a")], ADA).recorded
    (first, second) = log.record([renamed("b"), renamed("c", when=LONG_AGO)], ADA).recorded
    assert counts.fact.pending == ()
    assert first.fact.pending == (PendingReason.DISPLACES,)
    assert second.fact.pending == (PendingReason.LATE, PendingReason.DISPLACES)
    assert (first.index, second.index) == (2, 3)
    assert seen == [("Lamp", "a"), ("a", "b"), ("a", "c")]
    assert store.read(LAMP)[2:] == [first, second]


def test_a_decision_knows_who_when_and_for_whom(store: EventStore) -> None:
    seen: list[Given] = []

    def decide(_: object, fact: ProductRenamed, given: Given) -> ProductRenamed:
        seen.append(given)
        return fact

    log = DecisionLog(store, renaming(decide=decide))
    log.record([proposed(), renamed("x")], ADA)
    (given,) = seen
    assert given.recorded_on.isoformat() == TODAY
    assert (given.person, given.organisations) == (ADA.person, ADA.organisations)
    assert given.scopes == ADA.scopes
    assert not given.importing


def test_a_fault_in_a_decision_records_nothing_and_stops_nobody(store: EventStore) -> None:
    def faulty(*_: object) -> Fact:
        raise ZeroDivisionError

    log = DecisionLog(store, renaming(decide=faulty))
    log.record([proposed()], ADA)
    with pytest.raises(ZeroDivisionError):
        log.record([registered(), renamed("y")], ADA)
    assert store.size() == 1
    assert log.record([registered()], ADA).size == 2


def test_a_body_is_not_looked_up_as_a_product(log: DecisionLog) -> None:
    log.record([founded()], ADA)
    with pytest.raises(MalformedValue):
        log.record([Order("rename_product", BOARD, ProductRenamed(name="x"))], ADA)
