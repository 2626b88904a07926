"""Parties, bodies, the portfolio, claims and the log itself: what they answer at two dates."""

from __future__ import annotations

from govlog.domain.events.any_stream import ApprovalRefused, BatchRecorded, Stated
from govlog.domain.events.body import (
    ActKind,
    BodyDissolved,
    MandateGranted,
    MemberLeft,
    MemberSeated,
    Rules,
    RulesAdopted,
    SeatRole,
)
from govlog.domain.events.fact import PendingReason
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.events.product import (
    ProductAdmitted,
    ProductDeclined,
    ProductPaused,
    ProductProposed,
)
from govlog.domain.events.product import ProductRenamed as Renamed
from govlog.domain.values import Key, PartialDate, StreamId
from tests.domain.given import History
from tests.projections.community import (
    BOARD,
    PLAN,
    TOOL,
    a_community,
    approve,
    asked,
    carry,
    grant,
    on,
    text,
)


def test_a_party_is_there_before_it_was_registered_and_keeps_its_old_name_before_the_new() -> None:
    history = History().at("2024-03-01")
    registered = PartyRegistered(
        decided_on=on("2024-03-01"), kind=PartyKind.ORGANISATION, name="Old"
    )
    history.record("party:o", registered)
    history.record("party:o", PartyRenamed(decided_on=on("2024-02"), name="New"))
    with asked(history) as views:
        names = {
            day: views.of("parties", "party:o", day).name
            for day in ("1999-01-01", "2024-01-31", "2024-02-29")
        }
        assert names == {"1999-01-01": "Old", "2024-01-31": "Old", "2024-02-29": "New"}
        certain = [
            views.existing("parties", "party:o", day).certain
            for day in ("2024-02-15", "2024-02-29")
        ]
        assert certain == [False, True]
        assert views.of("parties", "party:o", "2024-03-01", 1).name == "Old"


def test_a_person_s_name_is_only_committed_to() -> None:
    history = History().at("2024-03-01")
    person = PartyRegistered(
        decided_on=on("2024-03-01"), kind=PartyKind.PERSON, name=text("c0ffee")
    )
    history.record("party:p", person)
    with asked(history) as views:
        row = views.existing("parties", "party:p", "2024-03-01")
        assert b'"name":{"$c":"c0ffee"}' in row.body


def test_a_seat_is_there_from_its_first_to_its_last_day() -> None:
    history = a_community()
    for seat, since, until in (
        ("a", None, on("2024-02")),
        ("b", None, None),
        ("c", on("2024-03"), None),
    ):
        fact = MemberSeated(
            decided_on=on("2024-01-10"),
            seat=Key(seat),
            party=StreamId("party:p"),
            role=SeatRole.MEMBER,
            since=since,
            until=until,
        )
        history.record(BOARD, fact)
    history.at("2024-04-01")
    history.record(BOARD, MemberLeft(decided_on=on("2024-03-15"), seat=Key("b")))
    with asked(history) as views:
        seats = {
            day: {each.seat for each in views.all("seats", day, body=BOARD)}
            for day in ("2024-01-09", "2024-02-29", "2024-03-01", "2024-03-14", "2024-03-15")
        }
        assert seats == {
            "2024-01-09": set(),
            "2024-02-29": {"a", "b"},
            "2024-03-01": {"b", "c"},
            "2024-03-14": {"b", "c"},
            "2024-03-15": {"c"},
        }


def test_a_body_decides_by_the_rules_of_the_day() -> None:
    history = a_community()
    history.record(BOARD, RulesAdopted(decided_on=on("2024-01-05"), rules=Rules(version="new")))
    history.record(BOARD, BodyDissolved(decided_on=on("2024-01-09")))
    with asked(history) as views:
        said = {
            day: ((row := views.of("bodies", BOARD, day)).rules.version, row.dissolved)
            for day in ("2024-01-04", "2024-01-05", "2024-01-09")
        }
        assert said == {
            "2024-01-04": ("bylaws", False),
            "2024-01-05": ("new", False),
            "2024-01-09": ("new", True),
        }


def test_a_mandate_says_whether_the_resolution_that_gave_it_stands() -> None:
    history = a_community()
    history.record(
        BOARD,
        MandateGranted(
            decided_on=on("2024-01-10"),
            mandate=Key("m"),
            acts=(ActKind.COMMISSION,),
            resolution=StreamId("resolution:later"),
        ),
    )
    before = len(history.log)
    carry(history, "resolution:later", "2024-01-10")
    with asked(history) as views:
        assert not views.of("mandates", "body:board/m", "2024-01-10", before).stands
        assert views.of("mandates", "body:board/m", "2024-01-10").stands


def test_the_portfolio_shows_stage_level_and_name_of_the_day_and_how_many_commissions() -> None:
    history = a_community()
    grant(history, "c", "2024-01-10", until=on("2024-02-15"))
    grant(history, "d", "2024-01-10")
    history.at("2024-04-01")
    history.record(TOOL, Renamed(decided_on=on("2024-02-01"), name="Better tool"))
    history.record(TOOL, ProductPaused(decided_on=on("2024-03-01")))
    with asked(history) as views:
        said = {
            day: ((row := views.of("portfolio", TOOL, day)).name, row.stage, row.commissions)
            for day in ("2024-01-31", "2024-02-15", "2024-02-16", "2024-03-01")
        }
        assert said == {
            "2024-01-31": ("Tool", "admitted", 2),
            "2024-02-15": ("Better tool", "admitted", 2),
            "2024-02-16": ("Better tool", "admitted", 1),
            "2024-03-01": ("Better tool", "paused", 1),
        }
        assert views.of("portfolio", TOOL, "2024-03-01").level == "1"
        assert views.all("portfolio", "2024-03-01", commissioned=True, admitted=True)
        assert views.row("portfolio", TOOL, "2024-01-09") is None


