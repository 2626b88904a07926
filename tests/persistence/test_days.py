"""Which day an instant falls on, whatever was asked before."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from govlog.persistence.entry import moment
from govlog.persistence.mapper import Days

# With and without summer time, a zone of half hours, and one that left out 30 December 2011.
ZONES = ("Europe/Copenhagen", "UTC", "Asia/Kolkata", "Pacific/Apia")
HOUR = 3600 * 1_000_000
WINTER_2011 = 366_720 * HOUR
"""1 November 2011."""
INSTANTS = st.integers(WINTER_2011, WINTER_2011 + 200 * 24 * HOUR)


def direct(zone: str, us: int) -> date:
    return moment(us).astimezone(ZoneInfo(zone)).date()


@given(st.sampled_from(ZONES), st.lists(INSTANTS, max_size=30))
def test_a_day_is_that_of_the_zone_in_whatever_order_days_are_asked_for(
    zone: str, instants: list[int]
) -> None:
    days = Days(zone)
    for us in instants:
        found = days(us)
        assert found.begins <= us < found.ends
        for each in (us, found.begins - 1, found.begins, found.ends - 1, found.ends):
            assert days(each).day == direct(zone, each)
