"""Lists of commands, as in `POST /v1/batch` and import files, into what they ask to record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from marshmallow import fields, validate

from govlog.application.command import Command
from govlog.application.commands import COMMANDS
from govlog.application.decision_log import Order
from govlog.contract import fields as form
from govlog.contract.commands import Proposed, is_person, load, new_stream, with_subject
from govlog.contract.refusal import InvalidBody, parsed
from govlog.contract.wording import ONE_OF, Body
from govlog.domain.values import KINDS, Key, StreamId, kind_of

NO_NAMES: Mapping[str, StreamId] = MappingProxyType({})


class LineSchema(Body):
    """One command of a list; `data` is the body that its own route takes."""

    command = fields.String(required=True, validate=validate.OneOf(list(COMMANDS), error=ONE_OF))
    stream = form.StreamIdField(*KINDS, allow_none=True)
    decided_on = form.PartialDateField(allow_none=True)
    key = form.KeyField(allow_none=True)
    version = form.CountField(allow_none=True)
    data = fields.Dict(load_default=dict)


_line = LineSchema()


def orders(
    listed: Iterable[object],
    *,
    importing: bool = False,
    names: Mapping[str, StreamId] = NO_NAMES,
    path: tuple[str | int, ...] = (),
) -> Iterator[Order]:
    """Parse commands in order, one at a time; later ones may name what earlier ones begin.

    A person's id is made here: the `key` or `stream` by which a list calls one holds inside it
    only. `names` are such names from earlier parts of the same list.
    """
    known = dict(names)
    for number, each in enumerate(listed):
        reset = form.ALIASES.set(known)
        try:
            order, called = _parsed(each, importing, (*path, number))
        finally:
            form.ALIASES.reset(reset)
        if called is not None:
            if called in known or called in known.values():
                raise InvalidBody.of({"key": ["it names another person here"]}, *path, number)
            known[called] = StreamId(str(order.stream))
        yield order


def _parsed(
    listed: object, importing: bool, path: tuple[str | int, ...]
) -> tuple[Order, str | None]:
    members = parsed(_line, listed, *path)
    command = COMMANDS[members["command"]]
    stream, key = members.get("stream"), members.get("key")
    body = members["data"]
    if (day := members.get("decided_on")) is not None:
        if "decided_on" in body:
            raise InvalidBody.of({"decided_on": ["give it once, here or in data"]}, *path)
        body = {**body, "decided_on": day}
    proposed = load(command, body, importing=importing, path=(*path, "data"))
    called = None
    if command.creates:
        proposed, called = _named(command, proposed, stream, key, path)
        stream = new_stream(command, proposed)
    elif key is not None:
        raise InvalidBody.of({"key": [f"leave it out: {command.name} begins no stream"]}, *path)
    elif stream is None or command.kind not in (None, kind_of(stream)):
        kind = command.kind or "any"
        raise InvalidBody.of({"stream": [f"name the stream of kind {kind} that it is for"]}, *path)
    fact = with_subject(proposed.fact, stream)
    return Order(command.name, stream, fact, members.get("version")), called


def _named(
    command: Command,
    proposed: Proposed,
    stream: StreamId | None,
    key: Key | None,
    path: tuple[str | int, ...],
) -> tuple[Proposed, str | None]:
    """The key of a stream to begin, from wherever the line gives it; persons get another."""
    if stream is not None and kind_of(stream) != command.kind:
        raise InvalidBody.of({"stream": [f"begin it with {command.kind}:"]}, *path)
    given = {Key(stream.partition(":")[2])} if stream is not None else set()
    given |= {each for each in (key, proposed.key) if each is not None}
    if len(given) > 1:
        raise InvalidBody.of({"key": ["give the key of the new stream once"]}, *path)
    chosen = given.pop() if given else None
    if chosen is not None and is_person(proposed.fact):
        return Proposed(proposed.fact, None), f"{command.kind}:{chosen}"
    return Proposed(proposed.fact, chosen), None
