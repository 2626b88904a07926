"""Personal values stand apart from the log, which holds commitments to them only."""

from __future__ import annotations

import hmac
import sqlite3
from contextlib import closing

import pytest

from govlog.domain.errors import MalformedValue
from govlog.domain.events.debate import KeyPoint, ReplyGiven, Signatory, VoiceAdded
from govlog.domain.events.fact import Fact
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.product import ProductRenamed
from govlog.domain.values import Key, Personal, StreamId
from govlog.persistence.fields import named, sealed
from govlog.persistence.settings import Settings
from govlog.persistence.store import EventStore
from tests.persistence.logs import (
    DEBATE,
    PERSON,
    PRODUCT,
    instalment,
    opened,
    openings,
    put,
    renamed,
    voice,
)

BOARD = StreamId("body:board")
SECRET = "Grethe Ørsted-Håkansson said so"


def reply() -> ReplyGiven:
    return ReplyGiven(
        body=BOARD,
        key_points=(
            KeyPoint(Key("one"), Personal(text="first " + SECRET)),
            KeyPoint(Key("two"), Personal(text="second " + SECRET)),
        ),
        signatories=(Signatory(PERSON, organisation=StreamId("party:os2")),),
        undated_because=Personal(text="third " + SECRET),
    )


def test_no_personal_text_is_in_the_entries(store: EventStore) -> None:
    put(store, DEBATE, opened(SECRET), voice(SECRET), reply())
    entries = b"".join(each.framed for each in store.entries())
    assert "Ørsted".encode() not in entries
    assert b"rsted" not in entries
    assert b"subject" not in entries
    assert entries.count(b'{"$c":"') == 6


def test_no_personal_text_is_in_any_table_but_that_of_the_erasable(
    store: EventStore, settings: Settings
) -> None:
    with store.writing() as writing:
        writing.append(DEBATE, 1, opened(SECRET), PERSON, "t")
        writing.remember(PERSON, "key", SECRET.encode(), 0, 1)
    with closing(sqlite3.connect(settings.events_db)) as connection:
        connection.execute("DELETE FROM erasable_value")
        dump = "\n".join(connection.iterdump())
    assert "rsted" not in dump
    assert SECRET.encode().hex() not in dump.lower()
    assert "DebateOpened" in dump


def test_each_commitment_opens_with_its_salt_event_and_field(
    store: EventStore, settings: Settings
) -> None:
    put(store, DEBATE, reply(), reply())
    rows = openings(settings)
    assert [(position, field) for _, position, field, *_ in rows] == [
        (index, field)
        for index in (0, 1)
        for field in ("undated_because", "key_points.0.text", "key_points.1.text")
    ]
    for commitment, position, field, _, salt, value in rows:
        place = f"debate:elephant@{position + 1}/{field}"
        message = place.encode() + b"\0" + value.encode()
        assert len(salt) == 32
        assert hmac.new(salt, message, "sha256").digest() == commitment


def test_a_hundred_events_of_one_person_give_a_hundred_commitments(
    store: EventStore, settings: Settings
) -> None:
    put(store, DEBATE, *(voice("the same words") for _ in range(100)))
    rows = openings(settings)
    assert len({commitment for commitment, *_ in rows}) == 100
    assert len({salt for *_, salt, _ in rows}) == 100
    assert {subject for _, _, _, subject, *_ in rows} == {PERSON}


def test_a_decoded_fact_has_the_commitment_only(store: EventStore) -> None:
    (recorded,) = put(store, DEBATE, voice(SECRET))
    assert isinstance(recorded.fact, VoiceAdded)
    assert recorded.fact.text.text is None
    assert recorded.fact.text.subject is None
    assert store.read(DEBATE) == [recorded]


def test_texts_are_revealed_by_their_commitments(store: EventStore) -> None:
    (recorded,) = put(store, DEBATE, reply())
    assert isinstance(recorded.fact, ReplyGiven)
    commitments = [point.text.commitment for point in recorded.fact.key_points]
    assert store.reveal(commitments) == {
        commitments[0]: "first " + SECRET,
        commitments[1]: "second " + SECRET,
    }


def test_an_erased_or_unknown_commitment_is_absent(store: EventStore, settings: Settings) -> None:
    (recorded,) = put(store, DEBATE, voice(SECRET))
    assert isinstance(recorded.fact, VoiceAdded)
    commitment = recorded.fact.text.commitment
    assert list(store.reveal([commitment, "00" * 32, "no hex", ""])) == [commitment]
    with closing(sqlite3.connect(settings.events_db, isolation_level=None)) as eraser:
        eraser.execute("DELETE FROM erasable_value WHERE subject = ?", (PERSON,))
    assert store.reveal([commitment]) == {}
    assert store.read(DEBATE) == [recorded]


def test_many_texts_are_revealed_at_once(store: EventStore, settings: Settings) -> None:
    put(store, DEBATE, *(voice(f"words {number}") for number in range(1200)))
    commitments = [row[0].hex() for row in openings(settings)]
    assert set(store.reveal(commitments).values()) == {f"words {number}" for number in range(1200)}


def test_an_organisation_s_name_stays_in_clear_and_a_person_s_does_not(store: EventStore) -> None:
    put(
        store,
        StreamId("party:acme"),
        PartyRegistered(kind=PartyKind.ORGANISATION, name="Acme Inc"),
        PartyRegistered(kind=PartyKind.PERSON, name=Personal(text=SECRET)),
    )
    entries = b"".join(each.framed for each in store.entries())
    assert b"Acme Inc" in entries
    assert b"rsted" not in entries


FORGED = [
    Personal(commitment="00" * 32),
    Personal(commitment="00" * 32, text="both"),
    Personal(),
]


@pytest.mark.parametrize("forged", FORGED)
def test_only_a_text_can_be_committed_to(store: EventStore, forged: Personal) -> None:
    fact = VoiceAdded(voice=Key("x"), group="users", text=forged)
    with pytest.raises(MalformedValue):
        put(store, DEBATE, fact)
    assert store.size() == 0


@pytest.mark.parametrize("fact", [voice("half \ud83d of it"), renamed("half \ud83d of it")])
def test_text_that_is_no_unicode_is_refused(store: EventStore, fact: Fact) -> None:
    with pytest.raises(MalformedValue):
        put(store, DEBATE, fact)
    assert store.size() == 0


def test_a_list_where_a_tuple_belongs_hides_no_text(store: EventStore) -> None:
    points = [KeyPoint(Key("one"), Personal(text=SECRET))]
    fact = ReplyGiven(body=BOARD, key_points=points)  # type: ignore[arg-type]  # a list on purpose
    put(store, DEBATE, fact)
    assert b"rsted" not in b"".join(each.framed for each in store.entries())


def test_every_stream_that_a_fact_names_is_found_and_no_subject() -> None:
    assert named(instalment()) == {"party:acme"}
    _, _, streams = sealed(reply(), "debate:elephant@1")
    assert streams == {BOARD, PERSON, "party:os2"}
    kept, _, _ = sealed(voice("x", StreamId("party:grethe")), "debate:elephant@1")
    assert named(kept) == {"party:grethe"}
    by_subject_only = VoiceAdded(voice=Key("x"), group="g", text=Personal("", "x", PERSON))
    assert named(by_subject_only) == set()


def test_a_fact_without_personal_values_is_kept_as_it_is() -> None:
    fact = ProductRenamed(name="Lamp")
    kept, found, streams = sealed(fact, f"{PRODUCT}@1")
    assert kept is fact
    assert (found, streams) == ([], set())