def test_an_admission_without_authority_changes_nothing() -> None:
    history = a_community()
    other = StreamId("product:other")
    history.record(other, ProductProposed(decided_on=on("2024-01-10"), name="Other"))
    history.record(other, ProductAdmitted(decided_on=on("2024-01-10"), level="1"))
    with asked(history) as views:
        row = views.of("portfolio", other, "2024-02-01")
        assert (row.stage, row.admitted, row.level) == ("proposed", False, None)


def test_the_month_in_which_a_product_was_admitted_is_uncertain_but_for_its_last_day() -> None:
    history = a_community()
    carry(history, "resolution:old", "2023-01-01")
    other = StreamId("product:other")
    history.record(other, ProductProposed(decided_on=on("2023-01-01"), name="Other"))
    admitted = ProductAdmitted(
        decided_on=on("2023-08"), resolution=StreamId("resolution:old"), level="1"
    )
    history.record(other, admitted)
    with asked(history) as views:
        said = {
            day: (
                views.of("portfolio", other, day).admitted,
                views.existing("portfolio", other, day).certain,
            )
            for day in ("2023-07-31", "2023-08-01", "2023-08-31")
        }
        assert said == {
            "2023-07-31": (False, True),
            "2023-08-01": (False, False),
            "2023-08-31": (True, True),
        }


def test_a_claim_is_listed_and_seats_nobody() -> None:
    history = a_community()
    claim = Stated(
        decided_on=on("2024-01-05"),
        topic="member_seated",
        text=text(),
        holds_on=PartialDate("2023-09"),
        by=StreamId("party:source"),
        count=22,
    )
    event = history.record(BOARD, claim)
    with asked(history) as views:
        row = views.of("claims", event.id, "2024-01-10")
        assert (row.about, row.by, row.count, row.holds_on) == (
            "member_seated",
            "party:source",
            22,
            "2023-09",
        )
        assert views.existing("claims", event.id, "2023-09-10").certain is False
        assert views.all("seats", "2024-01-10") == []


def test_a_refused_fact_is_shown_as_refused_and_changes_nothing() -> None:
    history = a_community()
    late = grant(history, "c", "2023-01-01", pending=(PendingReason.LATE,))
    refusal = ApprovalRefused(facts=(late.id,), grounds=text("no"))
    word = history.by("party:second").record(TOOL, refusal)
    with asked(history) as views:
        row = views.of("approvals", late.id, "2024-01-10")
        assert (row.counting, row.word, row.grounds) == ("refused", word.id, text("no"))
        assert views.of("timeline", late.id, "2024-01-10").counting == "refused"
        assert (
            views.of("timeline", late.id, "2024-01-10", len(history.log) - 1).counting == "pending"
        )
        assert views.row("commissions", "product:tool/c", "2024-01-10") is None


def test_an_import_is_listed_by_its_batch_and_counts_when_it_is_approved_as_a_whole() -> None:
    history = a_community()
    batch = StreamId("batch:b")
    facts = [
        history.record(
            f"product:p{number}",
            ProductProposed(name=f"P{number}", batch=batch, pending=(PendingReason.IMPORT,)),
        )
        for number in (1, 2)
    ]
    history.record(batch, BatchRecorded(source=text(), facts=tuple(each.id for each in facts)))
    before = len(history.log)
    for each in facts:
        approve(history, each)
    with asked(history) as views:
        waiting = views.all("approvals", "2024-01-10", before, batch=batch, counting="pending")
        assert [each.event for each in waiting] == [each.id for each in facts]
        assert {each.late_days for each in waiting} == {None}
        assert views.all("approvals", "2024-01-10", batch=batch, counting="pending") == []
        names = {each.name for each in views.all("portfolio", "2024-01-10")}
        assert names == {"Tool", "P1", "P2"}
        assert {each.name for each in views.all("portfolio", "2024-01-10", before)} == {"Tool"}


def test_the_timeline_shows_every_event_about_a_product_wherever_it_is_recorded() -> None:
    history = a_community()
    with asked(history) as views:
        rows = views.all("timeline", "2024-01-10")
        assert [(each.index, each.event) for each in rows] == [
            (each.index, each.id) for each in history.log
        ]
        assert [each.topic for each in views.all("timeline", "2024-01-10", product=TOOL)] == [
            "ProductProposed.v1",
            "ProductAdmitted.v1",
        ]


def test_a_proposal_that_is_no_match_is_declined_with_its_grounds() -> None:
    history = a_community()
    other = StreamId("product:other")
    history.record(other, ProductProposed(decided_on=on("2024-01-10"), name="Other"))
    history.at("2024-02-01")
    grounds = text("no match")
    declined = ProductDeclined(decided_on=on("2024-02-01"), resolution=PLAN, grounds=grounds)
    event = history.record(other, declined)
    with asked(history) as views:
        assert views.of("portfolio", other, "2024-01-31").stage == "proposed"
        assert views.of("portfolio", other, "2024-02-01").stage == "declined"
        assert not views.of("portfolio", other, "2024-02-01").admitted
        assert views.of("timeline", event.id, "2024-02-01").topic == "ProductDeclined.v1"


def test_which_rules_were_adopted_last_in_one_month_is_not_called_certain() -> None:
    history = a_community().at("2024-06-01")
    history.record(BOARD, RulesAdopted(decided_on=on("2024-03"), rules=Rules(version="one")))
    history.record(BOARD, RulesAdopted(decided_on=on("2024-03-10"), rules=Rules(version="two")))
    with asked(history) as views:
        row = views.row("bodies", BOARD, "2024-06-01")
        assert row is not None
        assert not row.certain
