"""What changed, asked over HTTP."""

from __future__ import annotations

from typing import Any

from tests.api.community import Community
from tests.api.test_bad_input import problem


def differences(community: Community, **asked: str) -> dict[str, list[dict[str, Any]]]:
    """The changes of one answer by product."""
    response = community.service.client.get("/v1/diff", query_string=asked)
    assert response.status_code == 200, response.text
    return {each["product"]: each["changes"] for each in response.json["products"]}


def test_what_changed_between_two_sizes_is_told_by_product_with_the_facts_responsible(
    community: Community,
) -> None:
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    before = here.size()
    granted = community.commission(resolution)
    bound = community.instalment("i1")
    here.show()
    told = differences(community, since_known_at=f"size:{before}")
    by_view = {each["view"]: each for each in told["product:lamp"]}
    assert {"commissions", "investments", "portfolio", "exposure"} <= by_view.keys()
    commission = by_view["commissions"]
    assert commission["before"] is None
    assert commission["after"]["ceiling"]["amount"] == "100000.00"
    assert {each["id"] for each in commission["events"]} == {granted["id"], bound["id"]}
    assert by_view["portfolio"]["changed"] == ["commissioned", "commissions"]
    assert by_view["investments"]["events"][0]["topic"] == "InstalmentCommitted.v1"
    assert None not in told


def test_what_changed_between_two_days_is_told_as_known_at_one_size(community: Community) -> None:
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution, until="2999-12-31")
    here.show()
    told = differences(community, since_as_of="2999-12-31", as_of="3000-01-01")
    by_view = {each["view"]: each for each in told["product:lamp"]}
    assert by_view["commissions"]["before"]["status"] == "in_force"
    assert by_view["commissions"]["after"]["status"] == "expired"


def test_pages_of_a_difference_follow_each_other(community: Community) -> None:
    here = community.service
    here.show()
    seen: list[str] = []
    address = "/v1/diff?since_known_at=size:0&limit=2"
    while address:
        page = here.get(address).json
        seen += [
            f"{change['view']} {change['id']}"
            for each in page["products"]
            for change in each["changes"]
        ]
        address = page["next"]
    whole = here.get("/v1/diff?since_known_at=size:0&limit=500").json
    assert len(seen) == len(set(seen)) == sum(len(each["changes"]) for each in whole["products"])


def test_a_question_without_two_moments_in_their_order_is_refused(community: Community) -> None:
    here = community.service
    here.show()
    for query in (
        "",
        "?since_known_at=size:1&since_as_of=2023",
        "?since_known_at=size:3&known_at=size:2",
        "?since_as_of=2024&as_of=2023",
        "?since_as_of=nonsense",
        "?since_known_at=size:0&view=timeline",
        "?since_known_at=size:0&product=x",
    ):
        problem(here.get(f"/v1/diff{query}"), 400, "malformed-request")


def test_an_answer_that_is_held_already_is_not_sent_again(community: Community) -> None:
    here = community.service
    here.show()
    first = here.get("/v1/diff?since_known_at=size:0")
    again = here.get("/v1/diff?since_known_at=size:0", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
