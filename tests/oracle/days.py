"""The days that a date leaves open, as rows state them (rule 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from govlog.domain.values import PartialDate, first_day, last_day

Stretch = Mapping[str, date]


def stretch(first: date, last: date) -> Stretch:
    return {"earliest": first, "latest": last}


def may_be(each: Recorded[Fact], when: PartialDate | None) -> Stretch:
    """The days of a date, never later than its recording; of a missing one all until then."""
    if when is None:
        return stretch(date.min, each.recorded_on)
    return stretch(min(first_day(when), each.recorded_on), min(last_day(when), each.recorded_on))


def decided(each: Recorded[Fact]) -> Stretch:
    return may_be(each, each.fact.decided_on)


def begins(each: Recorded[Fact]) -> Stretch:
    """A stated start is a limit, so its first day; else the day it was decided."""
    since: PartialDate | None = getattr(each.fact, "since", None)
    return decided(each) if since is None else stretch(first_day(since), first_day(since))


def last(until: PartialDate | None) -> date | None:
    """A limit is in force until the last day of its period."""
    return None if until is None else last_day(until)
