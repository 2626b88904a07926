"""The transparency log over HTTP: copied, proved and read by programs that trust nothing."""

from __future__ import annotations

import base64
import hmac
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api import waiting
from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.keys import SigningKey
from govlog.ledger.merkle import Frontier, leaf_hash
from govlog.ledger.notes import Note, verified
from govlog.ledger.policy import Policy
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.publishing import Publishing
from govlog.ledger.receipts import Receipt
from govlog.ledger.status import Status
from govlog.ledger.tiles import ENTRIES, entries_in, hashes_in, tiles_of
from tests.api.community import Community
from tests.api.service import META, Service
from tests.ledger.shelf import turn_until_idle

KEY = SigningKey(META.origin, 1, bytes(32))


class Signed:
    """A service with its publisher, turned by hand."""

    def __init__(self, service: Service) -> None:
        self.service = service
        publication = Publication(service.settings.publication)
        publication.show_keys([KEY.verifier], Policy())
        publisher = Publisher(service.rooms.store, publication, [KEY])
        self.publishing = Publishing(publisher, publication, None, print)

    def publish(self) -> int:
        """Everything recorded by now; the size of the checkpoint."""
        turn_until_idle(self.publishing)
        assert self.publishing.status.problem is None
        return self.publishing.status.size or 0

    def get(self, path: str, status: int = 200, **headers: str) -> bytes:
        answer = self.service.get(path, **headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return bytes(answer.data)

    def json(self, path: str, status: int = 200, **headers: str) -> Any:
        return json.loads(self.get(path, status, **headers))


@pytest.fixture
def signed(community: Community) -> Signed:
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution, vision="Light")
    return Signed(community.service)


def mirrored(signed: Signed) -> tuple[Checkpoint, list[bytes]]:
    """The whole log by plain GETs, each hash checked."""
    note = Note.parse(signed.get("/checkpoint"))
    keys = signed.json("/v1/log/keys")["keys"]
    assert keys == [str(KEY.verifier)]
    verified(note, [KEY.verifier])
    checkpoint = Checkpoint.parse(note.text)
    entries: list[bytes] = []
    leaves: list[bytes] = []
    for tile in tiles_of(checkpoint.size):
        data = signed.get(f"/{tile.path()}")
        if tile.level == ENTRIES:
            entries += entries_in(data, tile.width)
        elif tile.level == 0:
            leaves += hashes_in(data, tile.width)
    assert leaves == [leaf_hash(entry) for entry in entries]
    assert Frontier().extended(leaves).root() == checkpoint.root
    return checkpoint, entries


def test_the_whole_log_can_be_copied_by_plain_gets(signed: Signed) -> None:
    size = signed.publish()
    checkpoint, entries = mirrored(signed)
    assert checkpoint.origin == META.origin
    assert checkpoint.size == size == signed.service.size() == len(entries)
    recorded = [each.framed for each in signed.service.rooms.store.entries()]
    assert entries == recorded


