"""The invented example: every reason there is, and what each of its batches changes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from govlog.domain.attribution import Reason
from tests.demo.demonstration import Answer, Demonstration

OWN_RISK = {
    "faellesplan/calendar-early": ("25000.00", "before_commission"),
    "faellesplan/app-1": ("40000.00", "out_of_scope"),
    "faellesplan/calendar-foreign": ("30000.00", "wrong_party"),
    "faellesplan/calendar-euro": ("5000.00", "wrong_currency"),
    "faellesplan/pilot-late": ("20000.00", "expired"),
    "faellesplan/integration-3": ("30000.00", "revoked"),
    "havnekort/harbour-2": ("35000.00", "withdrawn_product"),
    "skovsti/walks-1": ("15000.00", "not_commissioned"),
}


def investment(demonstration: Demonstration, key: str) -> Answer:
    row = demonstration.row("investments", f"product:{key}")
    assert row is not None
    return row


@pytest.mark.parametrize("key", OWN_RISK)
def test_what_no_order_covers_is_at_the_investors_own_risk(
    demonstration: Demonstration, key: str
) -> None:
    row = investment(demonstration, key)
    assert demonstration.shares(key) == [OWN_RISK[key]]
    assert (row["bearer"], row["open"], row["displaced"]) == ("investor", False, False)


def test_every_reason_appears(demonstration: Demonstration) -> None:
    rows: Iterable[Answer] = demonstration.rows("investments", fiction=True)
    assert {share["reason"] for row in rows for share in row["shares"]} == set(Reason)


def test_an_instalment_is_split_at_the_ceiling_and_a_raise_does_not_reach_back(
    demonstration: Demonstration,
) -> None:
    assert demonstration.shares("faellesplan/calendar-2") == [
        ("180000.00", "covered"),
        ("20000.00", "over_ceiling"),
    ]
    assert demonstration.shares("faellesplan/calendar-3") == [("40000.00", "covered")]


def test_a_revocation_counts_from_the_day_it_was_told(demonstration: Demonstration) -> None:
    assert demonstration.shares("faellesplan/integration-2") == [("20000.00", "covered")]
    assert demonstration.shares("faellesplan/integration-3") == [("30000.00", "revoked")]


def test_a_month_that_an_order_began_in_leaves_it_undetermined(
    demonstration: Demonstration,
) -> None:
    (share,) = investment(demonstration, "faellesplan/translation-1")["shares"]
    assert share["bearer"] == "undetermined"
    assert {"before_commission", "covered"} <= set(share["reasons"])


def test_an_unknown_ceiling_leaves_it_undetermined(demonstration: Demonstration) -> None:
    (share,) = investment(demonstration, "havnekort/data-1")["shares"]
    assert set(share["reasons"]) == {"covered", "over_ceiling"}


def test_cover_by_votes_is_proven_and_cover_by_a_text_is_not(
    demonstration: Demonstration,
) -> None:
    (voted,) = investment(demonstration, "faellesplan/calendar-1")["shares"]
    (worded,) = investment(demonstration, "faellesplan/forum-1")["shares"]
    assert (voted["reason"], voted["proven"]) == ("covered", True)
    assert worded["reason"] == "covered"
    assert not worded.get("proven", False)


def test_an_instalment_recorded_later_displaces_one_that_was_bound_after_it(
    demonstration: Demonstration,
) -> None:
    before = demonstration.since("fiction-1")
    assert demonstration.shares("faellesplan/reports-1", known=before) == [("100000.00", "covered")]
    covered, displaced = investment(demonstration, "faellesplan/reports-1")["shares"]
    assert (covered["amount"], covered["reason"]) == ("60000.00", "covered")
    assert (displaced["amount"], displaced["reason"]) == ("40000.00", "over_ceiling")
    later = investment(demonstration, "faellesplan/reports-2")
    assert displaced["displaced_by"].partition("@")[0] == later["event"].partition("@")[0]
    assert demonstration.shares("faellesplan/reports-2") == [("40000.00", "covered")]


def test_an_annulment_takes_cover_away_from_the_start_once_it_is_known(
    demonstration: Demonstration,
) -> None:
    before, after = demonstration.since("fiction-2"), demonstration.since("fiction-3")
    day = "2024-07-01"
    assert demonstration.shares("faellesplan/archive-1", day, before) == [("90000.00", "covered")]
    assert demonstration.shares("faellesplan/archive-1", day, after) == [
        ("90000.00", "authority_void")
    ]


def test_a_risk_is_taken_over_from_its_day_on_and_the_earlier_answer_stands(
    demonstration: Demonstration,
) -> None:
    assert demonstration.shares("faellesplan/archive-1", "2025-02-02") == [
        ("90000.00", "authority_void")
    ]
    assert sorted(demonstration.shares("faellesplan/archive-1", "2025-02-03")) == [
        ("30000.00", "authority_void"),
        ("60000.00", "assumed"),
    ]


def test_a_declined_risk_stays_with_its_investor(demonstration: Demonstration) -> None:
    (share,) = investment(demonstration, "faellesplan/app-1")["shares"]
    assert (share["bearer"], share["declined"]) == ("investor", True)


def test_only_what_lost_its_cover_is_open(demonstration: Demonstration) -> None:
    rows = demonstration.rows("investments", open=True)
    assert sorted(row["instalment"] for row in rows) == ["archive-1", "reports-1"]


def test_a_pause_is_flagged_and_ends_no_cover(demonstration: Demonstration) -> None:
    (share,) = investment(demonstration, "faellesplan/calendar-4")["shares"]
    assert (share["reason"], share["flags"]) == ("covered", ["paused"])


def test_money_that_came_back_lowers_what_is_at_risk_and_returns_no_headroom(
    demonstration: Demonstration,
) -> None:
    assert demonstration.shares("faellesplan/calendar-1", "2024-12-11") == [
        ("120000.00", "covered")
    ]
    assert demonstration.shares("faellesplan/calendar-1", "2024-12-12") == [
        ("110000.00", "covered")
    ]
    commission = demonstration.row("commissions", "product:faellesplan/calendar")
    assert commission is not None
    assert commission["drawn_at_least"] == "345000.00"


@pytest.mark.parametrize(
    ("resolution", "status", "reasons"),
    [
        ("fp-calendar", "carried", ["majority"]),
        ("fp-reports", "carried", ["casting_vote"]),
        ("fp-paid-placement", "lost", ["tie"]),
        ("fp-rules", "carried", ["inquorate", "majority"]),
        ("fp-pilot", "carried", ["written"]),
        ("fp-steering-group", "carried", ["consensus"]),
        ("fp-archive", "annulled", ["majority"]),
        ("fp-meeting-rhythm", "superseded", ["consensus"]),
        ("fp-app-store", "withdrawn", []),
        ("fp-orientation", "tabled", []),
    ],
)
def test_outcomes_are_explained_round_by_round(
    demonstration: Demonstration, resolution: str, status: str, reasons: list[str]
) -> None:
    row = demonstration.row("resolutions", f"resolution:{resolution}")
    assert row is not None
    assert row["status"] == status
    assert [held["reason"] for held in row["rounds"]] == reasons
    assert row["mismatches"] == []


def test_a_conflicted_member_stays_on_the_roll_without_a_ballot(
    demonstration: Demonstration,
) -> None:
    row = demonstration.row("resolutions", "resolution:fp-archive-annulled")
    assert row is not None
    (held,) = row["rounds"]
    assert held["counts"]["recused"] == 1
    assert held["seated"] == 4


def test_the_invented_debate_shows_the_group_that_stayed_silent(
    demonstration: Demonstration,
) -> None:
    row = demonstration.row("debates", "debate:faellesplan-mobil")
    assert row is not None
    assert row["silent"] == ["user_association"]
    assert [tried["format"] for tried in row["formats"]] == ["workshop", "survey"]
    assert row["status"] == "open"
    closed = demonstration.row("debates", "debate:faellesplan-mobil", "2024-06-10")
    assert closed is not None
    assert closed["status"] == "closed"


def test_everything_invented_is_told_apart(demonstration: Demonstration) -> None:
    for view in ("portfolio", "bodies", "parties", "debates", "resolutions", "risks"):
        rows = demonstration.rows(view)
        real = [row for row in rows if not row["fiction"]]
        assert 0 < len(real) < len(rows)
        assert not [row for row in real if "opdigtet" in str(row.get("name", ""))]


def test_a_correction_mends_an_amount_from_its_approval_on_and_a_withdrawn_one_none(
    demonstration: Demonstration,
) -> None:
    before, corrected = demonstration.since("fiction-4"), demonstration.since("fiction-corrected")
    for key, amounts in (
        ("havnekort/harbour-1", ["60000.00", "66000.00", "66000.00"]),
        ("faellesplan/integration-1", ["70000.00", "75000.00", "70000.00"]),
    ):
        told = [demonstration.shares(key, known=size) for size in (before, corrected, None)]
        assert told == [[(amount, "covered")] for amount in amounts]


def test_a_contract_found_late_waits_and_changes_no_answer(demonstration: Demonstration) -> None:
    assert demonstration.row("investments", "product:faellesplan/calendar-late") is None
    (waiting,) = demonstration.rows("approvals", counting="pending")
    assert set(waiting["reasons"]) == {"late", "import"}
    assert demonstration.shares("faellesplan/calendar-2")[0] == ("180000.00", "covered")
