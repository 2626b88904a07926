"""A dry run says what would flip, and for whom, before anything is recorded (rule 22)."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.api.community import BYLAWS, Community
from tests.api.service import day
from tests.api.test_batch import line
from tests.api.test_corrections import SHOWN

LAMP = "/v1/streams/product:lamp"


@pytest.fixture
def covered(community: Community) -> Community:
    """The lamp commissioned by a vote of two to one, and 40,000 bound under it."""
    resolution = community.table(key="plan")
    community.carry(resolution)
    community.commission(resolution)
    community.instalment("i1")
    community.service.show()
    return community


def foretold(
    community: Community, path: str, body: dict[str, Any], token: str | None = None
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The changes of a dry run by view and id, and the parties they affect."""
    here, size = community.service, community.service.size()
    dated = body if "commands" in body else {"decided_on": day(), **body}
    response = here.post(f"{path}?dry_run=true", dated, token=token)
    assert response.status_code == 200, response.text
    assert here.size() == size
    told = response.json
    return {f"{each['view']} {each['id']}": each for each in told["changes"]}, told["parties"]


def shares(spells: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (share["amount"], share["reason"]) for spell in spells for share in spell["row"]["shares"]
    ]


def test_a_scope_cut_and_a_revocation_show_what_they_take_of_their_whole_day(
    covered: Community,
) -> None:
    more = {"mandate": "more", "acts": ["amendment"], "evidence": BYLAWS}
    covered.service.record("/v1/bodies/board/mandates", more)
    covered.carry(covered.table(key="stop", authorises=[]))
    covered.service.show()
    on = "/v1/products/lamp/commissions/c1"
    cut = {"resolution": "resolution:stop", "scope": ["bulb"]}
    changes, parties = foretold(covered, f"{on}/amendments", cut)
    assert "scope" in changes["commissions product:lamp/c1"]["changed"]
    bound = changes["investments product:lamp/i1"]
    assert shares(bound["before"]) == [("40000.00", "covered")]
    assert shares(bound["after"]) == [("40000.00", "out_of_scope")]
    assert parties == ["party:acme"]
    changes, parties = foretold(covered, f"{on}/revocation", {"resolution": "resolution:stop"})
    assert changes["commissions product:lamp/c1"]["after"][-1]["row"]["status"] == "revoked"
    assert "commissioned" in changes["portfolio product:lamp"]["changed"]
    assert parties == ["party:acme"]


def test_a_correction_of_a_ballot_shows_every_verdict_that_relied_on_the_resolution(
    covered: Community,
) -> None:
    ballot = {
        "event": "resolution:plan@4",
        "field": "ballot",
        "value": "against",
        "evidence": SHOWN,
    }
    changes, parties = foretold(covered, "/v1/streams/resolution:plan/corrections", ballot)
    assert shares(changes["investments product:lamp/i1"]["before"]) == [("40000.00", "covered")]
    assert shares(changes["investments product:lamp/i1"]["after"]) == [
        ("40000.00", "authority_void")
    ]
    assert changes["resolutions resolution:plan"]["after"][-1]["row"]["status"] == "lost"
    assert any(name.startswith("proofs ") for name in changes)
    assert parties == ["party:acme"]


def test_an_annulment_shows_the_shares_that_lose_their_authority(covered: Community) -> None:
    body = {"ground": "ruling", "ruling": {"locator": "https://example.org/ruling-7"}}
    changes, parties = foretold(covered, "/v1/resolutions/plan/annulments", body)
    after = shares(changes["investments product:lamp/i1"]["after"])
    assert after == [("40000.00", "authority_void")]
    assert "community_at_least" in changes["exposure product:lamp/DKK"]["changed"]
    assert parties == ["party:acme"]


def test_what_an_approval_would_flip_shows_to_the_second_person(covered: Community) -> None:
    here = covered.service
    amount = {
        "event": "product:lamp@3",
        "field": "amount",
        "value": {"amount": "150000", "currency": "DKK"},
        "evidence": SHOWN,
    }
    waiting = here.record(f"{LAMP}/corrections", amount)
    here.show()
    word = {"facts": [waiting["id"]]}
    changes, parties = foretold(covered, f"{LAMP}/approvals", word, covered.members["second"])
    assert shares(changes["investments product:lamp/i1"]["after"]) == [
        ("100000.00", "covered"),
        ("50000.00", "over_ceiling"),
    ]
    assert parties == ["party:acme"]
    here.record(f"{LAMP}/approvals", word, token=covered.members["second"])
    here.show()
    row = here.get("/v1/investments").json["items"][0]
    assert [(each["amount"], each["reason"]) for each in row["shares"]] == shares(
        changes["investments product:lamp/i1"]["after"]
    )


