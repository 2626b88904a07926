"""The tables of one view and every statement that writes them, built once.

Three tables each: `<view>_key` numbers the subjects in the order in which they first appear in the
log; `<view>_row` holds the versions of their rows, clustered by that number, so that writing is
nearly appending (a text key made it five times slower); `<view>_zone` holds, for every 256
subjects, the widest dates of their rows, so that a list far from the end of the log skips what
cannot be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from operator import attrgetter
from string import Template
from types import NoneType
from typing import Any, cast, get_args, get_type_hints

from msgspec import Struct

from projections.view import View

NEVER = 4_000_000
"""The day that never comes: `valid_until` of what holds on; later than `date.max.toordinal()`."""
STILL = 9_007_199_254_740_991
"""The size that is never reached: `known_until` of what is known now."""
ZONE = 256
"""Subjects in a zone."""

Column = str | int | None

_CREATE = """
CREATE TABLE ${view}_key (key TEXT PRIMARY KEY, keyid INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE ${view}_row (
    keyid INTEGER NOT NULL, valid_from INTEGER NOT NULL, known_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL, known_until INTEGER NOT NULL, certain INTEGER NOT NULL,
    ${types}key TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (keyid, valid_from, known_from)
) WITHOUT ROWID, STRICT;
CREATE TABLE ${view}_zone (
    zone INTEGER PRIMARY KEY,
    first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, first_known INTEGER NOT NULL
) STRICT"""
_TAKE_OVER = """
INSERT INTO main.${view}_key SELECT * FROM apart.${view}_key;
INSERT INTO main.${view}_row SELECT * FROM apart.${view}_row;
INSERT INTO main.${view}_zone SELECT * FROM apart.${view}_zone"""
_INDEX = "CREATE INDEX ${view}_by_${filter} ON ${view}_row (f_${filter}, keyid)"
_TURNS = """
CREATE INDEX ${view}_known_from ON ${view}_row (known_from);
CREATE INDEX ${view}_known_until ON ${view}_row (known_until) WHERE known_until < ${still};
CREATE INDEX ${view}_valid_from ON ${view}_row (valid_from);
CREATE INDEX ${view}_valid_until ON ${view}_row (valid_until) WHERE valid_until < ${never}"""
# By when rows begin and end, on either date: what changed between two moments is sought, not
# looked for in all rows.
_STATEMENTS = {
    "insert_key": "INSERT INTO ${view}_key (key, keyid) VALUES (?, ?)",
    "insert_row": "INSERT INTO ${view}_row (keyid, valid_from, known_from, valid_until,"
    " known_until, certain, body, key${filters}) VALUES (?, ?, ?, ?, ?, ?, ?, ?${marks})",
    "close_row": "UPDATE ${view}_row SET known_until = ?"
    " WHERE keyid = ? AND valid_from = ? AND known_from = ?",
    "write_zone": "INSERT OR REPLACE INTO ${view}_zone (zone, first_day, last_day, first_known)"
    " VALUES (?, ?, ?, ?)",
    "find_key": "SELECT keyid FROM ${view}_key WHERE key = ?",
    "open_rows": "SELECT keyid, valid_from, known_from, valid_until, known_until, certain, body"
    " FROM ${view}_row WHERE keyid = ? AND known_until = ${still} ORDER BY valid_from",
    "zones": "SELECT zone, first_day, last_day, first_known FROM ${view}_zone",
    "last_keyid": "SELECT coalesce(max(keyid), 0) FROM ${view}_row",
}


class Tables(Struct, frozen=True, kw_only=True):
    """The statements of one view, and how a row gives its filter columns."""

    create: tuple[str, ...]
    index: tuple[str, ...]
    take_over: tuple[str, ...]
    """From an attached database `apart`."""
    insert_key: str
    insert_row: str
    close_row: str
    write_zone: str
    find_key: str
    open_rows: str
    zones: str
    last_keyid: str
    columns: Callable[[Struct], tuple[Column, ...]]


def tables(view: View) -> Tables:
    """Build everything that is said in SQL to write one view."""
    hints = get_type_hints(view.row)
    words = {
        "view": view.name,
        "still": str(STILL),
        "never": str(NEVER),
        "types": "".join(f"f_{each} {_sql_type(hints[each])}, " for each in view.filters),
        "filters": "".join(f", f_{each}" for each in view.filters),
        "marks": ", ?" * len(view.filters),
    }
    indexes = [Template(_INDEX).substitute(words, filter=each) for each in view.indexed]
    if not view.shows_log:
        indexes += Template(_TURNS).substitute(words).split(";")
    return Tables(
        create=tuple(Template(_CREATE).substitute(words).split(";")),
        index=tuple(indexes),
        take_over=tuple(Template(_TAKE_OVER).substitute(words).split(";")),
        columns=_columns(view.filters, hints),
        **{name: Template(text).substitute(words) for name, text in _STATEMENTS.items()},
    )


def _sql_type(hint: Any) -> str:
    members = set(get_args(hint) or (hint,)) - {type(None)}
    return "INTEGER" if members <= {int, bool} else "TEXT"


def _columns(
    filters: tuple[str, ...], hints: Mapping[str, Any]
) -> Callable[[Struct], tuple[Column, ...]]:
    """Get all columns of a row in one call that never comes back to Python: there are millions."""
    paths = [_path(each, hints[each]) for each in filters]
    if len(paths) > 1:
        return cast("Callable[[Struct], tuple[Column, ...]]", attrgetter(*paths))
    if not paths:
        return lambda row: ()
    only = attrgetter(paths[0])
    return lambda row: (only(row),)


def _path(member: str, hint: Any) -> str:
    """Where SQLite finds a value that it takes as it is: text, a number, or nothing."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"{member}._value_"
    if hint is bool:
        return f"{member}.real"
    if {_plain_type(each) for each in get_args(hint) or (hint,)} <= {str, int, NoneType}:
        return member
    raise TypeError(f"lists cannot be narrowed by {member}: {hint}")


def _plain_type(hint: Any) -> Any:
    return getattr(hint, "__supertype__", hint)


def column(value: str | int | date | None) -> Column:
    """A value that is asked for as it stands in a column; days as `2023-09-25`."""
    if value is None:
        return None
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, int) else str(value)
