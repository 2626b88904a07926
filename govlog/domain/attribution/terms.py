"""What a commission covers on an uncertain day (rules 3, 7, 8 and 10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct

from govlog.domain.attribution.shares import Reason
from govlog.domain.authority import NOTHING, ActOf, Authority
from govlog.domain.budget import Authorities, amendment_of, grant_of
from govlog.domain.commitment import Amendment, Commission, Instalment, LifeStage, Product, Taken
from govlog.domain.events.body import ActKind
from govlog.domain.tri import Tri, begun, both, either, holds_for, negated, ordered, still
from govlog.domain.values import Ceiling, Span, StreamId

T = TypeVar("T")


class Change(Struct, frozen=True):
    """An amendment with its authority judged."""

    amendment: Amendment
    authority: Authority


class Exit(Struct, frozen=True):
    """One exit or closure as it bears on a commission granted on some day."""

    authority: Authority
    back: tuple[tuple[Authority, int], ...]
    """Readmissions, with their position in the log."""
    index: int


class Judged(Struct, frozen=True):
    """A commission with the authority of everything about it judged at one size of the log."""

    commission: Commission
    authority: Authority
    changes: tuple[Change, ...]
    revocations: tuple[Authority, ...]
    exits: tuple[Exit, ...]

    @property
    def void(self) -> bool:
        """Whether some act of it may lack authority (rule 8)."""
        return self.authority.given is not Tri.YES or any(
            change.authority.given is not Tri.YES for change in self.changes
        )

    def proven_on(self, day: Span) -> bool:
        """Whether the grant and every amendment that may hold by then are more than worded."""
        acts = [self.authority]
        acts += [each.authority for each in self.changes if begun(each.authority.works_from, day)]
        return all([each.proven for each in acts if each.given is not Tri.NO])

    def scopes(self) -> set[str]:
        """Every scope item it ever named."""
        amended = (change.amendment.scope or frozenset() for change in self.changes)
        return set(self.commission.scope).union(*amended)

    def ever_in_scope(self, item: str) -> bool:
        """Whether it ever named the scope item."""
        return item in self.commission.scope or any(
            item in (change.amendment.scope or ()) for change in self.changes
        )


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

OUT_OF_SCOPE = Fit(Tri.NO, _OUT_OF_SCOPE, (0, 0), ())
"""Of a commission that never named the item: the first condition fails, the others matter not."""


def judge_commissions(product: Product, authorities: Authorities) -> list[Judged]:
    """All commissions of a product with their authority, in the order they were recorded."""
    exits = tuple(_exits(product, authorities))
    judged = []
    for commission in sorted(product.commissions.values(), key=lambda each: each.granted.index):
        changes = [
            Change(each, authorities.of(amendment_of(product, commission, each, authorities)))
            for each in commission.amendments
        ]
        changes.sort(key=lambda each: (each.authority.works_from, each.amendment.taken.index))
        revocations = (
            authorities.of(ActOf(ActKind.REVOCATION, product.stream, NOTHING, each))
            for each in commission.revocations
        )
        judged.append(
            Judged(
                commission,
                authorities.of(grant_of(product, commission)),
                tuple(changes),
                tuple(each for each in revocations if each.given is not Tri.NO),
                exits,
            )
        )
    return judged


def _exits(product: Product, authorities: Authorities) -> Iterator[Exit]:
    def judged(taken: Taken, kind: ActKind) -> Authority:
        return authorities.of(ActOf(kind, product.stream, NOTHING, taken))

    admissions = [
        (authority, event.taken.index)
        for event in product.life
        if event.stage is LifeStage.ADMITTED
        and (authority := judged(event.taken, ActKind.ADMISSION)).given is not Tri.NO
    ]
    for event in product.life:
        if event.stage not in (LifeStage.EXITED, LifeStage.CLOSED):
            continue
        authority = judged(event.taken, ActKind.EXIT)
        if authority.given is not Tri.NO:
            yield Exit(authority, tuple(admissions), event.taken.index)


def fit(judged: Judged, instalment: Instalment, *, as_if_authorised: bool = False) -> Fit:
    """Check the conditions of rule 7 but authority and ceiling, in the order of rule 8.

    After one that surely fails the others matter not.
    """
    day = instalment.bound
    commission = judged.commission
    changes = [
        (each.amendment, Tri.YES if as_if_authorised else each.authority.given, each.authority)
        for each in judged.changes
    ]
    ceilings = _possible(changes, day, commission.ceiling, lambda each: each.ceiling)
    matches, reasons = Tri.YES, _NONE
    least: int | None = None
    met = 0
    for answer, why in _checks(judged, instalment, changes, ceilings):
        if answer is not Tri.YES:
            reasons = reasons | why
            matches = min(matches, answer)
            least = met if least is None else least
            if answer is Tri.NO:
                break
        met += 1
    currency = instalment.amount.currency
    return Fit(
        matches,
        reasons,
        progress=(met if least is None else least, met),
        ceilings=tuple([each for each in ceilings if each.currency == currency]),
    )


Changes = Sequence[tuple[Amendment, Tri, Authority]]


def _checks(
    judged: Judged, instalment: Instalment, changes: Changes, ceilings: Sequence[Ceiling]
) -> Iterator[tuple[Tri, Reasons]]:
    """Each condition in the order of rule 8, with the reasons it gives where it fails."""
    commission, day = judged.commission, instalment.bound
    scopes = _possible(changes, day, commission.scope, lambda each: each.scope)
    yield holds_for([instalment.scope_item in each for each in scopes]), _OUT_OF_SCOPE
    parties = _possible(changes, day, commission.parties, lambda each: each.parties)
    yield holds_for([_names(each, instalment.investor) for each in parties]), _WRONG_PARTY
    currency = instalment.amount.currency
    yield holds_for([each.currency == currency for each in ceilings]), _WRONG_CURRENCY
    untils = _possible(changes, day, commission.until, lambda each: each.until)
    yield _in_force(judged, untils, day)
    yield negated(withdrawn(judged, day)), _WITHDRAWN_PRODUCT


def _names(parties: frozenset[StreamId], investor: StreamId) -> bool:
    return not parties or investor in parties


def _possible(
    changes: Changes,
    day: Span,
    granted: T,
    term: Callable[[Amendment], T | None],
) -> list[T]:
    """The values a term may have at the end of an uncertain day (rules 2 and 3).

    Certain when one certainly applied amendment outlasts all others; a superset otherwise.
    """
    if not changes:
        return [granted]
    values: list[T] = [granted]
    certain: list[tuple[Span, int]] = []
    applied: list[tuple[tuple[Span, int], T]] = []
    for amendment, given, authority in changes:
        value = term(amendment)
        works = authority.works_from
        answer = both(given, begun(works, day)) if value is not None else Tri.NO
        if value is None or answer is Tri.NO:
            continue
        place = (works, amendment.taken.index)
        applied.append((place, value))
        if answer is Tri.YES:
            certain.append(place)
    if certain:
        values = []
    for place, value in applied:
        overtaken = any(ordered(place, each) is Tri.YES for each in certain if each != place)
        if not overtaken and value not in values:
            values.append(value)
    return values


def _in_force(judged: Judged, untils: Sequence[date | None], day: Span) -> tuple[Tri, Reasons]:
    started = begun(judged.authority.works_from, day)
    if not judged.revocations and all(until is None for until in untils):
        return started, _NONE if started is Tri.YES else _BEFORE_COMMISSION
    ended = either([both(each.given, begun(each.works_from, day)) for each in judged.revocations])
    lasting = {still(until, day) for until in untils}
    expired = negated(lasting.pop()) if len(lasting) == 1 else Tri.MAYBE
    reasons = set[Reason]()
    if started is not Tri.YES:
        reasons.add(Reason.BEFORE_COMMISSION)
    if started is not Tri.NO:
        reasons |= _endings(judged, untils, ended, expired)
    return both(started, negated(ended), negated(expired)), frozenset(reasons)


def _endings(
    judged: Judged, untils: Sequence[date | None], revoked: Tri, expired: Tri
) -> set[Reason]:
    """Revoked and expired; where both certainly hold, the one that came first."""
    reasons = set()
    if revoked is not Tri.NO:
        reasons.add(Reason.REVOKED)
    if expired is not Tri.NO:
        reasons.add(Reason.EXPIRED)
    if revoked is Tri.YES and expired is Tri.YES and len(set(untils)) == 1 and untils[0]:
        first = [each.works_from for each in judged.revocations if each.given is Tri.YES]
        if any(each.latest <= untils[0] for each in first):
            reasons.discard(Reason.EXPIRED)
        elif all(each.works_from.earliest > untils[0] for each in judged.revocations):
            reasons.discard(Reason.REVOKED)
    return reasons


def withdrawn(judged: Judged, day: Span) -> Tri:
    """Rule 7g: whether the product was out that day or had been since the grant was decided."""
    if not judged.exits:
        return Tri.NO
    grant = judged.commission.granted.decided
    return either([_out(leaving, grant, day) for leaving in judged.exits])


def _out(leaving: Exit, grant: Span, day: Span) -> Tri:
    works = leaving.authority.works_from
    left = both(leaving.authority.given, begun(works, day))
    if left is Tri.NO:
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
        return Tri.YES if back_index > left_index else Tri.NO
    overlap = left.earliest <= back.latest and back.earliest <= left.latest
    return Tri.MAYBE if overlap else Tri.NO
