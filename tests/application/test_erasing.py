"""Erased is erased: the log's bytes stay, the values are nowhere, and nothing half-done remains."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from govlog.application.decision_log import Actor, DecisionLog
from govlog.application.erasing import Eraser
from govlog.application.erasure import VALUES_IN_ONE, Wanted
from govlog.application.personal_data import held_about
from govlog.command_line.erasing import finish_erasures
from govlog.domain.erasing import NoPerson
from govlog.domain.errors import NotFound, ScopeRequired
from govlog.domain.events.any_stream import Erased, ErasureGround, Stated
from govlog.domain.events.debate import VoiceAdded
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.values import Personal, StreamId
from govlog.persistence.access import AccessTokens
from govlog.persistence.audit import audit
from govlog.persistence.erasure_journal import ErasureJournal
from govlog.persistence.keys import Keys
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import (
    DEBATE,
    PRODUCT,
    begun,
    facts_of,
    opened,
    opens,
    put,
    renamed,
    script,
    voice,
)
from tests.persistence.test_encryption import holding, keys_of

GRETHE = StreamId("party:grethe")
OTHER = StreamId("party:other")
NAME = "Grethe Lindqvist-Hauge"
DPO = Actor(StreamId("party:dpo"), "token-dpo", frozenset({"erase"}))
GROUND = ErasureGround.CONSENT_WITHDRAWN
WHOLE = Wanted(GROUND, GRETHE)


def named(name: str, subject: StreamId) -> PartyRegistered:
    return PartyRegistered(kind=PartyKind.PERSON, name=Personal(text=name, subject=subject))


def told(store: EventStore) -> None:
    """A log in which Grethe has a name, another one, and a voice; and in which others speak."""
    put(store, GRETHE, named(NAME, GRETHE), PartyRenamed(name=Personal(text=f"{NAME} 2")))
    put(store, OTHER, named("Other Person", OTHER))
    put(store, DEBATE, opened("Why?"), voice(f"{NAME} says", GRETHE), voice("I say", OTHER))
    put(store, PRODUCT, renamed())


class Office:
    """A log with its eraser, and what was cleared beside it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = EventStore.open(settings)
        self.tokens = AccessTokens(settings)
        self.cleared: list[Sequence[str]] = []
        self.clears = True
        self.eraser = Eraser(self.store, DecisionLog(self.store), self.tokens, self.clear)

    def clear(self, commitments: Sequence[str]) -> bool:
        self.cleared.append(list(commitments))
        return self.clears

    def close(self) -> None:
        self.store.close()
        self.tokens.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(begun(tmp_path / "data"))
    told(made.store)
    yield made
    made.close()


def texts(store: EventStore) -> set[str]:
    commitments = [each.commitment for each in opens(store)]
    return set(store.reveal(commitments).values())


def test_a_person_is_erased_and_everybody_else_stays(office: Office) -> None:
    before = [each.framed for each in office.store.entries()]
    certificate = office.eraser.erase(WHOLE, DPO)
    assert texts(office.store) == {"Other Person", "The elephant", "Why?", "I say"}
    after = list(office.store.entries())
    assert [each.framed for each in after[: len(before)]] == before
    (recorded,) = [each for each in office.store.replay() if isinstance(each.fact, Erased)]
    fact = recorded.fact
    assert isinstance(fact, Erased)
    assert (recorded.stream, fact.person) == (GRETHE, True)
    assert len(fact.commitments) == 3
    assert b"subject" not in after[-1].framed
    assert [(each.event, each.field) for each in certificate.erasures[0].values] == [
        ("party:grethe@1", "name"),
        ("party:grethe@2", "name"),
        ("debate:elephant@2", "text"),
    ]
    assert (certificate.standing, certificate.complete) == (0, True)
    assert certificate.mentioned_on == (DEBATE,)
    assert certificate.root == office.store.frontier().root().hex()
    assert office.cleared == [list(fact.commitments)]
    assert audit(office.settings.events_db, office.settings.keys_db).whole


def test_no_file_holds_the_name_or_the_key_afterwards(office: Office) -> None:
    key = keys_of(office.settings)[GRETHE]
    with Keys(office.settings.keys_db, lock_timeout=5) as keys:
        secret = keys.of([key])[key]
    sealed = _sealed(office.settings)
    office.tokens.create(GRETHE, {"vote"}, label=f"the laptop of {NAME}")
    office.eraser.erase(WHOLE, DPO)
    assert holding(office.settings.data, NAME) == []
    files = [each for each in office.settings.data.rglob("*") if each.is_file()]
    assert [each.name for each in files if secret in each.read_bytes()] == []
    assert [each.name for each in files for one in sealed if one in each.read_bytes()] == []


def _sealed(settings: Settings) -> list[bytes]:
    with closing(sqlite3.connect(settings.events_db)) as connection:
        query = "SELECT sealed FROM erasable_value WHERE subject = ?"
        return [row[0] for row in connection.execute(query, (GRETHE,))]


