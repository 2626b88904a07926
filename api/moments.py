"""The two dates of a question: `as_of`, what was in force, and `known_at`, what was recorded."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from flask import request
from msgspec import Struct

from api.refusals import MalformedRequest, NotYetKnown
from govlog.contract.instants import instant as written
from govlog.domain.errors import MalformedValue, ViewsBehind
from govlog.domain.values import last_day, partial_date
from govlog.persistence.store import EventStore
from projections.reading import Snapshot

_SIZE = re.compile(r"size:(\d{1,15})", re.ASCII)
_SKEW = timedelta(seconds=5)
"""How far a client's clock may be ahead of ours before its `now` is the future."""


PARAMETERS = ("as_of", "known_at", "at_least")
"""What every question takes."""


class Moment(Struct, frozen=True):
    """Which facts answer, and which day is asked about."""

    size: int
    """Facts with an index below it are known."""
    day: date


def asked(store: EventStore, now: Snapshot) -> Moment:
    """The moment that a request names, of those that the views can answer."""
    size = known_at(store, now.size)
    day = as_of()
    return Moment(size, now.day(size) if day is None else day)


def known_at(store: EventStore, size: int, parameter: str = "known_at") -> int:
    """The size of the log that `known_at` means; `size` is the newest that can be answered."""
    text = request.args.get(parameter)
    return size if text is None else _known(text, store, size)


def as_of() -> date | None:
    """The last day of the date in `as_of` (rule 2: a partial limit), or None."""
    text = request.args.get("as_of")
    return None if text is None else day_of("as_of", text)


def day_of(parameter: str, text: str) -> date:
    """The day that an EDTF date means as a limit."""
    try:
        return last_day(partial_date(text))
    except MalformedValue as error:
        raise MalformedRequest(
            f"{parameter} {text!r} is not a date", mend=error.mend, field=parameter, value=text
        ) from None


def _known(text: str, store: EventStore, size: int) -> int:
    if named := _SIZE.fullmatch(text):
        return _reached(int(named[1]), store, size)
    moment = instant(text)
    if moment > datetime.now(UTC) + _SKEW:
        raise NotYetKnown(
            "known_at lies in the future",
            mend="ask for an instant that has been, or leave it out",
            field="known_at",
            value=text,
        )
    return min(store.size_at(moment), size)


def _reached(wanted: int, store: EventStore, size: int) -> int:
    if wanted <= size:
        return wanted
    if wanted <= (recorded := store.size()):
        raise ViewsBehind(
            f"the views show size {size} yet", mend="try again in a moment", size=size
        )
    raise NotYetKnown(
        f"the log has {recorded} facts",
        mend="ask for a size that it has reached",
        field="known_at",
        size=recorded,
    )


def instant(text: str) -> datetime:
    """An RFC 3339 time with an offset; a plus that was not escaped arrives as a space."""
    try:
        return written(text.replace(" ", "+"))
    except ValueError:
        raise MalformedRequest(
            f"known_at {text!r} is not a moment",
            mend="write a time with an offset, as 2026-11-23T09:00:00+01:00, or size:12",
            field="known_at",
            value=text,
        ) from None
