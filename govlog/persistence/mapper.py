"""Between recorded facts and stored events: typed by msgspec, topics pinned, entries framed.

The stock mapper takes events apart with `vars()`, which structs do not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, Notification, StoredEvent

from govlog.domain.errors import EntryTooLarge, MalformedValue, StoreUnusable
from govlog.domain.events import TOPIC_OF
from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.ledger.merkle import leaf_hash
from govlog.ledger.tiles import LARGEST_ENTRY
from govlog.persistence.entry import entry, microseconds, moment
from govlog.persistence.upcasting import Decode, decoders

_DAY_US = 24 * 60 * 60 * 1_000_000
_DAYS_KNOWN = 5_000
"""Thirteen years of them."""

Row = tuple[int, StreamId, int, str, bytes, int, StreamId, str]
"""rowid, stream, version, topic, state, recording time, recorder, token."""

SELECT_FACTS = """
SELECT rowid, originator_id, originator_version, topic, state, recorded_us, recorded_by, token
FROM stored_events"""


class StoredFact(NamedTuple):
    """The columns of a fact in their order, all but its position; the leaf is over its entry."""

    stream: StreamId
    version: int
    topic: str
    state: bytes
    recorded_us: int
    recorded_by: StreamId
    token: str
    leaf: bytes


@dataclass(frozen=True)
class FactNotification(Notification):
    """A stored fact with its place in the log, counted from 1 as the library does."""

    recorded_us: int
    recorded_by: str
    token: str


class Day(NamedTuple):
    """One day of a time zone, as microseconds since 1970: `begins` <= instant < `ends`."""

    begins: int
    ends: int
    day: date


class Days:
    """Which day an instant falls on in one time zone; days that were asked for are remembered.

    The facts of one stream lie on days far apart: working each day out took as long as all the rest
    of decoding them.
    """

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._known: dict[int, Day] = {}
        """By the number of a day in UTC, the day that was asked for last of the two it touches."""

    def __call__(self, recorded_us: int) -> Day:
        number = recorded_us // _DAY_US
        known = self._known.get(number)
        if known is not None and known.begins <= recorded_us < known.ends:
            return known
        day = moment(recorded_us).astimezone(self._zone).date()
        found = Day(self._midnight(day), self._midnight(day + timedelta(days=1)), day)
        if len(self._known) >= _DAYS_KNOWN:
            self._known.clear()
        self._known[number] = found
        return found

    def _midnight(self, day: date) -> int:
        return microseconds(datetime.combine(day, time.min, self._zone))


class FactMapper(Mapper[str]):
    """Turns recorded facts into stored ones and back."""

    def __init__(self, zone: str, known: Mapping[str, Decode] | None = None) -> None:
        super().__init__(JSONTranscoder())
        self.days = Days(zone)
        self._decoders = decoders() if known is None else known
        self._encode = msgspec.json.Encoder().encode

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """A `Recorded` whose personal values are sealed, as the library would store it."""
        stored = self.stored(domain_event)
        return StoredEvent(stored.stream, stored.version, stored.topic, stored.state)

    def stored(self, recorded: Recorded[Fact]) -> StoredFact:
        """Encode a fact whose personal values are sealed, frame its entry and hash it."""
        topic = TOPIC_OF[type(recorded.fact)]
        try:
            state = self._encode(recorded.fact)
        except UnicodeEncodeError as error:
            raise MalformedValue("text", ascii(error.object), "write it in Unicode") from None
        stream, version, us = recorded.stream, recorded.version, recorded.recorded_us
        person, token = recorded.recorded_by, recorded.token
        framed = entry(stream, version, topic, us, person, token, state)
        if len(framed) > LARGEST_ENTRY:
            raise EntryTooLarge(
                f"the entry of this fact takes {len(framed)} bytes; {LARGEST_ENTRY} is the most",
                mend="name fewer things at once, or cite a document by its digest",
                topic=topic,
                bytes=len(framed),
            )
        return StoredFact(stream, version, topic, state, us, person, token, leaf_hash(framed))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Type a notification of the log; a stored event alone does not say where it stands."""
        if not isinstance(stored_event, FactNotification):
            raise TypeError("only a notification of the log has a place in it")
        each = stored_event
        row = (
            each.id,
            StreamId(str(each.originator_id)),
            each.originator_version,
            each.topic,
            each.state,
            each.recorded_us,
            StreamId(each.recorded_by),
            each.token,
        )
        return self.recorded([row])[0]

    def recorded(self, rows: Iterable[Row]) -> list[Recorded[Fact]]:
        """Type rows of the log; one loop without detours, for replays spend their time here."""
        known, typed = self._decoders, []
        begins, ends, day = 0, 0, date.min
        try:
            for rowid, stream, version, topic, state, us, person, token in rows:
                if not begins <= us < ends:
                    begins, ends, day = self.days(us)
                fact = known[topic](state)
                typed.append(Recorded(rowid - 1, stream, version, us, day, person, token, fact))
        except KeyError:
            raise StoreUnusable(
                f"event {stream}@{version} has the topic {topic}, which this program does not know",
                mend="install the newer govlog that recorded it",
            ) from None
        except msgspec.DecodeError as error:
            raise StoreUnusable(
                f"event {stream}@{version} does not decode: {error}", mend="restore a backup"
            ) from error
        return typed
