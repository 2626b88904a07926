"""A small community that acts through the front door: what the log refuses did not happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from govlog.application.decision_log import Actor, DecisionLog, Order
from govlog.contract.answers import commitments_of, encode
from govlog.domain.errors import GovlogError
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ApprovalRefused, Approved
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, Personal, StreamId
from govlog.persistence.access import SCOPES
from govlog.persistence.store import EventStore
from tests.persistence.logs import Clock, begun

T = TypeVar("T")
Draw = Callable[[int, int], int]
"""A whole number from the first to the last, both included."""
ADA, BOB, CLEO = (
    Actor(StreamId(f"party:{name}"), f"token-{name}", SCOPES) for name in ("ada", "bob", "cleo")
)


class Teller:
    """Records what it is told on a day of its own, and keeps count of what is refused."""

    def __init__(self, folder: Path, draw: Draw, begins: date, partial: float = 0.0) -> None:
        self.draw, self.day, self.partial = draw, begins, partial
        self.crowded = self.chance(0.5)
        """Whether many instalments meet few ceilings, so that they take each other's places."""
        self.further: tuple[tuple[int, Callable[[Teller], object]], ...] = ()
        """What else may happen, beside the steps of `stories`."""
        self._clock = Clock()
        self._set_clock()
        self._store = EventStore(begun(folder), clock=self._clock)
        self._door = DecisionLog(self._store)
        self.log: list[Recorded[Fact]] = []
        self.refused: Counter[str] = Counter()
        self._import: list[Order] | None = None
        self._imports = 0
        self._begins = begins
        self._number = 0

    def close(self) -> None:
        self._store.close()

    def _set_clock(self) -> None:
        noon = datetime(self.day.year, self.day.month, self.day.day, 11, tzinfo=UTC)
        self._clock.now_us = int(noon.timestamp()) * 1_000_000

    def pass_days(self, days: int) -> None:
        self.day += timedelta(days=days)
        self._set_clock()

    # -- recording

    def tell(self, command: str, stream: str, fact: Fact, by: Actor = ADA) -> bool:
        """Record a fact; inside an import, keep it for the import's end."""
        return self.tell_all([Order(command, StreamId(stream), fact)], by)

    def tell_all(self, orders: Sequence[Order], by: Actor = ADA) -> bool:
        """Record what belongs together, all or nothing; whether it was recorded."""
        if self._import is not None:
            self._import.extend(orders)
            return True
        return self._record(orders, by)

    def _record(self, orders: Sequence[Order], by: Actor, batch: str | None = None) -> bool:
        try:
            receipt = self._door.record(
                orders, by, batch=None if batch is None else StreamId(batch), source="a list"
            )
        except GovlogError as refusal:
            self.refused[f"{orders[0].command}: {refusal.slug}"] += 1
            return False
        self.log.extend(receipt.recorded)
        return True

    @property
    def importing(self) -> bool:
        return self._import is not None

    def begin_import(self) -> None:
        if self._import is None:
            self._import = []

    def end_import(self) -> None:
        """Bring in what was kept, as one import; what of it is refused is left out."""
        orders, self._import = self._import or [], None
        self._imports += 1
        for order in orders:
            self._record([order], ADA, f"batch:b{self._imports}")

    def texts(self) -> dict[str, str]:
        """What was committed to, by commitment, as long as this is open."""
        named = {each for one in self.log for each in commitments_of(encode(one.fact))}
        return dict(self._store.reveal(named, closed_too=True))

    def pending(self) -> list[Recorded[Fact]]:
        """What waits for a second person."""
        spoken = {
            event
            for each in self.log
            if isinstance(each.fact, Approved | ApprovalRefused)
            for event in each.fact.facts
        }
        return [each for each in self.log if each.fact.pending and each.id not in spoken]

    def speak(self, each: Recorded[Fact], *, approve: bool) -> None:
        """A second person's word on one fact, or on the whole import that it came with."""
        if self._import is not None:
            return
        if each.fact.batch is None:
            word = Approved(facts=(each.id,)) if approve else ApprovalRefused(facts=(each.id,))
            self.tell("approve" if approve else "refuse_approval", each.stream, word, BOB)
            return
        act = self._door.approve_batch if approve else self._door.refuse_batch
        try:
            self.log.extend(act(each.fact.batch, BOB).recorded)
        except GovlogError as refusal:
            self.refused[f"batch: {refusal.slug}"] += 1

    # -- what is made up

    def number(self) -> int:
        """One that was not given before."""
        self._number += 1
        return self._number

    def when(
        self, back: Sequence[int] = (0, 0, 0, 1, 3, 9, 20, 45), until: date | None = None
    ) -> PartialDate:
        """A date as communities state them: mostly full, sometimes a month or a year."""
        day = max(self._begins, (until or self.day) - timedelta(days=self.one_of(back)))
        if self.chance(self.partial):
            return PartialDate(f"{day:%Y}" if self.chance(0.2) else f"{day:%Y-%m}")
        return PartialDate(f"{day}")

    def ahead(self, of: float) -> PartialDate | None:
        """A limit that may lie ahead; mostly none."""
        if not self.chance(of):
            return None
        day = self.day + timedelta(days=self.one_of((0, 0, 5, 20, 60)))
        return PartialDate(f"{day:%Y-%m}" if self.chance(0.2) else f"{day}")

    def chance(self, of: float) -> bool:
        """Whether something happens that does so `of` the times, in hundredths."""
        return self.draw(0, 99) >= 100 - round(of * 100)

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.draw(0, len(choices) - 1)]

    def weighed(self, choices: Sequence[tuple[int, T]]) -> T:
        """One of these, each as often as its weight says among all of them."""
        left = self.draw(0, sum(weight for weight, _ in choices) - 1)
        for weight, choice in choices:
            if left < weight:
                return choice
            left -= weight
        raise AssertionError("a number beyond all weights")


def text(words: str = "words") -> Personal:
    return Personal(text=words)
