"""Bodies of commands: every command has a form, and the form is that of its fact."""

from __future__ import annotations

import inspect
from decimal import Decimal
from typing import TypeVar

import msgspec
import pytest

from govlog.application.commands import COMMANDS
from govlog.contract.commands import body_schema, load, new_stream, with_subject
from govlog.contract.refusal import InvalidBody
from govlog.contract.shapes import NAMES, NAMES_IN, SERVER_SET
from govlog.domain.events import TOPICS, Fact
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.debate import ReplyGiven, VoiceAdded
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.product import CommissionGranted
from govlog.domain.values import CeilingKind, Personal, StreamId

ONLY_THE_LOG_RECORDS = {
    "RollTaken": "take_roll asks, the roll is made from the seats",
    "RollFixed": "fix_roll asks, the roll is made from the seats",
    "ResolutionCarried": "close_voting asks, the count decides",
    "ResolutionLost": "close_voting asks, the count decides",
    "ResolutionLapsed": "close_voting asks, the count decides",
    "BatchRecorded": "it lists what an import brought",
    "Erased": "it says what was erased, and only an erasure says so",
    "KeyRotated": "`govlog log rotate-key` changes the key and records it",
    "LogContinued": "`govlog log new-origin` begins the log with it",
}


F = TypeVar("F", bound=Fact)


def loaded(kind: type[F], command: str, body: object) -> F:
    """The fact that a body asks to record, which must be one of this kind."""
    fact = load(COMMANDS[command], body).fact
    assert isinstance(fact, kind)
    return fact


def refused(command: str, body: object) -> dict[str, str]:
    with pytest.raises(InvalidBody) as refusal:
        load(COMMANDS[command], body)
    return {each.field: each.detail for each in refusal.value.faults}


def test_every_fact_has_the_command_that_proposes_it() -> None:
    proposed = {command.fact.__name__ for command in COMMANDS.values()}
    facts = {fact.__name__ for fact in TOPICS.values()}
    assert facts - proposed == set(ONLY_THE_LOG_RECORDS)


def test_every_command_is_named_after_its_decision_and_has_a_scope() -> None:
    for name, command in COMMANDS.items():
        assert command.name == name == command.decide.__name__
        assert command.scope
        assert len(inspect.signature(command.decide).parameters) == 3


def test_every_body_has_the_members_of_its_fact_and_none_that_only_the_server_sets() -> None:
    for command in COMMANDS.values():
        members = {member.name for member in msgspec.structs.fields(command.fact)}
        given = set(body_schema(command).fields)
        assert given - members == ({"key"} if command.creates else set())
        assert members - given == SERVER_SET
        imported = set(body_schema(command, importing=True).fields)
        assert imported - given == {"source_recorded_at"}


def test_no_rule_about_which_kind_a_member_names_is_left_over() -> None:
    members = {
        member.name
        for command in COMMANDS.values()
        for member in msgspec.structs.fields(command.fact)
    }
    inner = {"party", "organisation", "product"}  # of signatories, rolls and authorised acts
    assert set(NAMES) <= members | inner
    assert all(
        name in {each.name for each in msgspec.structs.fields(struct)} for struct, name in NAMES_IN
    )


def test_a_body_becomes_the_fact_that_it_proposes() -> None:
    fact = loaded(
        CommissionGranted,
        "grant_commission",
        {
            "commission": "c1",
            "scope": ["shade"],
            "ceiling": {"kind": "amount", "currency": "DKK", "amount": "100.50"},
            "parties": ["party:acme"],
            "until": "2027",
            "vision": "Light for all",
            "next_review": None,
        },
    )
    assert (fact.scope, fact.parties, fact.until) == (("shade",), ("party:acme",), "2027")
    assert fact.ceiling.kind is CeilingKind.AMOUNT
    assert fact.ceiling.amount == Decimal("100.50")
    assert fact.vision == Personal(text="Light for all")
    assert fact.next_review is None


def test_a_key_that_comes_into_being_may_be_left_out() -> None:
    body = {"scope": ["a"], "ceiling": {"kind": "none", "currency": "DKK"}}
    keys = {loaded(CommissionGranted, "grant_commission", body).commission for _ in range(3)}
    assert len(keys) == 3
    assert refused("revoke_commission", {}) == {"commission": "this is needed: give it"}
    points = [{"text": "a"}, {"text": "b"}]
    reply = loaded(ReplyGiven, "give_reply", {"body": "body:b", "key_points": points})
    assert reply.key_points[0].point != reply.key_points[1].point


def test_a_member_names_streams_of_its_kinds_only() -> None:
    assert set(refused("close_debate", {"resolutions": ["product:x"]})) == {"resolutions.0"}
    assert set(refused("supersede_resolution", {"by": "party:x"})) == {"by"}
    statement = {"topic": "t", "text": "x", "by": "body:b"}
    assert loaded(Stated, "state", statement).by == "body:b"


def test_the_name_of_a_person_is_erasable_and_that_of_an_organisation_is_not() -> None:
    command = COMMANDS["register_party"]
    proposed = load(command, {"kind": "person", "name": "Anna"})
    stream = new_stream(command, proposed)
    anna = with_subject(proposed.fact, stream)
    assert isinstance(anna, PartyRegistered)
    assert anna.name == Personal(text="Anna", subject=stream)
    proposed = load(command, {"kind": "organisation", "name": "Acme", "key": "acme"})
    assert new_stream(command, proposed) == "party:acme"
    acme = with_subject(proposed.fact, StreamId("party:acme"))
    assert isinstance(acme, PartyRegistered)
    assert (acme.kind, acme.name) == (PartyKind.ORGANISATION, "Acme")


def test_who_speaks_is_whose_erasure_removes_the_words() -> None:
    body = {"group": "vendor", "text": "Hello", "party": "party:anna"}
    fact = with_subject(loaded(VoiceAdded, "add_voice", body), StreamId("debate:d"))
    assert isinstance(fact, VoiceAdded)
    assert fact.text == Personal(text="Hello", subject=StreamId("party:anna"))


def test_a_count_is_a_whole_number_and_a_flag_is_no_number() -> None:
    for wrong in (1.5, "3", True, -1, 10**18):
        body = {"topic": "t", "text": "x", "count": wrong}
        assert set(refused("state", body)) == {"count"}
    for wrong in (1, "true", 0):
        body = {"name": "Lamp", "fiction": wrong}
        assert set(refused("propose_product", body)) == {"fiction"}


def test_a_name_that_turns_the_direction_of_writing_is_refused() -> None:
    assert set(refused("propose_product", {"name": "Lamp\u202e"})) == {"name"}


def test_all_faults_are_told_at_once_with_pointers() -> None:
    with pytest.raises(InvalidBody) as refusal:
        load(COMMANDS["propose_product"], {"na/me": 1, "decided_on": 5}, path=("commands", 3))
    told = {each.pointer for each in refusal.value.faults}
    assert told == {"#/commands/3/na~1me", "#/commands/3/decided_on", "#/commands/3/name"}


def test_a_count_asks_for_nothing_but_when() -> None:
    fact = load(COMMANDS["close_voting"], {"decided_on": "2026-11-23"}).fact
    assert type(fact) is Fact