def test_erasing_again_records_nothing_and_gives_the_same_certificate(office: Office) -> None:
    first = office.eraser.erase(WHOLE, DPO)
    again = office.eraser.erase(WHOLE, DPO)
    assert again == first
    assert office.store.size() == first.size
    assert len(ErasureJournal(office.settings.erasures).entries()) == 1


def test_what_is_recorded_about_an_erased_person_later_can_be_erased_as_well(
    office: Office,
) -> None:
    office.eraser.erase(WHOLE, DPO)
    put(office.store, DEBATE, voice("again", GRETHE))
    assert "again" in texts(office.store)
    certificate = office.eraser.erase(WHOLE, DPO)
    assert "again" not in texts(office.store)
    assert len(certificate.erasures) == 2


def test_single_values_of_any_stream_are_erased_and_their_neighbours_stay(office: Office) -> None:
    wanted = {
        each.commitment for each in opens(office.store) if each.value in ("Why?", f"{NAME} says")
    }
    before = keys_of(office.settings)
    certificate = office.eraser.erase(Wanted(GROUND, None, tuple(wanted)), DPO)
    assert texts(office.store) == {NAME, f"{NAME} 2", "Other Person", "The elephant", "I say"}
    assert {each.commitment for one in certificate.erasures for each in one.values} == wanted
    assert [each.event for each in certificate.erasures] == ["debate:elephant@4"]
    after = keys_of(office.settings)
    assert after.keys() == before.keys()
    assert {owner for owner in after if after[owner] != before[owner]} == {DEBATE, GRETHE}
    with Keys(office.settings.keys_db, lock_timeout=5) as keys:
        assert keys.of([before[DEBATE], before[GRETHE]]) == {}
    again = office.eraser.erase(Wanted(GROUND, None, tuple(wanted)), DPO)
    assert again == certificate


def test_a_plan_lists_what_would_go_and_changes_nothing(office: Office) -> None:
    token, _ = office.tokens.create(GRETHE, {"vote"})
    size = office.store.size()
    plan = office.eraser.plan(WHOLE, DPO)
    assert [each.event for each in plan.values] == [
        "party:grethe@1",
        "party:grethe@2",
        "debate:elephant@2",
    ]
    assert plan.tokens == (token.id,)
    assert office.store.size() == size
    assert not office.settings.erasures.exists()


def test_erasing_ends_the_person_s_tokens(office: Office) -> None:
    _, secret = office.tokens.create(GRETHE, {"vote"}, label=NAME)
    _, other = office.tokens.create(OTHER, {"vote"}, label="kept")
    office.eraser.erase(WHOLE, DPO)
    assert office.tokens.authenticate(secret) is None
    assert office.tokens.authenticate(other) is not None
    assert [each.label for each in office.tokens.list()] == ["", "kept"]


def test_only_who_may_erase_can_erase_or_see_what_would_go(office: Office) -> None:
    reader = Actor(StreamId("party:dpo"), "t", frozenset({"admin", "read:closed"}))
    for act in (office.eraser.erase, office.eraser.plan):
        with pytest.raises(ScopeRequired):
            act(WHOLE, reader)
    assert not office.settings.erasures.exists()


def test_an_organisation_or_nobody_is_not_erased_and_the_journal_stays_empty(
    office: Office,
) -> None:
    acme = StreamId("party:acme")
    put(office.store, acme, PartyRegistered(kind=PartyKind.ORGANISATION, name="Acme"))
    for party, refusal in ((acme, NoPerson), (StreamId("party:nobody"), NotFound)):
        with pytest.raises(refusal):
            office.eraser.erase(Wanted(GROUND, party), DPO)
    assert not office.settings.erasures.exists()


def test_what_cannot_be_cleared_now_is_finished_later(office: Office) -> None:
    office.clears = False
    assert not office.eraser.erase(WHOLE, DPO).complete
    assert [each.done for each in ErasureJournal(office.settings.erasures).entries()] == [False]
    office.clears = True
    assert office.eraser.erase(WHOLE, DPO).complete
    assert [each.done for each in ErasureJournal(office.settings.erasures).entries()] == [True]


