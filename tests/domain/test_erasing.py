"""Erasure names commitments and never the person; who was erased gets no name again."""

from __future__ import annotations

import pytest

from govlog.domain.erasing import NoPerson, NothingToErase, erase_person, erase_values
from govlog.domain.errors import MalformedValue, NotFound
from govlog.domain.events.any_stream import Erased, ErasureGround
from govlog.domain.events.party import PartyKind, PartyRegistered, PartyRenamed
from govlog.domain.party import IsErased, rename_party
from govlog.domain.values import StreamId
from tests.domain.board import day, text
from tests.domain.given import History
from tests.domain.test_party import registered, registered_in

COMMITMENT = "ab" * 32
GROUND = ErasureGround.CONSENT_WITHDRAWN


def person() -> History:
    return registered(PartyKind.PERSON, text("Grethe"))


def whole(*commitments: str) -> Erased:
    return Erased(commitments=commitments, ground=GROUND, person=True)


def test_an_erased_person_stays_a_party_under_the_same_id() -> None:
    history = person()
    history.when(erase_person, "party:v", whole(COMMITMENT))
    party = registered_in(history)
    assert (party.stream, party.kind, party.group) == ("party:v", PartyKind.PERSON, "vendor")
    assert party.erased
    assert len(party.names) == 1


def test_an_erased_person_takes_no_other_name() -> None:
    history = person()
    history.when(erase_person, "party:v", whole(COMMITMENT))
    with pytest.raises(IsErased) as refusal:
        history.decide(rename_party, "party:v", PartyRenamed(name=text("Grethe again")))
    assert "anew" in refusal.value.mend


def test_a_person_may_be_erased_again_for_something_may_have_been_recorded_since() -> None:
    history = person()
    history.when(erase_person, "party:v", whole(COMMITMENT))
    history.when(erase_person, "party:v", whole("cd" * 32))
    assert registered_in(history).erased


def test_an_organisation_is_not_erased() -> None:
    with pytest.raises(NoPerson):
        registered().decide(erase_person, "party:v", whole(COMMITMENT))


def test_nobody_is_erased_who_is_not_there() -> None:
    with pytest.raises(NotFound):
        History().at("2024-03-01").decide(erase_person, "party:v", whole())


def test_single_values_are_erased_by_their_commitments_and_the_party_stays() -> None:
    history = person()
    history.when(erase_values, "party:v", Erased(commitments=(COMMITMENT,), ground=GROUND))
    assert not registered_in(history).erased
    renamed = PartyRenamed(decided_on=day("2024-03-01"), name=text("Another"))
    history.when(rename_party, "party:v", renamed)


def test_an_erasure_of_values_names_at_least_one() -> None:
    with pytest.raises(NothingToErase):
        person().decide(erase_values, "party:v", Erased(commitments=(), ground=GROUND))


@pytest.mark.parametrize("name", ["Grethe", "ab" * 31, "AB" * 32, "ab" * 32 + "\n"])
def test_an_erasure_names_commitments_and_nothing_else(name: str) -> None:
    with pytest.raises(MalformedValue):
        person().decide(erase_person, "party:v", whole(name))
    with pytest.raises(MalformedValue):
        person().decide(erase_values, "party:v", Erased(commitments=(name,), ground=GROUND))


def test_an_erasure_of_a_party_that_was_never_registered_changes_nothing() -> None:
    history = History().at("2024-03-01")
    history.record("party:v", whole(COMMITMENT))
    assert history.facts().party(StreamId("party:v")) is None
    history.record("party:v", PartyRegistered(kind=PartyKind.ORGANISATION, name="Late"))
    assert not registered_in(history).erased
