"""Dates on the way in: rules 1, 2, 5, 10 and 14 as they meet every fact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from govlog.domain.errors import RuleViolation
from govlog.domain.events.any_stream import Approved, BatchRecorded
from govlog.domain.events.body import ActKind, MandateGranted
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.events.product import (
    CommissionGranted,
    CommissionRevoked,
    InstalmentCommitted,
)
from govlog.domain.facts import Given
from govlog.domain.recording import (
    EndsBeforeStart,
    InTheFuture,
    NotOfToday,
    ReachesBack,
    WithoutDate,
    admit,
)
from govlog.domain.values import Ceiling, CeilingKind, Key, Money, StreamId
from tests.domain.board import day, text
from tests.domain.given import FakeFacts

TODAY = date(2024, 6, 1)
IMPORT, LATE = PendingReason.IMPORT, PendingReason.LATE


def given_today(*, importing: bool = False) -> Given:
    return Given(
        facts=FakeFacts(()),
        recorded_on=TODAY,
        person=StreamId("party:ann"),
        importing=importing,
    )


def admitted(fact: Fact, *, importing: bool = False, late_days: int = 30) -> Fact:
    return admit(fact, given_today(importing=importing), late_days=late_days)


def refused(fact: Fact, *, importing: bool = False) -> RuleViolation:
    with pytest.raises(RuleViolation) as refusal:
        admitted(fact, importing=importing)
    return refusal.value


def instalment(*, decided_on: str | None, bound_on: str | None) -> InstalmentCommitted:
    return InstalmentCommitted(
        decided_on=day(decided_on) if decided_on else None,
        bound_on=day(bound_on) if bound_on else None,
        undated_because=None if decided_on and bound_on else text(),
        instalment=Key("i"),
        investor=StreamId("party:v"),
        scope_item="api",
        amount=Money(Decimal(1), "DKK"),
    )


def commission(
    *, decided_on: str, effective_from: str | None = None, until: str | None = None
) -> CommissionGranted:
    return CommissionGranted(
        decided_on=day(decided_on),
        effective_from=day(effective_from) if effective_from else None,
        until=day(until) if until else None,
        commission=Key("c"),
        scope=("api",),
        ceiling=Ceiling(CeilingKind.NONE, "DKK"),
    )


@pytest.mark.parametrize("when", ["2024-06-02", "2024-07", "2025"])
def test_what_was_decided_after_the_day_of_recording_is_refused(when: str) -> None:
    refusal = refused(Fact(decided_on=day(when)))
    assert (type(refusal), refusal.rule, refusal.values["value"]) == (InTheFuture, 1, when)


def test_the_day_of_recording_itself_is_accepted() -> None:
    assert admitted(Fact(decided_on=day("2024-06-01"))).pending == ()


@pytest.mark.parametrize("when", ["2024-06", "2024"])
def test_a_period_that_has_begun_is_accepted_though_it_ends_later(when: str) -> None:
    assert admitted(Fact(decided_on=day(when)), late_days=366).decided_on == when


def test_an_import_cannot_bring_facts_of_the_future_either() -> None:
    assert isinstance(refused(Fact(decided_on=day("2024-06-02")), importing=True), InTheFuture)


def test_an_instalment_is_not_bound_after_its_recording() -> None:
    refusal = refused(instalment(decided_on="2024-06-01", bound_on="2024-06-02"))
    assert (refusal.slug, refusal.rule) == ("in-the-future", 14)
    assert refusal.values["field"] == "bound_on"


def test_nobody_was_told_of_a_loss_tomorrow() -> None:
    fact = CommissionRevoked(
        decided_on=day("2024-06-01"), notified_on=day("2024-06-02"), commission=Key("c")
    )
    assert refused(fact).values["field"] == "notified_on"


def test_the_rule_number_of_one_refusal_does_not_stick_to_the_next() -> None:
    refused(instalment(decided_on="2024-06-01", bound_on="2024-06-02"))
    assert refused(Fact(decided_on=day("2024-06-02"))).rule == 1


def test_live_recording_asks_for_a_reason_where_the_date_is_missing() -> None:
    refusal = refused(Fact())
    assert (type(refusal), refusal.values["missing"]) == (WithoutDate, ["decided_on"])
    assert "undated_because" in refusal.mend


def test_with_a_reason_a_missing_date_is_accepted_and_late() -> None:
    assert admitted(Fact(undated_because=text()), late_days=10_000).pending == (LATE,)


def test_an_import_needs_no_reason_for_a_missing_date() -> None:
    assert admitted(Fact(), importing=True).pending == (IMPORT, LATE)


def test_an_instalment_without_the_day_it_was_bound_needs_a_reason_too() -> None:
    fact = InstalmentCommitted(
        decided_on=day("2024-06-01"),
        instalment=Key("i"),
        investor=StreamId("party:v"),
        scope_item="api",
        amount=Money(Decimal(1), "DKK"),
    )
    assert refused(fact).values["missing"] == ["bound_on"]


@pytest.mark.parametrize(
    ("when", "pending"), [("2024-05-02", ()), ("2024-05-01", (LATE,)), ("2023", (LATE,))]
)
def test_a_fact_that_is_more_than_n_days_older_than_its_recording_waits(
    when: str, pending: tuple[PendingReason, ...]
) -> None:
    assert admitted(Fact(decided_on=day(when)), late_days=30).pending == pending


@pytest.mark.parametrize(("when", "pending"), [("2024-05", (LATE,)), ("2024-06", ())])
def test_lateness_runs_from_the_earliest_possible_day(
    when: str, pending: tuple[PendingReason, ...]
) -> None:
    assert admitted(Fact(decided_on=day(when)), late_days=30).pending == pending


def test_lateness_of_an_instalment_runs_from_the_earlier_of_its_two_days() -> None:
    assert admitted(instalment(decided_on="2024-05-30", bound_on="2024-03-01")).pending == (LATE,)
    assert admitted(instalment(decided_on="2024-03-01", bound_on="2024-05-30")).pending == (LATE,)
    assert admitted(instalment(decided_on="2024-05-30", bound_on="2024-05-20")).pending == ()


def test_an_instalment_whose_bound_day_is_missing_is_late() -> None:
    assert admitted(instalment(decided_on="2024-06-01", bound_on=None)).pending == (LATE,)


def test_the_number_of_days_is_the_community_s() -> None:
    assert admitted(Fact(decided_on=day("2024-05-25")), late_days=3).pending == (LATE,)
    assert admitted(Fact(decided_on=day("2024-01-01")), late_days=365).pending == ()


def test_every_imported_fact_waits() -> None:
    assert admitted(Fact(decided_on=day("2024-06-01")), importing=True).pending == (IMPORT,)


def test_reasons_that_were_set_before_are_kept_and_none_is_doubled() -> None:
    fact = Fact(decided_on=day("2024-01-01"), pending=(PendingReason.DISPLACES, LATE))
    assert admitted(fact).pending == (PendingReason.DISPLACES, LATE)


def test_the_second_person_s_word_never_waits_and_needs_no_date() -> None:
    assert admitted(Approved(facts=("product:p@1",))).pending == ()
    batch = BatchRecorded(source=text(), facts=(), pending=(LATE,))
    assert admitted(batch, importing=True).pending == ()


def test_the_second_person_s_word_cannot_be_back_dated() -> None:
    approval = Approved(decided_on=day("2024-05-31"), facts=("product:p@1",))
    assert isinstance(refused(approval), NotOfToday)


def test_a_later_start_goes_in_effective_from() -> None:
    fact = commission(decided_on="2024-06-01", effective_from="2025")
    assert admitted(fact) == fact


def test_nothing_starts_before_it_was_decided() -> None:
    refusal = refused(commission(decided_on="2024-05-20", effective_from="2024-05-19"))
    assert (type(refusal), refusal.rule) == (ReachesBack, 10)


def test_a_partial_start_is_a_limit_so_its_first_day_must_not_reach_back() -> None:
    assert isinstance(
        refused(commission(decided_on="2024-05-20", effective_from="2024-05")), ReachesBack
    )


def test_a_mandate_does_not_begin_before_it_was_granted() -> None:
    fact = MandateGranted(
        decided_on=day("2024-05-20"),
        since=day("2020"),
        mandate=Key("m"),
        acts=(ActKind.COMMISSION,),
    )
    assert refused(fact).values["field"] == "since"


def test_an_end_before_the_start_is_refused_live_and_survives_an_import() -> None:
    backwards = commission(decided_on="2024-05-20", until="2024-05-19")
    assert isinstance(refused(backwards), EndsBeforeStart)
    assert admitted(backwards, importing=True).pending == (IMPORT,)


def test_a_partial_end_means_the_last_day_of_its_period() -> None:
    assert admitted(commission(decided_on="2024-05-20", until="2024-05")).pending == ()
