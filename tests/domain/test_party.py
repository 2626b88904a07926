"""Parties: opaque ids, names that change, and names that can be erased."""

from __future__ import annotations

from datetime import date

import pytest

from govlog.domain.errors import NotFound
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.naming import called_on
from govlog.domain.party import NameOfWrongKind, Party, register_party, rename_party
from govlog.domain.refusals import AlreadyRecorded
from govlog.domain.values import Personal, StreamId
from tests.domain.board import day, text
from tests.domain.given import History, known

ORG, PERSON = PartyKind.ORGANISATION, PartyKind.PERSON


def registered(kind: PartyKind = ORG, name: str | Personal = "Old") -> History:
    history = History().at("2024-03-01")
    fact = PartyRegistered(decided_on=day("2024-03-01"), kind=kind, name=name, group="vendor")
    history.when(register_party, "party:v", fact)
    return history


def registered_in(history: History) -> Party:
    """The party that is registered there, as it is now."""
    return known(history.facts().party(StreamId("party:v")))


def test_a_registered_party_is_known() -> None:
    party = registered_in(registered())
    assert (party.name, party.kind, party.group) == ("Old", ORG, "vendor")


def test_an_id_is_never_given_twice() -> None:
    with pytest.raises(AlreadyRecorded):
        registered().decide(register_party, "party:v", PartyRegistered(kind=ORG, name="Other"))


def test_a_new_name_does_not_touch_identity_and_the_old_one_stays() -> None:
    history = registered().at("2024-05-01")
    history.when(rename_party, "party:v", PartyRenamed(decided_on=day("2024-04-10"), name="New"))
    party = registered_in(history)
    assert (party.stream, party.name) == ("party:v", "New")
    assert called_on(party.names, date(2024, 4, 9)) == ("Old", True)
    assert called_on(party.names, date(2024, 4, 10)) == ("New", True)


def test_the_name_of_two_on_one_day_is_the_one_recorded_last() -> None:
    history = registered().at("2024-05-01")
    for name in ("One", "Two"):
        history.when(rename_party, "party:v", PartyRenamed(decided_on=day("2024-05-01"), name=name))
    assert called_on(registered_in(history).names, date(2024, 5, 1)) == ("Two", True)


def test_a_rename_that_happened_earlier_but_was_recorded_later_does_not_win() -> None:
    history = registered().at("2024-06-01")
    for name, when in (("Now", "2024-05-20"), ("Between", "2024-05-10")):
        history.when(rename_party, "party:v", PartyRenamed(decided_on=day(when), name=name))
    assert called_on(registered_in(history).names, date(2024, 6, 1)) == ("Now", True)


def test_a_person_s_name_must_be_erasable() -> None:
    with pytest.raises(NameOfWrongKind):
        History().decide(register_party, "party:p", PartyRegistered(kind=PERSON, name="Ann"))


def test_an_organisation_s_name_stands_in_clear() -> None:
    with pytest.raises(NameOfWrongKind):
        registered().decide(rename_party, "party:v", PartyRenamed(name=text("New")))


def test_nobody_is_renamed_who_is_not_registered() -> None:
    with pytest.raises(NotFound):
        History().decide(rename_party, "party:x", PartyRenamed(name="New"))


def test_a_second_registration_that_slipped_in_changes_nothing() -> None:
    history = registered()
    before = registered_in(history)
    history.record("party:v", PartyRegistered(kind=ORG, name="Usurper"))
    assert registered_in(history) == before
