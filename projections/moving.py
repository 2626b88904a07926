"""Moves all views forward by pages of the log: rows and position in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from govlog.domain.attribution import Verdict
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId, kind_of
from projections.files import Position, read_position, transaction, write_position
from projections.investments import INVESTMENTS, InstalmentRow, verdict_of
from projections.known import CountedFacts, Known, Recall
from projections.log import Log
from projections.remembered import FEW, Remembered
from projections.view import View
from projections.writer import ViewWriter

LATELY = 20_000
"""Facts that are looked through for products written to lately."""
LOOK_BACK = 500
"""Facts that are read at once for it: between two of them the views can go on."""

FactsAt = Callable[[int], CountedFacts]
"""The counted states as known at a size of the log, ready to move on from there."""


class Moving:
    """The views of one file as they move; after an exception only a new one may go on."""

    def __init__(
        self,
        log: Log,
        connection: sqlite3.Connection,
        facts_at: FactsAt,
        views: Iterable[View],
        remembered: Remembered = FEW,
    ) -> None:
        self.connection = connection
        self.position = read_position(connection)
        self._log = log
        self._writers = [ViewWriter(view, connection, remembered.subjects) for view in views]
        self._asked: dict[type[Fact], list[ViewWriter]] = {}
        self._shown: dict[type[Fact], list[ViewWriter]] = {}
        for writer in self._writers:
            asked = self._shown if writer.view.shows_log else self._asked
            for fact in writer.view.reads:
                asked.setdefault(fact, []).append(writer)
        size = self.position.size
        # Nothing here points back to this object: a rebuild looks for no circles.
        self._streams = _Streams(log)
        self.known = Known(
            size,
            facts_at(size),
            self._streams.read,
            _recalling(self._writers),
            remembered.instalments,
        )
        self._lately = _products(log, size)

    def step(self, limit: int) -> int:
        """Take at most `limit` further events; answers how many there were."""
        page = self._log.page(self.position.size, limit)
        if page:
            self._streams.forget()
            for recorded in page:
                self._take(recorded)
            last = page[-1]
            position = Position(last.index + 1, last.id, last.recorded_us)
            with transaction(self.connection):
                for writer in self._writers:
                    writer.flush()
                write_position(self.connection, position)
            self.position = position
        return len(page)

    def prepare(self) -> bool:
        """Where there is nothing to do: take up one more product before facts about it come.

        Those written to last come first. False where memory is full, or nothing is left.
        """
        product = next(self._lately, None) if self.known.has_room else None
        if product is None:
            return False
        if self.known.facts.product(product) is not None:
            self.known.account(product)
        for writer in self._writers:
            writer.flush()  # nothing waits: what was looked up is remembered within its bounds
        return True

    def _take(self, recorded: Recorded[Fact]) -> None:
        counted = self.known.advance(recorded)
        for writer in self._shown.get(type(recorded.fact), ()):
            self._show(writer, recorded)
        if len(counted) == 1:
            for writer in self._asked.get(type(counted[0].fact), ()):
                self._put(writer, counted)
        elif counted:
            for writer in self._writers:
                reads = writer.view.reads
                facts = [each for each in counted if type(each.fact) in reads]
                if facts and not writer.view.shows_log:
                    self._put(writer, facts)

    def _show(self, writer: ViewWriter, recorded: Recorded[Fact]) -> None:
        """What is named after the event itself was not there before."""
        known = self.known
        for subject in sorted({*writer.touches((recorded,), known)}):
            new = subject == recorded.id
            writer.put(subject, writer.segments(subject, known), known.size, new=new)

    def _put(self, writer: ViewWriter, facts: Sequence[Recorded[Fact]]) -> None:
        """In the order of their names: new subjects are numbered the same in every run."""
        known = self.known
        subjects = [*writer.touches(facts, known)]
        if len(subjects) > 1:
            subjects = sorted({*subjects})
        for subject in subjects:
            writer.put(subject, writer.segments(subject, known), known.size)


class _Streams:
    """The log's streams; the one read last is kept until there may be more of it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._last: tuple[StreamId, Sequence[Recorded[Fact]]] | None = None

    def read(self, stream: StreamId) -> Sequence[Recorded[Fact]]:
        if self._last is None or self._last[0] != stream:
            self._last = stream, self._log.read(stream)
        return self._last[1]

    def forget(self) -> None:
        self._last = None


def _products(log: Log, size: int) -> Iterator[StreamId]:
    """The products that the latest facts before `size` were recorded on, each once, last first."""
    seen = set[StreamId]()
    for until in range(size, max(0, size - LATELY), -LOOK_BACK):
        start = max(0, until - LOOK_BACK)
        for recorded in reversed(log.page(start, until - start)):
            if recorded.stream not in seen and kind_of(recorded.stream) == "product":
                seen.add(recorded.stream)
                yield recorded.stream


def _recalling(writers: Iterable[ViewWriter]) -> Recall:
    """Verdicts as the view of investments has them, where it is among these."""
    investments = next((each for each in writers if each.view is INVESTMENTS), None)

    def recall(product: StreamId, instalment: Key) -> Verdict | None:
        bodies = investments.bodies(f"{product}/{instalment}") if investments else None
        return verdict_of(_decode(bodies[0])) if bodies else None

    return recall


_decode = msgspec.json.Decoder(InstalmentRow).decode
