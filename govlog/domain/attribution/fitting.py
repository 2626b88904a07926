"""How far an instalment gets with a commission on an uncertain day (rules 3, 7, 8 and 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct

from govlog.domain.attribution.shares import Reason
from govlog.domain.attribution.terms import Exit, Judged
from govlog.domain.authority import Authority
from govlog.domain.commitment import Amendment, Instalment
from govlog.domain.tri import (
    MAYBE,
    NO,
    YES,
    Tri,
    begun,
    both,
    either,
    holds_for,
    negated,
    ordered,
    still,
)
from govlog.domain.values import Ceiling, Span, StreamId

T = TypeVar("T")


class Fit(Struct, frozen=True):
    """How far an instalment gets with a commission, ceiling apart."""

    matches: Tri
    reasons: frozenset[Reason]
    """Why it may fail, ceiling apart."""
    progress: tuple[int, int]
    """At least and at most how many conditions are met in their order (rule 8)."""
    ceilings: tuple[Ceiling, ...]
    """The ceilings that may be in force, of the instalment's currency."""


Reasons = frozenset[Reason]
_NONE: Reasons = frozenset()
_OUT_OF_SCOPE = frozenset((Reason.OUT_OF_SCOPE,))
_WRONG_PARTY = frozenset((Reason.WRONG_PARTY,))
_WRONG_CURRENCY = frozenset((Reason.WRONG_CURRENCY,))
_BEFORE_COMMISSION = frozenset((Reason.BEFORE_COMMISSION,))
_WITHDRAWN_PRODUCT = frozenset((Reason.WITHDRAWN_PRODUCT,))

OUT_OF_SCOPE = Fit(NO, _OUT_OF_SCOPE, (0, 0), ())
"""Of a commission that never named the item: the first condition fails, the others matter not."""


def fit(judged: Judged, instalment: Instalment, *, as_if_authorised: bool = False) -> Fit:
    """Check the conditions of rule 7 but authority and ceiling, in the order of rule 8.

    After one that surely fails the others matter not.
    """
    terms = _terms(judged, instalment.bound, as_if_authorised)
    matches, reasons = YES, _NONE
    least: int | None = None
    met = 0
    for condition in _CONDITIONS:
        answer, why = condition(terms, instalment)
        if answer is not YES:
            reasons = reasons | why
            matches = min(matches, answer)
            least = met if least is None else least
            if answer is NO:
                break
        met += 1
    currency = instalment.amount.currency
    return Fit(
        matches,
        reasons,
        progress=(met if least is None else least, met),
        ceilings=tuple([each for each in terms.ceilings if each.currency == currency]),
    )


def out_of_reach(judged: Judged, instalment: Instalment) -> bool:
    """Whether a commission surely covers nothing of an instalment, nor would if everything about it
    had authority (rule 8): then it is no source of it, whatever is drawn besides."""
    if fit(judged, instalment).matches is not NO:
        return False
    return not judged.void or fit(judged, instalment, as_if_authorised=True).matches is NO


Changes = Sequence[tuple[Amendment, Tri, Authority]]


class _Terms(Struct, frozen=True):
    """What the terms of a commission may be at the end of an uncertain day."""

    judged: Judged
    scopes: Sequence[frozenset[str]]
    parties: Sequence[frozenset[StreamId]]
    ceilings: Sequence[Ceiling]
    untils: Sequence[date | None]


def _terms(judged: Judged, day: Span, as_if_authorised: bool) -> _Terms:
    granted = judged.commission
    if not judged.changes:
        return _Terms(
            judged, (granted.scope,), (granted.parties,), (granted.ceiling,), (granted.until,)
        )
    changes = [
        (each.amendment, YES if as_if_authorised else each.authority.given, each.authority)
        for each in judged.changes
    ]
    return _Terms(
        judged,
        _possible(changes, day, granted.scope, attrgetter("scope")),
        _possible(changes, day, granted.parties, attrgetter("parties")),
        _possible(changes, day, granted.ceiling, attrgetter("ceiling")),
        _possible(changes, day, granted.until, attrgetter("until")),
    )


Answer = tuple[Tri, Reasons]
"""Whether a condition holds, with the reasons it gives where it may fail."""


def _holds(
    test: Callable[[T, Instalment], bool], values: Sequence[T], instalment: Instalment
) -> Tri:
    if len(values) == 1:
        return YES if test(values[0], instalment) else NO
    return holds_for([test(each, instalment) for each in values])


def _covers(terms: _Terms, instalment: Instalment) -> Answer:
    return _holds(_in_scope, terms.scopes, instalment), _OUT_OF_SCOPE


def _in_scope(scope: frozenset[str], instalment: Instalment) -> bool:
    return instalment.scope_item in scope


def _names(terms: _Terms, instalment: Instalment) -> Answer:
    return _holds(_named, terms.parties, instalment), _WRONG_PARTY


