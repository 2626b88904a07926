"""Bodies of commands into the facts they propose."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema
from marshmallow.fields import Field
from msgspec import Struct
from msgspec.structs import replace

from govlog.application.command import Command
from govlog.contract import fields as form
from govlog.contract.refusal import InvalidBody, parsed
from govlog.contract.shapes import SERVER_SET, schema
from govlog.domain.events import Fact
from govlog.domain.events.debate import VoiceAdded
from govlog.domain.events.dispute import EvaluationDisputed, InvestmentDisputed
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.values import Key, Personal, StreamId, kind_of


class Proposed(Struct, frozen=True):
    """What a body asks to record; `key` is the one its client chose for a new stream."""

    fact: Fact
    key: Key | None


@cache
def body_schema(command: Command, *, importing: bool = False) -> Schema:
    """The schema of a command's body; an import may give a source's own recording time."""
    without = SERVER_SET - {"source_recorded_at"} if importing else SERVER_SET
    more: dict[str, Field[Any]] = {}
    if command.creates:
        more["key"] = form.KeyField(allow_none=True)
    return schema(command.fact, without=without, **more)


def load(
    command: Command, body: object, *, importing: bool = False, path: tuple[str | int, ...] = ()
) -> Proposed:
    """Parse one command's body; `path` leads to it in a larger document."""
    members = parsed(body_schema(command, importing=importing), body, *path)
    key = members.pop("key", None)
    return Proposed(command.fact(**members), key)


def new_stream(command: Command, proposed: Proposed) -> StreamId:
    """The id of the stream that a fact begins; a person's key is always made here (TRUST)."""
    if proposed.key is not None and is_person(proposed.fact):
        raise InvalidBody.of({"key": ["leave it out: the id of a person is made here"]})
    return StreamId(f"{command.kind}:{proposed.key or form.new_key()}")


def is_person(fact: Fact) -> bool:
    return isinstance(fact, PartyRegistered) and fact.kind is PartyKind.PERSON


def with_subject(fact: Fact, stream: StreamId) -> Fact:
    """Say whose erasure removes a text: the person it names, or the one who spoke."""
    match fact:
        case PartyRegistered(kind=PartyKind.PERSON, name=str(name)):
            return replace(fact, name=Personal(text=name, subject=stream))
        case VoiceAdded(text=text, party=str(party)):
            return replace(fact, text=replace(text, subject=party))
        case EvaluationDisputed(by=by) | InvestmentDisputed(by=by) if kind_of(by) == "party":
            return replace(fact, grounds=replace(fact.grounds, subject=by))
        case _:
            return fact
