"""A meeting through the front door: one roll, many decisions, one request; then its minutes."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from tests.api.community import Community
from tests.api.service import day
from tests.api.test_bad_input import problem
from tests.api.test_batch import line


def tabled(name: str, **more: Any) -> dict[str, Any]:
    told = {"body": "body:board", "kind": "decision", "title": name, "meeting": "meeting:may"}
    return line("table_resolution", f"resolution:{name}", **{**told, **more})


def minuted(name: str) -> dict[str, Any]:
    return line("minute_outcome", f"resolution:{name}", manner="consensus", meeting="meeting:may")


def hold_a_meeting(community: Community) -> None:
    """Called with one item, three more tabled at it; eight commands and more in one request."""
    here = community.service
    first = community.table(key="first")
    agenda = [
        {"item": "news", "kind": "information", "title": "News"},
        {"item": "first", "kind": "decision", "resolution": f"resolution:{first}"},
    ]
    here.record(
        "/v1/meetings",
        {"key": "may", "body": "body:board", "day": day(), "place": "Library", "agenda": agenda},
    )
    commands = [
        line("take_roll", "meeting:may", present=["chair", "third"]),
        tabled("second"),
        tabled("third"),
        tabled("fourth"),
        minuted("first"),
        minuted("second"),
        minuted("third"),
        line("postpone_resolution", "resolution:fourth", grounds="The figures are missing"),
        line("hold_meeting", "meeting:may"),
        line(
            "draft_minutes",
            "meeting:may",
            text="All agreed.",
            items=[{"item": "news", "text": "There is a new vendor."}],
        ),
    ]
    told = here.post("/v1/batch", {"commands": commands})
    assert told.status_code == 201, told.text
    here.show()


def test_a_secretariat_minutes_a_meeting_with_many_decisions_in_one_request(
    community: Community,
) -> None:
    hold_a_meeting(community)
    here = community.service
    item = here.get("/v1/meetings/may").json["item"]
    assert (item["status"], item["minutes_status"]) == ("held", "draft")
    absent = [each["seat"] for each in item["roll"]["seats"] if not each["present"]]
    assert absent == ["second"]
    assert item["roll"]["attendance"]["quorum_met"] is True
    assert [(each["title"], each["status"]) for each in item["items"]] == [
        ("News", None),
        ("A lamp for everybody", "carried"),
        ("second", "carried"),
        ("third", "carried"),
        ("fourth", "postponed"),
    ]
    assert item["items"][0]["minutes"] == "There is a new vendor."
    (vote,) = here.get("/v1/resolutions/third").json["item"]["rounds"]
    assert (vote["present"], vote["quorum_needed"]) == (2, 2)
    listed = here.get("/v1/meetings/may/resolutions").json["items"]
    assert {each["id"] for each in listed} == {
        f"resolution:{n}" for n in ("second", "third", "fourth")
    }


def test_minutes_are_approved_by_somebody_else_of_the_body(community: Community) -> None:
    hold_a_meeting(community)
    here = community.service
    path = "/v1/meetings/may/minutes/approval"
    problem(here.post(path, {"decided_on": day()}), 422, "minutes-by-one")
    seats = here.get("/v1/bodies/board/seats").json["items"]
    chair = next(each["party"] for each in seats if each["seat"] == "chair")
    here.record(path, {"signed_by": [chair]})
    here.show()
    item = here.get("/v1/meetings/may").json["item"]
    assert (item["minutes_status"], item["minutes"]["signed_by"]) == ("approved", [chair])
    problem(here.post("/v1/meetings/may/minutes", {"decided_on": day()}), 409, "already-recorded")


def test_what_was_postponed_is_tabled_again_and_decided(community: Community) -> None:
    hold_a_meeting(community)
    here = community.service
    problem(
        here.post("/v1/resolutions/fourth/rolls", {"decided_on": day()}),
        422,
        "resolution-postponed",
    )
    here.record("/v1/resolutions/fourth/tablings")
    community.carry("fourth")
    here.show()
    assert here.get("/v1/resolutions/fourth").json["item"]["status"] == "carried"


def test_meetings_come_as_csv_and_as_json_lines(community: Community) -> None:
    hold_a_meeting(community)
    here = community.service
    (row,) = csv.DictReader(io.StringIO(here.get("/v1/meetings", Accept="text/csv").text))
    assert (row["id"], row["status"], row["roll.attendance.present"]) == (
        "meeting:may",
        "held",
        "2",
    )
    assert len(json.loads(row["items"])) == 5
    (told,) = here.get("/v1/meetings", Accept="application/x-ndjson").text.splitlines()
    assert json.loads(told)["minutes"]["text"] == "All agreed."


def test_meetings_are_recorded_with_the_scope_for_minutes(community: Community) -> None:
    here = community.service
    body = {"body": "body:board", "day": day(), "decided_on": day()}
    without = here.token("party:recorder", {"record:debate"})
    problem(here.post("/v1/meetings", body, token=without), 403, "scope-required")
    assert (
        here.post(
            "/v1/meetings", body, token=here.token("party:recorder", {"record:minutes"})
        ).status_code
        == 201
    )
