"""Who asks: bearer tokens bound to a person, their scopes, and how often one client may try."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple, NoReturn

from flask import Request

from api.rates import Rate
from api.refusals import TokenRequired, TooManyRequests
from govlog.application.decision_log import Actor
from govlog.domain.errors import ScopeRequired
from govlog.persistence.access import ROLES, AccessTokens

REMEMBERED_SECONDS = 0.5
"""A token that has expired works no longer than this; one that is revoked ends at once."""
REMEMBERED_TOKENS = 1_000

_SEND = "send Authorization: Bearer <token>"
_MAKE = "the log's operator makes one: `govlog token create`"


class _Known(NamedTuple):
    actor: Actor
    changes: int
    """As counted by the file of tokens before it was asked."""
    until: float


class Doorkeeper:
    """Lets writers in; safe to use from many threads."""

    def __init__(
        self,
        tokens: AccessTokens,
        *,
        writes: str,
        failures: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`writes` and `failures` are limits such as `600/minute`: per token, and per address."""
        self._tokens = tokens
        self._known: dict[bytes, _Known] = {}
        self._writes = Rate(writes)
        self._failures = Rate(failures)
        self._clock = clock

    def writer(self, asked: Request, scope: str | None = None) -> Actor:
        """Who sends this write; refuses without a token that allows it, and when it is too many."""
        actor = self.reader(asked)
        if actor is None:
            raise TokenRequired("writing needs a token", mend=f"{_SEND}; {_MAKE}")
        _count(self._writes, actor.token, "writes with this token")
        if scope is not None:
            require_scope(actor, scope)
        return actor

    def reader(self, asked: Request) -> Actor | None:
        """Who reads, if the request says so: reading needs no token, but no false one either."""
        header: str | None = asked.environ.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        kind, _, presented = header.partition(" ")
        if kind.lower() != "bearer":
            self._failed(asked, "the token does not come as a bearer token (RFC 6750)")
        actor = self._actor(presented.strip())
        if actor is None:
            self._failed(asked, "the token is unknown, expired or revoked")
        return actor

    def _actor(self, presented: str) -> Actor | None:
        digest = sha256(presented.encode(errors="replace")).digest()
        now, changes = self._clock(), self._tokens.changes()
        known = self._known.get(digest)
        if known is not None and known.changes == changes and now < known.until:
            return known.actor
        token = self._tokens.authenticate(presented)
        if token is None:
            self._known.pop(digest, None)
            return None
        actor = Actor(token.person, token.id, token.scopes, token.organisations)
        if len(self._known) >= REMEMBERED_TOKENS:
            self._known.clear()
        self._known[digest] = _Known(actor, changes, now + REMEMBERED_SECONDS)
        return actor

    def _failed(self, asked: Request, why: str) -> NoReturn:
        _count(self._failures, asked.remote_addr or "", "failed log-ins from here")
        raise TokenRequired(why, mend=f"{_SEND}, with a token in force; {_MAKE}")


def _count(rate: Rate, client: str, what: str) -> None:
    if not rate.allows(client):
        raise TooManyRequests(
            f"more than {rate.text} {what}",
            mend="wait a moment, and record what belongs together with POST /v1/batch",
        )


def require_scope(actor: Actor, scope: str) -> None:
    """Refuse who may not do this, naming the scope that would do."""
    if scope not in actor.scopes:
        raise ScopeRequired(
            f"this needs the scope {scope}",
            mend=f"use a token of a role that has it: {', '.join(_roles_with(scope))}",
            scope=scope,
            scopes=sorted(actor.scopes),
        )


def _roles_with(scope: str) -> list[str]:
    return [role for role, scopes in ROLES.items() if scope in scopes]
