"""Recorded facts as JSON, with their texts resolved as they leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
import pytest

from govlog.contract.answers import encode, event, revealed
from govlog.domain.events.fact import PendingReason
from govlog.domain.events.product import ProductPaused
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Personal, StreamId

FIRST, SECOND = "0" * 64, "ab" * 32


def recorded(grounds: str) -> Recorded[ProductPaused]:
    return Recorded(
        index=6,
        stream=StreamId("product:lamp"),
        version=2,
        recorded_us=1_795_431_600_000_000,
        recorded_on=date(2026, 11, 23),
        recorded_by=StreamId("party:a"),
        token="t",
        fact=ProductPaused(
            decided_on=PartialDate("2026"),
            grounds=Personal(commitment=grounds),
            pending=(PendingReason.LATE,),
        ),
    )


def test_a_fact_is_told_with_its_place_and_its_members() -> None:
    told = msgspec.json.decode(
        revealed(encode(event(recorded(FIRST))), lambda _: {FIRST: 'a "b"\n'})
    )
    assert told == {
        "index": 6,
        "id": "product:lamp@2",
        "stream": "product:lamp",
        "version": 2,
        "topic": "ProductPaused.v1",
        "recorded_at": "2026-11-23T11:00:00.000000Z",
        "recorded_by": "party:a",
        "token": "t",
        "pending": ["late"],
        "data": {"decided_on": "2026", "grounds": 'a "b"\n', "pending": ["late"]},
    }


def test_all_texts_of_an_answer_are_looked_up_at_once() -> None:
    asked: list[list[str]] = []

    def reveal(commitments: Iterable[str]) -> dict[str, str]:
        asked.append(list(commitments))
        return {SECOND: "second"}

    document = b"[%s,%s]" % (encode(event(recorded(FIRST))), encode(event(recorded(SECOND))))
    first, second = msgspec.json.decode(revealed(document, reveal))
    assert asked == [[FIRST, SECOND]]
    assert first["data"]["grounds"] == {"erased": FIRST}
    assert second["data"]["grounds"] == "second"


def test_an_answer_without_texts_looks_nothing_up() -> None:
    def reveal(_: Iterable[str]) -> dict[str, str]:
        pytest.fail("nothing needs to be looked up")

    assert revealed(b'{"a":1}', reveal) == b'{"a":1}'


def test_a_text_that_looks_like_a_commitment_stays_a_text() -> None:
    sly = '{"$c":"' + SECOND + '"}'
    document = msgspec.json.encode({"a": sly, "b": {"$c": FIRST}})
    told = msgspec.json.decode(revealed(document, lambda _: {FIRST: sly, SECOND: "leaked"}))
    assert told == {"a": sly, "b": sly}


def test_a_closed_text_shows_its_commitment_only() -> None:
    told = msgspec.json.decode(revealed(encode(event(recorded(FIRST))), lambda _: {FIRST: None}))
    assert told["data"]["grounds"] == {"closed": FIRST}
