"""`govlog token`: who may record, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from govlog.command_line.answers import json_option, print_json, say

if TYPE_CHECKING:
    from govlog.persistence.access import AccessToken


@click.group("token")
def token() -> None:
    """Access tokens: make, list and revoke them."""


@token.command("create")
@click.argument("person")
@click.option("--role", "roles", multiple=True, help="A named set of scopes, as recorder.")
@click.option("--scope", "scopes", multiple=True, help="A single scope, as record:debate.")
@click.option("--organisation", "organisations", multiple=True, help="The person may act for it.")
@click.option("--label", default="", help="What it is for, to know it by in the list.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True)
@json_option
def create(
    person: str,
    roles: tuple[str, ...],
    scopes: tuple[str, ...],
    organisations: tuple[str, ...],
    label: str,
    days: int,
    as_json: bool,
) -> None:
    """Make a token for PERSON (as party:anna) and print it, this once only."""
    from govlog.domain.values import stream_id
    from govlog.persistence.access import AccessTokens
    from govlog.persistence.settings import Settings
    from govlog.persistence.store import EventStore

    settings = Settings.from_environ()
    granted = _granted(roles, scopes)
    holder = stream_id(person, "party")
    behalf = [stream_id(each, "party") for each in organisations]
    with EventStore.open(settings) as store:
        for party in (holder, *behalf):
            _require_known(party, store)
    expires = datetime.now(UTC) + timedelta(days=days)
    with AccessTokens(settings) as tokens:
        made, secret = tokens.create(
            holder, granted, organisations=behalf, label=label, expires_at=expires
        )
    if as_json:
        print_json({**described(made), "token": secret})
    else:
        click.echo(secret)
        say(f"token {made.id} of {holder} until {expires:%Y-%m-%d}: {' '.join(sorted(granted))}")


@token.command("list")
@json_option
def list_tokens(as_json: bool) -> None:
    """All tokens ever made, without their secrets."""
    from govlog.persistence.access import AccessTokens
    from govlog.persistence.settings import Settings

    with AccessTokens(Settings.from_environ()) as tokens:
        for each in tokens.list():
            if as_json:
                print_json(described(each))
            else:
                click.echo(f"{each.id}  {_standing(each):<20}  {each.person}  {_scopes(each)}")


@token.command("revoke")
@click.argument("token_id", metavar="ID")
@json_option
def revoke(token_id: str, as_json: bool) -> None:
    """End the token with this ID at once."""
    from govlog.persistence.access import AccessTokens
    from govlog.persistence.settings import Settings

    with AccessTokens(Settings.from_environ()) as tokens:
        ended = tokens.revoke(token_id)
    if as_json:
        print_json(described(ended))
    else:
        click.echo(f"{ended.id}  {_standing(ended)}  {ended.person}")


def described(token: AccessToken) -> dict[str, Any]:
    """What is known of a token, for JSON; never its secret."""
    return {
        "id": token.id,
        "person": token.person,
        "organisations": sorted(token.organisations),
        "scopes": sorted(token.scopes),
        "label": token.label,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }


def _granted(roles: tuple[str, ...], scopes: tuple[str, ...]) -> frozenset[str]:
    from govlog.persistence.access import ROLES

    if not roles and not scopes:
        raise click.UsageError(f"Give a --scope, or a --role: {', '.join(ROLES)}")
    if strange := set(roles) - set(ROLES):
        raise click.UsageError(f"There is no role {min(strange)!r}: use {', '.join(ROLES)}")
    return frozenset(scopes).union(*(ROLES[role] for role in roles))


def _require_known(party: Any, store: Any) -> None:
    from govlog.domain.errors import NotFound

    if not store.version(party):
        raise NotFound(
            f"{party} is not in the log", mend="register the party first, or list /v1/parties"
        )


def _standing(token: AccessToken) -> str:
    if token.revoked_at:
        return f"revoked {token.revoked_at:%Y-%m-%d}"
    if token.expires_at is None:
        return "no end"
    word = "until" if token.expires_at > datetime.now(UTC) else "expired"
    return f"{word} {token.expires_at:%Y-%m-%d}"


def _scopes(token: AccessToken) -> str:
    label = f"  ({token.label})" if token.label else ""
    return " ".join(sorted(token.scopes)) + label
