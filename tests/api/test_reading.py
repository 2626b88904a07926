"""Questions at two dates, lists in pages and in other forms, and reading one's own writes."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from datetime import timedelta

import msgspec
import pytest

from api.app import READS
from api.formats import DATED
from api.reading import BY_NAME, Listing
from tests.api.answers import Answer
from tests.api.community import Community
from tests.api.service import Service, today
from tests.api.test_bad_input import problem


@pytest.fixture
def commissioned(community: Community) -> Community:
    """With a commission, and three instalments under it."""
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution, next_review="2027-03")
    for name, amount in (("a", "40000"), ("b", "50000"), ("c", "30000")):
        community.instalment(name, amount)
    community.service.show()
    return community


def ids(answer: Answer) -> list[str]:
    return [each["id"] for each in answer.json["items"]]


def test_every_list_and_item_answers(commissioned: Community) -> None:
    here = commissioned.service
    lists = [read for read in READS if isinstance(read, Listing) and "<" not in read.rule]
    assert {read.view for read in lists} == set(BY_NAME)
    for read in lists:
        answer = here.get(read.rule)
        assert answer.status_code == 200, answer.text
        assert answer.json["size"] == here.size()
        assert answer.headers["Govlog-Size"] == str(here.size())


def test_rows_have_no_members_that_their_dates_have(service: Service) -> None:
    for view in BY_NAME.values():
        members = {member.encode_name for member in msgspec.structs.fields(view.row)}
        assert not members & set(DATED)


def test_items_are_named_without_the_kind(commissioned: Community) -> None:
    here = commissioned.service
    for path in (
        "/v1/products/lamp",
        "/v1/commissions/lamp/c1",
        "/v1/investments/lamp/a",
        "/v1/exposure/lamp/DKK",
        "/v1/seats/board/chair",
        "/v1/mandates/board/all",
        "/v1/timeline/product:lamp@1",
        "/v1/parties/acme",
    ):
        answer = here.get(path)
        assert answer.status_code == 200, path
        assert answer.json["item"]["certain"] is True
    problem(here.get("/v1/products/kettle"), 404, "not-found")
    problem(here.get("/v1/commissions/lamp/none"), 404, "not-found")


def test_what_belongs_to_a_product_is_listed_under_it(commissioned: Community) -> None:
    here = commissioned.service
    here.record("/v1/products", {"key": "kettle", "name": "Kettle"})
    here.show()
    assert ids(here.get("/v1/products/lamp/commissions")) == ["product:lamp/c1"]
    assert len(ids(here.get("/v1/products/lamp/instalments"))) == 3
    assert ids(here.get("/v1/products/kettle/instalments")) == []
    assert len(ids(here.get("/v1/bodies/board/seats"))) == 3


def test_as_of_and_known_at_are_two_dates(commissioned: Community) -> None:
    here = commissioned.service
    known = here.size()
    moment = here.get(f"/v1/events/{known - 1}").json["recorded_at"]
    time.sleep(0.002)
    here.record("/v1/products/lamp/names", {"name": "Lantern"})
    here.show()
    yesterday = (today() - timedelta(days=1)).isoformat()

    def name(query: str) -> str:
        return str(here.get(f"/v1/products/lamp{query}").json["item"]["name"])

    assert name("") == "Lantern"
    assert name(f"?known_at=size:{known}") == "Lamp"
    assert name(f"?known_at={moment}") == "Lamp"
    assert name(f"?known_at={moment.replace('Z', '%2B00:00')}") == "Lamp"
    assert name(f"?known_at={moment.replace('Z', '+00:00')}") == "Lamp"
    assert name(f"?as_of={today().year + 1}") == "Lantern"
    problem(here.get(f"/v1/products/lamp?as_of={yesterday}"), 404, "not-found")
    answer = here.get(f"/v1/products/lamp?as_of={today().year}&known_at=size:{known}").json
    assert answer["as_of"] == f"{today().year}-12-31"
    assert answer["known_at"] == f"size:{known}"
    assert answer["size"] == known + 1


@pytest.mark.parametrize("when", ["yesterday", "2023-13", "2023-02-30", "", "20230101", "-1"])
def test_a_malformed_as_of_is_named(commissioned: Community, when: str) -> None:
    told = problem(commissioned.service.get(f"/v1/products?as_of={when}"), 400, "malformed-request")
    assert told["values"]["field"] == "as_of"


@pytest.mark.parametrize(
    "when",
    [
        "2026-11-23",
        "2026-11-23T09:00:00",
        "size:",
        "size:-1",
        "size:x",
        "now",
        "2026-13-01T00:00:00Z",
        "2026-11-23T25:00:00Z",
        "0000-01-01T00:00:00Z",
    ],
)
def test_a_malformed_known_at_is_named(commissioned: Community, when: str) -> None:
    here = commissioned.service
    for path in ("/v1/products", "/v1/events"):
        told = problem(here.get(f"{path}?known_at={when}"), 400, "malformed-request")
        assert told["values"]["field"] == "known_at"


@pytest.mark.parametrize("when", ["size:999999", "9999-01-01T00:00:00Z"])
def test_what_will_be_known_is_not_known_yet(commissioned: Community, when: str) -> None:
    here = commissioned.service
    for path in ("/v1/products", "/v1/events", "/v1/streams/product:lamp/history"):
        problem(here.get(f"{path}?known_at={when}"), 422, "not-yet-known")


def test_a_misspelt_parameter_is_not_passed_over(commissioned: Community) -> None:
    here = commissioned.service
    for path in ("/v1/products", "/v1/products/lamp", "/v1/events", "/v1/events/0"):
        told = problem(here.get(f"{path}?asof=2023"), 400, "malformed-request")
        assert told["values"]["field"] == "asof"


def test_lists_are_narrowed_by_members_of_their_rows(commissioned: Community) -> None:
    here = commissioned.service
    assert ids(here.get("/v1/investments?bearer=community")) == [
        "product:lamp/a",
        "product:lamp/b",
    ]
    assert ids(here.get("/v1/investments?bearer=mixed&bearer=investor")) == ["product:lamp/c"]
    assert len(ids(here.get("/v1/investments?investor=acme&product=product:lamp"))) == 3
    assert ids(here.get("/v1/products?commissioned=true")) == ["product:lamp"]
    assert ids(here.get("/v1/products?commissioned=false")) == []
    assert ids(here.get("/v1/commissions?review_by=2027-03")) == ["product:lamp/c1"]
    assert ids(here.get("/v1/commissions?review_by=2027-02")) == []
    for query in ("bearer=nobody-else", "open=yes", "order=random", "limit=0", "limit=x"):
        problem(here.get(f"/v1/investments?{query}"), 400, "malformed-request")
    problem(here.get("/v1/commissions?review_by=soon"), 400, "malformed-request")


def test_pages_lead_from_one_to_the_next(commissioned: Community) -> None:
    here = commissioned.service
    for path in ("/v1/timeline?limit=7", "/v1/events?limit=7", "/v1/timeline?limit=7&order=newest"):
        seen: list[str] = []
        following: str | None = path
        while following:
            answer = here.get(following)
            seen += ids(answer)
            following = answer.json["next"]
            if following:
                assert f'<{following}>; rel="next"' in answer.headers["Link"]
        assert len(seen) == len(set(seen)) == here.size()
    assert 'rel="first"' in here.get("/v1/timeline?limit=7").headers["Link"]
    problem(here.get("/v1/timeline?cursor=zzz"), 400, "malformed-request")


def test_the_log_is_read_from_an_index_on_and_by_topic(commissioned: Community) -> None:
    here = commissioned.service
    assert [each["index"] for each in here.get("/v1/events?after=3&limit=2").json["items"]] == [
        4,
        5,
    ]
    granted = here.get("/v1/events?topic=CommissionGranted").json["items"]
    assert [each["topic"] for each in granted] == ["CommissionGranted.v1"]
    several = here.get("/v1/events?topic=CommissionGranted.v1&topic=ProductProposed").json["items"]
    assert len(several) == 2
    kinds = here.get("/v1/events?kind=product").json["items"]
    assert {each["stream"] for each in kinds} == {"product:lamp"}
    assert len(here.get("/v1/events?known_at=size:4").json["items"]) == 4
    problem(here.get("/v1/events?topic=Nothing"), 400, "malformed-request")
    problem(here.get("/v1/events?kind=thing"), 400, "malformed-request")
    problem(here.get("/v1/events?after=-1"), 400, "malformed-request")
    problem(here.get("/v1/events/100000"), 404, "not-found")


def test_the_history_of_a_stream_is_told_in_order(commissioned: Community) -> None:
    here = commissioned.service
    answer = here.get("/v1/streams/product:lamp/history")
    assert [each["version"] for each in answer.json["items"]] == [1, 2, 3, 4, 5]
    page = here.get("/v1/streams/product:lamp/history?after=1&limit=2")
    assert [each["version"] for each in page.json["items"]] == [2, 3]
    assert here.get(page.json["next"]).json["items"][0]["version"] == 4
    for path in ("product:none", "lamp", "product:LAMP"):
        problem(here.get(f"/v1/streams/{path}/history"), 404, "not-found")


def test_lists_come_as_csv(commissioned: Community) -> None:
    here = commissioned.service
    answer = here.get("/v1/investments", Accept="text/csv")
    assert answer.content_type.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["amount.amount"] for row in rows] == ["40000.00", "50000.00", "30000.00"]
    assert rows[0]["id"] == "product:lamp/a"
    assert rows[0]["open"] == "false"
    assert json.loads(rows[2]["shares"])[1]["reason"] == "over_ceiling"


def test_every_list_comes_as_csv_and_as_json_lines_too(commissioned: Community) -> None:
    here = commissioned.service
    filled = 0
    for read in READS:
        if not isinstance(read, Listing) or "<" in read.rule:
            continue
        expected = ids(here.get(read.rule))
        told = here.get(read.rule, Accept="text/csv")
        assert told.content_type.startswith("text/csv"), read.rule
        assert [row["id"] for row in csv.DictReader(io.StringIO(told.text))] == expected
        lines = here.get(read.rule, Accept="application/x-ndjson")
        assert lines.content_type == "application/x-ndjson", read.rule
        assert [json.loads(line)["id"] for line in lines.text.splitlines()] == expected
        filled += bool(expected)
    assert filled > 10


def test_a_name_that_looks_like_a_formula_stays_a_text_in_csv(service: Service) -> None:
    body = {"kind": "organisation", "key": "sly", "name": "=1+1"}
    service.record("/v1/parties", body)
    service.show()
    rows = list(csv.DictReader(io.StringIO(service.get("/v1/parties", Accept="text/csv").text)))
    assert rows[0]["name"] == "'=1+1"


def test_lists_come_as_json_lines(commissioned: Community) -> None:
    here = commissioned.service
    for path in ("/v1/timeline", "/v1/events", "/v1/streams/product:lamp/history"):
        answer = here.get(path, Accept="application/x-ndjson")
        assert answer.content_type == "application/x-ndjson"
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert [each["id"] for each in lines] == ids(here.get(path))


def test_texts_are_resolved_when_they_leave_and_told_apart_when_they_are_erased(
    community: Community,
) -> None:
    here = community.service
    here.record("/v1/debates", {"key": "d", "title": 'Say "no"\nor "yes"', "question": "{?}"})
    here.show()
    assert here.get("/v1/debates/d").json["item"]["title"] == 'Say "no"\nor "yes"'
    fact = here.get("/v1/streams/debate:d/history").json["items"][0]
    assert fact["data"]["title"] == 'Say "no"\nor "yes"'
    with here.rooms.store._transaction() as connection:
        connection.execute("DELETE FROM erasable_value WHERE field = 'question'")
        connection.commit()
    erased = here.get("/v1/debates/d").json["item"]["question"]
    assert len(erased["erased"]) == 64
    assert here.get("/v1/debates", Accept="text/csv").text.count("(erased)") == 1


def test_at_least_waits_until_the_views_have_come_so_far(community: Community) -> None:
    here = community.service
    here.show()
    size = here.record("/v1/products", {"key": "kettle", "name": "Kettle"})["size"]
    assert here.get("/v1/products/kettle").status_code == 404
    moving = threading.Timer(0.2, here.show)
    moving.start()
    answer = here.get(f"/v1/products/kettle?at_least={size}")
    moving.join()
    assert answer.status_code == 200
    late = here.get(f"/v1/products/kettle?at_least={size + 1}")
    problem(late, 503, "views-behind")
    assert int(late.headers["Retry-After"]) > 0
    problem(here.get(f"/v1/events?at_least={size + 1}"), 503, "views-behind")
    problem(here.get("/v1/products?at_least=x"), 400, "malformed-request")


def test_views_that_are_not_made_yet_are_busy_and_the_log_answers(service: Service) -> None:
    problem(service.get("/v1/products"), 503, "views-behind")
    assert service.get("/v1/events").status_code == 200


def test_readiness_tells_how_far_the_views_are_behind(community: Community) -> None:
    here = community.service
    here.show()
    assert here.get("/readyz").json["lag_events"] == 0
    here.record("/v1/products", {"key": "kettle", "name": "Kettle"})
    told = here.get("/readyz").json
    assert (told["lag_events"], told["size"] - told["views"]) == (1, 1)
    assert told["lag_seconds"] >= 0


def test_the_counts_name_routes_and_never_what_was_asked(community: Community) -> None:
    here = community.service
    here.get("/v1/streams/product:lamp/history")
    text = here.get("/metrics").text
    assert 'route="/v1/streams/<stream>/history"' in text
    assert "lamp" not in text
    assert f"govlog_log_size {float(here.size())}" in text


def test_a_preview_names_what_is_wrong_with_the_question(commissioned: Community) -> None:
    here = commissioned.service
    good = {
        "product": "lamp",
        "scope_item": "shade",
        "investor": "acme",
        "amount": "10000",
        "currency": "DKK",
    }
    for name, wrong in (
        ("product", "party:acme"),
        ("scope_item", ""),
        ("investor", "A B"),
        ("amount", "-5"),
        ("currency", "kr"),
        ("date", "2023-99"),
        ("commission", "Å"),
        ("known_at", "then"),
    ):
        asked = {**good, name: wrong}
        answer = here.client.get("/v1/attribution/preview", query_string=asked)
        assert problem(answer, 400, "malformed-request")["values"]["field"] == name
        if name in good:
            asked.pop(name)
            answer = here.client.get("/v1/attribution/preview", query_string=asked)
            assert problem(answer, 400, "malformed-request")["values"]["field"] == name
    unknown = {**good, "product": "kettle"}
    problem(here.client.get("/v1/attribution/preview", query_string=unknown), 404, "not-found")


@pytest.mark.parametrize(
    ("asked", "verdict", "reason"),
    [
        ({}, "covered", "covered"),
        ({"amount": "10000.01"}, "partly_covered", None),
        ({"scope_item": "cord"}, "own_risk", "out_of_scope"),
        ({"currency": "EUR"}, "own_risk", "wrong_currency"),
        ({"date": "2020-01-01"}, "own_risk", "before_commission"),
        ({"commission": "c1"}, "covered", "covered"),
    ],
)
def test_a_preview_says_in_words_whether_it_would_be_covered(
    community: Community, asked: dict[str, str], verdict: str, reason: str | None
) -> None:
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution)
    community.instalment("a", "90000")
    here = community.service
    question = {
        "product": "lamp",
        "scope_item": "shade",
        "investor": "acme",
        "amount": "10000",
        "currency": "DKK",
        **asked,
    }
    told = here.client.get("/v1/attribution/preview", query_string=question).json
    assert (told["verdict"], told["reason"]) == (verdict, reason)
    assert "c1" in told["answer"]
    assert (told["missing"] is None) == (verdict == "covered")
    assert sum(float(each["amount"]) for each in told["shares"]) == float(question["amount"])


def test_a_preview_says_that_who_asks_is_not_registered(community: Community) -> None:
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution)
    asked = "/v1/attribution/preview?product=lamp&scope_item=shade&amount=5&currency=DKK&investor="
    told = here.get(f"{asked}acme").json
    assert (told["registered"], told["missing"]) == (True, None)
    size = here.size()
    told = here.get(f"{asked}acmee").json
    assert (told["verdict"], told["registered"]) == ("covered", False)
    assert told["missing"] == "the registration of party:acmee"
    assert told["answer"].endswith(
        f" party:acmee is not registered as known at size:{size}, and cannot be bound before."
    )
    here.record("/v1/parties", {"kind": "organisation", "key": "acmee", "name": "Acmee"})
    assert here.get(f"{asked}acmee").json["registered"]
    assert not here.get(f"{asked}acmee&known_at=size:{size}").json["registered"]


def test_a_preview_on_a_partial_day_says_what_the_dates_leave_open(community: Community) -> None:
    here = community.service
    resolution = community.table()
    community.carry(resolution)
    community.commission(resolution)
    told = here.get(
        "/v1/attribution/preview?product=lamp&scope_item=shade&investor=acme&amount=5"
        f"&currency=DKK&date={today().year}"
    ).json
    assert told["verdict"] == "undetermined"
    assert "before commission" in told["answer"]
