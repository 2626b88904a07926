"""Records made-up facts one after the other, some late, some imported, some with partial dates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from msgspec.structs import replace

from govlog.domain.correctable import correctable
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    BatchRecorded,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.fact import PendingReason
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Personal, Reference, StreamId

T = TypeVar("T")


class Chronicle:
    """A log that grows, and what is still pending in it."""

    def __init__(self, random: Random, spoken: str = "") -> None:
        """With `spoken`, personal values are words that begin so, as before they are stored."""
        self.random = random
        self._spoken = spoken
        self.log: list[Recorded[Fact]] = []
        self.day = date(2024, 1, 15)
        self.pending: dict[str, StreamId] = {}
        self._versions: dict[StreamId, int] = {}
        self._batch: StreamId | None = None
        self._imported: list[str] = []

    def record(self, stream: str, fact: Fact, *, at_once: bool = False) -> None:
        """Record a fact as it is, or (unless it is to count at once) as a late or imported one."""
        own = StreamId(stream)
        if self._batch is not None:
            fact = replace(fact, pending=(PendingReason.IMPORT,), batch=self._batch)
        elif not at_once and self.chance(0.08):
            fact = replace(fact, pending=(self.one_of(list(PendingReason)),))
        event = self._append(own, fact)
        if fact.pending:
            self.pending[event] = own
            self._imported.append(event)

    def _append(self, own: StreamId, fact: Fact) -> str:
        version = self._versions[own] = self._versions.get(own, 0) + 1
        noon = datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)
        recorded: Recorded[Fact] = Recorded(
            index=len(self.log),
            stream=own,
            version=version,
            recorded_us=int(noon.timestamp()) * 1_000_000 + len(self.log),
            recorded_on=self.day,
            recorded_by=StreamId(self.one_of(("party:p0", "party:p1"))),
            token="t",
            fact=fact,
        )
        self.log.append(recorded)
        return recorded.id

    def pass_days(self) -> None:
        if self.chance(0.5):
            self.day += timedelta(days=self.random.randrange(1, 25))

    def begin_import(self) -> None:
        """What is recorded from here on comes with an import."""
        if self._batch is None:
            self._batch = StreamId(f"batch:b{len(self.log)}")
            self._imported = []

    def end_import(self) -> None:
        if self._batch is not None:
            batch, self._batch = self._batch, None
            source = BatchRecorded(source=self.text(), facts=tuple(self._imported))
            self._append(batch, source)

    def speak(self) -> None:
        """A second person's word on something that waits; of an import on all of it."""
        if self._batch is not None or not self.pending:
            return
        event = self.one_of(sorted(self.pending))
        batch = self._of(event).fact.batch
        together = [
            each
            for each in self.pending
            if each == event or (batch is not None and self._of(each).fact.batch == batch)
        ]
        approve = self.chance(0.75)
        for stream in sorted({self.pending[each] for each in together}):
            facts = tuple(each for each in together if self.pending[each] == stream)
            word = Approved(facts=facts) if approve else ApprovalRefused(facts=facts)
            self._append(stream, word)
        for each in together:
            del self.pending[each]

    def correct(self, make: Callable[[type[Fact]], Fact]) -> tuple[str, Fact]:
        """A correction of some member of some fact, as another such fact has it, or a withdrawal.

        `make` makes up another fact of a type.
        """
        made = [each for each in self.log if isinstance(each.fact, FactCorrected)]
        if made and self.chance(0.35):
            each = self.one_of(made)
            return each.stream, CorrectionWithdrawn(
                decided_on=self.when(), correction=each.id, grounds=self.text()
            )
        each = self.one_of([one for one in self.log if correctable(type(one.fact))])
        members = correctable(type(each.fact))
        name = self.one_of(sorted(members))
        value = getattr(make(type(each.fact)), members[name].name)
        return each.stream, FactCorrected(
            decided_on=self.when(),
            event=each.id,
            field=name,
            value=value,
            grounds=self.text(),
            pending=(PendingReason.CORRECTS,) if self.chance(0.3) else (),
        )

    def when(self) -> PartialDate | None:
        """A date as communities state them: mostly full, sometimes a month, a year or nothing."""
        back = self.day - timedelta(days=self.random.choice((0, 0, 1, 3, 9, 30, 60, 200, 500)))
        form = self.random.random()
        if form < 0.08:
            return None
        return PartialDate(
            f"{back:%Y}" if form < 0.16 else f"{back:%Y-%m}" if form < 0.3 else f"{back}"
        )

    def limit(self) -> PartialDate | None:
        """A date that may lie ahead, or none."""
        ahead = self.day + timedelta(days=self.random.randrange(-40, 300))
        return self.one_of((None, PartialDate(f"{ahead}"), PartialDate(f"{ahead:%Y-%m}")))

    def text(self) -> Personal:
        """A personal value as it stands in the log: only committed to."""
        told = f"{len(self.log)} {self.random.random()}"
        if self._spoken:
            return Personal(text=f"{self._spoken} {told}")
        return Personal(commitment=hashlib.sha256(told.encode()).hexdigest())

    def evidence(self) -> tuple[Reference, ...]:
        return (Reference("minutes.md"),) if self.chance(0.5) else ()

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def one_of(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def some_of(self, choices: Sequence[T]) -> tuple[T, ...]:
        return tuple(self.random.sample(choices, self.random.randrange(len(choices) + 1)))

    def _of(self, event: str) -> Recorded[Fact]:
        return next(each for each in self.log if each.id == event)
