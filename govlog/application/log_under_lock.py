"""The log as decisions read it: through the connection that is about to write."""

from __future__ import annotations

from collections.abc import Sequence

from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.persistence.store import EventStore
from govlog.persistence.writing import Writing


class LogUnderLock:
    """A log that stands still while `writing` is under way, at the size it then has.

    The writer's connection still holds the pages that were written last; a reader's would have
    to begin a transaction of its own and read them again.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.writing: Writing | None = None

    def size(self) -> int:
        return self._store.size()

    def read(self, stream: StreamId, *, upto: int | None = None) -> Sequence[Recorded[Fact]]:
        if self.writing is None:
            return self._store.read(stream, upto=upto)
        return self.writing.stored(stream)

    def citing(self, cited: StreamId, kind: str, *, upto: int | None = None) -> list[StreamId]:
        if self.writing is None:
            return self._store.citing(cited, kind, upto=upto)
        return self.writing.citing(cited, kind)
