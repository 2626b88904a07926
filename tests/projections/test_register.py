"""The risk register, the review calendar, names and lifecycles: what they say on a day."""

from __future__ import annotations

from typing import Any

from govlog.domain.authority import Flaw
from govlog.domain.events.any_stream import Approved
from govlog.domain.events.body import MemberSeated, SeatRole
from govlog.domain.events.evaluation import EvaluationPublished, LevelChanged
from govlog.domain.events.fact import PendingReason
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.events.product import (
    CommissionReviewed,
    ProductAdmitted,
    ProductExited,
    ProductPaused,
    ProductRenamed,
    ProductResumed,
)
from govlog.domain.events.risk import (
    RiskClosed,
    RiskRaised,
    RiskReviewed,
    RiskTreated,
    Treatment,
)
from govlog.domain.values import Key, StreamId
from projections.dues import DueWord
from projections.risks import RiskStatus
from tests.domain.given import History
from tests.projections.community import (
    BOARD,
    PLAN,
    TOOL,
    a_community,
    annul,
    asked,
    carry,
    grant,
    on,
    text,
)

RISK = StreamId("risk:r")
ACCEPT = StreamId("resolution:accept")


def raised(**more: Any) -> History:
    history = a_community().at("2025-06-01")
    fact = RiskRaised(decided_on=on("2024-02-01"), title=text(), product=TOOL, **more)
    history.record(RISK, fact)
    return history


def treat(history: History, kind: Treatment, day: str, **more: Any) -> None:
    fact = RiskTreated(decided_on=on(day), treatment=Key(kind), kind=kind, **more)
    history.record(RISK, fact)


def test_the_register_shows_what_is_done_about_a_risk_and_when_it_is_reviewed_next() -> None:
    history = raised(next_review=on("2024-06"))
    treat(history, Treatment.REDUCE, "2024-03-01", next_review=on("2024-09-01"))
    carry(history, ACCEPT, "2024-04-01")
    treat(history, Treatment.ACCEPT, "2024-04-01", resolution=ACCEPT)
    history.record(RISK, RiskReviewed(decided_on=on("2024-05-01"), findings=text()))
    history.record(RISK, RiskClosed(decided_on=on("2024-06-01"), grounds=text()))
    with asked(history) as views:
        said = {
            day: (row.status, row.next_review)
            for day in ("2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01")
            for row in (views.of("risks", RISK, day),)
        }
        assert said == {
            "2024-02-01": (RiskStatus.RAISED, "2024-06"),
            "2024-03-01": (RiskStatus.TREATED, "2024-09-01"),
            "2024-04-01": (RiskStatus.ACCEPTED, "2024-09-01"),
            "2024-05-01": (RiskStatus.ACCEPTED, None),
            "2024-06-01": (RiskStatus.CLOSED, None),
        }


def test_an_acceptance_falls_with_the_resolution_it_cites() -> None:
    history = raised()
    carry(history, ACCEPT, "2024-04-01")
    treat(history, Treatment.ACCEPT, "2024-04-01", resolution=ACCEPT)
    known = len(history.log)
    annul(history, ACCEPT, "2025-01-01")
    with asked(history) as views:
        assert views.of("risks", RISK, "2024-05-01", known).status is RiskStatus.ACCEPTED
        row = views.of("risks", RISK, "2024-05-01")
        assert (row.status, row.treatments[0].flaw) == (RiskStatus.RAISED, Flaw.ANNULLED)
        acts = [each.act for each in views.all("proofs", "2024-05-01", authority="void")]
        assert acts == ["risk_acceptance"]


def test_an_acceptance_of_no_product_s_risk_falls_as_well() -> None:
    history = a_community().at("2025-06-01")
    history.record(RISK, RiskRaised(decided_on=on("2024-02-01"), title=text()))
    carry(history, ACCEPT, "2024-04-01")
    treat(history, Treatment.ACCEPT, "2024-04-01", resolution=ACCEPT)
    known = len(history.log)
    annul(history, ACCEPT, "2025-01-01")
    with asked(history) as views:
        assert views.of("risks", RISK, "2024-05-01", known).status is RiskStatus.ACCEPTED
        assert views.of("risks", RISK, "2024-05-01").status is RiskStatus.RAISED


def due(views: Any, day: str, **filters: Any) -> dict[str, str]:
    return {
        f"{each.kind}": f"{each.when} {each.due}" for each in views.all("calendar", day, **filters)
    }


def test_the_calendar_says_what_is_overdue_and_what_comes_within_90_days() -> None:
    history = raised(next_review=on("2024-06-30"))
    with asked(history) as views:
        said = {
            day: due(views, day)
            for day in ("2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2025-05-31")
        }
        assert said == {
            "2024-03-31": {"risk_review": "later 2024-06-30"},
            "2024-04-01": {"risk_review": "next_90_days 2024-06-30"},
            "2024-06-30": {"risk_review": "next_90_days 2024-06-30"},
            "2024-07-01": {"risk_review": "overdue 2024-06-30"},
            "2025-05-31": {"risk_review": "overdue 2024-06-30"},
        }


