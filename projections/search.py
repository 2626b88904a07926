"""The search index: which events hold which words; the one view that holds texts themselves.

An inverted table of our own instead of FTS5: what is erased has to be gone from the file at once,
and every database has to find the same (docs/adr/0026).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import fields

from govlog.contract.answers import commitments_of, encode
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Erased
from govlog.domain.events.catalogue import Criterion, Level
from govlog.domain.stream import Recorded
from govlog.domain.values import Personal
from projections.log import Log
from projections.words import words

CREATE = """
CREATE TABLE search_position (
    one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL
) STRICT;
INSERT INTO search_position VALUES (1, 0);
CREATE TABLE search_text (id INTEGER PRIMARY KEY, commitment BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE search_word (
    word TEXT NOT NULL, position INTEGER NOT NULL, text INTEGER NOT NULL,
    PRIMARY KEY (word, position, text)
) WITHOUT ROWID, STRICT;
CREATE INDEX search_word_by_text ON search_word (text)"""
TAKE_OVER = """
DELETE FROM main.search_position;
INSERT INTO main.search_position SELECT * FROM apart.search_position;
INSERT INTO main.search_text SELECT * FROM apart.search_text;
INSERT INTO main.search_word SELECT * FROM apart.search_word"""
"""From an attached database `apart`, into an empty index."""
_IN_CLEAR = 0
"""The number of all texts that are in clear, as the names of products and organisations."""
_TEXTS = (str, str | None, str | Personal, Personal | str)
"""Annotations of members that hold a text; ids, keys and dates are types of their own."""
_PARTS = (tuple[Level, ...], tuple[Criterion, ...])
"""Annotations of members that list what has texts of its own, in clear. What else facts list or
hold in clear are addresses, units, roles and ids."""


class SearchIndex:
    """Follows the log in front of the views: what they show can be found. One leader moves both."""

    def __init__(self, log: Log, connection: sqlite3.Connection) -> None:
        self._log = log
        self._connection = connection
        found = connection.execute("SELECT size FROM search_position").fetchone()
        self.size: int = found[0]
        """How many events it holds the words of."""

    def step(self, limit: int) -> int:
        """Take at most `limit` further events; answers how many there were."""
        page = self._log.page(self.size, limit)
        if not page:
            return 0
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            # Looked up within the transaction: an erasure waits for it, and then clears.
            self._take(page)
            self.size = page[-1].index + 1
            self._connection.execute("UPDATE search_position SET size = ?", (self.size,))
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return len(page)

    def _take(self, page: Sequence[Recorded[Fact]]) -> None:
        named = [(each, commitments_of(encode(each.fact))) for each in page]
        wanted = {each for _, commitments in named for each in commitments}
        texts = self._log.reveal(wanted, closed_too=True)
        for each, commitments in named:
            if isinstance(each.fact, Erased):
                self._forget(each.fact.commitments)
            for text in _in_clear(each.fact):
                self._put(each.index, _IN_CLEAR, text)
            for commitment in commitments:
                if commitment in texts:
                    self._put(each.index, self._number(commitment), texts[commitment])

    def _forget(self, commitments: Sequence[str]) -> None:
        """A rebuild aside may have looked a text up before it was erased: nobody else clears it."""
        self._connection.execute("PRAGMA secure_delete = ON")
        clear(self._connection, commitments)

    def _number(self, commitment: str) -> int:
        added = self._connection.execute(
            "INSERT INTO search_text (commitment) VALUES (?) RETURNING id",
            (bytes.fromhex(commitment),),
        )
        number: int = added.fetchone()[0]
        return number

    def _put(self, position: int, number: int, text: str) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO search_word VALUES (?, ?, ?)",
            [(word, position, number) for word in sorted(words(text))],
        )


def clear(connection: sqlite3.Connection, commitments: Sequence[str]) -> None:
    """Take the words of erased texts out again; the caller has `secure_delete` on."""
    for commitment in commitments:
        found = connection.execute(
            "DELETE FROM search_text WHERE commitment = ? RETURNING id",
            (bytes.fromhex(commitment),),
        ).fetchall()
        connection.executemany("DELETE FROM search_word WHERE text = ?", found)


def _in_clear(told: Struct) -> Iterator[str]:
    names, lists = _texts_of(type(told))
    for name in names:
        value = getattr(told, name)
        if type(value) is str:
            yield value
    for name in lists:
        for part in getattr(told, name):
            yield from _in_clear(part)


@cache
def _texts_of(kind: type[Struct]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members that may hold a text, and those that list parts which do.

    Annotations are dear to evaluate.
    """
    members = fields(kind)
    texts = tuple(each.name for each in members if each.type in _TEXTS)
    return texts, tuple(each.name for each in members if each.type in _PARTS)