def test_each_resource_says_what_it_is_and_how_long_it_can_be_kept(signed: Signed) -> None:
    for number in range(260 - signed.service.size()):
        signed.service.record("/v1/parties", {"kind": "organisation", "name": f"Fiction {number}"})
    signed.publish()
    for path, kind, kept in [
        ("/checkpoint", "text/plain; charset=utf-8", "no-cache"),
        ("/v1/log/keys", "application/json", "no-cache"),
        ("/tile/0/000", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("/tile/entries/000", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("/tile/0/001.p/4", "application/octet-stream", "public, max-age=300"),
        ("/tile/1/000.p/1", "application/octet-stream", "public, max-age=300"),
        ("/v1/receipts/0", "text/plain; charset=utf-8", "no-cache"),
    ]:
        answer = signed.service.get(path)
        assert answer.status_code == 200
        assert (answer.content_type, answer.headers["Cache-Control"]) == (kind, kept)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_checkpoint_that_is_held_is_not_sent_again(signed: Signed) -> None:
    signed.publish()
    tag = signed.service.get("/checkpoint").headers["ETag"]
    assert signed.get("/checkpoint", 304, If_None_Match=tag) == b""
    signed.service.record("/v1/parties", {"kind": "organisation", "name": "Fiction"})
    signed.publish()
    assert signed.get("/checkpoint", 200, If_None_Match=tag)


@pytest.mark.parametrize(
    "path",
    ["/tile/0/999", "/tile/0/000", "/tile/9/000", "/tile/0/0", "/tile/../events.db",
     "/tile/0/x000/000", "/tile/0/000.p/256", "/tile/entries/..%2F..%2Fsigned", "/tile/"],
)  # fmt: skip
def test_what_is_no_tile_of_the_log_is_not_found(path: str, signed: Signed) -> None:
    signed.publish()
    answer = signed.service.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_before_the_first_checkpoint_everything_says_how_to_get_one(service: Service) -> None:
    for path in ("/checkpoint", "/v1/log/keys", "/v1/receipts/0"):
        answer = service.get(path)
        assert answer.status_code == 404
        assert answer.json is not None
        assert "govlog serve" in answer.json["mend"]
    told = service.get("/readyz").json
    assert told is not None
    assert told["checkpoint"]["state"] == "unknown"


def test_every_event_has_a_receipt_that_proves_it_and_nothing_else(signed: Signed) -> None:
    size = signed.publish()
    _, entries = mirrored(signed)
    for index in range(size):
        receipt = Receipt.parse(signed.get(f"/v1/receipts/{index}"))
        assert receipt.index == index
        checkpoint, keys = receipt.verify(entries[index], [KEY.verifier])
        assert (checkpoint.size, list(keys)) == (size, [KEY.verifier])


def test_a_bundle_states_what_was_recorded_and_holds_with_the_service_gone(
    signed: Signed,
) -> None:
    size = signed.publish()
    index = next(
        event["index"]
        for event in signed.json("/v1/events?limit=500")["items"]
        if event["topic"].startswith("CommissionGranted")
    )
    for bundle in (
        signed.json(f"/v1/receipts/{index}/bundle"),
        signed.json(f"/v1/receipts/{index}", Accept="application/json"),
    ):
        entry = base64.b64decode(bundle["entry"])
        Receipt.parse(bundle["receipt"].encode()).verify(entry, [KEY.verifier])
        state = json.loads(entry)["state"]
        assert opens(bundle["openings"], state, json.loads(entry)) >= 1
        assert "Light" in [each["value"] for each in bundle["openings"]]
        assert f"by size {size}" in bundle["proves"]
        assert "not excluded" in bundle["proves"]
        assert "/v1/streams/product:" in bundle["look_at"]


def opens(openings: list[dict[str, Any]], state: Any, entry: dict[str, Any]) -> int:
    """How many openings there are; each must give the commitment that stands at its place."""
    for each in openings:
        assert each["event"] == f"{entry['stream']}@{entry['version']}"
        place = state
        for step in each["field"].split("."):
            place = place[int(step)] if isinstance(place, list) else place[step]
        framed = f"{each['event']}/{each['field']}\0{each['value']}".encode()
        digest = hmac.digest(base64.b64decode(each["salt"]), framed, "sha256")
        assert place == {"$c": digest.hex()}
    return len(openings)


def test_a_receipt_beyond_the_checkpoint_comes_later_and_beyond_the_log_never(
    signed: Signed,
) -> None:
    size = signed.publish()
    signed.service.record("/v1/parties", {"kind": "organisation", "name": "Fiction"})
    early = signed.json(f"/v1/receipts/{size}", 503)
    assert early["type"] == "/problems/checkpoint-behind"
    assert signed.json(f"/v1/receipts/{size + 1}", 404)["type"] == "/problems/not-found"
    signed.publish()
    assert Receipt.parse(signed.get(f"/v1/receipts/{size}")).index == size


def test_the_openings_of_everything_public_can_be_copied_in_pages(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govlog.exchange.openings.PAGE", 3)
    signed.publish()
    _, entries = mirrored(signed)
    found: list[dict[str, Any]] = []
    path = "/v1/openings"
    while path:
        page = signed.json(path)
        found += page["openings"]
        path = "" if page["next"] is None else f"/v1/openings?after={page['next']}"
    assert [each["index"] for each in found] == sorted(each["index"] for each in found)
    committed = b"".join(entries).count(b'{"$c":')
    assert len(found) == committed > 3
    for each in found:
        entry = json.loads(entries[each["index"]])
        opens([each], entry["state"], entry)
        alone = signed.json(f"/v1/openings/{each['index']}/{each['field']}")
        assert alone == each


def test_an_erased_text_is_marked_in_the_list_and_gone_at_its_own_address(
    signed: Signed,
) -> None:
    first = signed.json("/v1/openings")["openings"][0]
    with closing(sqlite3.connect(signed.service.settings.events_db)) as log, log:
        log.execute("DELETE FROM erasable_value WHERE position = ?", (first["index"],))
    again = signed.json("/v1/openings")["openings"][0]
    assert again == {**{n: first[n] for n in ("index", "event", "field")}, "erased": True}
    gone = signed.json(f"/v1/openings/{first['index']}/{first['field']}", 410)
    assert gone["type"] == "/problems/text-erased"
    assert signed.json(f"/v1/openings/{first['index']}/nothing", 404)
    assert signed.json("/v1/openings/99999/name", 404)
    assert signed.json("/v1/openings?after=-1", 400)


@pytest.fixture
def publishing(signed: Signed) -> Iterator[Signed]:
    """The same with a publisher that runs beside it."""
    stop = threading.Event()
    running = threading.Thread(target=signed.publishing.run, args=(stop,))
    running.start()
    yield signed
    stop.set()
    running.join()


def record(signed: Signed, query: str, key: str = "k") -> Any:
    body = {"kind": "organisation", "name": "Fiction", "decided_on": "2026-11-25"}
    return signed.service.post(f"/v1/parties{query}", body, Idempotency_Key=key)


def test_a_write_can_wait_until_a_checkpoint_covers_it(publishing: Signed) -> None:
    answer = record(publishing, "?wait=checkpoint")
    assert answer.status_code == 201
    index = answer.json["index"]
    receipt = Receipt.parse(publishing.get(f"/v1/receipts/{index}"))
    entry = next(publishing.service.rooms.store.entries(index, index + 1))
    assert receipt.verify(entry.framed, [KEY.verifier])[0].size >= answer.json["size"]


def test_a_write_that_waited_too_long_says_that_it_stands(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST_FOR_CHECKPOINT", 0.05)
    answer = record(signed, "?wait=checkpoint")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    size = signed.service.size()
    assert answer.json["type"] == "/problems/checkpoint-behind"
    assert (answer.json["values"]["index"], answer.json["values"]["size"]) == (size - 1, size)
    signed.publish()
    again = record(signed, "?wait=checkpoint")
    assert (again.status_code, again.json["index"]) == (201, size - 1)
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("witnessed", "code"), [(False, 503), (True, 201)], ids=["unwitnessed", "witnessed"]
)
def test_where_witnesses_are_demanded_a_write_waits_for_them_too(
    witnessed: bool, code: int, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST_FOR_CHECKPOINT", 0.05)
    told = Status(size=10**6, witnesses=2, demanded=True, witnessed=witnessed)
    told.write(signed.service.settings.publication)
    assert record(signed, "?wait=checkpoint").status_code == code


@pytest.mark.parametrize("query", ["?wait=soon", "?wait=", "?wait=checkpoint&dry_run=true"])
def test_waiting_for_what_never_comes_is_refused_before_anything_is_recorded(
    query: str, signed: Signed
) -> None:
    size = signed.service.size()
    assert record(signed, query).status_code == 400
    assert signed.service.size() == size


def test_the_probes_and_metrics_say_how_signing_stands(signed: Signed) -> None:
    size = signed.publish()
    told = signed.json("/readyz")["checkpoint"]
    assert (told["state"], told["size"], told["lag_events"]) == ("publishing", size, 0)
    assert (told["witnesses"], told["witnessed"]) == (0, False)
    assert 0 <= told["age_seconds"] < 3600
    record(signed, "")
    told = signed.json("/readyz")["checkpoint"]
    assert told["lag_events"] == 1
    assert told["lag_seconds"] >= 0
    metrics = signed.get("/metrics").decode()
    for line in (
        f"govlog_checkpoint_size {size}.0",
        "govlog_publishing 1.0",
        "govlog_witnesses 0.0",
    ):
        assert line in metrics


def test_reads_and_writes_go_on_while_signing_is_refused(signed: Signed, tmp_path: Path) -> None:
    size = signed.publish()
    (signed.service.settings.publication / "frozen").write_text("the key was stolen")
    record(signed, "")
    signed.publishing.turn()
    told = signed.json("/readyz")
    assert told["ready"]
    assert told["checkpoint"]["state"] == "refusing"
    assert told["checkpoint"]["problem"]["kind"] == "frozen"
    assert "new-origin" in told["checkpoint"]["problem"]["mend"]
    assert "govlog_publishing 0.0" in signed.get("/metrics").decode()
    assert Checkpoint.parse(Note.parse(signed.get("/checkpoint")).text).size == size
    assert record(signed, "", "another").status_code == 201
