"""Locks up what can be erased, one key for each subject, and opens it for those who read.

A value is kept as a nonce of 12 bytes and AES-256-GCM (NIST SP 800-38D) of its salt, 32 bytes, and
its text in UTF-8; the commitment is authenticated with it, so it opens in its own place only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from govlog.domain.values import StreamId
from govlog.ledger.commitments import SALT_BYTES
from govlog.persistence.fields import Opening
from govlog.persistence.keys import Keys

NONCE_BYTES = 12
OWNERS = 50_000
"""Whose keys a writer remembers, at the most."""
_AT_ONCE = 500
_SELECT_OWNERS = "SELECT owner, key FROM value_key"


class Owned(NamedTuple):
    """A value with its place in the log and whose key it is locked up with."""

    position: int
    """Index of the event."""
    owner: StreamId
    """The person it is about; where it names none, the stream it was recorded on."""
    opening: Opening


class Held(NamedTuple):
    """A key in use."""

    id: int
    cipher: AESGCM


class Opened(NamedTuple):
    """What was locked up."""

    salt: bytes
    value: str


Ask = Callable[[str, Sequence[Any]], Iterable[Any]]
"""Executes a statement in the open transaction."""

Row = tuple[bytes, int, str, StreamId | None, int, bytes]
"""commitment, index of the event, field, subject, key, sealed."""


class Locked(NamedTuple):
    """Values ready to be stored, and the keys that were given out for them."""

    rows: list[Row]
    given: dict[StreamId, Held]
    last_key: int


class Vault:
    """Safe to use from many threads; those who lock up hold the log's write lock."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._owners: dict[StreamId, Held] = {}
        self._generation = 0
        self._pool: dict[int, bytes] = {}
        self._ciphers: tuple[int, dict[int, AESGCM]] = (-1, {})

    def lock_up(self, ask: Ask, values: Sequence[Owned], last_key: int) -> Locked:
        """Lock up values in the open transaction; `last_key` is the last key given out."""
        held, given = self._held(ask, {each.owner for each in values}), dict[StreamId, Held]()
        rows: list[Row] = []
        for position, owner, opening in values:
            key = held.get(owner) or given.get(owner)
            if key is None:
                last_key, secret = self._next(last_key)
                key = given[owner] = Held(last_key, AESGCM(secret))
            sealed = _sealed(key.cipher, opening)
            rows.append(
                (opening.commitment, position, opening.field, opening.subject, key.id, sealed)
            )
        return Locked(rows, given, last_key)

    def remember(self, given: Mapping[StreamId, Held]) -> None:
        """Keys that were given out stand in the log from now on."""
        if len(self._owners) > OWNERS:
            self._owners.clear()
        self._owners.update(given)

    def follow(self, generation: int) -> None:
        """Forget whose key is which when something was erased since."""
        if generation != self._generation:
            self._owners.clear()
            self._generation = generation

    def disown(self, owner: StreamId) -> None:
        """An owner's key is no longer its own: the next value takes another one."""
        self._owners.pop(owner, None)

    def open(
        self, generation: int, rows: Iterable[tuple[bytes, int, bytes]]
    ) -> dict[bytes, Opened | None]:
        """Open rows of commitment, key and sealed value; absent where the key is gone.

        None where the value is not the one that was locked up. `generation` counts erasures: with
        a new one no key is remembered any longer.
        """
        wanted = list(rows)
        ciphers = self._known(generation, {key for _, key, _ in wanted})
        return {
            commitment: _opened(ciphers[key], commitment, sealed)
            for commitment, key, sealed in wanted
            if key in ciphers
        }

    def _held(self, ask: Ask, owners: set[StreamId]) -> dict[StreamId, Held]:
        held = {owner: self._owners[owner] for owner in owners if owner in self._owners}
        asked = [owner for owner in owners if owner not in held]
        found: dict[StreamId, int] = {}
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            places = ",".join("?" * len(some))
            found.update(ask(f"{_SELECT_OWNERS} WHERE owner IN ({places})", some))
        if found:
            keys = self._keys.of(found.values())
            known = {o: Held(key, AESGCM(keys[key])) for o, key in found.items() if key in keys}
            self.remember(known)
            held |= known
        return held

    def _next(self, last_key: int) -> tuple[int, bytes]:
        while self._pool:
            key = next(iter(self._pool))
            secret = self._pool.pop(key)
            if key > last_key or key >> 32 != last_key >> 32:
                return key, secret
        self._pool = dict(self._keys.unused(last_key))
        return self._next(last_key)

    def _known(self, generation: int, ids: set[int]) -> Mapping[int, AESGCM]:
        at, remembered = self._ciphers
        if at != generation or len(remembered) > OWNERS:
            _, remembered = self._ciphers = (generation, {})
        known = {key: remembered[key] for key in ids if key in remembered}
        if missing := ids - known.keys():
            fresh = {key: AESGCM(secret) for key, secret in self._keys.of(missing).items()}
            remembered.update(fresh)
            known |= fresh
        return known


def _sealed(cipher: AESGCM, opening: Opening) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    message = opening.salt + opening.value.encode()
    return nonce + cipher.encrypt(nonce, message, opening.commitment)


def _opened(cipher: AESGCM, commitment: bytes, sealed: bytes) -> Opened | None:
    try:
        message = cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], commitment)
        return Opened(message[:SALT_BYTES], message[SALT_BYTES:].decode())
    except (InvalidTag, ValueError, TypeError):  # whatever somebody may have put in its place
        return None
