"""A closed text is in no answer for who may not read it, whatever the answer shows."""

from __future__ import annotations

import hmac

import pytest

from govlog.command_line.telling import Teller
from govlog.domain.values import StreamId
from tests.api.community import Community
from tests.api.service import Service, today
from tests.api.test_bad_input import problem
from tests.api.test_erasures import everything
from tests.persistence.logs import opens

SECRET = "the director's salary"
WITHOUT = ("record:resolution", "record:debate", "record:minutes", "vote", "erase", "admin")


class Closed:
    """A closed resolution and a closed debate, with a text in each fact that takes one."""

    def __init__(self, community: Community) -> None:
        self.community = community
        self.here = community.service
        self.resolution = community.table(confidential=True, title=SECRET, case_paper=SECRET)
        record = self.here.record
        stream = f"resolution:{self.resolution}"
        record(f"/v1/streams/{stream}/statements", {"topic": "pay", "text": SECRET})
        record(
            "/v1/debates", {"key": "d", "title": SECRET, "question": SECRET, "confidential": True}
        )
        record("/v1/debates/d/voices", {"voice": "v", "group": "users", "text": SECRET})
        record("/v1/debates/d/formats", {"format": "workshop", "remark": SECRET})
        self.here.show()
        self.outsider = self.here.token("party:outsider", WITHOUT)
        self.insider = self.here.token("party:insider", {"read:closed", "record:minutes"})


@pytest.fixture
def closed(community: Community) -> Closed:
    return Closed(community)


def test_no_get_answers_a_closed_text_without_the_scope(closed: Closed) -> None:
    here = closed.here
    assert SECRET in everything(here)
    recorder, here.recorder = here.recorder, closed.outsider
    assert SECRET not in everything(here)
    here.recorder = recorder
    assert SECRET not in here.get("/v1/events", Accept="application/x-ndjson").text
    for path in ("/v1/debates", "/v1/claims", "/v1/approvals", "/v1/timeline"):
        assert SECRET not in here.get(path).text
    assert '"closed":"' in here.get("/v1/debates/d").text


def test_a_write_answers_no_closed_text_to_who_may_not_read_it(closed: Closed) -> None:
    here, sent = closed.here, {"Idempotency_Key": "once"}
    day = today().isoformat()
    voice = {"voice": "w", "group": "users", "text": SECRET, "decided_on": day}
    for address in ("/v1/debates/d/voices?dry_run=true", "/v1/debates/d/voices"):
        for _ in range(2):
            answer = here.post(address, voice, token=closed.outsider, **sent)
            assert answer.status_code in (200, 201)
            assert SECRET not in answer.text
            assert '"closed":"' in answer.text
    begun = {"key": "e", "title": SECRET, "question": SECRET, "confidential": True}
    for address in ("/v1/debates?dry_run=true", "/v1/debates"):
        answer = here.post(address, {**begun, "decided_on": day}, token=closed.outsider)
        assert SECRET not in answer.text
    data = {**voice, "voice": "x"}
    line = {"command": "add_voice", "stream": "debate:d", "data": data}
    line["decided_on"] = data.pop("decided_on")
    for address in ("/v1/batch?dry_run=true", "/v1/batch"):
        answer = here.post(address, {"commands": [line]}, token=closed.outsider)
        assert answer.status_code in (200, 201), answer.text
        assert SECRET not in answer.text
    seen = here.post("/v1/debates/d/voices?dry_run=true", {**voice, "voice": "y"})
    assert SECRET in seen.text


def test_an_erasing_officer_sees_closed_texts_only_with_the_scope(closed: Closed) -> None:
    here = closed.here
    party = str(here.record("/v1/parties", {"kind": "person", "name": "Grethe"})["stream"])
    said = {"voice": "g", "group": "users", "text": SECRET, "party": party}
    here.record("/v1/debates/d/voices", said)
    path = f"/v1/parties/{party.partition(':')[2]}/personal-data"
    values = here.get(path, Authorization=f"Bearer {closed.outsider}").json["values"]
    assert [each["value"] for each in values] == ["Grethe", None]
    values = here.get(path, Authorization=f"Bearer {here.recorder}").json["values"]
    assert [each["value"] for each in values] == ["Grethe", SECRET]


def test_an_opened_item_shows_the_texts_that_were_committed_to(closed: Closed) -> None:
    here, store = closed.here, closed.here.rooms.store
    before = [each.framed for each in store.entries()]
    assert [each.field for each in opens(store) if each.event.startswith("debate:d@")] == []
    answer = here.post(
        "/v1/streams/debate:d/opening", {"decided_on": today().isoformat()}, token=closed.insider
    )
    assert answer.status_code == 201, answer.text
    here.show()
    item = here.get("/v1/debates/d").json["item"]
    assert (item["title"], item["confidential"]) == (SECRET, False)
    assert SECRET in here.get("/v1/debates/d/voices").text
    assert SECRET in here.get(f"/v1/streams/debate:d/history?known_at=size:{len(before)}").text
    assert SECRET not in here.get(f"/v1/resolutions/{closed.resolution}").text
    opened = [each for each in opens(store) if each.event == "debate:d@1"]
    assert [(each.field, each.value) for each in opened] == [
        ("question", SECRET),
        ("title", SECRET),
    ]
    for each in opened:
        assert each.salt is not None
        message = f"{each.event}/{each.field}\0{each.value}".encode()
        assert hmac.new(each.salt, message, "sha256").hexdigest() == each.commitment
        assert each.commitment.encode() in before[each.index]


def test_opening_needs_two_scopes_and_a_closed_item(closed: Closed) -> None:
    here = closed.here
    path, body = "/v1/streams/debate:d/opening", {"decided_on": today().isoformat()}
    reader = here.token("party:reader", {"read:closed"})
    for token in (closed.outsider, reader):
        problem(here.post(path, body, token=token), 403, "scope-required")
    assert here.post(path, body).status_code == 201
    problem(here.post(path, body), 422, "not-closed")
    problem(here.post("/v1/streams/product:lamp/opening", body), 422, "not-closed")


def test_an_item_that_waits_for_approval_is_closed_from_the_start(service: Service) -> None:
    late = {"key": "late", "title": SECRET, "question": SECRET, "confidential": True}
    answer = service.post("/v1/debates", {**late, "decided_on": "2020-01-01"})
    assert answer.json["pending"] == ["late"]
    assert service.rooms.store.is_closed(StreamId("debate:late"))
    assert SECRET not in service.get("/v1/events").text


def test_replaying_tells_no_closed_text(closed: Closed) -> None:
    store = closed.here.rooms.store
    facts = list(store.replay())
    told = repr(list(Teller(store, store.size()).tell(facts)))
    assert SECRET not in told
    assert "(closed)" in told
    assert SECRET in repr(list(Teller(store, store.size(), closed_too=True).tell(facts)))


def test_a_closed_text_has_no_opening_for_outsiders_until_the_item_is_opened(
    closed: Closed,
) -> None:
    here = closed.here
    index = here.rooms.store.read(StreamId("debate:d"))[0].index
    address = f"/v1/openings/{index}/title"
    assert here.get(address).status_code == 404
    assert here.get(address, Authorization=f"Bearer {closed.insider}").json["value"] == SECRET
    here.post("/v1/streams/debate:d/opening", {"decided_on": today().isoformat()})
    assert here.get(address).json["value"] == SECRET
