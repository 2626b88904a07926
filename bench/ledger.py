"""What the proofs cost: recording with and without the tree, receipts, and the publisher itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest import mock

from api.published import Published
from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.http_writes import token
from bench.keep_alive import seconds
from bench.rebuild_views import rebuilt
from bench.rounds import in_turns, timed
from bench.scale import Scale
from bench.serving import ROOT, govlog
from bench.write_requests import Targets, writes
from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.values import StreamId, partial_date
from govlog.ledger import status
from govlog.ledger.checkpoint import Checkpoint
from govlog.ledger.keys import SigningKey
from govlog.ledger.merkle import Frontier, node_hash
from govlog.ledger.notes import Note, sign
from govlog.ledger.proofs import tree_root
from govlog.ledger.publication import Publication
from govlog.ledger.tiles import TileTree, tiles_of
from govlog.persistence.access import SCOPES
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore

LEAVES = 1_000_000
TOGETHER = 10
"""Commands of one side before it is the other's turn: a disk is quick and slow by the second."""
IDLE = 5.0
"""Seconds over which a publisher without work is watched."""


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        settings = fill(Path(directory, "log"), scale.small)
        # A log whose leaves are left out is signed by no publisher: it is one of its own.
        shutil.copytree(settings.data, Path(directory, "unsigned"))
        unsigned = Settings(Path(directory, "unsigned"))
        figures = [_recording(unsigned, scale), *_receipts(Path(directory, "tiles"), scale)]
        rebuilt(settings)
        return [*figures, *_publishing(settings, scale)]


def _recording(settings: Settings, scale: Scale) -> Figure:
    """One command in one durable transaction, with leaf and tree and without either."""
    actor = Actor(StreamId("party:bench"), "", SCOPES)
    day = partial_date("2026-11-25")
    with EventStore.open(settings) as store:
        log = DecisionLog(store)

        def record() -> None:
            for number in range(TOGETHER):
                fact = PartyRegistered(
                    kind=PartyKind.ORGANISATION, name=f"Fiction {number}", decided_on=day
                )
                log.record([Order("register_party", None, fact)], actor)

        def without() -> None:
            with (
                mock.patch("govlog.persistence.mapper.leaf_hash", _no_leaf),
                mock.patch.object(Frontier, "extended", _longer),
            ):
                record()

        sides = in_turns(timed(record), timed(without), max(2, scale.writes // TOGETHER) * 4)
    return of_rounds(
        "recording with the tree / without leaf and tree, one transaction each",
        sides.speeds,
        at_least=0.9,
        beside=sides.each("us", TOGETHER / 1e6),
    )


def _no_leaf(framed: bytes) -> bytes:
    return framed[:0]


def _longer(tree: Frontier, leaves: Iterator[bytes]) -> Frontier:
    size = tree.size + sum(1 for _ in leaves)
    return Frontier(size, (bytes(32),) * size.bit_count())


def _receipts(folder: Path, scale: Scale) -> list[Figure]:
    """Out of files: 1,000,000 leaves of which all are the same, so that few have to be made."""
    size = _same_leaves(folder)
    published = Published(Publication(folder))
    chance = Random(5)

    def one() -> float:
        index = chance.randrange(size)
        begun = perf_counter()
        bytes(published.receipt(index, size))
        return (perf_counter() - begun) * 1000

    rounds = [sorted(one() for _ in range(scale.reads)) for _ in range(scale.rounds)]
    what = f"receipt at {size:,} leaves"
    middles = [median(each) for each in rounds]
    worst = [each[len(each) * 99 // 100] for each in rounds]
    return [
        of_rounds(f"{what}, p50", middles, unit=" ms", at_most=5.0),
        of_rounds(f"{what}, p99", worst, unit=" ms"),
    ]


def _same_leaves(folder: Path) -> int:
    """A publication with the hashes of a tree whose leaves are all the same; its size."""
    publication, leaf = Publication(folder), bytes(32)
    roots, made = [leaf], dict[tuple[int, int], Path]()
    for _ in range(64):
        roots.append(node_hash(roots[-1], roots[-1]))
    for tile in tiles_of(LEAVES):
        if tile.level < 0:
            continue
        path = folder / tile.path()
        path.parent.mkdir(parents=True, exist_ok=True)
        first = made.setdefault((tile.level, tile.width), path)
        if first is path:
            path.write_bytes(roots[8 * tile.level] * tile.width)
        else:
            os.link(first, path)
    root = tree_root(LEAVES, TileTree(LEAVES, publication.read).perfect)
    body = Checkpoint("bench.invalid/log", LEAVES, root).body()
    key = SigningKey("bench.invalid/log", 1, bytes(32))
    publication.publish(bytes(Note(body, (sign(body, key),))))
    return LEAVES


def _publishing(settings: Settings, scale: Scale) -> list[Figure]:
    """How old the newest covered write is while clients write, and what waiting for work costs."""
    with EventStore.open(settings) as store:
        requests = writes(Targets.of(store), token(settings))
        size = store.size()
    clients = max(scale.clients)
    with govlog(settings) as port:
        _wait(settings, size)
        ages = [
            _oldest(settings, port, list(islice(requests, scale.writes)), clients)
            for _ in range(scale.rounds)
        ]
    with _publisher(settings) as process:
        with EventStore.open(settings) as store:
            _wait(settings, store.size())
        time.sleep(0.5)
        used = [_used(process.pid, IDLE / scale.rounds) for _ in range(scale.rounds)]
    return [
        of_rounds(
            f"age of a write that no checkpoint covers, {clients} clients writing, at most",
            ages,
            unit=" s",
            at_most=1.0,
        ),
        of_rounds("publisher without work, of one core", used, unit=" %", at_most=10.0),
    ]


def _oldest(settings: Settings, port: int, requests: list[bytes], clients: int) -> float:
    """The longest that an answered write has waited to be covered, in seconds."""
    answers: list[tuple[int, float]] = []
    covered: list[tuple[int, float]] = []
    done = threading.Event()

    def watch() -> None:
        while not (done.is_set() and covered and covered[-1][0] >= max(s for s, _ in answers)):
            told = status.read(settings.publication)
            if told is not None and told.size is not None:
                covered.append((told.size, perf_counter()))
            time.sleep(0.01)

    def answered(body: bytes) -> None:
        size = int(body.partition(b'"size":')[2].partition(b",")[0])
        answers.append((size, perf_counter()))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        seconds(port, requests, clients, answered=answered)
    finally:
        done.set()
        watching.join(60)
    looks = iter(covered)
    size, when = next(looks)
    longest = 0.0
    for known_from, told_at in sorted(answers):
        while size < known_from:
            size, when = next(looks)
        longest = max(longest, when - told_at)
    return longest


@contextmanager
def _publisher(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, "GOVLOG_DATA": str(settings.data.absolute())}
    process = subprocess.Popen((sys.executable, "-m", "govlog", "publish"), cwd=ROOT, env=environ)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait(settings: Settings, size: int) -> None:
    deadline = perf_counter() + 60
    while perf_counter() < deadline:
        told = status.read(settings.publication)
        if told is not None and told.size is not None and told.size >= size:
            return
        time.sleep(0.05)
    raise TimeoutError(f"size {size} was not published")


def _used(process: int, watched: float) -> float:
    """Processor time in percent of a core, while nothing is recorded."""

    def ticks() -> int:
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    before, begun = ticks(), perf_counter()
    time.sleep(watched)
    taken = (ticks() - before) / os.sysconf("SC_CLK_TCK")
    return 100 * taken / (perf_counter() - begun)
