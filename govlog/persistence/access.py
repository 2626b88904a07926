"""Access tokens: 256 random bits bound to a person, shown once, stored as their SHA-256."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from types import TracebackType
from typing import NamedTuple, Self

from msgspec import Struct

from govlog.domain.errors import MalformedValue, NotFound
from govlog.domain.values import StreamId, stream_id
from govlog.persistence.datastore import LogDatastore, connected, storage_error
from govlog.persistence.entry import microseconds, moment
from govlog.persistence.keys import truncate_write_ahead_log
from govlog.persistence.migrate import ACCESS, check_schema
from govlog.persistence.settings import Settings

SCOPES = frozenset(
    """
    read:closed record:debate record:resolution record:minutes vote record:commitment
    declare:investment record:risk record:evaluation correct approve admin erase
    """.split()
)
"""What a token can allow (TRUST, Access)."""

ROLES: dict[str, frozenset[str]] = {
    "auditor": frozenset({"read:closed"}),
    "recorder": frozenset(
        """
        read:closed record:debate record:resolution record:minutes record:commitment
        declare:investment record:risk record:evaluation correct
        """.split()
    ),
    "board-member": frozenset({"read:closed", "vote", "approve", "record:debate"}),
    "vendor": frozenset({"declare:investment", "record:debate"}),
    "data-protection-officer": frozenset({"read:closed", "erase"}),
    "admin": SCOPES,
}
"""Named sets of scopes."""

SECRET_BYTES = 32
_ID_BYTES = 6
_SELECT = """
SELECT id, secret_hash, person, organisations, scopes, label, created_us, expires_us, revoked_us
FROM access_token"""


class AccessToken(Struct, frozen=True):
    """What is known of a token; never its secret."""

    id: str
    """Stands on every event recorded with the token."""
    person: StreamId
    organisations: frozenset[StreamId]
    """Those that the person may act for."""
    scopes: frozenset[str]
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class _Row(NamedTuple):
    id: str
    secret_hash: bytes
    person: str
    organisations: str
    scopes: str
    label: str
    created_us: int
    expires_us: int | None
    revoked_us: int | None

    def token(self) -> AccessToken:
        return AccessToken(
            id=self.id,
            person=StreamId(self.person),
            organisations=frozenset(StreamId(each) for each in self.organisations.split()),
            scopes=frozenset(self.scopes.split()),
            label=self.label,
            created_at=moment(self.created_us),
            expires_at=None if self.expires_us is None else moment(self.expires_us),
            revoked_at=None if self.revoked_us is None else moment(self.revoked_us),
        )


class AccessTokens:
    """The tokens of one log, in a file of their own."""

    def __init__(self, settings: Settings, clock: Callable[[], int] = time.time_ns) -> None:
        """`clock` tells nanoseconds since 1970."""
        check_schema(settings.access_db, ACCESS)
        self._path = settings.access_db
        self._patience = patience = settings.lock_timeout
        self._readers = LogDatastore(settings.access_db, lock_timeout=patience, writes=False)
        self._writer = LogDatastore(settings.access_db, lock_timeout=patience, writes=True)
        self._watcher = connected(settings.access_db, patience, sqlite3.Connection)
        self._watching = threading.Lock()
        self._clock = clock

    def create(
        self,
        person: StreamId,
        scopes: Iterable[str],
        *,
        organisations: Iterable[StreamId] = (),
        label: str = "",
        expires_at: datetime | None = None,
    ) -> tuple[AccessToken, str]:
        """Make a token; the second value is what its holder sends, and is not kept anywhere."""
        granted = frozenset(scopes)
        if strange := granted - SCOPES:
            raise MalformedValue("scope", min(strange), f"use {', '.join(sorted(SCOPES))}")
        stream_id(person, "party")
        behalf = frozenset(stream_id(each, "party") for each in organisations)
        token_id = secrets.token_hex(_ID_BYTES)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        row = _Row(
            id=token_id,
            secret_hash=_hash(secret),
            person=person,
            organisations=" ".join(sorted(behalf)),
            scopes=" ".join(sorted(granted)),
            label=label,
            created_us=self._now_us(),
            expires_us=None if expires_at is None else microseconds(expires_at),
            revoked_us=None,
        )
        self._write("INSERT INTO access_token VALUES (?,?,?,?,?,?,?,?,?)", row)
        return row.token(), f"{token_id}.{secret}"

    def authenticate(self, presented: str) -> AccessToken | None:
        """Whose token this is; None when it is unknown, expired or revoked."""
        if not presented.isascii():
            return None
        token_id, _, secret = presented.partition(".")
        row = self._row(token_id)
        # An unknown id is compared as well, so that the time taken tells nothing.
        same = compare_digest(row.secret_hash if row else bytes(32), _hash(secret))
        if row is None or not same or row.revoked_us is not None:
            return None
        if row.expires_us is not None and row.expires_us <= self._now_us():
            return None
        return row.token()

    def changes(self) -> int:
        """A number that is another one as soon as any process has written to the file."""
        try:
            with self._watching:
                (version,) = self._watcher.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise storage_error(error) from error
        return int(version)

    def revoke(self, token_id: str) -> AccessToken:
        """End a token; it stays listed, and a second time changes nothing."""
        self._write(
            "UPDATE access_token SET revoked_us = ? WHERE id = ? AND revoked_us IS NULL",
            (self._now_us(), token_id),
        )
        row = self._row(token_id)
        if row is None:
            raise NotFound(f"no token has the id {token_id!r}", mend="list the tokens", id=token_id)
        return row.token()

    def forget(self, person: StreamId) -> int:
        """End a person's tokens and take their labels, which may say a name, out for good.

        Returns how many there were; the tokens stay listed, by their ids.
        """
        with self._writer.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.execute(
                "UPDATE access_token SET label = '', revoked_us = coalesce(revoked_us, ?)"
                " WHERE person = ?",
                (self._now_us(), person),
            )
            ended = cursor.rowcount
        if ended:
            truncate_write_ahead_log(self._path, patience=self._patience)
        return ended

    def of(self, person: StreamId) -> Sequence[AccessToken]:
        """The tokens bound to a person, in the order made."""
        return [each for each in self.list() if each.person == person]

    def list(self) -> list[AccessToken]:
        """Every token, in the order made; expired and revoked ones too."""
        with self._readers.cursor() as cursor:
            rows = cursor.execute(f"{_SELECT} ORDER BY created_us, id").fetchall()
        return [_Row(*row).token() for row in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._readers.close()
        self._writer.close()
        self._watcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _row(self, token_id: str) -> _Row | None:
        with self._readers.cursor() as cursor:
            row = cursor.execute(f"{_SELECT} WHERE id = ?", (token_id,)).fetchone()
        return _Row(*row) if row else None

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._writer.cursor() as cursor:
            cursor.execute(statement, values)

    def _now_us(self) -> int:
        return self._clock() // 1000


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