def test_what_an_earlier_fact_displaced_is_told_by_the_impact_as_it_is_shown(
    covered: Community,
) -> None:
    here = covered.service
    more = {"mandate": "more", "acts": ["amendment"], "evidence": BYLAWS}
    here.record("/v1/bodies/board/mandates", more)
    covered.carry(covered.table(key="stop", authorises=[]))
    cut = {"resolution": "resolution:stop", "scope": ["bulb"], "notified_on": day()}
    mark = here.record("/v1/products/lamp/commissions/c1/amendments", cut)["id"]

    def seen() -> list[dict[str, Any]]:
        here.show()
        found: list[dict[str, Any]] = here.get("/v1/investments").json["items"][0]["shares"]
        return found

    displaced = seen()
    assert [(each["amount"], each["displaced_by"]) for each in displaced] == [("40000.00", mark)]
    amount = {
        "event": "product:lamp@3",
        "field": "amount",
        "value": {"amount": "50000", "currency": "DKK"},
        "evidence": SHOWN,
    }
    told = here.post(f"{LAMP}/corrections?dry_run=true", {"decided_on": day(), **amount}).json
    (flip,) = told["impact"]
    assert flip["before"]["shares"] == displaced
    (change,) = (each for each in told["changes"] if each["view"] == "investments")
    assert flip["after"]["shares"] == change["after"][0]["row"]["shares"]
    again = line("correct_fact", "product:lamp", **amount)
    several = {"commands": [line("rename_product", "product:lamp", name="Lantern"), again]}
    told = here.post("/v1/batch?dry_run=true", several).json
    assert told["impact"] == [flip]
    waiting = here.record(f"{LAMP}/corrections", amount)
    word = {"facts": [waiting["id"]]}
    here.record(f"{LAMP}/approvals", word, token=covered.members["second"])
    assert flip["after"]["shares"] == seen()
    assert [each.get("displaced_by") for each in seen()] == [mark, None]


def test_a_dry_run_waits_until_the_views_have_come_as_far_as_the_log(covered: Community) -> None:
    """Else it would not know which fact has displaced what it shows."""
    here = covered.service
    more = {"mandate": "more", "acts": ["amendment"], "evidence": BYLAWS}
    here.record("/v1/bodies/board/mandates", more)
    covered.carry(covered.table(key="stop", authorises=[]))
    here.show()
    cut = {"resolution": "resolution:stop", "scope": ["bulb"], "notified_on": day()}
    mark = here.record("/v1/products/lamp/commissions/c1/amendments", cut)["id"]
    amount = {
        "event": "product:lamp@3",
        "field": "amount",
        "value": {"amount": "50000", "currency": "DKK"},
        "evidence": SHOWN,
    }
    moving = threading.Timer(0.2, here.show)
    moving.start()
    changes, _ = foretold(covered, f"{LAMP}/corrections", amount)
    moving.join()
    (spell,) = changes["investments product:lamp/i1"]["before"]
    assert [each["displaced_by"] for each in spell["row"]["shares"]] == [mark]


def test_of_several_facts_it_shows_what_changes_at_once_and_what_once_the_rest_is_approved(
    covered: Community,
) -> None:
    here = covered.service
    amount = {
        "event": "product:lamp@3",
        "field": "amount",
        "value": {"amount": "70000", "currency": "DKK"},
        "evidence": SHOWN,
    }
    second = {
        "instalment": "i2",
        "investor": "party:acme",
        "scope_item": "shade",
        "amount": {"amount": "50000", "currency": "DKK"},
        "bound_on": day(),
    }
    commands = [
        line("correct_fact", "product:lamp", **amount),
        line("commit_instalment", "product:lamp", **second),
    ]
    changes, _ = foretold(covered, "/v1/batch", {"commands": commands})

    def left(spells: list[dict[str, Any]]) -> list[str]:
        return [each["row"]["headroom"]["at_least"] for each in spells]

    ceiling = changes["commissions product:lamp/c1"]
    assert left(ceiling["before"]) == ["60000.00"]
    assert left(ceiling["meanwhile"]) == ["10000.00"]
    assert left(ceiling["after"]) == ["0.00"]
    told = here.post("/v1/batch", {"commands": commands}).json
    here.show()
    assert left([{"row": here.get("/v1/commissions").json["items"][0]}]) == ["10000.00"]
    word = {"facts": [told["facts"][0]["id"]]}
    here.record(f"{LAMP}/approvals", word, token=covered.members["second"])
    here.show()
    assert left([{"row": here.get("/v1/commissions").json["items"][0]}]) == ["0.00"]
    alone, _ = foretold(covered, "/v1/products/lamp/names", {"name": "Lantern"})
    assert {each["meanwhile"] for each in alone.values()} == {None}
