"""What a view is: two pure functions from the facts known at one size of the log to dated rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.stream import Recorded
from projections.known import Known

ALWAYS = date.min
"""The first day there is: what holds since nobody knows when begins here."""


class Segment(Struct, frozen=True):
    """What a subject was like from its first day until its first day not, as known now.

    `certain` is False on days that partial dates leave open (rule 2). The row is what readers get
    as JSON; it holds commitments to personal values, never their text.
    """

    valid_from: date
    valid_until: date | None
    row: Struct
    certain: bool = True


class Tail(Struct, frozen=True):
    """The end of a timeline: every segment that reaches beyond `since`; before it nothing moved.

    For sums that run on from day to day: one more item costs the same however many there are.
    """

    since: date
    segments: Sequence[Segment]


Touches = Callable[[Sequence[Recorded[Fact]], Known], Iterable[str]]
Segments = Callable[[str, Known], Iterable[Segment] | Tail]


class View(Struct, frozen=True, kw_only=True):
    """A view by its two functions.

    `touches` names the subjects that facts can affect, also through links, once they count; a
    subject's name is the key of its row. `segments` gives a subject's timeline, not overlapping, in
    order of days. The same log gives the same rows.
    """

    name: str
    row: type[Struct]
    """What a row looks like; a reader decodes the body of a row with it."""
    reads: frozenset[type[Fact]]
    """The facts for which `touches` is asked: all of them that one event made count, at once."""
    touches: Touches
    segments: Segments
    filters: tuple[str, ...] = ()
    """Members of the row by which lists can be narrowed: text, enumerations or numbers.

    Where several exact values are asked for, the index of the one that is named first here answers,
    so the most telling come first.
    """
    scanned: tuple[str, ...] = ()
    """Those of them that have no index: few values, each with much of the list."""

    sorted_by: str = ""
    """That of them that has an index and by which lists go where no other order is asked for."""

    @property
    def indexed(self) -> tuple[str, ...]:
        """Those of them that have one."""
        return tuple(each for each in self.filters if each not in self.scanned)

    shows_log: bool = False
    """True when it shows the log itself: it is asked about every fact as it is recorded, pending or
    not; all others about a fact when it begins to count."""
