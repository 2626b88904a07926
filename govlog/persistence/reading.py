"""Questions to the log; each is answered from one committed state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from msgspec import Struct

from govlog.domain.events.fact import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from govlog.ledger.merkle import Frontier
from govlog.persistence import erasable
from govlog.persistence.citations import ALL, citing, streams_of
from govlog.persistence.datastore import LogDatastore
from govlog.persistence.entry import framed, microseconds
from govlog.persistence.erasable import CLOSED_POSITIONS, Kept
from govlog.persistence.mapper import SELECT_FACTS, FactMapper
from govlog.persistence.upcasting import retired_into
from govlog.persistence.vault import Opened, Vault

PAGE = 128
"""Facts read at once in a replay: few enough to be gone before Python's garbage collector looks."""

_COMMITMENTS_AT_ONCE = 500
_GENERATION = "SELECT generation, EXISTS (SELECT 1 FROM closed_item) FROM sealing"
_NOT_CLOSED = f" AND position NOT IN ({CLOSED_POSITIONS})"
_CLOSED = f"position IN ({CLOSED_POSITIONS})"
_SELECT_CLOSED = "SELECT commitment FROM erasable_value"
_SELECT_VALUES = "SELECT commitment, key, sealed FROM erasable_value"


class Entry(Struct, frozen=True):
    """An event as the tree has it."""

    index: int
    framed: bytes
    """Assembled anew from the columns."""
    leaf: bytes
    """As stored when it was recorded."""


