"""Lists of commands, in which later ones name what earlier ones begin."""

from __future__ import annotations

from typing import Any

import pytest

from govlog.contract.lines import orders
from govlog.contract.refusal import InvalidBody

PERSON = {"command": "register_party", "key": "anna", "data": {"kind": "person", "name": "Anna"}}


def read(*lines: Any, **how: Any) -> list[Any]:
    return list(orders(lines, **how))


def refused(*lines: Any) -> set[str]:
    with pytest.raises(InvalidBody) as refusal:
        read(*lines)
    return {each.field for each in refusal.value.faults}


def test_a_line_is_a_command_for_a_stream() -> None:
    (order,) = read(
        {
            "command": "pause_product",
            "stream": "product:lamp",
            "decided_on": "2026-11",
            "version": 3,
            "data": {"grounds": "Waiting"},
        }
    )
    assert (order.command, order.stream, order.expected) == ("pause_product", "product:lamp", 3)
    assert order.fact.decided_on == "2026-11"
    assert order.fact.grounds.text == "Waiting"


@pytest.mark.parametrize(
    "line",
    [
        {"command": "propose_product", "stream": "product:lamp", "data": {"name": "Lamp"}},
        {"command": "propose_product", "key": "lamp", "data": {"name": "Lamp"}},
        {"command": "propose_product", "data": {"key": "lamp", "name": "Lamp"}},
    ],
)
def test_the_key_of_a_new_stream_is_given_in_one_of_three_places(line: dict[str, Any]) -> None:
    (order,) = read(line)
    assert order.stream == "product:lamp"


def test_a_person_is_called_by_a_name_that_holds_in_the_list_only() -> None:
    registered, seated, approved = read(
        PERSON,
        {
            "command": "seat_member",
            "stream": "body:b",
            "data": {"party": "party:anna", "role": "chair"},
        },
        {"command": "approve", "stream": "party:anna", "data": {"facts": ["party:anna@1"]}},
    )
    assert registered.stream != "party:anna"
    assert seated.fact.party == registered.stream
    assert approved.stream == registered.stream
    assert approved.fact.facts == (f"{registered.stream}@1",)
    (later,) = read(
        {"command": "rename_party", "stream": "party:anna", "data": {"name": "Bo"}},
        names={"party:anna": registered.stream},
    )
    assert later.stream == registered.stream
    (other,) = read({"command": "rename_party", "stream": "party:anna", "data": {"name": "Bo"}})
    assert other.stream == "party:anna"


def test_a_list_that_is_left_half_read_leaves_no_names_behind() -> None:
    reading = orders([PERSON, PERSON])
    next(reading)
    (other,) = read({"command": "rename_party", "stream": "party:anna", "data": {"name": "Bo"}})
    assert other.stream == "party:anna"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({}, "0.command"),
        ({"command": "no_such"}, "0.command"),
        ({"command": "pause_product", "by": "body:b"}, "0.by"),
        ({"command": "pause_product"}, "0.stream"),
        ({"command": "pause_product", "stream": "body:b"}, "0.stream"),
        ({"command": "pause_product", "stream": "product:p", "key": "k"}, "0.key"),
        ({"command": "propose_product", "stream": "body:b", "data": {"name": "a"}}, "0.stream"),
        (
            {"command": "propose_product", "key": "a", "data": {"key": "b", "name": "a"}},
            "0.key",
        ),
        ({"command": "pause_product", "stream": "product:p", "data": []}, "0.data"),
        ({"command": "pause_product", "stream": "product:p", "data": {"x": 1}}, "0.data.x"),
        (
            {
                "command": "pause_product",
                "stream": "product:p",
                "decided_on": "2026",
                "data": {"decided_on": "2026"},
            },
            "0.decided_on",
        ),
        ("not an object", "0"),
    ],
)
def test_a_line_that_is_wrong_is_named_by_its_place(line: Any, field: str) -> None:
    assert field in refused(line)


def test_an_import_may_say_when_its_source_recorded() -> None:
    data = {"name": "Lamp", "source_recorded_at": "2017-08-01T12:00:00Z"}
    line = {"command": "propose_product", "data": data}
    assert read(line, importing=True)[0].fact.source_recorded_at == "2017-08-01T12:00:00Z"
    assert refused(line) == {"0.data.source_recorded_at"}
    data["source_recorded_at"] = "last summer"
    with pytest.raises(InvalidBody):
        read(line, importing=True)
