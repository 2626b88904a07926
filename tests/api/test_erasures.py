"""Erasure through the front door: who may, what it answers, and that nothing is left anywhere."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.app import create_app
from govlog.domain.events.debate import DebateOpened
from govlog.domain.values import StreamId
from projections import erasing, files
from projections.words import words
from tests.api.community import Community
from tests.api.service import Service, today
from tests.api.test_bad_input import problem
from tests.persistence.test_encryption import holding

NAME = "Grethe Lindqvist-Hauge"
GROUND = {"ground": "consent_withdrawn"}


def grethe(here: Service) -> StreamId:
    """A person with a name and a voice; her id."""
    party = StreamId(here.record("/v1/parties", {"kind": "person", "name": NAME})["stream"])
    here.record("/v1/debates", {"key": "d", "title": "The elephant", "question": "Who pays?"})
    said = {"voice": "v", "group": "users", "text": f"{NAME} pays", "party": party}
    here.record("/v1/debates/d/voices", said)
    here.show()
    return party


def everything(here: Service) -> str:
    """Every answer that a reader with all scopes can get."""
    token = f"Bearer {here.recorder}"
    answers = []
    for rule in here.app.url_map.iter_rules():
        methods = rule.methods or set()
        if "GET" not in methods or "at_least" in rule.rule:
            continue
        for address in _addresses(here, rule.rule):
            for accept in ("application/json", "text/csv", "application/x-ndjson"):
                answers.append(here.get(address, Authorization=token, Accept=accept).text)
    return "\n".join(answers)


def _addresses(here: Service, rule: str) -> list[str]:
    """The addresses of a route that lead somewhere in this log."""
    if "<int:index>" in rule:
        fields = ("title", "question", "text", "name") if "<field>" in rule else ("",)
        indices = range(here.size())
        rules = [rule.replace("<int:index>", str(each)) for each in indices]
        return [each.replace("<field>", field) for each in rules for field in fields]
    if "<stream>" in rule:
        streams = dict.fromkeys(each.stream for each in here.rooms.store.replay())
        return [rule.replace("<stream>", each) for each in streams]
    keys = dict.fromkeys(each.stream.partition(":")[2] for each in here.rooms.store.replay())
    if "<" not in rule:
        return [rule]
    first = [re.sub(r"<[^>]+>", each, rule, count=1) for each in keys]
    return [re.sub(r"<[^>]+>", "v", each) for each in first]


def test_an_erased_name_is_in_no_answer_no_file_and_no_count(
    community: Community, tmp_path: Path
) -> None:
    here = community.service
    party = grethe(here)
    assert NAME in everything(here)
    answer = here.post("/v1/erasures", {"party": party, **GROUND})
    assert answer.status_code == 200, answer.text
    certificate = answer.json
    assert certificate["party"] == party
    assert [each["field"] for each in certificate["erasures"][0]["values"]] == ["name", "text"]
    here.show()
    assert NAME not in everything(here)
    assert NAME not in here.get("/metrics").text
    assert holding(tmp_path, NAME) == []
    for word in words(NAME):
        assert here.get(f"/v1/search?q={word}").json["items"] == []
        assert holding(tmp_path, word) == []
    row = here.get(f"/v1/parties/{party.partition(':')[2]}").json["item"]
    assert row["erased"] is True
    assert row["name"] == {"erased": certificate["erasures"][0]["values"][0]["commitment"]}
    assert here.get("/v1/debates/d").json["item"]["title"] == "The elephant"


def test_every_worker_answers_without_the_name_at_once(community: Community) -> None:
    here = community.service
    party = grethe(here)
    worker = create_app(here.settings)
    client = worker.test_client()
    address = f"/v1/streams/{party}/history"
    assert NAME in client.get(address).text
    assert here.post("/v1/erasures", {"party": party, **GROUND}).status_code == 200
    assert NAME not in client.get(address).text
    assert NAME not in client.get("/v1/debates/d/voices").text
    worker.extensions["govlog"].close()


def test_erasing_needs_the_scope_and_so_does_seeing_what_is_held(community: Community) -> None:
    here = community.service
    party = grethe(here)
    reader = here.token("party:reader", {"read:closed", "admin", "correct"})
    officer = here.token("party:officer", {"erase"})
    held = f"/v1/parties/{party.partition(':')[2]}/personal-data"
    body = {"party": party, **GROUND}
    problem(here.post("/v1/erasures", body, token=reader), 403, "scope-required")
    problem(here.get(held), 401, "token-required")
    problem(here.get(held, Authorization=f"Bearer {reader}"), 403, "scope-required")
    listed = here.get(held, Authorization=f"Bearer {officer}")
    assert [each["value"] for each in listed.json["values"]] == [NAME, f"{NAME} pays"]
    assert listed.headers["Cache-Control"] == "no-store"
    preview = here.post("/v1/erasures?dry_run=true", body, token=officer)
    assert [each["field"] for each in preview.json["values"]] == ["name", "text"]
    assert NAME in here.get("/v1/events").text
    assert here.post("/v1/erasures", body, token=officer).status_code == 200
    assert here.get(held, Authorization=f"Bearer {officer}").json["values"] == []


def test_erasing_again_answers_the_same_certificate(community: Community) -> None:
    here = community.service
    party = grethe(here)
    first = here.post("/v1/erasures", {"party": party, **GROUND})
    again = here.post("/v1/erasures", {"party": party, **GROUND})
    assert again.json == first.json
    assert here.size() == first.json["size"]


def test_a_single_text_is_erased_by_its_commitment(community: Community) -> None:
    here = community.service
    grethe(here)
    opened = here.rooms.store.read(StreamId("debate:d"))[0].fact
    assert isinstance(opened, DebateOpened)
    commitment = opened.question.commitment
    answer = here.post("/v1/erasures", {"values": [commitment], "ground": "unlawful"})
    assert [each["event"] for each in answer.json["erasures"]] == ["debate:d@3"]
    item = here.get("/v1/debates/d").json["item"]
    assert (item["question"], item["title"]) == ({"erased": commitment}, "The elephant")


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({}, 422, "invalid-body"),
        ({"ground": "unlawful"}, 422, "invalid-body"),
        ({"party": "party:x", "values": ["ab" * 32], **GROUND}, 422, "invalid-body"),
        ({"values": ["Grethe"], **GROUND}, 422, "invalid-body"),
        ({"values": [], **GROUND}, 422, "invalid-body"),
        ({"party": "party:x", "ground": "because"}, 422, "invalid-body"),
        ({"party": "party:nobody", **GROUND}, 422, "not-found"),
        ({"party": "party:acme", **GROUND}, 422, "no-person"),
    ],
)
def test_what_cannot_be_erased_is_refused_and_nothing_is_recorded(
    community: Community, body: dict[str, object], status: int, slug: str
) -> None:
    here = community.service
    size = here.size()
    problem(here.post("/v1/erasures", body), status, slug)
    assert here.size() == size
    assert not here.settings.erasures.exists()


def test_an_erasure_is_no_command_of_a_batch(community: Community) -> None:
    """It would record that something is erased that still stands."""
    here = community.service
    line = {"command": "erase", "stream": "party:x", "data": {"commitments": [], **GROUND}}
    assert here.post("/v1/batch", {"commands": [line]}).status_code == 422


def test_a_view_that_holds_texts_is_cleared_with_its_write_ahead_log(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = community.service
    party = grethe(here)
    path = files.generation(here.settings.views_db)
    with closing(files.open_to_write(path)) as views:
        views.execute("CREATE TABLE words (commitment TEXT, word TEXT)")
        for each in here.rooms.store.about(party):
            views.execute("INSERT INTO words VALUES (?, ?)", (each.commitment, NAME))

    def forget(views: sqlite3.Connection, commitments: list[str]) -> None:
        views.executemany(
            "DELETE FROM words WHERE commitment = ?", [(each,) for each in commitments]
        )

    assert holding(here.settings.data, NAME) != []
    monkeypatch.setattr(erasing, "CLEARINGS", (forget,))
    assert here.post("/v1/erasures", {"party": party, **GROUND}).json["complete"]
    assert holding(here.settings.data, NAME) == []


def test_an_idempotency_row_holds_neither_body_nor_answer(community: Community) -> None:
    here = community.service
    body = {"kind": "person", "name": NAME, "decided_on": today().isoformat()}
    first = here.post("/v1/parties", body, Idempotency_Key="once")
    party = first.json["stream"]
    here.post("/v1/erasures", {"party": party, **GROUND})
    again = here.post("/v1/parties", body, Idempotency_Key="once")
    assert again.headers["Idempotent-Replayed"] == "true"
    name = again.json["facts"][0]["data"]["name"]
    assert list(name) == ["erased"]
    assert NAME not in json.dumps(again.json)


def test_the_opening_of_an_erased_value_is_gone_and_not_unknown(community: Community) -> None:
    here = community.service
    party = grethe(here)
    index = here.rooms.store.read(party)[0].index
    address = f"/v1/openings/{index}/name"
    assert here.get(address).json["value"] == NAME
    here.post("/v1/erasures", {"party": party, **GROUND})
    assert here.get(address).status_code == 410
    assert here.get(f"/v1/openings/{index}/title").status_code == 404
    listed = here.get(f"/v1/openings?after={index - 1}").json["openings"]
    assert [each.get("erased", False) for each in listed if each["field"] == "name"] == [True]