def _named(parties: frozenset[StreamId], instalment: Instalment) -> bool:
    """The investor, or any where it names nobody."""
    return not parties or instalment.investor in parties


def _counts_in(terms: _Terms, instalment: Instalment) -> Answer:
    return _holds(_same_currency, terms.ceilings, instalment), _WRONG_CURRENCY


def _same_currency(ceiling: Ceiling, instalment: Instalment) -> bool:
    return ceiling.currency == instalment.amount.currency


def _lasts(terms: _Terms, instalment: Instalment) -> Answer:
    return _in_force(terms.judged, terms.untils, instalment.bound)


def _stays(terms: _Terms, instalment: Instalment) -> Answer:
    return negated(withdrawn(terms.judged, instalment.bound)), _WITHDRAWN_PRODUCT


_CONDITIONS: tuple[Callable[[_Terms, Instalment], Answer], ...] = (
    _covers,
    _names,
    _counts_in,
    _lasts,
    _stays,
)
"""In the order of rule 8: scope, party, currency, date; then the product (rule 7g)."""


def _possible(
    changes: Changes,
    day: Span,
    granted: T,
    term: Callable[[Amendment], T | None],
) -> list[T]:
    """The values a term may have at the end of an uncertain day (rules 2 and 3).

    Certain when one certainly applied amendment outlasts all others; a superset otherwise.
    """
    values: list[T] = [granted]
    certain: list[tuple[Span, int]] = []
    applied: list[tuple[tuple[Span, int], T]] = []
    for amendment, given, authority in changes:
        value = term(amendment)
        works = authority.works_from
        answer = both(given, begun(works, day)) if value is not None else NO
        if value is None or answer is NO:
            continue
        place = (works, amendment.taken.index)
        applied.append((place, value))
        if answer is YES:
            certain.append(place)
    if certain:
        values = []
    for place, value in applied:
        overtaken = any(ordered(place, each) is YES for each in certain if each != place)
        if not overtaken and value not in values:
            values.append(value)
    return values


def _in_force(judged: Judged, untils: Sequence[date | None], day: Span) -> tuple[Tri, Reasons]:
    started = begun(judged.authority.works_from, day)
    if not judged.revocations and all(until is None for until in untils):
        return started, _NONE if started is YES else _BEFORE_COMMISSION
    ended = either([both(each.given, begun(each.works_from, day)) for each in judged.revocations])
    lasting = {still(until, day) for until in untils}
    expired = negated(lasting.pop()) if len(lasting) == 1 else MAYBE
    reasons = set[Reason]()
    if started is not YES:
        reasons.add(Reason.BEFORE_COMMISSION)
    if started is not NO:
        reasons |= _endings(judged, untils, ended, expired)
    return both(started, negated(ended), negated(expired)), frozenset(reasons)


def _endings(
    judged: Judged, untils: Sequence[date | None], revoked: Tri, expired: Tri
) -> set[Reason]:
    """Revoked and expired; where both certainly hold, the one that came first."""
    reasons = set()
    if revoked is not NO:
        reasons.add(Reason.REVOKED)
    if expired is not NO:
        reasons.add(Reason.EXPIRED)
    if revoked is YES and expired is YES and len(set(untils)) == 1 and untils[0]:
        first = [each.works_from for each in judged.revocations if each.given is YES]
        if any(each.latest <= untils[0] for each in first):
            reasons.discard(Reason.EXPIRED)
        elif all(each.works_from.earliest > untils[0] for each in judged.revocations):
            reasons.discard(Reason.REVOKED)
    return reasons


def withdrawn(judged: Judged, day: Span) -> Tri:
    """Rule 7g: whether the product was out that day or had been since the grant was decided."""
    if not judged.exits:
        return NO
    grant = judged.commission.granted.decided
    return either([_out(leaving, grant, day) for leaving in judged.exits])


def _out(leaving: Exit, grant: Span, day: Span) -> Tri:
    works = leaving.authority.works_from
    left = both(leaving.authority.given, begun(works, day))
    if left is NO:
        return left
    same_day = either(
        both(back.given, _same_day(works, leaving.index, back.works_from, index))
        for back, index in leaving.back
    )
    since_grant = begun(grant, works)
    returned = either(
        both(
            back.given,
            ordered((works, leaving.index), (back.works_from, index)),
            begun(back.works_from, day),
        )
        for back, index in leaving.back
    )
    return both(left, negated(same_day), either((since_grant, negated(returned))))


def _same_day(left: Span, left_index: int, back: Span, back_index: int) -> Tri:
    """Rule 3: out and in again on one day is no exit."""
    if left.certain and left == back:
        return YES if back_index > left_index else NO
    overlap = left.earliest <= back.latest and back.earliest <= left.latest
    return MAYBE if overlap else NO
