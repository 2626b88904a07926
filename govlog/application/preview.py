"""What facts would change once they count: verdicts and levels, for a dry run (rule 22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from govlog.application.counting import as_counted, cause_of
from govlog.application.facts import States
from govlog.application.overlay import Overlay
from govlog.application.supposed import approvals
from govlog.domain.attribution import Verdict, carry, settle
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Facts
from govlog.domain.impact import Flip, flips
from govlog.domain.level_flips import LevelFlip, level_flips
from govlog.domain.reach import products_reached
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId

Verdicts = dict[Key, Verdict]


def preview(before: States, recorded: Sequence[Recorded[Fact]]) -> tuple[Flip, ...]:
    """The instalments whose answer differs once all of `recorded` count, by product and key.

    What waits of several is approved after them: until then the others go on without it.
    """
    after = Overlay(before)
    if len(recorded) == 1:
        counting = after.advance(as_counted(recorded[0]))
        if len(counting) == 1:
            return tuple(map(_written, flips(before, after, counting[0])))
        turned = _Turned(before)
        turned.take(recorded[0], counting, after)
        return tuple(map(_written, turned.flips()))
    turned = _Turned(before)
    for event, begun in _each(recorded, after):
        turned.take(event, begun, after)
    return tuple(map(_written, turned.flips()))


def preview_levels(before: States, recorded: Sequence[Recorded[Fact]]) -> tuple[LevelFlip, ...]:
    """The products that have another level on some day once all of `recorded` count."""
    after = Overlay(before)
    reached: set[StreamId] = set()
    for _, counting in _each(recorded, after):
        for fact in counting:
            reached |= products_reached(fact, after)
    return tuple(level_flips(before, after, reached))


def _each(
    recorded: Sequence[Recorded[Fact]], after: Overlay
) -> Iterator[tuple[Recorded[Fact], Sequence[Recorded[Fact]]]]:
    """Each event, the approvals of what waits included, with the facts that count through it."""
    for event in recorded:
        yield event, after.advance(event)
    for event in approvals(recorded, after):
        yield event, after.advance(event)


def _written(flip: Flip) -> Flip:
    """With its amounts as the views show them."""
    return replace(flip, before=flip.before.written(), after=flip.after.written())


class _Turned:
    """Verdicts carried on from event to event as the views do, beside what they were at first."""

    def __init__(self, before: Facts) -> None:
        self._before = before
        self._first: dict[StreamId, Verdicts] = {}
        self._latest: dict[StreamId, Verdicts] = {}

    def take(self, event: Recorded[Fact], counting: Sequence[Recorded[Fact]], after: Facts) -> None:
        """Answer anew for the products that an event reaches through what it lets count."""
        cause = cause_of(counting, event)
        for stream in {one for fact in counting for one in products_reached(fact, after)}:
            state = after.product(stream)
            if state is None:
                continue
            fresh = settle(state, after).verdicts
            self._latest[stream] = {
                key: carry(verdict, fresh[key], cause)
                for key, verdict in self._known(stream).items()
            }

    def flips(self) -> Iterator[Flip]:
        for stream, latest in sorted(self._latest.items()):
            for key, first in sorted(self._first[stream].items()):
                if latest[key] != first:
                    yield Flip(stream, key, first.investor, first, latest[key])

    def _known(self, stream: StreamId) -> Verdicts:
        if stream not in self._first:
            state = self._before.product(stream)
            self._first[stream] = (
                {} if state is None else dict(settle(state, self._before).verdicts)
            )
        return self._latest.get(stream, self._first[stream])
