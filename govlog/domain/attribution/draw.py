"""How one instalment is split over what may cover it, as bounds (rules 8, 9 and 13)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from govlog.domain.attribution.fitting import Fit
from govlog.domain.attribution.terms import Judged
from govlog.domain.tri import NO, YES, Tri, ordered
from govlog.domain.values import Ceiling, CeilingKind, Key, Span

ZERO = Decimal(0)
BOUNDLESS = Decimal("Infinity")


class Drawn(Struct, frozen=True):
    """What was taken from a pot, at least and at most."""

    at_least: Decimal = ZERO
    at_most: Decimal = ZERO

    def plus(self, more: Drawn) -> Drawn:
        return Drawn(self.at_least + more.at_least, self.at_most + more.at_most)


UNTOUCHED = Drawn()


class Source(Struct, frozen=True):
    """A commission that an instalment is tried against; void ones come after all others."""

    judged: Judged
    fit: Fit
    matches: Tri
    headroom: Drawn
    named: bool
    void: bool

    @property
    def name(self) -> Key:
        return self.judged.commission.commission

    def before(self, other: Source) -> Tri:
        """Whether it is tried before another (rule 7: named first, then in the order granted)."""
        if self.void != other.void:
            return NO if self.void else YES
        if self.named != other.named:
            return YES if self.named else NO
        return ordered(_granted(self), _granted(other))


def _granted(source: Source) -> tuple[Span, int]:
    granted = source.judged.commission.granted
    return granted.decided, granted.index


def headroom(ceilings: Sequence[Ceiling], drawn: Drawn) -> Drawn:
    """What is left under the ceilings that may be in force, after what was drawn (rule 9)."""
    if not ceilings:
        return UNTOUCHED
    low, high = _bounds(ceilings[0])
    for each in ceilings[1:]:
        least, most = _bounds(each)
        low, high = min(low, least), max(high, most)
    return Drawn(max(ZERO, low - drawn.at_most), max(ZERO, high - drawn.at_least))


def _bounds(ceiling: Ceiling) -> tuple[Decimal, Decimal]:
    if ceiling.kind is CeilingKind.NONE:
        return BOUNDLESS, BOUNDLESS
    if ceiling.kind is CeilingKind.UNKNOWN or ceiling.amount is None:
        return ZERO, BOUNDLESS
    return ceiling.amount, ceiling.amount


def split(amount: Decimal, sources: Sequence[Source]) -> list[Drawn]:
    """What each source gives, at least and at most, when they are tried in their order.

    The lower bound of one grants every source that may come before it all it could take; the upper
    bound grants those that certainly come before only what they certainly take.
    """
    if len(sources) == 1:
        (only,) = sources
        room = only.headroom
        sure = only.matches is YES
        return [Drawn(min(room.at_least, amount) if sure else ZERO, min(room.at_most, amount))]
    return [
        Drawn(
            _at_least(amount, source, sources) if source.matches is YES else ZERO,
            _at_most(amount, source, sources),
        )
        for source in sources
    ]


def _at_least(amount: Decimal, source: Source, sources: Sequence[Source]) -> Decimal:
    before = sum(
        (
            each.headroom.at_most
            for each in sources
            if each is not source and each.before(source) is not NO
        ),
        ZERO,
    )
    return max(ZERO, min(source.headroom.at_least, amount - before))


def _at_most(amount: Decimal, source: Source, sources: Sequence[Source]) -> Decimal:
    before = sum(
        (
            each.headroom.at_least
            for each in sources
            if each is not source and each.matches is YES and each.before(source) is YES
        ),
        ZERO,
    )
    return max(ZERO, min(source.headroom.at_most, amount - before))
