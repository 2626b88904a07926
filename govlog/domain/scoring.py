"""A scored vote over options: the highest sum above 0; the chair's scores break a tie (rule 25)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from govlog.domain.events.resolution import Score
from govlog.domain.values import Key


class OptionSum(Struct, frozen=True):
    """What the ballots gave one option."""

    option: Key
    sum: int
    by_presiding: int | None
    """The score of the one presiding; None where that one scored nothing at all."""


class Chosen(Struct, frozen=True):
    option: Key | None
    """None where no sum is above 0, or nobody broke the tie."""
    tied: bool
    sums: tuple[OptionSum, ...]


def choose(
    options: Sequence[Key],
    ballots: Mapping[Key, Iterable[Score]],
    presiding: Key | None,
    *,
    chair_breaks_ties: bool,
) -> Chosen:
    """Add the scores up; `ballots` are those that count, by seat."""
    scored = {seat: _by_option(told) for seat, told in ballots.items()}
    chair = scored.get(presiding) if presiding is not None else None
    sums = tuple(
        OptionSum(
            option=option,
            sum=sum(each.get(option, 0) for each in scored.values()),
            by_presiding=None if chair is None else chair.get(option, 0),
        )
        for option in options
    )
    highest = max((each.sum for each in sums), default=0)
    leading = [each for each in sums if each.sum == highest > 0]
    if len(leading) == 1:
        return Chosen(leading[0].option, False, sums)
    favourite = _favourite(leading) if chair_breaks_ties else None
    return Chosen(favourite, len(leading) > 1, sums)


def _favourite(leading: Sequence[OptionSum]) -> Key | None:
    """The one that the chair scored higher than the others; none where the chair has no such."""
    scores = [each.by_presiding for each in leading if each.by_presiding is not None]
    best = max(scores, default=None)
    found = [each.option for each in leading if each.by_presiding == best is not None]
    return found[0] if len(found) == 1 else None


def _by_option(scores: Iterable[Score]) -> dict[Key, int]:
    """Blank counts 0."""
    return {each.option: each.score or 0 for each in scores}
