"""Streams as they would be: with facts that are not in the log yet, or as an import sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from govlog.application.counting import ADVANCE, as_counted, fold_all, take
from govlog.application.facts import States
from govlog.domain.corrected import MENDS
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Folded, Recorded
from govlog.domain.values import StreamId, kind_of
from govlog.persistence.fields import named


class Overlay(States):
    """Facts that are not in the log yet, over those below; cheap to make and to drop."""

    def __init__(self, below: States) -> None:
        self._below = below
        self.changed: dict[StreamId, Folded[Any]] = {}
        """The streams with a fact on top."""
        self.cited: dict[tuple[StreamId, str], set[StreamId]] = {}
        """By stream and kind, the streams of that kind that name it in a fact on top."""
        self._on_top: dict[StreamId, list[Recorded[Fact]]] = {}

    def folded(self, stream: StreamId) -> Folded[Any]:
        changed = self.changed.get(stream)
        return changed if changed is not None else self._below.folded(stream)

    def told(self, stream: StreamId) -> Sequence[Recorded[Fact]]:
        return (*self._below.told(stream), *self._on_top.get(stream, ()))

    def citing(self, cited: StreamId, kind: str) -> Iterable[StreamId]:
        below = self._below.citing(cited, kind)
        added = self.cited.get((cited, kind))
        return below if added is None else added.union(below)

    def advance(
        self,
        recorded: Recorded[Fact],
        names: Iterable[StreamId] | None = None,
        before: Folded[Any] | None = None,
    ) -> tuple[Recorded[Fact], ...]:
        """Take one more fact; answers the facts that begin to count through it.

        `names` are the streams that it names, and `before` is its stream without it, where the
        caller has found them already.
        """
        stream = recorded.stream
        kind = kind_of(stream)
        if before is None:
            before = self.folded(stream)
        step = take(before, recorded, self.told)
        self.changed[stream] = step.folded
        self._on_top.setdefault(stream, []).append(recorded)
        for cited in named(recorded.fact) if names is None else names:
            if cited != stream:
                self.cited.setdefault((cited, kind), set()).add(stream)
        return step.counting

    def absorb(self, above: Overlay) -> None:
        """Take over what an overlay upon this one holds, which is not used any longer."""
        if not self.changed:
            self.changed, self.cited, self._on_top = above.changed, above.cited, above._on_top
            return
        self.changed.update(above.changed)
        for stream, facts in above._on_top.items():
            self._on_top.setdefault(stream, []).extend(facts)
        for key, streams in above.cited.items():
            self.cited.setdefault(key, set()).update(streams)


class Seen(NamedTuple):
    """What an import made of a stream, to go on from when another of its facts comes on top."""

    folded: Folded[Any]
    all_own: bool
    """Whether everything that is pending came with the import, and corrects nothing."""
    state: Any
    """Else the state with the import's own facts only, and as they correct it."""


class Provisional(States):
    """The streams as an import that waits for approval sees itself: its own facts count.

    Its corrections are in effect for what follows in it. What waits for another reason, or came
    with another import, does not count.
    """

    def __init__(
        self, below: States, batch: StreamId, seen: dict[StreamId, Seen] | None = None
    ) -> None:
        """`seen` is what the same import saw before, of facts that since stand in the log."""
        self._below = below
        self._batch = batch
        self._seen = {} if seen is None else seen

    def folded(self, stream: StreamId) -> Folded[Any]:
        return self._below.folded(stream)

    def told(self, stream: StreamId) -> Sequence[Recorded[Fact]]:
        return self._below.told(stream)

    def citing(self, cited: StreamId, kind: str) -> Iterable[StreamId]:
        return self._below.citing(cited, kind)

    def state(self, stream: StreamId) -> Any:
        folded = self._below.folded(stream)
        if not folded.pending:
            return folded.counted
        seen = self._seen.get(stream)
        if seen is None or seen.folded is not folded:
            seen = self._look(stream, folded, seen)
            self._seen[stream] = seen
        return folded.provisional if seen.all_own else seen.state

    def _look(self, stream: StreamId, folded: Folded[Any], seen: Seen | None) -> Seen:
        newest = folded.pending.get(f"{stream}@{folded.version}")
        if (
            seen is not None
            and newest is not None
            and newest.fact.batch == self._batch
            and seen.folded.version == folded.version - 1
            and not isinstance(newest.fact, MENDS)
        ):  # one of the import's own facts came on top: the rest need not be looked through again
            state = None if seen.all_own else _evolved(seen.state, newest)
            return Seen(folded, seen.all_own, state)
        own = [each for each in folded.pending.values() if each.fact.batch == self._batch]
        if any(isinstance(each.fact, MENDS) for each in own):
            return Seen(folded, False, self._corrected(stream, own))
        if len(own) == len(folded.pending):
            return Seen(folded, True, None)
        state = folded.counted
        for each in sorted(own, key=lambda each: each.index):
            state = _evolved(state, each)
        return Seen(folded, False, state)

    def _corrected(self, stream: StreamId, own: Sequence[Recorded[Fact]]) -> Any:
        counting = {each.id: as_counted(each) for each in own}
        told = (counting.get(each.id, each) for each in self.told(stream))
        return fold_all(kind_of(stream), told).counted


def _evolved(state: Any, recorded: Recorded[Fact]) -> Any:
    step = ADVANCE[kind_of(recorded.stream)]
    before: Folded[Any] = Folded(version=recorded.version - 1, counted=state, provisional=state)
    return step(before, as_counted(recorded)).counted
