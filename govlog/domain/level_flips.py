"""What facts would change about levels: for a preview, exactly the days that differ (rule 22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.authorities import Authorities
from govlog.domain.facts import Facts
from govlog.domain.levels import Step, judged_by, step_on, steps
from govlog.domain.values import StreamId


class LevelFlip(Struct, frozen=True):
    """Days on which a product would have another level than it has now."""

    product: StreamId
    since: date
    until: date | None
    """The first day on which it would not; None where no such day is known."""
    before: str | None
    """None where it has no level."""
    after: str | None


def level_flips(before: Facts, after: Facts, products: Iterable[StreamId]) -> Iterator[LevelFlip]:
    """Every stretch of days on which the level surely given differs, by product and day."""
    for stream in sorted(set(products)):
        yield from _merged(_differing(stream, _steps(before, stream), _steps(after, stream)))


def _steps(facts: Facts, stream: StreamId) -> tuple[Step, ...]:
    product = facts.product(stream)
    if product is None:
        return ()
    return steps(product, judged_by(product, Authorities(facts)))


def _differing(
    stream: StreamId, before: tuple[Step, ...], after: tuple[Step, ...]
) -> Iterator[LevelFlip]:
    days = sorted({each.authority.works_from.latest for each in (*before, *after)})
    for place, day in enumerate(days):
        was, now = _level(before, day), _level(after, day)
        if was != now:
            until = days[place + 1] if place + 1 < len(days) else None
            yield LevelFlip(stream, day, until, was, now)


def _merged(flips: Iterable[LevelFlip]) -> Iterator[LevelFlip]:
    """One for stretches that follow each other and say the same."""
    last: LevelFlip | None = None
    for each in flips:
        same = last is not None and (last.before, last.after) == (each.before, each.after)
        if last is not None and same and last.until == each.since:
            last = replace(last, until=each.until)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _level(found: tuple[Step, ...], day: date) -> str | None:
    step, _ = step_on(found, day)
    return step.level if step else None
