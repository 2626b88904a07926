"""Several commands at once, imports, and the second person's word."""

from __future__ import annotations

from typing import Any

from govlog.persistence.access import ROLES
from tests.api.community import BYLAWS, RULES, Community
from tests.api.service import RECORDER, Service, day
from tests.api.test_bad_input import fields, problem


def line(command: str, stream: str | None = None, **data: Any) -> dict[str, Any]:
    named = {} if stream is None else {"stream": stream}
    return {"command": command, **named, "decided_on": day(), "data": data}


def founding() -> list[dict[str, Any]]:
    return [
        line("register_party", "party:anna", kind="person", name="Anna"),
        {
            "command": "found_body",
            "key": "board",
            "decided_on": day(),
            "data": {"name": "Board", "rules": RULES, "evidence": BYLAWS},
        },
        line("seat_member", "body:board", seat="chair", party="party:anna", role="chair"),
    ]


def test_later_commands_name_what_earlier_ones_begin(service: Service) -> None:
    response = service.post("/v1/batch", {"commands": founding()})
    assert response.status_code == 201, response.text
    told = response.json
    assert told["size"] == 3
    person = told["facts"][0]["stream"]
    assert person != "party:anna"
    assert told["facts"][2]["data"]["party"] == person
    assert all(fact["pending"] == [] for fact in told["facts"])


def test_a_batch_is_recorded_whole_or_not_at_all(service: Service) -> None:
    wrong = line("seat_member", "body:board", seat="chair", party="party:bo", role="chair")
    response = service.post("/v1/batch", {"commands": [*founding(), wrong]})
    problem(response, 409, "already-recorded")
    assert service.size() == 0
    unknown = line("pause_product", "product:none")
    problem(service.post("/v1/batch", {"commands": [*founding(), unknown]}), 422, "not-found")
    assert service.size() == 0


def test_a_fault_in_a_batch_is_named_by_its_place(service: Service) -> None:
    broken = [
        founding()[0],
        {"command": "dance"},
        {"command": "pause_product", "data": {}},
        line("register_party", kind="organisation", name="", shape="round"),
        line("grant_mandate", "product:lamp", acts=[]),
    ]
    for place, field in (
        (1, "commands.1.command"),
        (2, "commands.2.stream"),
        (3, "commands.3.data.shape"),
        (4, "commands.4.stream"),
    ):
        commands = [founding()[0], broken[place]]
        told = problem(service.post("/v1/batch", {"commands": commands}), 422, "invalid-body")
        assert field.replace(f".{place}.", ".1.") in fields(told)
    problem(service.post("/v1/batch", {"commands": []}), 422, "invalid-body")
    problem(service.post("/v1/batch", []), 422, "invalid-body")
    assert service.size() == 0


def test_one_name_calls_one_person_in_a_batch(service: Service) -> None:
    response = service.post("/v1/batch", {"commands": [founding()[0], founding()[0]]})
    assert fields(problem(response, 422, "invalid-body")) == {"commands.1.key"}


def test_a_batch_with_a_key_records_once(service: Service) -> None:
    first = service.post("/v1/batch", {"commands": founding()}, Idempotency_Key="k")
    again = service.post("/v1/batch", {"commands": founding()}, Idempotency_Key="k")
    assert first.data == again.data
    assert service.size() == 3


def test_a_batch_may_be_larger_than_a_single_body(service: Service) -> None:
    text = "a" * 90_000
    commands = [
        line("open_debate", f"debate:d{number}", title=text, question=text) for number in range(8)
    ]
    assert service.post("/v1/batch", {"commands": commands}).status_code == 201
    huge = {"commands": [], "import": {"key": "k", "source": "a" * 8 * 1024 * 1024}}
    problem(service.post("/v1/batch", huge), 413, "body-too-large")


def imported(service: Service) -> None:
    commands = [
        line("propose_product", "product:kettle", name="Kettle"),
        {
            "command": "admit_product",
            "stream": "product:kettle",
            "data": {"decided_on": "2017", "authority_text": "The board said so", "level": "2"},
        },
    ]
    body = {"commands": commands, "import": {"key": "old-minutes", "source": "Minutes of 2017"}}
    response = service.post("/v1/batch", body)
    assert response.status_code == 201, response.text
    assert response.json["facts"][0]["pending"][0] == "import"
    assert response.json["facts"][-1]["topic"] == "BatchRecorded.v1"


def test_an_import_counts_once_a_second_person_approves_it_as_a_whole(
    community: Community,
) -> None:
    here = community.service
    imported(here)
    here.show()
    assert here.get("/v1/products/kettle").status_code == 404
    waiting = here.get("/v1/approvals?batch=old-minutes&counting=pending").json["items"]
    assert {each["stream"] for each in waiting} == {"product:kettle"}
    path = "/v1/batches/old-minutes/approval"
    told = problem(here.post(path), 422, "four-eyes")
    assert told["rule_number"] == 5
    single = {"facts": ["product:kettle@1"]}
    second = community.members["second"]
    response = here.post("/v1/streams/product:kettle/approvals", single, token=second)
    problem(response, 422, "part-of-batch")
    approved = here.post(path, token=second)
    assert approved.status_code == 201
    assert {fact["topic"] for fact in approved.json["facts"]} == {"Approved.v1"}
    here.show()
    shown = here.get("/v1/products/kettle").json["item"]
    assert (shown["stage"], shown["proven"]) == ("admitted", False)
    problem(here.post(path, token=second), 422, "not-pending")


