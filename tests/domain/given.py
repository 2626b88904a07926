"""Histories for tests in the manner given / when / then, folded in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import msgspec

from govlog.domain import body, catalogue, commitment, debate, meeting, party, resolution, risk
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Facts, Given
from govlog.domain.stream import Folded, Recorded, fold
from govlog.domain.values import StreamId, kind_of

if TYPE_CHECKING:
    from govlog.domain.body import Body
    from govlog.domain.catalogue import Catalogue
    from govlog.domain.commitment import Product
    from govlog.domain.debate import Debate
    from govlog.domain.meeting import Meeting
    from govlog.domain.party import Party
    from govlog.domain.resolution import Resolution
    from govlog.domain.risk import RiskDecision

AGGREGATES: dict[str, ModuleType] = {
    "party": party,
    "body": body,
    "debate": debate,
    "meeting": meeting,
    "resolution": resolution,
    "catalogue": catalogue,
    "product": commitment,
    "risk": risk,
}

T = TypeVar("T")
F = TypeVar("F", bound=Fact)
Decide = Callable[[Any, Any, Given], F]
"""Answers the fact to record, of its own type whatever was proposed."""


def known(value: T | None) -> T:
    """What is there; a test that finds nothing in its place fails here."""
    assert value is not None
    return value


class FakeFacts:
    """The states of all streams as folded from a list of recorded facts.

    `provisional=True` gives what an import sees of itself: pending facts included.
    """

    def __init__(self, recorded: Iterable[Recorded[Fact]], *, provisional: bool = False) -> None:
        self._streams: dict[StreamId, list[Recorded[Fact]]] = {}
        for each in recorded:
            self._streams.setdefault(each.stream, []).append(each)
        self._folded: dict[StreamId, Folded[Any]] = {}
        self._provisional = provisional

    def folded(self, stream: StreamId) -> Folded[Any]:
        if stream not in self._folded:
            evolve = AGGREGATES[kind_of(stream)].evolve
            self._folded[stream] = fold(evolve, self._streams.get(stream, ()))
        return self._folded[stream]

    def state(self, stream: StreamId) -> Any:
        folded = self.folded(stream)
        return folded.provisional if self._provisional else folded.counted

    def party(self, stream: StreamId) -> Party | None:
        return cast("Party | None", self._of("party", stream))

    def body(self, stream: StreamId) -> Body | None:
        return cast("Body | None", self._of("body", stream))

    def debate(self, stream: StreamId) -> Debate | None:
        return cast("Debate | None", self._of("debate", stream))

    def meeting(self, stream: StreamId) -> Meeting | None:
        return cast("Meeting | None", self._of("meeting", stream))

    def resolution(self, stream: StreamId) -> Resolution | None:
        return cast("Resolution | None", self._of("resolution", stream))

    def catalogue(self, stream: StreamId) -> Catalogue | None:
        return cast("Catalogue | None", self._of("catalogue", stream))

    def product(self, stream: StreamId) -> Product | None:
        return cast("Product | None", self._of("product", stream))

    def risk(self, stream: StreamId) -> RiskDecision | None:
        return cast("RiskDecision | None", self._of("risk", stream))

    def citing(self, cited: StreamId, kind: str) -> list[StreamId]:
        return [
            stream
            for stream, facts in self._streams.items()
            if kind_of(stream) == kind
            and any(cited in _strings(msgspec.to_builtins(each.fact)) for each in facts)
        ]

    def _of(self, kind: str, stream: StreamId) -> Any:
        return self.state(stream) if kind_of(stream) == kind else None


class History:
    """Records facts as if they had come in one after the other.

    `History().at("2024-03-01").by("party:ann").record("party:vendor", fact)`; day and person stay
    until changed. `record` puts a fact into the log as it is; `when` lets a decide function have
    its say first.
    """

    def __init__(self) -> None:
        self.log: list[Recorded[Fact]] = []
        self._day = date(2024, 1, 1)
        self._person = StreamId("party:recorder")

    def at(self, day: str) -> Self:
        """The day of recording from here on, for example `2024-03-01`."""
        self._day = date.fromisoformat(day)
        return self

    def by(self, person: str) -> Self:
        """The person who records from here on."""
        self._person = StreamId(person)
        return self

    def record(self, stream: str, fact: F) -> Recorded[F]:
        noon = datetime(self._day.year, self._day.month, self._day.day, 12, tzinfo=UTC)
        before = self.log[-1].recorded_us if self.log else 0
        recorded: Recorded[F] = Recorded(
            index=len(self.log),
            stream=StreamId(stream),
            version=1 + sum(each.stream == stream for each in self.log),
            recorded_us=max(int(noon.timestamp()) * 1_000_000, before + 1),
            recorded_on=self._day,
            recorded_by=self._person,
            token="",
            fact=fact,
        )
        self.log.append(recorded)
        return recorded

    def facts(self, size: int | None = None, *, provisional: bool = False) -> FakeFacts:
        """The states as known at a size of the log; now when left out."""
        return FakeFacts(self.log[:size], provisional=provisional)

    def given(
        self,
        *,
        person: str | None = None,
        organisations: Sequence[str] = (),
        scopes: Iterable[str] = (),
        importing: bool = False,
    ) -> Given:
        """The circumstances of a decision taken now."""
        facts: Facts = self.facts(provisional=importing)
        return Given(
            facts=facts,
            recorded_on=self._day,
            person=StreamId(person) if person else self._person,
            organisations=frozenset(StreamId(each) for each in organisations),
            scopes=frozenset(scopes),
            importing=importing,
        )

    def decide(self, decide: Decide[F], stream: str, proposed: Fact, **given: Any) -> F:
        """What a decide function answers now; nothing is recorded."""
        circumstances = self.given(**given)
        facts = cast(FakeFacts, circumstances.facts)
        return decide(facts.state(StreamId(stream)), proposed, circumstances)

    def when(self, decide: Decide[F], stream: str, proposed: Fact, **given: Any) -> Recorded[F]:
        """Decide on a proposed fact and record what comes out."""
        return self.record(stream, self.decide(decide, stream, proposed, **given))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _strings(each)
