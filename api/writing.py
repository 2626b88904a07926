"""From a request that writes to an order, and from its receipt to the answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from flask import Request, Response
from msgspec import Struct

from api.bodies import JSON, digest, dry_run, idempotency_key, json_body, waits, with_path
from api.closed import texts_for
from api.conditions import expected_version, version_tag
from api.outlook import Foretold, outlook
from api.parameters import stream_in_path
from api.rooms import Rooms
from govlog.application.command import Command
from govlog.application.decision_log import Actor, Order, Receipt
from govlog.contract.answers import Event, Reveal, commitments_of, encode, event, revealed
from govlog.contract.commands import load, new_stream, with_subject
from govlog.domain.events.fact import Fact, PendingReason
from govlog.domain.impact import Flip
from govlog.domain.level_flips import LevelFlip
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.persistence.store import EventStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

COLLECTIONS = {
    "party": "parties",
    "body": "bodies",
    "debate": "debates",
    "meeting": "meetings",
    "resolution": "resolutions",
    "catalogue": "catalogues",
    "product": "products",
    "risk": "risks",
}
"""The noun in the addresses of each kind of stream."""


class Write(NamedTuple):
    """A route that records one command; further variables of its rule are members of the fact."""

    rule: str
    command: str


class Written(NamedTuple):
    """An answer that leaves as it is: Werkzeug would look it over, and rewrite its Location."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def leave(self, start: StartResponse) -> Iterable[bytes]:
        """Answer as WSGI has it (PEP 3333)."""
        start(self.status, self.headers)
        return (self.body,)

    def response(self) -> Response:
        """The same for Flask, which wants an object of its own."""
        return _AsItIs(self)


class _AsItIs(Response):
    def __init__(self, written: Written) -> None:
        super().__init__((written.body,), written.status, content_type=JSON)
        self._written = written

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._written.leave(start_response)


class Recording(Struct, frozen=True, omit_defaults=True):
    """What a write answers: the first fact in short, and all of them in full."""

    index: int
    size: int
    """From this size of the log on it is known; give it as `at_least` to read it back."""
    id: str
    stream: StreamId
    version: int
    recorded_at: str
    pending: tuple[PendingReason, ...]
    """Why it waits for a second person; empty where it counts."""
    facts: tuple[Event, ...]
    dry_run: bool = False
    impact: tuple[Flip, ...] | None = None
    """Of a dry run: the instalments whose answer would change once all of it counts."""
    levels: tuple[LevelFlip, ...] | None = None
    """Of a dry run: the products whose level would change with it, and on which days."""
    changes: tuple[Foretold, ...] | None = None
    """Of a dry run: everything that the views would show otherwise of what they show now."""
    parties: tuple[StreamId, ...] | None = None
    """Of a dry run: the parties that these changes affect."""


def write(
    here: Rooms, asked: Request, command: Command, key: str = "", stream: str = "", **path: str
) -> Written:
    """Record one command on the stream that the address names, or on a new one."""
    actor = here.door.writer(asked, command.scope)
    preview = dry_run(asked)
    named = None if command.creates else stream_in_path(stream or f"{command.kind}:{key}")
    expected = None if named is None else expected_version(asked)
    body = with_path(json_body(asked), path)
    proposed = load(command, body)
    target = new_stream(command, proposed) if named is None else named
    order = Order(command.name, target, with_subject(proposed.fact, target), expected)
    receipt = here.log.record(
        [order],
        actor,
        key=None if preview else idempotency_key(asked),
        digest=digest(f"{command.name} {named or ''}", body),
        dry_run=preview,
    )
    covered(here, asked, receipt)
    return answer(here, receipt, actor, preview=preview)


def recorded(here: Rooms, asked: Request, command: Command, **path: str) -> Response:
    """The same through Flask."""
    return write(here, asked, command, **path).response()


def covered(here: Rooms, asked: Request, receipt: Receipt) -> None:
    """Wait for a checkpoint where the request says so; a refusal states what was recorded."""
    if waits(asked):
        first = receipt.recorded[0]
        outcome = {"index": first.index, "size": receipt.size, "id": first.id}
        here.waiting.for_checkpoint(receipt.size, outcome)


def answer(
    here: Rooms,
    receipt: Receipt,
    actor: Actor,
    *,
    preview: bool,
    foresees: bool = True,
) -> Written:
    """What was recorded; of a replayed key the same as at first.

    A closed item's texts come back only to who may read them, also to who has just sent them.
    """
    facts = tuple(map(event, receipt.recorded))
    first = facts[0]
    document = encode(
        Recording(
            index=first.index,
            size=receipt.size,
            id=first.id,
            stream=first.stream,
            version=first.version,
            recorded_at=first.recorded_at,
            pending=first.pending,
            facts=facts,
            dry_run=preview,
            impact=receipt.impact if preview else None,
            levels=receipt.levels if preview else None,
        )
    )
    closed_too = "read:closed" in actor.scopes
    if preview:
        reveal = _unsaved(receipt, here.store, closed_too=closed_too)
    else:
        reveal = texts_for(here.store, closed_too=closed_too)
    body = revealed(document, reveal)
    if preview and foresees:
        body = body[:-1] + b"," + outlook(here, receipt.recorded)[1:]
    headers = [
        ("Content-Type", JSON),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    if not preview:
        headers += [("ETag", version_tag(first.version)), ("Location", _location(first))]
    if receipt.replayed:
        headers.append(("Idempotent-Replayed", "true"))
    return Written("200 OK" if preview else "201 CREATED", headers, body)


def _location(first: Event) -> str:
    """Where the stream that was begun can be read, else the event itself."""
    kind, _, key = first.stream.partition(":")
    if first.version == 1 and kind in COLLECTIONS:
        return f"/v1/{COLLECTIONS[kind]}/{key}"
    return f"/v1/events/{first.index}"


def _unsaved(receipt: Receipt, store: EventStore, *, closed_too: bool) -> Reveal:
    """The texts of a dry run, which stand in no table."""
    known: dict[str, str | None] = {**receipt.texts}
    hidden = () if closed_too else [each for each in receipt.recorded if _is_closed(each, store)]
    for each in hidden:
        known |= dict.fromkeys(commitments_of(encode(event(each))))
    return lambda _: known


def _is_closed(recorded: Recorded[Fact], store: EventStore) -> bool:
    """Whether a fact is of a closed item, or begins one."""
    closes = getattr(recorded.fact, "confidential", False)
    return closes or store.is_closed(recorded.stream)
