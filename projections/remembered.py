"""How much the views keep in memory from page to page; what is forgotten is worked out again."""

from __future__ import annotations

from typing import NamedTuple


class Remembered(NamedTuple):
    """Bounds, for the process that moves the views."""

    subjects: int
    """Subjects of one view whose open rows are kept; at most twice as many."""
    instalments: int
    """The accounts of all products together hold about as many."""


FEW = Remembered(subjects=300, instalments=1_500)
"""Where a whole log is gone through: events that follow each other are about the same few things,
and memory is bounded however long the log is."""
MANY = Remembered(subjects=1_000, instalments=20_000)
"""Where a log is followed live, and people write about anything: some 100 MB at the most."""
STREAMS_FOLLOWED = 20_000
"""Streams that are kept folded there."""
