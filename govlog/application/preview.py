"""What facts would change once they count: verdicts and levels, for a dry run (rule 22)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from govlog.application.counting import as_counted, cause_of
from govlog.application.facts import States
from govlog.application.overlay import Overlay
from govlog.application.supposed import approvals
from govlog.domain.attribution import Verdict, carry, marked_as, settle
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Facts
from govlog.domain.impact import Flip, turned
from govlog.domain.level_flips import LevelFlip, level_flips
from govlog.domain.reach import products_reached
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId

Verdicts = dict[Key, Verdict]

Shown = Callable[[StreamId, Key], Verdict | None]
"""The verdict on an instalment as it is shown, with the marks that earlier facts have left on it;
None where nothing is shown. The states do not hold marks: these depend on all that came before."""


def nothing_shown(_product: StreamId, _instalment: Key) -> Verdict | None:
    """Where there are no views."""


def preview(
    before: States, recorded: Sequence[Recorded[Fact]], shown: Shown = nothing_shown
) -> tuple[Flip, ...]:
    """The instalments whose answer differs once all of `recorded` count, by product and key.

    What waits of several is approved after them: until then the others go on without it.
    """
    after = Overlay(before)
    if len(recorded) == 1:
        counting = after.advance(as_counted(recorded[0]))
        if len(counting) == 1:
            return tuple(_flips(before, after, counting[0], shown))
        moving = _Moving(before, shown)
        moving.take(recorded[0], counting, after)
        return tuple(moving.flips())
    moving = _Moving(before, shown)
    for event, begun in _each(recorded, after):
        moving.take(event, begun, after)
    return tuple(moving.flips())


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


def _flips(before: Facts, after: Facts, fact: Recorded[Fact], shown: Shown) -> Iterator[Flip]:
    """As the one fact that counts turns them."""
    for product, settled, fresh in turned(before, after, fact):
        was = marked_as(shown(product, settled.instalment), settled)
        yield from _flip(product, was, carry(was, fresh, fact.id))


def _flip(product: StreamId, was: Verdict, now: Verdict) -> Iterator[Flip]:
    """With its amounts as the views show them; none where nothing differs."""
    if now != was:
        yield Flip(product, was.instalment, was.investor, was.written(), now.written())


class _Moving:
    """Verdicts carried on from event to event as the views do, beside what they were at first."""

    def __init__(self, before: Facts, shown: Shown) -> None:
        self._before = before
        self._shown = shown
        self._first: dict[tuple[StreamId, Key], Verdict] = {}
        """Of those that some event has turned: only their marks are asked for."""
        self._latest: dict[StreamId, Verdicts] = {}

    def take(self, event: Recorded[Fact], counting: Sequence[Recorded[Fact]], after: Facts) -> None:
        """Answer anew for the products that an event reaches through what it lets count."""
        cause = cause_of(counting, event)
        for stream in {one for fact in counting for one in products_reached(fact, after)}:
            state = after.product(stream)
            if state is None:
                continue
            fresh, latest = settle(state, after).verdicts, self._known(stream)
            for key, verdict in latest.items():
                if fresh[key] != verdict:
                    was = self._marked(stream, key, verdict)
                    latest[key] = carry(was, fresh[key], cause)

    def flips(self) -> Iterator[Flip]:
        for (stream, key), first in sorted(self._first.items(), key=itemgetter(0)):
            yield from _flip(stream, first, self._latest[stream][key])

    def _known(self, stream: StreamId) -> Verdicts:
        if stream not in self._latest:
            state = self._before.product(stream)
            self._latest[stream] = (
                {} if state is None else dict(settle(state, self._before).verdicts)
            )
        return self._latest[stream]

    def _marked(self, stream: StreamId, key: Key, verdict: Verdict) -> Verdict:
        """A verdict with its marks; until it turns for the first time it bears none here."""
        if (stream, key) in self._first:
            return verdict
        first = self._first[stream, key] = marked_as(self._shown(stream, key), verdict)
        return first
