"""A scored vote through the front door: options, scores, sums, and only the chosen one's acts."""

from __future__ import annotations

from typing import Any

from tests.api.community import Community
from tests.api.service import day
from tests.api.test_bad_input import fields, problem


def tabled(community: Community) -> str:
    def option(name: str, product: str) -> dict[str, Any]:
        acts = [{"act": "admission", "product": product}]
        return {"option": name, "title": f"Take {name}", "authorises": acts}

    body = {
        "key": "which",
        "body": "body:board",
        "kind": "decision",
        "title": "Which product is taken in?",
        "options": [option("lamp", "product:lamp"), option("rug", "product:rug")],
    }
    community.service.record("/v1/products", {"key": "rug", "name": "Rug"})
    community.service.record("/v1/resolutions", body)
    community.service.record("/v1/resolutions/which/rolls")
    return "/v1/resolutions/which/votes"


def score(community: Community, path: str, seat: str, **scores: int | None) -> None:
    told = [{"option": option, "score": each} for option, each in scores.items()]
    body = {"seat": seat, "ballot": "scored", "scores": told}
    community.service.record(path, body, token=community.members[seat])


def test_the_highest_sum_carries_and_only_its_acts_are_authorised(community: Community) -> None:
    here = community.service
    path = tabled(community)
    score(community, path, "chair", lamp=2, rug=-1)
    score(community, path, "second", rug=7)
    score(community, path, "third", lamp=5, rug=None)
    here.record("/v1/resolutions/which/count")
    here.show()
    item = here.get("/v1/resolutions/which").json["item"]
    assert (item["outcome"]["option"], item["outcome"]["reason"]) == ("lamp", "highest_sum")
    assert [(each["option"], each["sum"]) for each in item["rounds"][0]["sums"]] == [
        ("lamp", 7),
        ("rug", 6),
    ]
    ballots = here.get("/v1/resolutions/which/votes").json["items"]
    assert [each["ballot"] for each in ballots] == ["scored"] * 3
    resolution = {"resolution": "resolution:which", "decided_on": day()}
    problem(here.post("/v1/products/rug/admissions", resolution), 422, "without-authority")
    here.record("/v1/products/lamp/admissions", resolution)
    here.show()
    (act,) = here.get("/v1/resolutions/which/acts").json["items"]
    assert (act["product"], act["shown"], act["option"]) == ("product:lamp", "proven", "lamp")


def test_a_score_out_of_range_or_for_nothing_is_named(community: Community) -> None:
    here, path = community.service, tabled(community)
    token = community.members["chair"]

    def sent(ballot: str, *scores: dict[str, Any]) -> Any:
        body = {"decided_on": day(), "seat": "chair", "ballot": ballot, "scores": list(scores)}
        return here.post(path, body, token=token)

    told = problem(sent("scored", {"option": "lamp", "score": 11}), 422, "invalid-body")
    assert fields(told) == {"scores.0.score"}
    problem(sent("scored", {"option": "sofa", "score": 1}), 422, "wrong-score")
    problem(sent("for"), 422, "wrong-ballot")
