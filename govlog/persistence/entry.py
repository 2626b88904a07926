"""The entry of an event: the bytes whose hash is its leaf, framed from its columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec

_COLUMN_TYPES = (str, int, str, int, str, str, bytes)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Framed(msgspec.Struct):
    """The members in the order in which they are written; `state` comes last, verbatim."""

    stream: str
    version: int
    topic: str
    recorded_at: str
    recorded_by: str
    token: str
    state: msgspec.Raw


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Framed).decode


def moment(recorded_us: int) -> datetime:
    """Microseconds since 1970 as a UTC datetime, exactly."""
    return _EPOCH + timedelta(microseconds=recorded_us)


def microseconds(when: datetime) -> int:
    """A datetime with an offset as microseconds since 1970 UTC, exactly."""
    return (when - _EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=64)
def recorded_at(recorded_us: int) -> str:
    """RFC 3339 in UTC, always with six digits: `2026-11-23T09:00:00.123456Z`."""
    return moment(recorded_us).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def entry(
    stream: str,
    version: int,
    topic: str,
    recorded_us: int,
    recorded_by: str,
    token: str,
    state: bytes,
) -> bytes:
    """Frame an event from exactly its columns, so that an edit in any of them shows.

    A JSON object, compact, UTF-8, members in fixed order. Recording assembles it under the write
    lock and auditing assembles it anew.
    """
    when = recorded_at(recorded_us)
    framed = _Framed(stream, version, topic, when, recorded_by, token, msgspec.Raw(state))
    return _encode(framed)


def framed(columns: Sequence[object]) -> bytes:
    """The entry of the columns of `entry` as they stand in a file that anybody may have edited.

    Empty where one has another type, or holds what no entry can say: it then hashes to no leaf.
    """
    if tuple(map(type, columns)) != _COLUMN_TYPES:
        return b""
    try:
        return entry(*columns)  # type: ignore[arg-type]  # the types were just compared
    except (OverflowError, ValueError):  # a recording time or a text that cannot be written
        return b""


def unframed(entry: bytes) -> tuple[str, int, str, int, str, str, bytes] | None:
    """The columns that an entry was framed from; None where it was not framed here."""
    try:
        each = _decode(entry)
        when = datetime.fromisoformat(each.recorded_at)
        return (
            each.stream,
            each.version,
            each.topic,
            microseconds(when),
            each.recorded_by,
            each.token,
            bytes(each.state),
        )
    except (msgspec.DecodeError, ValueError, TypeError):
        return None
