"""What acts commit: a grant its ceiling, an amendment what it adds to that, an assumption a sum.

An amendment raises the ceiling of the last act before it that has authority; one without changes
nothing (rule 15). Where partial dates leave open which act that was, the raise has bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from govlog.domain.authority import NOTHING, ActOf, Amount
from govlog.domain.commitment import Amendment, Commission, Product, Taken
from govlog.domain.events.body import ActKind
from govlog.domain.risk import Assumption
from govlog.domain.tri import NO, YES, Tri, ordered
from govlog.domain.values import Ceiling, CeilingKind, Span, StreamId


class AmendmentOf(Struct, frozen=True):
    """An amendment as an act: what it commits depends on the acts decided before it."""

    product: StreamId
    commission: Commission
    amendment: Amendment

    @property
    def kind(self) -> ActKind:
        return ActKind.AMENDMENT

    @property
    def taken(self) -> Taken:
        return self.amendment.taken

    @property
    def day(self) -> Span:
        return self.amendment.taken.decided

    @property
    def index(self) -> int:
        return self.amendment.taken.index


def grant_of(product: Product, commission: Commission) -> ActOf:
    """A grant as an act: it commits its whole ceiling."""
    return ActOf(
        ActKind.COMMISSION, product.stream, amount_of(commission.ceiling), commission.granted
    )


def assumption_of(assumption: Assumption) -> ActOf:
    """An assumption as an act: it commits its amount."""
    return ActOf(
        ActKind.ASSUMPTION,
        assumption.product,
        Amount(assumption.currency, assumption.amount),
        assumption.taken,
    )


def amount_of(ceiling: Ceiling) -> Amount:
    """A ceiling as a commitment: open where it is none or unknown."""
    if ceiling.kind is CeilingKind.AMOUNT and ceiling.amount is not None:
        return Amount(ceiling.currency, ceiling.amount)
    return Amount(ceiling.currency, open=True)


def without_raise(of: AmendmentOf) -> ActOf:
    """The amendment if it raises nothing: then most would cover it."""
    return ActOf(of.kind, of.product, NOTHING, of.taken)


def raised(of: AmendmentOf, given: Callable[[AmendmentOf], Tri]) -> ActOf:
    """The amendment with the least and the most that it may raise the ceiling by.

    `given` says of an amendment of the same commission whether it has authority.
    """
    after = of.amendment.ceiling
    if after is None:
        return without_raise(of)
    raises = [_raise(before, after) for before in _ceilings_before(of, given)]
    least, most = min(raises, key=_size), max(raises, key=_size)
    return ActOf(of.kind, of.product, most, of.taken, None if least == most else least)


def _ceilings_before(
    of: AmendmentOf, given: Callable[[AmendmentOf], Tri]
) -> Iterator[Ceiling | None]:
    """Every ceiling that may be the one it starts from; None where nothing was granted yet."""
    place = _place(of.taken)
    earlier = list(_earlier(of, given))
    surely = [each for each in earlier if each.given is YES and ordered(each.place, place) is YES]
    last = max(surely, key=_lateness, default=None)
    if last is None:
        yield None
    for each in earlier:
        if last is None or ordered(each.place, last.place) is not YES:
            yield each.ceiling


class _Earlier(Struct, frozen=True):
    """A grant, which sets the ceiling whatever its authority, or an amendment that may raise it."""

    place: tuple[Span, int]
    ceiling: Ceiling
    given: Tri


def _earlier(of: AmendmentOf, given: Callable[[AmendmentOf], Tri]) -> Iterator[_Earlier]:
    place, first = _place(of.taken), _place(of.commission.granted)
    if ordered(first, place) is not NO:
        yield _Earlier(first, of.commission.ceiling, YES)
    for each in of.commission.amendments:
        there = _place(each.taken)
        if each.ceiling is None or there == place or ordered(there, place) is NO:
            continue
        answer = given(AmendmentOf(of.product, of.commission, each))
        if answer is not NO:
            yield _Earlier(there, each.ceiling, answer)


def _place(taken: Taken) -> tuple[Span, int]:
    return taken.decided, taken.index


def _lateness(each: _Earlier) -> tuple[object, ...]:
    """What is surely before any of several is surely before the one with the most of this."""
    day, index = each.place
    return day.earliest, day.certain, index


def _raise(before: Ceiling | None, after: Ceiling) -> Amount:
    new = amount_of(after)
    old = amount_of(before) if before is not None else None
    if old is None or new.open:
        return new
    if old.open:
        return NOTHING
    if new.currency != old.currency:
        return new
    return Amount(new.currency, new.value - old.value) if new.value > old.value else NOTHING


def _size(amount: Amount) -> tuple[object, ...]:
    return amount.open, amount.value
