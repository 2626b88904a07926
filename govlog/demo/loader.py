"""Fills an empty demonstration store: batch after batch, each approved by a second person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import msgspec
from msgspec import Struct

from govlog.application.commands import COMMANDS
from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.contract.commands import load as parse
from govlog.contract.commands import with_subject
from govlog.demo.lines import FICTION, OS2, Line, batches
from govlog.domain.errors import StoreUnusable
from govlog.domain.values import StreamId, stream_id
from govlog.persistence.migrate import LogMeta
from govlog.persistence.store import EventStore

RECORDER = StreamId("party:demo-recorder")
APPROVER = StreamId("party:demo-approver")
"""Two invented persons: nobody approves an import of their own (rule 5)."""

META = LogMeta(
    origin="govlog.demo/os2",
    zone="Europe/Copenhagen",
    demo=True,
    root_body=StreamId("body:os2-general-assembly"),
)
"""What a demonstration store begins with (`govlog.persistence.migrate.begin`)."""

SOURCES = {
    "demonstration": "The two invented persons who record and approve this demonstration",
    "os2-bylaws": "OS2's bylaws and what public pages say about its general assemblies",
    "os2-debate": "The debate 'Elefanten i rummet' of 2023 and the board's reply to it",
    "os2-products": "Public pages and governance reports about products of OS2",
    "os2-borgerpc": "The public repository in which OS2borgerPC keeps its decisions",
    "os2-evaluations": "OS2's levels and criteria, published assessments, and accounts",
    "fiction-1": "An invented example: a community, its orders, and money put into its products",
    "fiction-2": "An invented example: an instalment recorded after others, bound before them",
    "fiction-3": "An invented example: a decisive conflict of interest, found afterwards",
    "fiction-4": "An invented example: what the community takes over, and what it does not",
    "fiction-5": "An invented example: meetings, a scored vote, an item put off and one put again",
    "fiction-corrected": "An invented example: two amounts that were recorded wrongly",
    "fiction-withdrawn": "An invented example: one of these corrections was wrong itself",
    "fiction-waiting": "An invented example: a contract found late, which would take others' place",
    "fiction-6": "An invented example: how a product measures up, what carries it, who disagrees",
}
"""Where each batch comes from, in the order in which they are recorded."""

LEFT_WAITING = frozenset({"fiction-waiting"})
"""Recorded and not approved: what it would flip shows before a second person says so."""

NO_EVENTS: Mapping[str, str] = MappingProxyType({})

_PEOPLE = (
    (RECORDER, "The recorder of the demonstration"),
    (APPROVER, "The second person of the demonstration"),
)


class DemoSummary(Struct, frozen=True):
    """What a demonstration store holds once it is loaded."""

    batches: tuple[str, ...]
    size: int
    """Of the log; asking as known at a smaller size shows the earlier batches only."""
    sizes: tuple[int, ...]
    """The size from which each batch counts."""
    recorder: StreamId
    approver: StreamId


def load(
    store: EventStore, log: DecisionLog, *, progress: Callable[[str], None] = lambda _: None
) -> DemoSummary:
    """Record and approve every batch; a store that was filled half-way is filled to the end.

    Every step has an idempotency key of its own, so doing it again records nothing twice.
    """
    _require_demonstration(store)
    everything = frozenset(command.scope for command in COMMANDS.values()) | {"approve"}
    recorder, approver = (Actor(person, "", everything) for person in (RECORDER, APPROVER))
    sizes: dict[str, int] = {}
    events: dict[str, str] = {}
    for name, lines in (("demonstration", tuple(_people())), *batches(OS2, FICTION)):
        progress(name)
        batch = stream_id(f"batch:{name}", "batch")
        key, digest = f"demo/{name}", _digest(lines)
        orders = [order(line, events) for line in lines]
        receipt = log.record(
            orders, recorder, key=key, digest=digest, batch=batch, source=SOURCES[name]
        )
        for line, recorded in zip(lines, receipt.recorded, strict=False):  # the batch's own follows
            events[line.key] = recorded.id
        if name not in LEFT_WAITING:
            receipt = log.approve_batch(batch, approver, key=key, digest=digest)
        sizes[name] = receipt.size
    return DemoSummary(
        tuple(sizes), store.size(), tuple(sizes.values()), recorder=RECORDER, approver=APPROVER
    )


def order(line: Line, events: Mapping[str, str] = NO_EVENTS) -> Order:
    """One line through the contract, as an import takes it.

    `events` are those that earlier lines recorded, by the keys by which later ones name them.
    """
    stream = stream_id(line.stream)
    body = {
        name: events.get(value, value) if name in ("event", "correction") else value
        for name, value in line.body.items()
    }
    proposed = parse(COMMANDS[line.command], body, importing=True)
    return Order(line.command, stream, with_subject(proposed.fact, stream))


def _require_demonstration(store: EventStore) -> None:
    """Invented facts never enter a real log, nor a store that holds anything else."""
    if not store.meta.demo:
        raise StoreUnusable(
            f"{store.meta.origin} is a real log",
            mend="choose an empty data directory for the demonstration",
            origin=store.meta.origin,
        )
    if store.size() and not store.read(StreamId("batch:demonstration")):
        raise StoreUnusable(
            "the store holds something other than this demonstration",
            mend="choose an empty data directory for the demonstration",
        )


def _people() -> Iterable[Line]:
    for stream, name in _PEOPLE:
        yield Line(
            batch="demonstration",
            key=stream,
            command="register_party",
            stream=stream,
            data={
                "kind": "person",
                "name": name,
                "group": "secretariat",
                "fiction": True,
                "undated_because": "An invented person, known since the demonstration was made.",
                "evidence": [{"locator": "Invented for the demonstration"}],
            },
        )


def _digest(lines: Iterable[Line]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(list(lines))).digest()
