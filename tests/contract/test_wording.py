"""What is said of a body with a fault names what to write, in words that are not a library's."""

from __future__ import annotations

import marshmallow
import pytest
from marshmallow import Schema

from govlog.application.commands import COMMANDS
from govlog.contract.batches import APPROVAL, BATCH, REFUSAL
from govlog.contract.commands import body_schema
from govlog.contract.erasures import ERASURE
from govlog.contract.lines import LineSchema
from govlog.contract.refusal import InvalidBody, parsed

SCHEMAS = {each.name: body_schema(each) for each in COMMANDS.values()} | {
    type(each).__name__: each for each in (APPROVAL, BATCH, REFUSAL, ERASURE, LineSchema())
}
WRONG: tuple[object, ...] = (None, 1, "", "?", [], [None], [1], {}, {"?": 1}, True)


def of_the_library() -> set[str]:
    kinds = [each for each in vars(marshmallow.fields).values() if isinstance(each, type)]
    tables = [getattr(each, "default_error_messages", {}) for each in kinds]
    return {word for table in (*tables, Schema._default_error_messages) for word in table.values()}


def said(schema: Schema, body: object) -> set[str]:
    try:
        parsed(schema, body)
    except InvalidBody as refusal:
        return {each.detail for each in refusal.faults}
    return set()


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_member_of_any_body_is_refused_in_a_librarys_words(name: str) -> None:
    schema = SCHEMAS[name]
    found = said(schema, {}) | said(schema, []) | said(schema, {"no_such": 1})
    for member in schema.load_fields.values():
        for wrong in WRONG:
            found |= said(schema, {member.data_key or member.name: wrong})
    assert found
    assert not found & of_the_library()
    assert not {each for each in found if "valid" in each.casefold()}


def test_who_gives_a_member_that_is_not_read_is_told_which_are() -> None:
    schema = SCHEMAS["register_party"]
    (told,) = said(schema, {"kind": "organisation", "name": "Acme", "title": "Acme"})
    assert told.startswith("no member of this name is read; there are ")
    assert {"kind", "name", "key"} <= set(told.rpartition("are ")[2].split(", "))
    assert said(APPROVAL, {"grounds": "x"}) == {"leave it out: this body has no members"}
