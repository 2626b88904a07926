"""Takes erased values out of the views that hold texts, at once and for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from projections import search
from projections.files import generation, open_to_write, transaction

Clearing = Callable[[sqlite3.Connection, Sequence[str]], None]
"""Deletes what a view holds of these values, given by their commitments in hex."""

CLEARINGS: tuple[Clearing, ...] = (search.clear,)
"""One for each view that holds texts themselves; all others hold commitments. What is erased is
not looked up any more, so that a rebuild comes to the same."""


def clear(link: Path, commitments: Sequence[str]) -> bool:
    """Clear the views in use, and their write-ahead log.

    False while somebody reads an older state of them: then it is to be done again.
    """
    path = generation(link)
    if not path.exists():
        return True
    with closing(open_to_write(path)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        with transaction(connection):
            for clearing in CLEARINGS:
                clearing(connection, commitments)
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
