"""Authorities join, leave and come back; nothing of it is erased (rules 3 and 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlog.domain.agreeing import (
    TakesNoPart,
    TakesPartAlready,
    agree_contribution,
    appoint_coordinator,
    contract_vendor,
    join_authority,
    withdraw_authority,
)
from govlog.domain.commitment import Participation, coordinator_on, takes_part
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.product import ProductProposed
from govlog.domain.recording import EndsBeforeStart, ReachesBack, admit
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.tri import Tri
from govlog.domain.values import Key, Span, StreamId
from tests.domain.board import day, person
from tests.domain.given import History
from tests.domain.measuring import TOOL, measured_community, product

TOWN = StreamId("party:town")


def community() -> History:
    history = measured_community()
    person(history, "town")
    return history


def join(history: History, when: str, **more: Any) -> None:
    fact = AuthorityJoined(decided_on=day(when), party=TOWN, **more)
    history.when(join_authority, TOOL, fact)


def withdraw(history: History, when: str, **more: Any) -> None:
    fact = AuthorityWithdrew(decided_on=day(when), party=TOWN, **more)
    history.when(withdraw_authority, TOOL, fact)


def takes(history: History, when: str) -> Tri:
    found = product(history).agreements.authorities.get(TOWN, Participation())
    on = date.fromisoformat(when)
    return takes_part(found, Span(on, on))


def test_an_authority_takes_part_from_joining_until_it_withdraws() -> None:
    history = community().at("2024-06-01")
    join(history, "2024-02-01")
    withdraw(history, "2024-05-01")
    days = ("2024-01-31", "2024-02-01", "2024-04-30", "2024-05-01")
    assert [takes(history, each) for each in days] == [Tri.NO, Tri.YES, Tri.YES, Tri.NO]


def test_out_and_in_on_one_day_is_no_exit() -> None:
    history = community().at("2024-06-01")
    join(history, "2024-02-01")
    withdraw(history, "2024-05-01")
    join(history, "2024-05-01")
    days = ("2024-04-30", "2024-05-01", "2024-05-02")
    assert {takes(history, each) for each in days} == {Tri.YES}


def test_in_and_out_on_one_day_never_took_part() -> None:
    history = community().at("2024-06-01")
    join(history, "2024-05-01")
    withdraw(history, "2024-05-01")
    assert takes(history, "2024-05-01") is Tri.NO


def test_coming_back_does_not_erase_the_first_time() -> None:
    history = community().at("2024-06-01")
    join(history, "2024-02-01")
    withdraw(history, "2024-03-01")
    join(history, "2024-05-01")
    days = ("2024-02-15", "2024-04-01", "2024-05-15")
    assert [takes(history, each) for each in days] == [Tri.YES, Tri.NO, Tri.YES]
    assert len(product(history).agreements.authorities[TOWN].joined) == 2


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=8), st.integers(1, 9))
def test_on_full_days_the_last_step_by_then_decides_whoever_recorded_it_when(
    steps: list[tuple[int, bool]], asked: int
) -> None:
    """Beside a plain replay: by day, on one day in the order recorded (rules 2 and 3)."""
    history = History().at("2024-06-01")
    history.record(TOOL, ProductProposed(decided_on=day("2024-01-01"), name="Tool"))
    for number, joins in steps:
        fact = AuthorityJoined if joins else AuthorityWithdrew
        history.record(TOOL, fact(decided_on=day(f"2024-05-0{number}"), party=TOWN))
    by_then = [(number, place, joins) for place, (number, joins) in enumerate(steps)]
    last = max((each for each in by_then if each[0] <= asked), default=(0, 0, False))
    assert takes(history, f"2024-05-0{asked}") is (Tri.YES if last[2] else Tri.NO)


def test_a_withdrawal_may_work_later_than_it_was_decided() -> None:
    history = community().at("2024-06-01")
    join(history, "2024-02-01")
    withdraw(history, "2024-05-01", since=day("2025"))
    assert [takes(history, each) for each in ("2024-12-31", "2025-01-01")] == [Tri.YES, Tri.NO]


def test_only_who_takes_part_withdraws_and_only_who_does_not_joins() -> None:
    history = community().at("2024-06-01")
    with pytest.raises(TakesNoPart):
        withdraw(history, "2024-05-01")
    join(history, "2024-02-01")
    with pytest.raises(TakesPartAlready):
        join(history, "2024-05-01")
    fact = AuthorityJoined(decided_on=day("2024-05-01"), party=TOWN)
    history.when(join_authority, TOOL, fact, importing=True)


def test_a_month_of_joining_leaves_the_days_of_it_open() -> None:
    history = community().at("2024-06-01")
    join(history, "2024-02")
    days = ("2024-01-31", "2024-02-15", "2024-02-29")
    assert [takes(history, each) for each in days] == [Tri.NO, Tri.MAYBE, Tri.YES]


def test_a_coordinator_is_followed_by_the_next_one() -> None:
    history = community().at("2024-06-01")
    person(history, "next")
    for when, who in (("2024-02-01", "town"), ("2024-04-01", "next")):
        fact = CoordinatorAppointed(decided_on=day(when), party=StreamId(f"party:{who}"))
        history.when(appoint_coordinator, TOOL, fact)
    agreements = product(history).agreements
    found = {
        each: now.party if (now := coordinator_on(agreements, date.fromisoformat(each))[0]) else ""
        for each in ("2024-01-31", "2024-03-31", "2024-04-01")
    }
    assert found == {
        "2024-01-31": "",
        "2024-03-31": "party:town",
        "2024-04-01": "party:next",
    }


def test_after_a_limited_appointment_nobody_coordinates() -> None:
    history = community().at("2024-06-01")
    for when, until in (("2024-02-01", None), ("2024-04-01", day("2024-04"))):
        fact = CoordinatorAppointed(decided_on=day(when), party=TOWN, until=until)
        history.when(appoint_coordinator, TOOL, fact)
    agreements = product(history).agreements
    found = {
        each: coordinator_on(agreements, date.fromisoformat(each))[0] is not None
        for each in ("2024-03-31", "2024-04-30", "2024-05-01")
    }
    assert found == {"2024-03-31": True, "2024-04-30": True, "2024-05-01": False}


def test_a_key_names_one_contribution_and_one_contract_for_good() -> None:
    history = community()
    pays = ContributionAgreed(decided_on=day("2024-01-01"), contribution=Key("c"), party=TOWN)
    history.when(agree_contribution, TOOL, pays)
    with pytest.raises(AlreadyRecorded):
        history.when(agree_contribution, TOOL, pays)
    contract = VendorContracted(decided_on=day("2024-01-01"), contract=Key("c"), vendor=TOWN)
    history.when(contract_vendor, TOOL, contract)
    with pytest.raises(AlreadyRecorded):
        history.when(contract_vendor, TOOL, contract)


def test_who_is_named_is_in_the_log() -> None:
    history = measured_community()
    with pytest.raises(UnknownReference):
        join(history, "2024-01-01")


def test_an_agreement_neither_starts_before_its_decision_nor_ends_before_its_start() -> None:
    now = community().given()
    joined = AuthorityJoined(decided_on=day("2024-01-01"), party=TOWN, since=day("2023-12-31"))
    with pytest.raises(ReachesBack):
        admit(joined, now, late_days=30)
    ending = AuthorityJoined(decided_on=day("2024-01-01"), party=TOWN, until=day("2023-12"))
    with pytest.raises(EndsBeforeStart):
        admit(ending, now, late_days=30)