def test_a_reader_of_an_older_state_delays_the_end_and_not_the_erasure(tmp_path: Path) -> None:
    settings = begun(tmp_path / "data", lock_timeout=0.2)
    office = Office(settings)
    told(office.store)
    reader = sqlite3.connect(settings.events_db, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM stored_events").fetchone()
    put(office.store, PRODUCT, renamed())
    assert not office.eraser.erase(WHOLE, DPO).complete
    assert NAME not in texts(office.store)
    reader.close()
    (certificate,) = office.eraser.resume()
    assert certificate.complete
    office.close()


def test_every_process_sees_an_erasure_at_once(office: Office) -> None:
    with EventStore.open(office.settings) as worker:
        kept = [each.commitment for each in worker.about(GRETHE)]
        assert len(worker.reveal(kept)) == 3
        key = keys_of(office.settings)[GRETHE]
        assert key in worker._vault._ciphers[1]
        office.eraser.erase(WHOLE, DPO)
        assert worker.reveal(kept) == {}
        assert key not in worker._vault._ciphers[1]


def test_a_writer_that_remembers_a_key_takes_another_one_after_the_erasure(office: Office) -> None:
    with EventStore.open(office.settings) as worker:
        put(worker, DEBATE, voice("before", GRETHE))
        office.eraser.erase(WHOLE, DPO)
        (said,) = facts_of(VoiceAdded, put(worker, DEBATE, voice("after", GRETHE)))
        commitment = said.text.commitment
        assert worker.reveal([commitment]) == {commitment: "after"}


def test_openings_tell_what_stands_what_was_erased_and_nothing_of_what_never_was(
    office: Office,
) -> None:
    office.eraser.erase(WHOLE, DPO)
    found = opens(office.store)
    assert [(each.event, each.field, each.value) for each in found] == [
        ("party:grethe@1", "name", None),
        ("party:grethe@2", "name", None),
        ("party:other@1", "name", "Other Person"),
        ("debate:elephant@1", "question", "Why?"),
        ("debate:elephant@1", "title", "The elephant"),
        ("debate:elephant@2", "text", None),
        ("debate:elephant@3", "text", "I say"),
    ]
    erased = [each.commitment for each in found if each.salt is None]
    unknown = "00" * 32
    assert [each.commitment for each in office.store.erased([*erased, unknown])] == erased
    assert office.store.kept([*erased, unknown]) == []


def test_many_values_take_several_facts_that_each_fit(office: Office) -> None:
    count = VALUES_IN_ONE + 100
    facts = (Stated(topic="x", text=Personal(text=str(n), subject=GRETHE)) for n in range(count))
    put(office.store, PRODUCT, *facts)
    certificate = office.eraser.erase(WHOLE, DPO)
    assert [len(each.values) for each in certificate.erasures] == [VALUES_IN_ONE, 103]


KILLED = """
import os, signal, sys
from pathlib import Path
from govlog.application.erasing import Eraser
from govlog.application.decision_log import DecisionLog
from govlog.persistence.access import AccessTokens
from govlog.persistence.erasure_journal import ErasureJournal
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.application.test_erasing import DPO, WHOLE

def dies(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

settings, where = Settings(Path(sys.argv[1])), sys.argv[2]
store, tokens = EventStore.open(settings), AccessTokens(settings)
if where == "before the log":
    begin = ErasureJournal.begin
    ErasureJournal.begin = lambda self, entry: (begin(self, entry), dies())
elif where == "in the transaction":
    from govlog.persistence import erasable
    take_out = erasable.take_out
    erasable.take_out = lambda *given: (take_out(*given), dies())
elif where == "before the keys":
    EventStore.sweep = dies
elif where == "before the journal's end":
    ErasureJournal.done = dies
Eraser(store, DecisionLog(store), tokens, lambda _: True).erase(WHOLE, DPO)
"""


@pytest.mark.parametrize(
    "where",
    ["before the log", "in the transaction", "before the keys", "before the journal's end"],
)
def test_an_erasure_that_was_killed_is_finished_at_the_next_start(
    tmp_path: Path, where: str
) -> None:
    settings = begun(tmp_path / "data")
    with EventStore.open(settings) as store:
        told(store)
    process = script(KILLED, settings.data, where)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    finish_erasures(settings)
    with EventStore.open(settings) as store:
        facts = [each for each in store.replay() if isinstance(each.fact, Erased)]
        assert len(facts) == 1
        assert texts(store) == {"Other Person", "The elephant", "Why?", "I say"}
    assert GRETHE not in keys_of(settings)
    assert holding(settings.data, NAME) == []
    assert [each.done for each in ErasureJournal(settings.erasures).entries()] == [True]
    assert audit(settings.events_db, settings.keys_db).whole
    finish_erasures(settings)


def test_what_is_held_about_a_person_is_listed_with_place_and_time(office: Office) -> None:
    token, _ = office.tokens.create(GRETHE, {"vote"}, label="phone")
    put(office.store, DEBATE, *(voice("x", OTHER),))
    held = held_about(office.store, office.tokens, GRETHE, closed_too=True)
    assert [(each.event, each.field, each.value) for each in held.values] == [
        ("party:grethe@1", "name", NAME),
        ("party:grethe@2", "name", f"{NAME} 2"),
        ("debate:elephant@2", "text", f"{NAME} says"),
    ]
    assert [each.event for each in held.mentions] == ["debate:elephant@2"]
    assert [(each.id, each.label) for each in held.tokens] == [(token.id, "phone")]
    assert held.erasures == ()
    office.eraser.erase(WHOLE, DPO)
    after = held_about(office.store, office.tokens, GRETHE, closed_too=True)
    assert (after.values, [each.label for each in after.tokens]) == ((), [""])
    assert [len(each.values) for each in after.erasures] == [3]
    with pytest.raises(NotFound):
        held_about(office.store, office.tokens, StreamId("party:nobody"), closed_too=True)
