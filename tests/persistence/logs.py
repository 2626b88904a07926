"""A log in a directory of its own, a clock that tests set, and facts to put into it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Collection
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from govlog.domain.events.debate import DebateOpened, VoiceAdded
from govlog.domain.events.fact import Fact
from govlog.domain.events.product import InstalmentCommitted, ProductRenamed
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Money, PartialDate, Personal, StreamId
from govlog.persistence.keys import Keys
from govlog.persistence.migrate import LogMeta, begin, migrate
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from govlog.persistence.vault import Vault

ROOT = Path(__file__).parent.parent.parent
META = LogMeta(
    origin="log.example.org/test",
    zone="Europe/Copenhagen",
    demo=False,
    root_body=StreamId("body:board"),
)
PERSON = StreamId("party:ada")
PRODUCT = StreamId("product:lamp")
DEBATE = StreamId("debate:elephant")
TOKEN = "token-1"
NOON = 1_795_431_600_000_000
"""23 November 2026, 12:00 in Copenhagen, in microseconds."""

F = TypeVar("F", bound=Fact)


class Clock:
    """Tells nanoseconds; stands still until it is moved."""

    def __init__(self, now_us: int = NOON) -> None:
        self.now_us = now_us

    def __call__(self) -> int:
        return self.now_us * 1000

    def forward(self, seconds: float) -> None:
        self.now_us += int(seconds * 1_000_000)


def begun(data: Path, *, lock_timeout: float = 5.0) -> Settings:
    """A new log in a directory."""
    settings = Settings(data, lock_timeout)
    migrate(settings)
    begin(settings, META)
    return settings


def renamed(name: str = "Lamp") -> ProductRenamed:
    return ProductRenamed(name=name, decided_on=PartialDate("2026-11-23"))


def instalment(name: str = "first", investor: str = "party:acme") -> InstalmentCommitted:
    return InstalmentCommitted(
        instalment=Key(name),
        investor=StreamId(investor),
        scope_item="bulb",
        amount=Money(Decimal("1200.50"), "DKK"),
        bound_on=PartialDate("2026-11"),
    )


def opened(question: str = "Who pays?") -> DebateOpened:
    return DebateOpened(title=Personal(text="The elephant"), question=Personal(text=question))


def voice(text: str, party: StreamId = PERSON) -> VoiceAdded:
    said = Personal(text=text, subject=party)
    return VoiceAdded(voice=Key("first"), group="users", text=said, party=party)


def put(store: EventStore, stream: StreamId, *facts: Fact) -> list[Recorded[Fact]]:
    """Record facts as the next ones of a stream, in one transaction."""
    with store.writing() as writing:
        version = len(writing.read(stream))
        return [
            writing.append(stream, version + number, fact, PERSON, TOKEN)
            for number, fact in enumerate(facts, start=1)
        ]


def openings(settings: Settings) -> list[tuple[bytes, int, str, str | None, bytes, str]]:
    """Commitment, index, field, subject, salt and value of everything that can be erased."""
    with closing(sqlite3.connect(settings.events_db)) as connection:
        rows = connection.execute(
            "SELECT commitment, position, field, subject, key, sealed FROM erasable_value"
        ).fetchall()
    with Keys(settings.keys_db, lock_timeout=5) as keys:
        opened = Vault(keys).open(0, [(row[0], row[4], row[5]) for row in rows])
    found = [(row, opened[row[0]]) for row in rows]
    return [(*row[:4], *each) for row, each in found if each is not None]


def facts_of(kind: type[F], recorded: Collection[Recorded[Fact]]) -> list[F]:
    """The facts of these entries, which must all be of one kind."""
    facts = [each.fact for each in recorded if isinstance(each.fact, kind)]
    assert len(facts) == len(recorded)
    return facts


class Opens(Struct, frozen=True):
    """What stands in the place of one commitment."""

    index: int
    event: str
    field: str
    commitment: str
    salt: bytes | None
    value: str | None


def opens(store: EventStore, *, closed_too: bool = False) -> list[Opens]:
    """What opens each commitment of the log, in order; of erased values neither salt nor text."""
    with closing(sqlite3.connect(store.settings.events_db)) as connection:
        rows = connection.execute(
            "SELECT position, originator_id, originator_version, field, lower(hex(commitment))"
            " FROM (SELECT position, field, commitment FROM erasable_value"
            " UNION ALL SELECT position, field, commitment FROM erased_value)"
            " JOIN stored_events ON stored_events.rowid = position + 1 ORDER BY position, field"
        ).fetchall()
    known = store.opened((row[4] for row in rows), closed_too=closed_too)
    hidden = store.closed_among({row[4] for row in rows} - known.keys())
    return [
        Opens(index, f"{stream}@{version}", field, each, *(known.get(each) or (None, None)))
        for index, stream, version, field, each in rows
        if each not in hidden
    ]


def script(source: str, *arguments: object) -> subprocess.Popen[str]:
    """Start another Python process that runs `source` with these arguments."""
    return subprocess.Popen(
        [sys.executable, "-c", source, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finished(process: subprocess.Popen[str]) -> str:
    """What a process printed, once it ended well."""
    printed, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, complaints
    return printed
