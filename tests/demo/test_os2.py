"""What the demonstration answers about OS2, today and on earlier dates."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from govlog.domain.attribution import Bearer, Reason
from govlog.domain.events.body import Majority, QuorumOf, Rules, TieRule
from tests.demo.demonstration import Demonstration

DEBATE = "debate:elefanten-i-rummet"
BOARD = [
    ("Bo Fristed", "chair", "Aarhus Kommune (ITK)"),
    ("Marie Danneskiold-Samsøe", "vice_chair", "Vallensbæk Kommune"),
    ("Henrik Brix", "member", "Favrskov Kommune"),
    ("Leon K. Johansen", "member", "SKI"),
    ("Jens Kjellerup", "member", "Ballerup Kommune"),
    ("Eva Iversen", "member", "Middelfart Kommune"),
]


def name_of(demonstration: Demonstration, party: str) -> str:
    row = demonstration.row("parties", party)
    assert row is not None
    name = row["name"]
    return name if isinstance(name, str) else demonstration.text(name)


@pytest.mark.parametrize("day", ["2023-09-25", None])
def test_the_board_replied_in_three_points_and_six_signed(
    demonstration: Demonstration, day: str | None
) -> None:
    debate = demonstration.row("debates", DEBATE, day)
    assert debate is not None
    (reply,) = debate["replies"]
    assert reply["body"] == "body:os2-board"
    assert [point["point"] for point in reply["key_points"]] == [
        "debate-is-essential",
        "responsibility-is-shared",
        "os2-keeps-developing",
    ]
    assert "at their own risk" in demonstration.text(reply["key_points"][1]["text"])
    signed = [
        (
            name_of(demonstration, each["party"]),
            each["role"],
            name_of(demonstration, each["organisation"]),
        )
        for each in reply["signatories"]
    ]
    assert signed == BOARD
    assert debate["status"] == "closed"
    assert debate["resolutions"] == ["resolution:os2-own-risk", "resolution:os2-not-for-everything"]


def test_the_day_before_the_board_had_not_replied(demonstration: Demonstration) -> None:
    debate = demonstration.row("debates", DEBATE, "2023-09-24")
    assert debate is not None
    assert debate["replies"] == []
    assert debate["status"] == "open"


def test_nothing_was_known_of_the_debate_before_it_was_approved(
    demonstration: Demonstration,
) -> None:
    before = demonstration.since("os2-bylaws")
    assert demonstration.row("debates", DEBATE, known=before) is None
    assert demonstration.row("debates", DEBATE, known=demonstration.since("os2-debate"))


def test_the_debate_has_its_author_and_the_answer_of_the_secretariat(
    demonstration: Demonstration,
) -> None:
    debate = demonstration.row("debates", DEBATE)
    assert debate is not None
    assert demonstration.text(debate["title"]) == "Elefanten i rummet"
    assert name_of(demonstration, debate["opened_by"]) == "Morten Kjærsgaard"
    assert debate["silent"] == []
    voices = {voice["voice"]: voice for voice in demonstration.rows("voices", debate=DEBATE)}
    assert voices["secretariat-head"]["party"] == "party:os2-secretariat"
    assert voices["secretariat-head"]["day"]["earliest"] == "2023-09-11"


def test_six_are_said_to_sit_on_the_board_and_nobody_is_seated(
    demonstration: Demonstration,
) -> None:
    sitting = demonstration.rows("claims", stream="body:os2-board", about="member_seated")
    assert [name_of(demonstration, claim["party"]) for claim in sitting] == [
        name for name, _, _ in BOARD
    ]
    assert {claim["holds_on"] for claim in sitting} == {"2023-09-25"}
    assert demonstration.rows("seats", "2023-09-25", body="body:os2-board") == []
    before = demonstration.rows(
        "claims", "2023-09-24", stream="body:os2-board", about="member_seated"
    )
    assert before == []


def test_os2iot_has_its_22_authorities_and_five_elements_as_claims(
    demonstration: Demonstration,
) -> None:
    claims = {
        claim["about"]: claim for claim in demonstration.rows("claims", stream="product:os2iot")
    }
    assert claims["authorities_joined"]["count"] == 22
    elements = {
        "product_coordinator",
        "steering_group",
        "coordination_group",
        "central_economy",
        "vendor_agreement",
    }
    assert elements <= set(claims)
    assert all(claims[each]["evidence"] for each in elements)


def test_os2iot_was_admitted_in_2017_on_authority_that_no_vote_shows(
    demonstration: Demonstration,
) -> None:
    before = demonstration.row("portfolio", "product:os2iot", "2017-08-16")
    admitted = demonstration.row("portfolio", "product:os2iot", "2017-08-17")
    assert before is not None
    assert admitted is not None
    assert before["admitted"] is False
    assert (admitted["admitted"], admitted["proven"]) == (True, False)


def test_os2datascanner_left_the_portfolio_on_14_december_2023(
    demonstration: Demonstration,
) -> None:
    days = ("2023-12-13", "2023-12-14")
    rows = [demonstration.row("portfolio", "product:os2datascanner", day) for day in days]
    assert [row["stage"] for row in rows if row] == ["proposed", "exited"]


def test_one_product_of_os2_is_commissioned_today_and_none_before(
    demonstration: Demonstration,
) -> None:
    def commissioned(day: str | None, known: int | None = None) -> list[str]:
        rows = demonstration.rows("portfolio", day, known, fiction=False)
        return [row["product"] for row in rows if row["commissioned"]]

    assert commissioned(None) == ["product:os2borgerpc"]
    assert commissioned("2026-06-03") == []
    assert commissioned(None, demonstration.since("os2-products")) == []


def test_the_order_for_consultancy_covers_its_supplier_without_proof(
    demonstration: Demonstration,
) -> None:
    (share,) = demonstration.would_be(
        "product:os2borgerpc", "v3-prototype-consultancy", "party:cormora", "30000", "2026-06-10"
    )
    assert (share.bearer, share.reason, share.proven) == (Bearer.COMMUNITY, Reason.COVERED, False)
    covered, beyond = demonstration.would_be(
        "product:os2borgerpc", "v3-prototype-consultancy", "party:cormora", "60000", "2026-06-10"
    )
    assert (covered.amount, beyond.amount) == (Decimal(50000), Decimal(10000))
    assert beyond.reason is Reason.OVER_CEILING


def test_who_invests_in_os2iot_today_does_so_at_their_own_risk(
    demonstration: Demonstration,
) -> None:
    (share,) = demonstration.would_be(
        "product:os2iot", "anything", "party:magenta", "100000", "2026-06-10"
    )
    assert (share.bearer, share.reason) == (Bearer.INVESTOR, Reason.NOT_COMMISSIONED)


def test_no_resolution_about_os2_passes_for_proven(demonstration: Demonstration) -> None:
    real = [row for row in demonstration.rows("resolutions") if not row["fiction"]]
    decided = [row["outcome"] for row in real if row["outcome"]]
    assert len(decided) > 15
    assert {(each["word"], each["proof"], each["proven"]) for each in decided} == {
        ("carried", "text", False)
    }


def test_the_money_of_os2borgerpc_stands_as_its_decisions_gave_it(
    demonstration: Demonstration,
) -> None:
    rows = demonstration.rows("declarations", product="product:os2borgerpc")
    money = {
        row["investment"]: (row["amount"] and row["amount"]["amount"], row["standing"])
        for row in rows
    }
    assert money == {
        "product-management-2025": (None, "approved"),
        "documentation-2025": ("25000.00", "approved"),
        "django-update": ("20000.00", "approved"),
        "security-patch": ("30000.00", "proposed"),
    }
    commission = demonstration.row("commissions", "product:os2borgerpc/consultancy-v3")
    assert commission is not None
    assert commission["ceiling"]["amount"] == "50000.00"
    assert demonstration.rows("investments", fiction=False) == []


def test_the_overwritten_decision_and_the_proposal_in_its_place_both_stand(
    demonstration: Demonstration,
) -> None:
    change = demonstration.row("resolutions", "resolution:bpc-plan-change")
    patch = demonstration.row("resolutions", "resolution:bpc-security-patch")
    assert change is not None
    assert patch is not None
    assert (change["status"], change["outcome"]["day"]["earliest"]) == ("carried", "2026-06-04")
    assert (patch["status"], patch["outcome"]) == ("tabled", None)


def test_the_bylaws_give_the_board_its_rules_of_voting(demonstration: Demonstration) -> None:
    board = demonstration.row("bodies", "body:os2-board")
    assembly = demonstration.row("bodies", "body:os2-general-assembly")
    assert board is not None
    assert assembly is not None
    assert board["on_bylaws"]
    rules = msgspec.convert(board["rules"], Rules)
    assert (rules.quorum, rules.majority, rules.tie) == (
        QuorumOf.AT_LEAST_HALF,
        Majority.SIMPLE,
        TieRule.CHAIR,
    )
    changes = msgspec.convert(assembly["rules"], Rules)
    assert changes.majority is Majority.TWO_THIRDS_PRESENT
