"""The folded streams of a log, at its head or at a past size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from govlog.application.counting import ADVANCE, fold_all, take
from govlog.application.seen import Seen
from govlog.domain.body import Body
from govlog.domain.catalogue import Catalogue
from govlog.domain.commitment import Product
from govlog.domain.debate import Debate
from govlog.domain.events.fact import Fact
from govlog.domain.meeting import Meeting
from govlog.domain.party import Party
from govlog.domain.resolution import Resolution
from govlog.domain.risk import RiskDecision
from govlog.domain.stream import NOTHING, Folded, Recorded, mends
from govlog.domain.values import StreamId, kind_of
from govlog.persistence.fields import named

REMEMBERED = 50_000
"""Streams kept folded; others are folded again from the log."""
FOLLOWED = 1_000
"""The same where a log is followed fact by fact: neighbours are about the same few streams."""


S = TypeVar("S")


class Log(Protocol):
    """What folding needs of the event store."""

    def size(self) -> int: ...

    def read(self, stream: StreamId, *, upto: int | None = None) -> Sequence[Recorded[Fact]]: ...

    def citing(self, cited: StreamId, kind: str, *, upto: int | None = None) -> list[StreamId]: ...


class States:
    """The states of streams by kind; what stands under an id of another kind is not seen."""

    def told(self, stream: StreamId) -> Sequence[Recorded[Fact]]:
        """The facts of a stream as they were recorded, in their order."""
        raise LookupError(stream)

    def folded(self, stream: StreamId) -> Folded[Any]:
        """A stream with its pending and refused facts; version 0 where there is none."""
        raise LookupError(stream)

    def citing(self, cited: StreamId, kind: str) -> Iterable[StreamId]:
        """The streams of a kind in which some fact names `cited`, in no promised order."""
        raise LookupError(cited)

    def state(self, stream: StreamId) -> Any:
        """What counts of a stream; None where nothing does."""
        return self.folded(stream).counted

    def party(self, stream: StreamId) -> Party | None:
        return self._of(Party, stream)

    def body(self, stream: StreamId) -> Body | None:
        return self._of(Body, stream)

    def debate(self, stream: StreamId) -> Debate | None:
        return self._of(Debate, stream)

    def meeting(self, stream: StreamId) -> Meeting | None:
        return self._of(Meeting, stream)

    def resolution(self, stream: StreamId) -> Resolution | None:
        return self._of(Resolution, stream)

    def catalogue(self, stream: StreamId) -> Catalogue | None:
        return self._of(Catalogue, stream)

    def product(self, stream: StreamId) -> Product | None:
        return self._of(Product, stream)

    def risk(self, stream: StreamId) -> RiskDecision | None:
        return self._of(RiskDecision, stream)

    def _of(self, kind: type[S], stream: StreamId) -> S | None:
        state = self.state(stream)
        return state if isinstance(state, kind) else None


class Facts(States):
    """All streams at one size of the log, moved on fact by fact; for one thread at a time.

    What is remembered is bounded: a stream that was forgotten is folded again from the log, with
    the facts known at this size only. So a replay can look up any stream at every size.
    """

    def __init__(self, log: Log, size: int | None = None, *, remembered: int = REMEMBERED) -> None:
        """At the present size of the log, or at a past one."""
        self.size = log.size() if size is None else size
        self._log = log
        self._remembered = remembered
        self._folded: OrderedDict[StreamId, Folded[Any]] = OrderedDict()
        self._citing: OrderedDict[tuple[StreamId, str], set[StreamId]] = OrderedDict()
        self._ever_cited = None if self.size else Seen()
        """What was cited, where it is followed from the first fact on: in what is not among it no
        look into the log is needed."""

    @classmethod
    def at(cls, log: Log, size: int, *, remembered: int = FOLLOWED) -> Facts:
        """As known when the log held `size` facts."""
        return cls(log, size, remembered=remembered)

    def folded(self, stream: StreamId) -> Folded[Any]:
        known = self._folded.get(stream)
        if known is not None:
            self._folded.move_to_end(stream)
            return known
        folded = fold_all(kind_of(stream), self.told(stream))
        self._keep(stream, folded)
        return folded

    def state(self, stream: StreamId) -> Any:
        # As `folded` does, without the call: asked some ten times for every fact.
        known = self._folded.get(stream)
        if known is None:
            return self.folded(stream).counted
        self._folded.move_to_end(stream)
        return known.counted

    def told(self, stream: StreamId) -> Sequence[Recorded[Fact]]:
        return self._log.read(stream, upto=self.size)

    def citing(self, cited: StreamId, kind: str) -> Iterable[StreamId]:
        key = (cited, kind)
        known = self._citing.get(key)
        if known is None:
            if self._ever_cited is not None and key not in self._ever_cited:
                return ()
            known = self._begun(key, set(self._log.citing(cited, kind, upto=self.size)))
        else:
            self._citing.move_to_end(key)
        return frozenset(known) if known else ()

    def _begun(self, key: tuple[StreamId, str], citing: set[StreamId]) -> set[StreamId]:
        """Follow from now on who cites something."""
        self._citing[key] = citing
        if len(self._citing) > self._remembered:
            self._citing.popitem(last=False)
        return citing

    def advance(self, recorded: Recorded[Fact]) -> tuple[Recorded[Fact], ...]:
        """Take the next fact of the log; answers the facts that begin to count through it."""
        # A stream's first fact needs no look into the log.
        before = NOTHING if recorded.version == 1 else self.folded(recorded.stream)
        step = take(before, recorded, self.told)
        self._keep(recorded.stream, step.folded)
        self._cite(recorded)
        self.size = recorded.index + 1
        return step.counting

    def follow(self, facts: Iterable[Recorded[Fact]], size: int) -> None:
        """Take the next facts of the log, up to `size`, for the streams that are remembered."""
        for recorded in facts:
            known = self._folded.get(recorded.stream)
            if known is not None and mends(known, recorded):
                del self._folded[recorded.stream]  # folded anew from the log when it is needed
            elif known is not None:
                step = ADVANCE[kind_of(recorded.stream)]
                self._folded[recorded.stream] = step(known, recorded)
            self._cite(recorded)
        self.size = size

    def absorb(
        self,
        changed: Mapping[StreamId, Folded[Any]],
        cited: Mapping[tuple[StreamId, str], set[StreamId]],
        size: int,
    ) -> None:
        """Make one's own what an overlay held and now stands in the log."""
        for stream, folded in changed.items():
            self._keep(stream, folded)
        for key, streams in cited.items():
            if key in self._citing:
                self._citing[key] |= streams
            if self._ever_cited is not None:
                self._ever_cited.add(key)
        self.size = size

    def forget(self, size: int) -> None:
        """Remember nothing, and go on from `size`."""
        self._folded.clear()
        self._citing.clear()
        self._ever_cited = None
        self.size = size

    def _keep(self, stream: StreamId, folded: Folded[Any]) -> None:
        """As the last one used: one that is known was just asked for."""
        self._folded[stream] = folded
        if len(self._folded) > self._remembered:
            self._folded.popitem(last=False)

    def _cite(self, recorded: Recorded[Fact]) -> None:
        if not self._citing and self._ever_cited is None:
            return
        kind = kind_of(recorded.stream)
        for cited in named(recorded.fact):
            key = (cited, kind)
            known = self._citing.get(key)
            if known is None and self._ever_cited is not None and key not in self._ever_cited:
                self._ever_cited.add(key)
                known = self._begun(key, set())
            if known is not None and cited != recorded.stream:
                known.add(recorded.stream)
