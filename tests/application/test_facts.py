"""Folded states: at every size what folding that much of the log gives, however they came about."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from govlog.application.counting import ADVANCE, begun
from govlog.application.facts import Facts
from govlog.application.overlay import Overlay, Provisional
from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.events.product import InstalmentCommitted, ProductProposed, ProductRenamed
from govlog.domain.events.risk import RiskRaised
from govlog.domain.stream import NOTHING, Folded, Recorded
from govlog.domain.values import Key, Money, Personal, StreamId, kind_of
from govlog.persistence.store import EventStore
from tests.persistence.logs import PERSON
from tests.persistence.logs import begun as log_begun

PRODUCTS = [StreamId(f"product:p{number}") for number in range(5)]
RISKS = [StreamId(f"risk:r{number}") for number in range(3)]
PARTIES = [StreamId(f"party:v{number}") for number in range(4)]
SPRING, SUMMER = StreamId("batch:spring"), StreamId("batch:summer")


def some_fact(chance: random.Random, stream: StreamId, written: Sequence[Recorded[Fact]]) -> Fact:
    """A fact for a stream, perhaps pending, perhaps a word on those that are pending."""
    own = [each.id for each in written if each.stream == stream and each.fact.pending]
    if own and chance.random() < 0.3:
        ids = tuple(chance.sample(own, chance.randint(1, min(3, len(own)))))
        return Approved(facts=ids) if chance.random() < 0.6 else ApprovalRefused(facts=ids)
    kind = chance.choice(["late", "import", "", "", ""])
    waits: dict[str, Any] = {}
    if kind == "import":
        waits = {"pending": (PendingReason.IMPORT,), "batch": chance.choice([SPRING, SUMMER])}
    elif kind:
        waits = {"pending": (PendingReason.LATE,)}
    if kind_of(stream) == "risk":
        return RiskRaised(title=Personal(text="r"), product=chance.choice(PRODUCTS), **waits)
    if chance.random() < 0.2:
        return ProductProposed(name="p", **waits)
    if chance.random() < 0.4:
        return ProductRenamed(name=f"{chance.random()}", **waits)
    return InstalmentCommitted(
        instalment=Key(f"i{chance.randint(0, 30)}"),
        investor=chance.choice(PARTIES),
        scope_item="s",
        amount=Money(Decimal(chance.randint(1, 9)), "DKK"),
        **waits,
    )


def write_history(store: EventStore, seed: int, count: int) -> list[Recorded[Fact]]:
    chance = random.Random(seed)
    written: list[Recorded[Fact]] = []
    versions: dict[StreamId, int] = {}
    with store.writing() as writing:
        for _ in range(count):
            stream = chance.choice([*PRODUCTS, *RISKS])
            versions[stream] = versions.get(stream, 0) + 1
            fact = some_fact(chance, stream, written)
            written.append(writing.append(stream, versions[stream], fact, PERSON, ""))
    return written


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventStore]:
    data: Path = tmp_path_factory.mktemp("facts") / "data"
    with EventStore.open(log_begun(data)) as opened:
        write_history(opened, seed=7, count=400)
        yield opened


def from_scratch(facts: Sequence[Recorded[Fact]], stream: StreamId, size: int) -> Folded[Any]:
    folded: Folded[Any] = NOTHING
    for each in facts[:size]:
        if each.stream == stream:
            folded = ADVANCE[kind_of(stream)](folded, each)
    return folded


def test_the_history_is_worth_folding(store: EventStore) -> None:
    facts = list(store.replay())
    kinds = {type(each.fact).__name__ for each in facts}
    assert kinds >= {"Approved", "ApprovalRefused", "ProductProposed", "InstalmentCommitted"}
    folded = [from_scratch(facts, stream, 400) for stream in PRODUCTS]
    assert all(each.counted is not None and each.pending and each.refused for each in folded)


@pytest.mark.parametrize("remembered", [1, 3, 50_000])
def test_moving_on_gives_what_folding_from_scratch_gives_at_every_size(
    store: EventStore, remembered: int
) -> None:
    facts = list(store.replay())
    moving = Facts.at(store, 0, remembered=remembered)
    for each in facts:
        moving.advance(each)
        assert moving.size == each.index + 1
        if each.index % 7 == 0:
            for stream in (*PRODUCTS, *RISKS):
                assert moving.folded(stream) == from_scratch(facts, stream, moving.size)


def test_a_past_size_is_as_it_was_then(store: EventStore) -> None:
    facts = list(store.replay())
    for size in range(0, 401, 50):
        then = Facts.at(store, size)
        for stream in (*PRODUCTS, *RISKS, StreamId("product:none")):
            assert then.folded(stream) == from_scratch(facts, stream, size)


def test_moving_on_from_a_past_size_is_the_same_as_from_the_start(store: EventStore) -> None:
    facts = list(store.replay())
    moving = Facts.at(store, 200, remembered=2)
    for each in facts[200:]:
        moving.advance(each)
    for stream in (*PRODUCTS, *RISKS):
        assert moving.folded(stream) == from_scratch(facts, stream, 400)


def test_following_is_the_same_as_advancing(store: EventStore) -> None:
    facts = list(store.replay())
    following = Facts.at(store, 0)
    for start in range(0, 400, 40):
        following.folded(PRODUCTS[start // 40 % 5])
        following.citing(PARTIES[0], "product")
        following.follow(facts[start : start + 40], start + 40)
    for stream in PRODUCTS:
        assert following.folded(stream) == from_scratch(facts, stream, 400)
    assert set(following.citing(PARTIES[0], "product")) == set(store.citing(PARTIES[0], "product"))


def test_every_fact_begins_to_count_at_most_once_and_none_that_was_refused(
    store: EventStore,
) -> None:
    moving = Facts.at(store, 0)
    counted: list[str] = []
    for each in store.replay():
        began = moving.advance(each)
        assert [one.index for one in began] == sorted(one.index for one in began)
        counted += [one.id for one in began]
    assert len(counted) == len(set(counted))
    refused = {one for stream in PRODUCTS for one in moving.folded(stream).refused}
    pending = {one for stream in PRODUCTS for one in moving.folded(stream).pending}
    assert not (refused | pending) & set(counted)
    words = {
        each.id for each in store.replay() if isinstance(each.fact, Approved | ApprovalRefused)
    }
    products = {each.id for each in store.replay() if kind_of(each.stream) == "product"}
    assert products == (set(counted) & products) | refused | pending | (words & products)


def test_what_an_approval_lets_count_comes_in_the_order_of_the_log(store: EventStore) -> None:
    facts = list(store.replay())
    moving = Facts.at(store, 0)
    approvals = 0
    for each in facts:
        waiting = moving.folded(each.stream).pending
        began = moving.advance(each)
        match each.fact:
            case Approved(facts=ids):
                expected = {one.index for one in waiting.values() if one.id in ids}
                assert [one.index for one in began] == sorted(expected)
                approvals += 1
            case ApprovalRefused():
                assert began == ()
            case fact if fact.pending:
                assert began == ()
            case _:
                assert began == (each,)
    assert approvals > 10


def test_an_approval_of_what_does_not_wait_lets_nothing_count(store: EventStore) -> None:
    stray = Approved(facts=("product:p0@1", "product:p0@999"))
    product = next(each for each in store.replay() if each.stream == PRODUCTS[0])
    assert begun(NOTHING, replace(product, fact=stray)) == ()


@pytest.mark.parametrize("remembered", [1, 50_000])
def test_who_names_whom_is_known_at_every_size(store: EventStore, remembered: int) -> None:
    moving = Facts.at(store, 0, remembered=remembered)
    for each in store.replay():
        moving.advance(each)
        for party in PARTIES:
            known = set(moving.citing(party, "product"))
            assert known == set(store.citing(party, "product", upto=moving.size))
        assert set(moving.citing(PRODUCTS[0], "risk")) == set(
            store.citing(PRODUCTS[0], "risk", upto=moving.size)
        )
    assert known
    assert set(moving.citing(SPRING, "product")) == set(PRODUCTS)


def test_states_are_found_under_their_own_kind_only(store: EventStore) -> None:
    facts = Facts(store)
    lookups = (facts.party, facts.body, facts.debate, facts.resolution, facts.risk)
    assert facts.product(PRODUCTS[0]) is not None
    assert facts.risk(RISKS[0]) is not None
    assert [look(PRODUCTS[0]) for look in lookups] == [None] * 5
    assert facts.product(RISKS[0]) is None
    assert facts.product(StreamId("nonsense")) is None


def test_an_overlay_is_as_if_its_facts_were_recorded(store: EventStore) -> None:
    facts = list(store.replay())
    below = Facts.at(store, 300)
    lower = Overlay(below)
    for each in facts[300:350]:
        lower.advance(each)
    upper = Overlay(lower)
    moving = Facts.at(store, 350)
    for each in facts[350:]:
        assert upper.advance(each) == moving.advance(each)
    for stream in (*PRODUCTS, *RISKS):
        assert below.folded(stream) == from_scratch(facts, stream, 300)
        assert lower.folded(stream) == from_scratch(facts, stream, 350)
        assert upper.folded(stream) == from_scratch(facts, stream, 400)
    for party in PARTIES:
        assert set(upper.citing(party, "product")) == set(store.citing(party, "product"))
    lower.absorb(upper)
    below.absorb(lower.changed, lower.cited, 400)
    assert below.size == 400
    for stream in (*PRODUCTS, *RISKS):
        assert below.folded(stream) == from_scratch(facts, stream, 400)


def only_of(batch: StreamId, folded: Folded[Any], stream: StreamId) -> Any:
    """What counts of a stream, and on top of it what the import has waiting there.

    Where nothing else waits the order of the log is kept.
    """
    own = [each for each in folded.pending.values() if each.fact.batch == batch]
    if len(own) == len(folded.pending):
        return folded.provisional
    state: Folded[Any] = Folded(0, folded.counted, folded.counted)
    for each in sorted(own, key=lambda each: each.index):
        state = ADVANCE[kind_of(stream)](state, replace(each, fact=replace(each.fact, pending=())))
    return state.counted


@pytest.mark.parametrize("batch", [SPRING, SUMMER])
def test_an_import_sees_what_counts_and_its_own_at_every_size(
    store: EventStore, batch: StreamId
) -> None:
    facts = list(store.replay())
    below = Facts.at(store, 0)
    seeing = Provisional(below, batch)
    differing = 0
    for each in facts[:150]:
        below.advance(each)
        state = seeing.state(each.stream)
        assert state == only_of(batch, below.folded(each.stream), each.stream)
        differing += state != below.state(each.stream)
    assert differing > 10


@pytest.mark.parametrize("seed", range(3))
def test_an_import_alone_sees_all_that_waits(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with EventStore.open(log_begun(tmp_path / "data")) as store:
        seeing = Provisional(Overlay(Facts(store)), SPRING)
        overlay = seeing._below
        assert isinstance(overlay, Overlay)
        with store.writing() as writing:
            for version in range(1, 40):
                fact = some_fact(chance, PRODUCTS[0], ())
                waits = replace(fact, pending=(PendingReason.IMPORT,), batch=SPRING)
                overlay.advance(writing.append(PRODUCTS[0], version, waits, PERSON, ""))
                assert seeing.state(PRODUCTS[0]) == overlay.folded(PRODUCTS[0]).provisional
