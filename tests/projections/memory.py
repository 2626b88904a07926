"""A log in memory, as the event store offers it to the views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from govlog.application.facts import Facts
from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId, kind_of
from govlog.persistence.fields import named


class Meta(Struct):
    origin: str = "example.org/log"
    zone: str = "Europe/Copenhagen"


class MemoryLog:
    """Recorded facts in a list; it may grow."""

    def __init__(
        self, facts: Iterable[Recorded[Fact]] = (), texts: Mapping[str, str] | None = None
    ) -> None:
        """`texts` are what was committed to; without them each has one of its own."""
        self.facts = list(facts)
        self._texts = texts
        self.meta = Meta()

    def size(self) -> int:
        return len(self.facts)

    def page(self, after: int, limit: int) -> Sequence[Recorded[Fact]]:
        return self.facts[after : after + limit]

    def read(self, stream: StreamId, *, upto: int | None = None) -> Sequence[Recorded[Fact]]:
        return [each for each in self.facts[:upto] if each.stream == stream]

    def citing(self, cited: StreamId, kind: str, *, upto: int | None = None) -> list[StreamId]:
        return list(
            dict.fromkeys(
                each.stream
                for each in self.facts[:upto]
                if kind_of(each.stream) == kind
                and each.stream != cited
                and cited in named(each.fact)
            )
        )

    def reveal(self, commitments: Iterable[str], *, closed_too: bool = False) -> dict[str, str]:
        if self._texts is None:
            return {each: f"the text {each}" for each in commitments}
        return {each: self._texts[each] for each in commitments if each in self._texts}

    def facts_at(self, size: int) -> Facts:
        return Facts.at(self, size)