def test_who_approves_an_import_says_how_much_of_it_was_looked_at(community: Community) -> None:
    here = community.service
    imported(here)
    second = community.members["second"]
    path = "/v1/batches/old-minutes/approval"
    headers = {"Authorization": f"Bearer {second}"}
    problem(here.client.post(path, headers=headers), 428, "precondition-required")
    looked_at = here.get("/v1/streams/batch:old-minutes/history").headers["ETag"]
    more = [line("propose_product", "product:pan", name="Pan")]
    body = {"commands": more, "import": {"key": "old-minutes", "source": "Minutes of 2018"}}
    assert here.post("/v1/batch", body).status_code == 201
    size = here.size()
    grown = here.post(path, token=second, If_Match=looked_at)
    assert problem(grown, 412, "stale-version")["values"]["current"] == 2
    refusal = here.post("/v1/batches/old-minutes/refusal", token=second, If_Match=looked_at)
    problem(refusal, 412, "stale-version")
    assert here.size() == size
    assert here.post(path, token=second, If_Match='W/"v2"').status_code == 201


def test_a_refused_import_never_counts(community: Community) -> None:
    here = community.service
    imported(here)
    second = community.members["second"]
    path = "/v1/batches/old-minutes/refusal"
    refused = here.post(path, {"grounds": "The minutes are not ours"}, token=second)
    assert refused.status_code == 201
    here.show()
    assert here.get("/v1/products/kettle").status_code == 404
    kept = here.get("/v1/approvals?counting=refused").json["items"]
    assert kept[0]["grounds"] == "The minutes are not ours"
    unknown = here.post("/v1/batches/none/refusal", token=second)
    problem(unknown, 404, "not-found")


def test_a_late_fact_waits_and_counts_once_a_second_person_approves_it(
    community: Community,
) -> None:
    here = community.service
    body = {"name": "Lantern", "decided_on": "2020"}
    late = here.post("/v1/products/lamp/names", body).json
    assert late["pending"] == ["late"]
    own = here.post("/v1/streams/product:lamp/approvals", {"facts": [late["id"]]})
    problem(own, 422, "four-eyes")
    second = community.members["second"]
    path = "/v1/streams/product:lamp/approvals"
    approved = here.post(path, {"facts": [late["id"]]}, token=second)
    assert approved.status_code == 201, approved.text
    wrong = here.post(path, {"facts": ["lamp"]}, token=second)
    assert fields(problem(wrong, 422, "invalid-body")) == {"facts.0"}


def test_a_claim_of_a_source_is_recorded_on_any_stream(community: Community) -> None:
    here = community.service
    body = {
        "topic": "authorities_joined",
        "text": "22 have joined",
        "count": 22,
        "by": "body:board",
    }
    told = here.record("/v1/streams/product:lamp/statements", body)
    assert told["facts"][0]["topic"] == "Stated.v1"
    here.show()
    (claim,) = here.get("/v1/claims?stream=product:lamp").json["items"]
    assert claim["count"] == 22


def ballots(resolution: str, **cast: str) -> list[dict[str, Any]]:
    return [
        line("cast_vote", f"resolution:{resolution}", seat=seat, ballot=ballot)
        for seat, ballot in cast.items()
    ]


def test_a_recorder_imports_the_ballots_of_an_old_vote_and_a_second_person_approves(
    community: Community,
) -> None:
    here = community.service
    recorder = here.token(RECORDER, ROLES["recorder"])
    old = [
        line(
            "table_resolution",
            "resolution:old",
            body="body:board",
            kind="decision",
            title="A lamp for the hall",
        ),
        line("fix_roll", "resolution:old"),
        *ballots("old", chair="for", second="for", third="against"),
        line("close_voting", "resolution:old"),
    ]
    imported = {"key": "minutes-2024", "source": "minutes"}
    asked = {"commands": old, "import": imported}
    told = here.post("/v1/batch", asked, token=recorder)
    assert told.status_code == 201, told.text
    approved = here.post("/v1/batches/minutes-2024/approval", token=community.members["second"])
    assert approved.status_code == 201, approved.text
    here.show()
    assert here.get("/v1/resolutions/old").json["item"]["status"] == "carried"


def test_a_recorder_votes_for_nobody_live_and_not_by_way_of_an_import(community: Community) -> None:
    here = community.service
    recorder = here.token(RECORDER, ROLES["recorder"])
    plan = community.table()
    here.record(f"/v1/resolutions/{plan}/rolls")
    live = {"commands": ballots(plan, chair="for")}
    problem(here.post("/v1/batch", live, token=recorder), 403, "scope-required")
    imported = {**live, "import": {"key": "too-clever", "source": "minutes"}}
    problem(here.post("/v1/batch", imported, token=recorder), 403, "voted-live")
