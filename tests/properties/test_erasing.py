"""Whatever is recorded and erased in whatever order: the log stays whole, only the rest opens."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from govlog.application.decision_log import DecisionLog
from govlog.application.erasing import Eraser
from govlog.application.erasure import Wanted
from govlog.domain.events.debate import VoiceAdded
from govlog.domain.events.party import PartyRegistered
from govlog.domain.values import Personal, StreamId
from govlog.persistence.access import AccessTokens
from govlog.persistence.audit import audit
from govlog.persistence.store import EventStore
from tests.application.test_erasing import DPO, GROUND, named
from tests.persistence.logs import begun, opens, put, voice
from tests.persistence.test_encryption import holding, keys_of

PERSONS = tuple(StreamId(f"party:p{number}") for number in range(3))
STREAMS = tuple(StreamId(f"debate:d{number}") for number in range(2))
SPEAKS = st.tuples(st.just("speaks"), st.sampled_from(PERSONS), st.sampled_from(STREAMS))
ERASED = st.tuples(st.just("erased"), st.sampled_from(PERSONS), st.just(None))
VALUE = st.tuples(st.just("value"), st.integers(0, 30), st.just(None))
STORY = st.lists(st.one_of(SPEAKS, SPEAKS, ERASED, VALUE), min_size=4, max_size=14)


class Told:
    """A log on which two workers take turns, and what should be readable in it."""

    def __init__(self, folder: Path) -> None:
        self.settings = begun(folder)
        self.workers = [EventStore.open(self.settings) for _ in range(2)]
        self.tokens = AccessTokens(self.settings)
        self.stands: dict[str, str] = {}
        self.gone: list[str] = []
        for person in PERSONS:
            name = f"name-of-{person}-{person}"
            (recorded,) = put(self.workers[0], person, named(name, person))
            assert isinstance(recorded.fact, PartyRegistered)
            assert isinstance(recorded.fact.name, Personal)
            self._keep(recorded.fact.name, name)

    def speaks(self, person: StreamId, stream: StreamId, at: int) -> None:
        text = f"words-number-{at:04}-of-{person}"
        (recorded,) = put(self.workers[at % 2], stream, voice(text, person))
        assert isinstance(recorded.fact, VoiceAdded)
        self._keep(recorded.fact.text, text)

    def erase(self, wanted: Wanted | None, at: int) -> None:
        if wanted is not None:
            store = self.workers[at % 2]
            eraser = Eraser(store, DecisionLog(store), self.tokens, lambda _: True)
            assert eraser.erase(wanted, DPO).complete

    def person(self, person: StreamId) -> Wanted:
        self._forget([each for each, text in self.stands.items() if str(person) in text])
        return Wanted(GROUND, person)

    def value(self, number: int) -> Wanted | None:
        chosen = list(self.stands)[number : number + 1]
        self._forget(chosen)
        return Wanted(GROUND, None, tuple(chosen)) if chosen else None

    def close(self) -> None:
        for each in self.workers:
            each.close()
        self.tokens.close()

    def _keep(self, value: Personal, text: str) -> None:
        self.stands[value.commitment] = text

    def _forget(self, commitments: list[str]) -> None:
        self.gone += [self.stands.pop(each) for each in commitments]


@settings(max_examples=8, deadline=None)
@given(story=STORY)
def test_the_log_stays_whole_and_what_was_not_erased_stays_readable(
    story: list[tuple[str, object, object]],
) -> None:
    with TemporaryDirectory() as folder:
        told = Told(Path(folder) / "data")
        for at, (what, who, where) in enumerate(story):
            match what, who, where:
                case "speaks", str(person), str(stream):
                    told.speaks(StreamId(person), StreamId(stream), at)
                case "erased", str(person), _:
                    told.erase(told.person(StreamId(person)), at)
                case "value", int(number), _:
                    told.erase(told.value(number), at)
        for worker in told.workers:
            found = opens(worker)
            assert {each.commitment: each.value for each in found if each.value} == told.stands
            assert len(found) == len(told.stands) + len(told.gone)
        told.close()
        checked = audit(told.settings.events_db, told.settings.keys_db)
        assert checked.whole
        assert (checked.openings, checked.locked) == (len(told.stands), 0)
        assert len(set(keys_of(told.settings).values())) == len(keys_of(told.settings))
        assert [text for text in told.gone if holding(told.settings.data, text)] == []