def test_a_month_is_overdue_only_when_all_of_it_has_passed() -> None:
    with asked(raised(next_review=on("2024-06"))) as views:
        words = [
            due(views, day)["risk_review"].split()[0]
            for day in ("2024-03-02", "2024-03-03", "2024-06-30", "2024-07-01")
        ]
        assert words == ["later", "next_90_days", "next_90_days", "overdue"]


def test_a_missed_review_raises_a_flag_and_ends_nothing() -> None:
    history = a_community().at("2025-06-01")
    grant(history, "c", "2024-02-01", next_review=on("2024-06-01"))
    with asked(history) as views:
        assert due(views, "2025-01-01") == {"commission_review": "overdue 2024-06-01"}
        assert views.of("commissions", f"{TOOL}/c", "2025-01-01").status == "in_force"


def test_a_review_that_is_held_moves_the_date_and_a_revoked_commission_has_none() -> None:
    history = a_community().at("2025-06-01")
    grant(history, "c", "2024-02-01", next_review=on("2024-06-01"), until=on("2025-03-31"))
    reviewed = CommissionReviewed(
        decided_on=on("2024-05-15"), commission=Key("c"), next_review=on("2025-05-15")
    )
    history.record(TOOL, reviewed)
    with asked(history) as views:
        assert due(views, "2024-05-14") == {"commission_review": "next_90_days 2024-06-01"}
        assert due(views, "2024-05-15") == {"commission_review": "later 2025-05-15"}
        assert due(views, "2025-04-01") == {}


def test_levels_evaluations_and_seats_are_in_the_calendar() -> None:
    history = a_community().at("2025-06-01")
    published = EvaluationPublished(
        decided_on=on("2024-03-01"), evaluation=Key("e"), next_review=on("2024-09-01")
    )
    history.record(TOOL, published)
    level = LevelChanged(
        decided_on=on("2024-03-01"), resolution=PLAN, to_level=Key("2"), next_review=on("2024-10")
    )
    history.record(TOOL, level)
    seat = MemberSeated(
        decided_on=on("2024-03-01"),
        seat=Key("s"),
        party=StreamId("party:p"),
        role=SeatRole.MEMBER,
        until=on("2024-08-31"),
    )
    history.record(BOARD, seat)
    with asked(history) as views:
        assert due(views, "2024-08-31") == {
            "evaluation": "next_90_days 2024-09-01",
            "level_review": "next_90_days 2024-10",
            "seat_ends": "next_90_days 2024-08-31",
        }
        assert set(due(views, "2024-09-02")) == {"evaluation", "level_review"}
        assert due(views, "2024-08-31", product=TOOL, when=DueWord.OVERDUE) == {}
        assert set(due(views, "2024-08-31", body=BOARD)) == {"seat_ends"}


def test_a_product_that_has_left_is_due_for_no_evaluation() -> None:
    history = a_community().at("2025-06-01")
    published = EvaluationPublished(
        decided_on=on("2024-03-01"), evaluation=Key("e"), next_review=on("2024-09-01")
    )
    history.record(TOOL, published)
    history.record(TOOL, ProductExited(decided_on=on("2024-10-01"), resolution=PLAN))
    with asked(history) as views:
        assert due(views, "2024-09-30") == {"evaluation": "overdue 2024-09-01"}
        assert due(views, "2024-10-01") == {}


def test_a_product_is_found_by_any_name_it_had_by_that_day() -> None:
    history = a_community().at("2025-01-01")
    history.record(TOOL, ProductRenamed(decided_on=on("2024-06-01"), name="Instrument"))
    with asked(history) as views:
        found = {
            (name, day): [(each.stream, each.current, each.called) for each in rows]
            for name, day in (
                ("Tool", "2024-05-31"),
                ("Tool", "2024-06-01"),
                ("Instrument", "2024-05-31"),
                ("Instrument", "2024-06-01"),
            )
            for rows in (views.all("names", day, name=name),)
        }
        assert found == {
            ("Tool", "2024-05-31"): [(TOOL, True, "Tool")],
            ("Tool", "2024-06-01"): [(TOOL, False, "Instrument")],
            ("Instrument", "2024-05-31"): [],
            ("Instrument", "2024-06-01"): [(TOOL, True, "Instrument")],
        }
        by_name = views.all("portfolio", "2024-06-01", name="Instrument")
        assert [each.product for each in by_name] == [TOOL]
        assert views.all("portfolio", "2024-06-01", name="Tool") == []


def test_organisations_and_bodies_are_found_by_name_and_persons_are_not() -> None:
    history = a_community().at("2025-01-01")
    for stream, kind, name in (
        ("party:o", PartyKind.ORGANISATION, "Old"),
        ("party:p", PartyKind.PERSON, text("Somebody")),
    ):
        history.record(stream, PartyRegistered(decided_on=on("2024-02-01"), kind=kind, name=name))
    history.record("party:o", PartyRenamed(decided_on=on("2024-06-01"), name="New"))
    with asked(history) as views:
        named = {each.name: each.called for each in views.all("names", "2024-12-31", kind="party")}
        assert named == {"Old": "New", "New": "New"}
        assert [each.stream for each in views.all("names", "2024-12-31", name="board")] == [BOARD]