class LogReader:
    """What everybody may ask of a log."""

    def __init__(self, readers: LogDatastore, mapper: FactMapper, vault: Vault) -> None:
        self._readers = readers
        self._mapper = mapper
        self._vault = vault

    def size(self) -> int:
        """How many facts the log holds."""
        return self.frontier().size

    def frontier(self) -> Frontier:
        """The tree over all entries."""
        with self._readers.cursor() as cursor:
            size, roots = cursor.execute("SELECT size, roots FROM frontier").fetchone()
        return Frontier.unpacked(size, roots)

    def read(
        self,
        stream: StreamId,
        *,
        upto: int | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Recorded[Fact]]:
        """A stream's facts in their order; with `upto`, those known at that size of the log.

        At most `limit` of them, from the version following `after` on, where given.
        """
        condition = (
            "WHERE originator_id = ? AND originator_version > ? AND rowid <= ?"
            " ORDER BY originator_version LIMIT ?"
        )
        size, most = (ALL if each is None else each for each in (upto, limit))
        with self._readers.cursor() as cursor:
            values = (stream, after, size, most)
            rows = cursor.execute(f"{SELECT_FACTS} {condition}", values).fetchall()
        return self._mapper.recorded(rows)

    def version(self, stream: StreamId, *, upto: int | None = None) -> int:
        """How many facts a stream has, at a size of the log where given; 0 where there is none."""
        with self._readers.cursor() as cursor:
            row = cursor.execute(
                "SELECT originator_version FROM stored_events WHERE originator_id = ?"
                " AND rowid <= ? ORDER BY originator_version DESC LIMIT 1",
                (stream, ALL if upto is None else upto),
            ).fetchone()
        return row[0] if row else 0

    def page(
        self,
        after: int,
        limit: int,
        *,
        topics: Iterable[str] | None = None,
        stream_kind: str | None = None,
        until_size: int | None = None,
    ) -> list[Recorded[Fact]]:
        """At most `limit` facts with index `after` or higher, in the order of the log.

        Of these topics (older versions of them included), of streams of this kind, and known at
        `until_size`, where given.
        """
        # The plus keeps SQLite on the log's order: the index on streams would need a sort.
        condition = "WHERE rowid > ? AND rowid <= ?"
        values: list[object] = [after, ALL if until_size is None else until_size]
        if topics is not None:
            wanted = sorted(retired_into(topics))
            condition += f" AND topic IN ({','.join('?' * len(wanted))})"
            values += wanted
        if stream_kind is not None:
            condition += " AND +originator_id >= ? AND +originator_id < ?"
            values += streams_of(stream_kind)
        with self._readers.cursor() as cursor:
            cursor.execute(f"{SELECT_FACTS} {condition} ORDER BY rowid LIMIT ?", (*values, limit))
            return self._mapper.recorded(cursor.fetchall())

    def at(self, indices: Iterable[int]) -> list[Recorded[Fact]]:
        """The facts with these indices, in the order in which they are named."""
        wanted = list(indices)
        places = ",".join("?" * len(wanted))
        with self._readers.cursor() as cursor:
            cursor.execute(
                f"{SELECT_FACTS} WHERE rowid IN ({places})", [index + 1 for index in wanted]
            )
            found = {each.index: each for each in self._mapper.recorded(cursor.fetchall())}
        return [found[index] for index in wanted]

    def replay(self, after: int = 0, until: int | None = None) -> Iterator[Recorded[Fact]]:
        """Every fact from index `after`, up to size `until` (else the present one)."""
        until = self.size() if until is None else until
        return chain.from_iterable(self.pages(after, until))

    def pages(self, after: int = 0, until: int | None = None) -> Iterator[list[Recorded[Fact]]]:
        """The same, page by page: memory stays constant however long the log is."""
        until = self.size() if until is None else until
        while after < until:
            facts = self.page(after, min(PAGE, until - after))
            if not facts:
                return
            yield facts
            after = facts[-1].index + 1

    def citing(self, cited: StreamId, kind: str, *, upto: int | None = None) -> list[StreamId]:
        """The streams of a kind in which some fact names `cited`, by their first such fact."""
        with self._readers.cursor() as cursor:
            return citing(cursor.execute, cited, kind, ALL if upto is None else upto)

    def reveal(self, commitments: Iterable[str], *, closed_too: bool = False) -> dict[str, str]:
        """The texts behind commitments (hex); erased and unknown ones are absent.

        Those of closed items are, too, unless they are for the one who asks.
        """
        opened = self.opened(commitments, closed_too=closed_too)
        return {each: kept.value for each, kept in opened.items()}

    def opened(self, commitments: Iterable[str], *, closed_too: bool = False) -> dict[str, Opened]:
        """The same with their salts, which prove that the texts are those committed to."""
        wanted = [each for each in map(_committed, set(commitments)) if each is not None]
        found: dict[str, Opened] = {}
        with self._readers.cursor() as cursor:
            (generation, closed) = cursor.execute(_GENERATION).fetchone()
            but = _NOT_CLOSED if closed and not closed_too else ""
            for start in range(0, len(wanted), _COMMITMENTS_AT_ONCE):
                some = wanted[start : start + _COMMITMENTS_AT_ONCE]
                places = ",".join("?" * len(some))
                cursor.execute(f"{_SELECT_VALUES} WHERE commitment IN ({places}){but}", some)
                for commitment, opened in self._vault.open(generation, cursor.fetchall()).items():
                    if opened is not None:
                        found[commitment.hex()] = opened
        return found

    def recorded_by(self, person: StreamId) -> int:
        """How many facts a person has recorded; it looks at every one."""
        with self._readers.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM stored_events WHERE recorded_by = ?", (person,))
            (count,) = cursor.fetchone()
        return int(count)

    def about(self, person: StreamId) -> list[Kept]:
        """Every value that is kept about a person, in the order of the log."""
        with self._readers.cursor() as cursor:
            return erasable.about(cursor, person)

    def kept(self, commitments: Iterable[str]) -> list[Kept]:
        """Those of these values (commitments in hex) that still stand."""
        with self._readers.cursor() as cursor:
            return erasable.kept(cursor, commitments)

    def erased(self, commitments: Iterable[str]) -> list[Kept]:
        """Those of these values that were erased; what is in neither list never was."""
        with self._readers.cursor() as cursor:
            return erasable.erased(cursor, commitments)

    def closed_among(self, commitments: Iterable[str]) -> set[str]:
        """Those of these commitments (hex) whose texts stand, and are for few."""
        wanted = [each for each in map(_committed, commitments) if each is not None]
        found: set[str] = set()
        with self._readers.cursor() as cursor:
            for start in range(0, len(wanted), _COMMITMENTS_AT_ONCE):
                some = wanted[start : start + _COMMITMENTS_AT_ONCE]
                places = ",".join("?" * len(some))
                cursor.execute(
                    f"{_SELECT_CLOSED} WHERE {_CLOSED} AND commitment IN ({places})", some
                )
                found.update(row[0].hex() for row in cursor)
        return found

    def is_closed(self, stream: StreamId) -> bool:
        """Whether the texts of a stream are for few."""
        with self._readers.cursor() as cursor:
            cursor.execute("SELECT 1 FROM closed_item WHERE stream = ?", (stream,))
            return cursor.fetchone() is not None

    def size_at(self, moment: datetime) -> int:
        """How many facts had been recorded at that instant, its own included.

        `moment` has an offset. Recording times never fall, so halving finds it without an index.
        """
        wanted = microseconds(moment)
        low, high = 0, self.size()
        with self._readers.cursor() as cursor:
            while low < high:
                middle = (low + high) // 2
                row = cursor.execute(
                    "SELECT recorded_us FROM stored_events WHERE rowid = ?", (middle + 1,)
                ).fetchone()
                if row[0] <= wanted:
                    low = middle + 1
                else:
                    high = middle
        return low

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Every entry from index `after`, framed anew from the columns as they stand now.

        An honest one hashes to its leaf; a column of the wrong type gives an empty entry.
        """
        until = self.size() if until is None else until
        while after < until:
            with self._readers.cursor() as cursor:
                rows = cursor.execute(
                    "SELECT rowid, leaf, originator_id, originator_version, topic, recorded_us,"
                    " recorded_by, token, state FROM stored_events WHERE rowid > ? AND rowid <= ?"
                    " ORDER BY rowid LIMIT ?",
                    (after, until, PAGE),
                ).fetchall()
            if not rows:
                return
            for rowid, leaf, *columns in rows:
                yield Entry(rowid - 1, framed(columns), leaf)
            after = rows[-1][0]


def _committed(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
