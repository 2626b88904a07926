"""Verifying a whole log, beside a bare hashlib loop over the same bytes; and its memory."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figure import Figure, of_rounds
from bench.filling import fill
from bench.rebuild_memory import MOST_MB, most_megabytes
from bench.rounds import in_turns, timed
from bench.scale import Scale
from govlog.ledger.keys import NOTE, SigningKey, VerifierKey
from govlog.ledger.publication import Publication
from govlog.ledger.publisher import Publisher
from govlog.ledger.verifier.checks import verify_log
from govlog.ledger.verifier.sources import Folder
from govlog.ledger.verifier.trust import Trust
from govlog.persistence.store import EventStore


def measure(scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as directory:
        key = published(Path(directory), scale.large)
        mirror = Path(directory, "publication")
        memories = (Path(directory, f"memory-{number}") for number in range(2 * scale.rounds))
        sides = in_turns(
            timed(lambda: verified(mirror, key, next(memories))),
            timed(lambda: hashed(mirror)),
            scale.rounds,
        )
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            megabytes = apart.submit(_peak, mirror, str(key), Path(directory, "apart")).result()
    events = scale.large
    return [
        of_rounds(
            f"verifying a log of {events:,} events / hashlib over its entries",
            sides.speeds,
            at_least=0.5,
            beside=sides.each("us an event", events / 1e6),
        ),
        of_rounds(
            f"peak memory of verifying {events:,} events",
            [megabytes],
            unit=" MB",
            at_most=MOST_MB,
        ),
    ]


def published(directory: Path, events: int) -> VerifierKey:
    """A log with all its tiles and a signed checkpoint; answers the key it is signed with."""
    settings = fill(directory / "log", events)
    with EventStore.open(settings) as store:
        key = SigningKey.generate(store.meta.origin, NOTE)
        publisher = Publisher(store, Publication(directory / "publication"), [key])
        while publisher.step() is not None:
            pass
    return key.verifier


def verified(mirror: Path, key: VerifierKey, memory: Path) -> None:
    """As `govlog verify` does it: entries, tiles, root, signature, times, memory."""
    findings = verify_log(Folder(mirror), Trust([key]), memory, lambda done, size: None)
    if not findings.holds:
        raise AssertionError(findings.offence)


def hashed(mirror: Path) -> None:
    """Read every bundle and hash every entry in it: less cannot be done."""
    for path in sorted((mirror / "tile" / "entries").rglob("*")):
        if path.is_file():
            for entry in _entries(path.read_bytes()):
                sha256(b"\0" + entry).digest()


def _entries(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        yield data[at + 2 : at + 2 + length]
        at += 2 + length


def _peak(mirror: Path, key: str, memory: Path) -> float:
    verified(mirror, VerifierKey.parse(key), memory)
    return most_megabytes()