def an_organisation(*, registered: str, renamed: str) -> tuple[History, StreamId]:
    """Once called Old, then New."""
    history, party = a_community().at("2025-01-01"), StreamId("party:o")
    first = PartyRegistered(decided_on=on(registered), kind=PartyKind.ORGANISATION, name="Old")
    history.record(party, first)
    history.record(party, PartyRenamed(decided_on=on(renamed), name="New"))
    return history, party


def test_on_days_that_leave_a_new_name_open_the_old_one_stands_wherever_it_is_asked() -> None:
    history, party = an_organisation(registered="2024-02-01", renamed="2024-06")
    history.record(TOOL, ProductRenamed(decided_on=on("2024-06"), name="Instrument"))
    with asked(history) as views:
        for day, names in (("2024-06-15", ("Old", "Tool")), ("2024-06-30", ("New", "Instrument"))):
            certain = day == "2024-06-30"
            for view, key, name in (("parties", party, names[0]), ("portfolio", TOOL, names[1])):
                assert views.of(view, key, day).name == name
                assert views.existing(view, key, day).certain is certain
            for key, name in ((party, names[0]), (TOOL, names[1])):
                called = {each.called for each in views.all("names", day, stream=key)}
                assert called == {name}


def test_of_two_names_on_one_day_the_one_recorded_last_stands_whichever_counted_last() -> None:
    history = a_community().at("2025-01-01")
    late = history.record(
        TOOL,
        ProductRenamed(decided_on=on("2024-06-01"), name="First", pending=(PendingReason.LATE,)),
    )
    history.record(TOOL, ProductRenamed(decided_on=on("2024-06-01"), name="Second"))
    history.by("party:second").record(TOOL, Approved(facts=(late.id,)))
    with asked(history) as views:
        assert views.of("portfolio", TOOL, "2024-06-01").name == "Second"


def test_a_party_renamed_on_a_day_before_its_registration_has_the_new_name() -> None:
    history, party = an_organisation(registered="2024-06-01", renamed="2024-05-01")
    with asked(history) as views:
        assert views.of("parties", party, "2024-12-31").name == "New"
        assert {each.called for each in views.all("names", "2024-12-31", stream=party)} == {"New"}


def test_readmission_does_not_erase_the_first_entry_nor_a_pause_end_it() -> None:
    history = a_community().at("2025-01-01")
    for fact, day in (
        (ProductPaused, "2024-02-01"),
        (ProductResumed, "2024-03-01"),
        (ProductExited, "2024-04-01"),
        (ProductAdmitted, "2024-06-01"),
    ):
        history.record(TOOL, fact(decided_on=on(day), resolution=PLAN))
    with asked(history) as views:
        row = views.of("portfolio", TOOL, "2024-06-01")
        assert [(each.stage, each.works_from.earliest.isoformat()) for each in row.life] == [
            ("admitted", "2024-01-10"),
            ("paused", "2024-02-01"),
            ("resumed", "2024-03-01"),
            ("exited", "2024-04-01"),
            ("admitted", "2024-06-01"),
        ]
        states = {
            day: (state.admitted, state.paused, state.level)
            for day in ("2024-02-01", "2024-03-01", "2024-04-01", "2024-06-01")
            for state in (views.of("portfolio", TOOL, day),)
        }
        assert states == {
            "2024-02-01": (True, True, "1"),
            "2024-03-01": (True, False, "1"),
            "2024-04-01": (False, False, None),
            "2024-06-01": (True, False, None),
        }


def test_which_review_of_two_in_one_month_came_last_is_not_called_certain() -> None:
    history = raised()
    for due_on in ("2025-01-01", "2025-02-01"):
        history.record(RISK, RiskReviewed(decided_on=on("2024-03"), next_review=on(due_on)))
    with asked(history) as views:
        for view, key in (("risks", RISK), ("calendar", f"risk_review/{RISK}")):
            row = views.row(view, key, "2024-12-31")
            assert row is not None
            assert not row.certain


def test_what_may_be_due_is_listed_and_not_called_certain() -> None:
    history = raised(next_review=on("2024-06-30"))
    grant(history, "c", "2024-03", next_review=on("2024-06-01"), until=on("2024-12-31"))
    seat = MemberSeated(
        decided_on=on("2024-03"),
        seat=Key("s"),
        party=StreamId("party:ann"),
        role=SeatRole.MEMBER,
        until=on("2024-12-31"),
    )
    history.record(BOARD, seat)
    with asked(history) as views:
        for key in (f"commission_review/{TOOL}/c", f"seat_ends/{BOARD}/s"):
            rows = [views.row("calendar", key, day) for day in ("2024-03-15", "2024-03-31")]
            assert [row is not None and row.certain for row in rows] == [False, True]
            assert rows[0] is not None
