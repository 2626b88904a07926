"""Bodies parsed by a plan: the same as marshmallow makes of them, whatever they hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, post_load, validate

from govlog.application.commands import COMMANDS
from govlog.contract import plans
from govlog.contract.commands import body_schema
from govlog.contract.shapes import MADE

GOOD: dict[str, object] = {
    "decided_on": "2023-09-25",
    "bound_on": "2023-09",
    "investor": "party:nordlys",
    "resolution": "resolution:r",
    "scope_item": "map",
    "scope": ["map", "hosting"],
    "amount": {"amount": "40000.00", "currency": "DKK"},
    "ceiling": {"kind": "amount", "amount": "1.00", "currency": "DKK"},
    "evidence": [{"locator": "https://example.org/minutes"}],
    "parties": ["party:nordlys"],
    "seat": "chair",
    "ballot": "for",
    "body": "body:board",
    "kind": "decision",
    "title": "A title",
    "name": "A name",
    "authorises": [{"act": "commission", "amount": {"amount": "1.00", "currency": "DKK"}}],
    "rules": {"version": "1"},
    "instalment": "maps-1",
    "commission": "maps",
}
WRONG: list[object] = [None, "", 7, -1, True, [], {}, [None], ["\0"], {"x": 1}, "2023-13-40", [[]]]
BAD = st.sampled_from(WRONG)
NAMES = st.sampled_from(sorted({*GOOD, "key", "pending", "unknown"}))
BODIES = st.dictionaries(NAMES, BAD, max_size=3).map(dict.items).map(list)


def made_by(parse: Any, body: object) -> object:
    try:
        return parse(body)
    except ValidationError as error:
        return error.messages


@given(st.sampled_from(sorted(COMMANDS)), st.data())
def test_a_plan_gives_what_the_schema_gives_or_its_very_faults(name: str, data: Any) -> None:
    command = COMMANDS[name]
    schema = body_schema(command)
    members = [each for each in GOOD if each in schema.fields]
    body: Any = {member: GOOD[member] for member in data.draw(st.sets(st.sampled_from(members)))}
    body |= dict(data.draw(BODIES))
    planned = made_by(lambda each: plans.load(schema, each), body)
    plain = made_by(schema.load, body)
    made = MADE.get(command.fact)
    if made is not None and made not in body and isinstance(planned, dict) and made in planned:
        assert isinstance(plain, dict)
        planned[made] = plain[made] = "a new key"
    assert planned == plain


@pytest.mark.parametrize("body", [None, [], "text", 3, True])
def test_what_is_no_object_is_refused_in_marshmallow_s_words(body: object) -> None:
    schema = body_schema(COMMANDS["commit_instalment"])
    assert made_by(lambda each: plans.load(schema, each), body) == made_by(schema.load, body)


class Doubling(Schema):
    number = fields.Integer(required=True)

    @post_load
    def double(self, members: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"number": 2 * members["number"]}


class Few(Schema):
    words = fields.List(fields.String(), validate=validate.Length(1, 2))


def test_a_schema_that_does_more_than_parse_is_left_to_marshmallow() -> None:
    assert plans.load(Doubling(), {"number": 2}) == {"number": 4}


@pytest.mark.parametrize("words", [[], ["a"], ["a", "b", "c"], [None], "a"])
def test_validators_of_a_member_are_asked(words: object) -> None:
    few, body = Few(), {"words": words}
    assert made_by(lambda each: plans.load(few, each), body) == made_by(few.load, body)
