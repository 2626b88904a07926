"""The late-entry register: lag, evidence, approver, and the amounts that a late word flipped."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest

from tests.api.community import Community
from tests.api.service import today
from tests.api.test_corrections import SHOWN

LAMP = "/v1/streams/product:lamp"


@pytest.fixture
def told(community: Community) -> Community:
    """A correction that was approved, one that waits, and a late instalment that waits."""
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution)
    community.instalment("i1")
    for amount, approve in (("150000", True), ("90000", False)):
        correction = {
            "event": "product:lamp@3",
            "field": "amount",
            "value": {"amount": amount, "currency": "DKK"},
            "grounds": "Misread",
            "evidence": SHOWN,
        }
        waiting = here.record(f"{LAMP}/corrections", correction)
        if approve:
            word = {"facts": [waiting["id"]]}
            here.record(f"{LAMP}/approvals", word, token=community.members["second"])
    ago = (today() - timedelta(days=60)).isoformat()
    community.instalment("late", amount="5000", bound_on=ago)
    here.record(f"{LAMP}/corrections", {**_name(), "evidence": SHOWN})
    here.show()
    return community


def _name() -> dict[str, Any]:
    return {"event": "product:lamp@1", "field": "name", "value": "Lantern"}


def entries(community: Community, **asked: str) -> list[dict[str, Any]]:
    found = community.service.client.get("/v1/late-entries", query_string=asked)
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json["items"]
    return items


def test_the_register_names_lag_evidence_and_approver_of_what_was_corrected_or_late(
    told: Community,
) -> None:
    approved, waiting, late, renamed = entries(told)
    assert (approved["counting"], approved["reasons"]) == ("approved", ["corrects"])
    assert (approved["corrects"], approved["field"]) == ("product:lamp@3", "amount")
    assert approved["approved_by"] != approved["recorded_by"]
    assert approved["evidence"] == SHOWN
    assert approved["grounds"] == "Misread"
    assert (waiting["counting"], waiting["approved_by"], waiting["counts_from"]) == (
        "pending",
        None,
        None,
    )
    assert (late["counting"], late["lag_days"]) == ("pending", 60)
    assert "late" in late["reasons"]
    assert (renamed["counting"], renamed["reasons"]) == ("counted", [])
    assert [each["event"] for each in entries(told, counting="pending")] == [
        waiting["event"],
        late["event"],
    ]


def test_the_register_lists_every_amount_that_a_fact_flipped_when_it_began_to_count(
    told: Community,
) -> None:
    approved, waiting, late, renamed = entries(told)
    (flip,) = approved["flipped"]
    assert (flip["instalment"], flip["investor"]) == ("i1", "party:acme")
    amounts = [[(each["amount"], each["reason"]) for each in flip[when]] for when in _BOTH]
    assert amounts == [
        [("40000.00", "covered")],
        [("100000.00", "covered"), ("50000.00", "over_ceiling")],
    ]
    assert [each["flipped"] for each in (waiting, late, renamed)] == [[], [], []]


_BOTH = ("before", "after")


def test_before_its_approval_an_entry_is_pending_and_flips_nothing(told: Community) -> None:
    approved = entries(told)[0]
    before = entries(told, known_at=f"size:{approved['counts_from'] - 1}")
    assert [(each["counting"], each["flipped"]) for each in before] == [("pending", [])]


def test_the_register_comes_as_a_table(told: Community) -> None:
    answer = told.service.get("/v1/late-entries", Accept="text/csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert len(rows) == 4
    assert rows[2]["lag_days"] == "60"
    assert "over_ceiling" in rows[0]["flipped"]
