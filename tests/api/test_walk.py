"""From a debate to a covered instalment, through the front door."""

from __future__ import annotations

from tests.api.community import Community

ASKED = (
    "/v1/attribution/preview?product=lamp&scope_item=shade&investor=acme&amount=40000&currency=DKK"
)


def test_a_decision_is_debated_voted_on_commissioned_bound_and_asked_about_at_two_dates(
    community: Community,
) -> None:
    here = community.service
    before = here.get(ASKED).json
    assert (before["verdict"], before["reason"]) == ("own_risk", "not_commissioned")
    assert before["answer"].startswith("Own risk: not commissioned.")
    assert before["missing"] == "a commission by a carried resolution"
    known = here.size()

    debate = here.record(
        "/v1/debates",
        {"key": "light", "title": "Light", "question": "Who pays?", "groups": ["vendor", "user"]},
    )
    here.record(
        "/v1/debates/light/voices", {"group": "vendor", "text": "We do", "party": "party:acme"}
    )
    here.record(
        "/v1/debates/light/replies",
        {"body": "body:board", "key_points": [{"text": "Risk is shared"}]},
    )
    resolution = community.table(debate=debate["stream"])
    community.carry(resolution)
    here.record("/v1/debates/light/closing", {"resolutions": [f"resolution:{resolution}"]})
    community.commission(resolution)
    after = here.get(ASKED).json
    assert (after["verdict"], after["commission"]) == ("covered", "c1")
    assert after["answer"].startswith("Covered by commission c1")
    assert after["headroom"]["at_least"] == "100000.00"
    community.instalment("first")

    here.show()
    item = here.get("/v1/investments/lamp/first").json["item"]
    assert item["bearer"] == "community"
    assert item["shares"][0]["commission"] == "c1"
    left = here.get(ASKED).json["headroom"]
    assert (left["at_least"], left["at_most"]) == ("60000.00", "60000.00")
    then = here.get(f"{ASKED}&known_at=size:{known}").json
    assert (then["verdict"], then["known_at"]) == ("own_risk", f"size:{known}")
    shown = here.get("/v1/debates/light").json["item"]
    assert shown["silent"] == ["user"]
    assert here.get("/v1/resolutions/" + resolution).json["item"]["status"] == "carried"
    product = here.get("/v1/products/lamp").json
    assert product["item"]["commissioned"] is True
    past = here.get(f"/v1/products/lamp?known_at=size:{known}").json
    assert past["item"]["commissioned"] is False
