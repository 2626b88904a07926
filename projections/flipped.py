"""The amounts that a late or corrected fact flipped when it began to count (rule 10)."""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec.structs import replace

from projections.differences import Moment, between
from projections.investments import INVESTMENTS, InstalmentRow
from projections.late_entries import Flipped, LateEntryRow
from projections.reading import Row, Snapshot

MOST_FLIPS = 100
"""Amounts told of one fact; `/v1/diff` has all."""

_entry = msgspec.json.Decoder(LateEntryRow).decode
_instalment = msgspec.json.Decoder(InstalmentRow).decode


def with_flips(now: Snapshot, row: Row, day: date, size: int) -> Row:
    """The row with the amounts that its fact flipped on a day, as known at a size."""
    entry = _entry(row.body)
    counts = entry.counts_from
    if counts is None or counts > size:
        return row
    found = between(
        now, Moment(day, counts - 1), Moment(day, counts), views=(INVESTMENTS,), limit=MOST_FLIPS
    )
    flipped = tuple(
        Flipped(is_now.product, is_now.instalment, is_now.investor, was.shares, is_now.shares)
        for each in found.items
        if each.before is not None and each.after is not None
        for was, is_now in ((_instalment(each.before.body), _instalment(each.after.body)),)
        if was.shares != is_now.shares
    )
    return replace(row, body=msgspec.json.encode(replace(entry, flipped=flipped)))
