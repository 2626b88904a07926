"""Questions to the search index, at two dates."""

from __future__ import annotations

import sqlite3
from string import Template

from msgspec import Struct

from govlog.domain.errors import MalformedValue
from projections.tables import STILL
from projections.timeline import TIMELINE
from projections.words import words

MOST_WORDS = 16
"""Of one question."""

# The timeline numbers its subjects, the events, as the log does, from 1.
_FOUND = Template("""
SELECT DISTINCT s.position FROM search_word s
WHERE s.word = :w0 AND s.position < :before
    AND EXISTS (
        SELECT 1 FROM ${timeline}_row t WHERE t.keyid = s.position + 1 AND t.valid_from <= :day
    )${others}
ORDER BY s.position DESC LIMIT :limit""")
_OTHER = """
    AND EXISTS (SELECT 1 FROM search_word o WHERE o.word = :w{} AND o.position = s.position)"""


class Found(Struct, frozen=True):
    """A stretch of what was found."""

    positions: tuple[int, ...]
    """Log indices of the events, the newest first."""
    next: int | None
    """Give it as `before` for what follows; None where nothing does."""


def search(
    connection: sqlite3.Connection,
    text: str,
    *,
    day: int,
    size: int,
    before: int | None,
    limit: int,
) -> Found:
    """Events up to a size of the log that hold all words of a text and may be of a day by then.

    MalformedValue for a text without words, or with more than anybody needs.
    """
    wanted = sorted(words(text), key=len, reverse=True)  # the longest is the rarest, mostly
    if not 0 < len(wanted) <= MOST_WORDS:
        raise MalformedValue("q", text, f"write at least one word and at most {MOST_WORDS}")
    others = "".join(_OTHER.format(number) for number in range(1, len(wanted)))
    rows = connection.execute(
        _FOUND.substitute(timeline=TIMELINE.name, others=others),
        {
            "day": day,
            "before": min(size, STILL if before is None else before),
            "limit": limit + 1,
            **{f"w{number}": word for number, word in enumerate(wanted)},
        },
    ).fetchall()
    positions = tuple(position for (position,) in rows[:limit])
    return Found(positions, positions[-1] if len(rows) > limit else None)
