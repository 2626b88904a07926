"""What follows facts that wait, supposed that a second person lets all of them count at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govlog.application.facts import States
from govlog.domain.events.any_stream import Approved
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import KINDS, StreamId, kind_of

_SOMEBODY = StreamId("party:a-second-person")


def approvals(recorded: Sequence[Recorded[Fact]], after: States) -> list[Recorded[Fact]]:
    """The words that would let count what waits of these facts, as the next of the log.

    `after` are the states with the facts on top. One word for each stream, what authorises first,
    as an import is approved.
    """
    ids = {each.id for each in recorded}
    waiting: Mapping[StreamId, tuple[str, ...]] = {
        stream: tuple(each for each in after.folded(stream).pending if each in ids)
        for stream in {each.stream for each in recorded if each.fact.pending}
    }
    streams = [stream for stream, facts in waiting.items() if facts]
    streams.sort(key=lambda each: (KINDS.index(kind_of(each)), each))
    if not streams:
        return []
    last = recorded[-1]
    return [
        Recorded(
            last.index + place,
            stream,
            after.folded(stream).version + 1,
            last.recorded_us,
            last.recorded_on,
            _SOMEBODY,
            "",
            Approved(facts=tuple(sorted(waiting[stream], key=_version))),
        )
        for place, stream in enumerate(streams, start=1)
    ]


def _version(event: str) -> int:
    return int(event.rpartition("@")[2])
