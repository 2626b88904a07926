"""Tokens: shown once, bound to a person, ended by time or by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256

import pytest

from govlog.domain.errors import MalformedValue, NotFound
from govlog.domain.values import StreamId
from govlog.persistence.access import ROLES, SCOPES, AccessTokens
from govlog.persistence.entry import moment
from govlog.persistence.settings import Settings
from tests.persistence.logs import NOON, PERSON, Clock

ACME = StreamId("party:acme")


@pytest.fixture
def tokens(settings: Settings, clock: Clock) -> Iterator[AccessTokens]:
    with AccessTokens(settings, clock) as opened:
        yield opened


def test_a_token_tells_whose_it_is_and_what_it_allows(tokens: AccessTokens) -> None:
    made, secret = tokens.create(
        PERSON, ["vote", "approve"], organisations=[ACME], label="Ada's laptop"
    )
    assert tokens.authenticate(secret) == made
    assert made.person == PERSON
    assert made.organisations == {ACME}
    assert made.scopes == {"vote", "approve"}
    assert made.label == "Ada's laptop"
    assert made.created_at == moment(NOON)


def test_only_the_hash_of_the_secret_is_kept(tokens: AccessTokens, settings: Settings) -> None:
    _, secret = tokens.create(PERSON, ["vote"])
    part = secret.partition(".")[2]
    tokens.close()
    with closing(sqlite3.connect(settings.access_db)) as connection:
        dump = "\n".join(connection.iterdump())
    assert part not in dump
    assert sha256(part.encode()).hexdigest().upper() in dump


def test_a_secret_has_256_random_bits(tokens: AccessTokens) -> None:
    secrets = [tokens.create(PERSON, [])[1] for _ in range(50)]
    assert len(set(secrets)) == 50
    assert {len(each.partition(".")[2]) for each in secrets} == {43}  # 32 bytes in base64url


@pytest.mark.parametrize("spoil", ["", ".", "x", "{id}", "{id}.", "{id}.x", "x.{secret}", "\ud800"])
def test_anything_but_the_token_itself_is_nobody(tokens: AccessTokens, spoil: str) -> None:
    made, presented = tokens.create(PERSON, ["vote"])
    secret = presented.partition(".")[2]
    assert tokens.authenticate(spoil.format(id=made.id, secret=secret)) is None
    assert tokens.authenticate(presented + "A") is None
    assert tokens.authenticate(presented) == made


def test_the_secret_of_one_token_does_not_open_another(tokens: AccessTokens) -> None:
    one, _ = tokens.create(PERSON, ["vote"])
    _, other = tokens.create(PERSON, ["admin"])
    assert tokens.authenticate(f"{one.id}.{other.partition('.')[2]}") is None


def test_a_token_expires_at_its_instant(tokens: AccessTokens, clock: Clock) -> None:
    made, secret = tokens.create(PERSON, ["vote"], expires_at=moment(NOON) + timedelta(hours=1))
    clock.forward(3599.999999)
    assert tokens.authenticate(secret) == made
    clock.forward(0.000001)
    assert tokens.authenticate(secret) is None
    assert tokens.list() == [made]


def test_a_revoked_token_is_nobody_from_then_on(tokens: AccessTokens, clock: Clock) -> None:
    made, secret = tokens.create(PERSON, ["vote"])
    _, other = tokens.create(PERSON, ["vote"])
    clock.forward(1)
    revoked = tokens.revoke(made.id)
    assert tokens.authenticate(secret) is None
    assert tokens.authenticate(other) is not None
    clock.forward(1)
    assert tokens.revoke(made.id) == revoked
    assert revoked.revoked_at == moment(NOON) + timedelta(seconds=1)


def test_an_unknown_token_cannot_be_revoked(tokens: AccessTokens) -> None:
    with pytest.raises(NotFound):
        tokens.revoke("nobody")


def test_tokens_are_listed_in_the_order_made(tokens: AccessTokens, clock: Clock) -> None:
    made = []
    for number in range(5):
        made.append(tokens.create(PERSON, ["vote"], label=str(number))[0])
        clock.forward(1)
    assert tokens.list() == made


def test_a_revocation_by_another_process_counts_at_once(
    tokens: AccessTokens, settings: Settings, clock: Clock
) -> None:
    made, secret = tokens.create(PERSON, ["vote"])
    assert tokens.authenticate(secret) is not None
    with AccessTokens(settings, clock) as elsewhere:
        elsewhere.revoke(made.id)
    assert tokens.authenticate(secret) is None


def test_a_token_is_of_known_scopes_and_for_parties_only(tokens: AccessTokens) -> None:
    with pytest.raises(MalformedValue, match="everything"):
        tokens.create(PERSON, ["vote", "everything"])
    with pytest.raises(MalformedValue):
        tokens.create(StreamId("body:board"), ["vote"])
    with pytest.raises(MalformedValue):
        tokens.create(PERSON, ["vote"], organisations=[StreamId("acme inc")])
    assert tokens.list() == []


def test_roles_are_made_of_known_scopes() -> None:
    assert ROLES["admin"] == SCOPES
    assert all(scopes <= SCOPES for scopes in ROLES.values())
    assert set(ROLES) == {
        "auditor", "recorder", "board-member", "vendor", "data-protection-officer", "admin",
    }  # fmt: skip
