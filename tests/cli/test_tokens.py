"""`govlog token`."""

from __future__ import annotations

from pathlib import Path

import pytest

from govlog.command_line.answers import Exit
from govlog.persistence.access import ROLES, AccessTokens
from govlog.persistence.settings import Settings
from tests.cli.asking import Govlog

PERSON = "party:demo-recorder"


def test_the_secret_alone_goes_to_the_program_that_asked(govlog: Govlog, demo: Path) -> None:
    answer = govlog("token", "create", PERSON, "--role", "recorder")
    with AccessTokens(Settings(demo)) as tokens:
        token = tokens.authenticate(answer.out.strip())
    assert token is not None
    assert (token.person, token.scopes) == (PERSON, ROLES["recorder"])
    assert answer.out.strip() not in answer.err


def test_roles_and_scopes_add_up(govlog: Govlog, demo: Path) -> None:
    made = govlog("token", "create", PERSON, "--role", "auditor", "--scope", "vote", "--json").json
    assert made["scopes"] == ["read:closed", "vote"]


def test_a_token_acts_for_known_organisations_only(govlog: Govlog, demo: Path) -> None:
    create = ("token", "create", PERSON, "--role", "vendor", "--json", "--organisation")
    assert govlog(*create, "party:os2").json["organisations"] == ["party:os2"]
    assert govlog(*create, "party:nobody").code == Exit.REFUSED


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("party:nobody", "--role", "recorder"), Exit.REFUSED),
        (("body:os2-board", "--role", "recorder"), Exit.REFUSED),
        ((PERSON, "--role", "king"), Exit.USAGE),
        ((PERSON, "--scope", "everything"), Exit.REFUSED),
        ((PERSON,), Exit.USAGE),
        ((PERSON, "--role", "recorder", "--days", "0"), Exit.USAGE),
    ],
)
def test_what_cannot_be_granted_is_refused_on_one_line(
    govlog: Govlog, demo: Path, arguments: tuple[str, ...], code: Exit
) -> None:
    refused = govlog("token", "create", *arguments)
    assert (refused.code, refused.out) == (code, "")
    assert refused.err.startswith("govlog: ")
    assert refused.err.count("\n") == 1
    assert govlog("token", "list").out == ""


def test_a_revoked_token_opens_nothing_and_stays_listed(govlog: Govlog, demo: Path) -> None:
    made = govlog("token", "create", PERSON, "--role", "recorder", "--json").json
    assert govlog("token", "revoke", made["id"]).code == Exit.DONE
    with AccessTokens(Settings(demo)) as tokens:
        assert tokens.authenticate(made["token"]) is None
    assert "revoked" in govlog("token", "list").out


def test_a_token_that_is_not_there_cannot_be_revoked(govlog: Govlog, demo: Path) -> None:
    assert govlog("token", "revoke", "0123456789ab").code == Exit.REFUSED


def test_the_list_shows_no_secrets(govlog: Govlog, demo: Path) -> None:
    made = govlog("token", "create", PERSON, "--role", "recorder", "--label", "CI", "--json").json
    secret = made.pop("token").partition(".")[2]
    (listed,) = govlog("token", "list", "--json").lines
    assert listed == made
    assert secret not in govlog("token", "list").out
