"""From what an instalment draws, as bounds, to its shares with bearer and reason (rules 8, 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct

from govlog.domain.attribution.draw import ZERO, Drawn, Source
from govlog.domain.attribution.fitting import OUT_OF_SCOPE, Fit, fit
from govlog.domain.attribution.shares import Bearer, Reason, Share
from govlog.domain.attribution.terms import Change, Judged
from govlog.domain.authorities import Authorities
from govlog.domain.authority import NOTHING, ActOf, own_days
from govlog.domain.commitment import Instalment, LifeStage, Product
from govlog.domain.events.body import ActKind
from govlog.domain.tri import MAYBE, NO, YES, begun, ordered
from govlog.domain.values import Key, Span, StreamId

Taken = Sequence[tuple[Source, Drawn]]

_ACTS = {
    LifeStage.ADMITTED: ActKind.ADMISSION,
    LifeStage.EXITED: ActKind.EXIT,
    LifeStage.CLOSED: ActKind.EXIT,
}
"""Steps of a product's life that change nothing without authority (rule 15)."""


class Circumstances(Struct, frozen=True):
    """What stands about a product apart from its instalments, judged once."""

    judged: tuple[Judged, ...]
    """In the order granted."""
    valid: tuple[Judged, ...]
    """Those that may have authority."""
    void: tuple[Judged, ...]
    """Those of which some act may lack it (rule 8)."""
    by_scope: Mapping[str, tuple[Judged, ...]]
    admitted: tuple[Span, ...]
    pauses: tuple[tuple[Span, bool], ...]
    """Days on which a pause began (True) or ended (False), in recording order."""


def circumstances(
    product: Product, judged: Iterable[Judged], authorities: Authorities
) -> Circumstances:
    """Gather a product's commissions by scope item, and its admissions and pauses."""
    in_order = tuple(
        sorted(judged, key=lambda j: (j.commission.granted.decided, j.commission.granted.index))
    )
    by_scope: dict[str, list[Judged]] = {}
    for each in in_order:
        for item in each.scopes():
            by_scope.setdefault(item, []).append(each)
    admitted = []
    pauses = []
    for event in product.life:
        if event.stage in (LifeStage.PAUSED, LifeStage.RESUMED):
            pauses.append((own_days(event.taken), event.stage is LifeStage.PAUSED))
        elif event.stage in _ACTS:
            act = ActOf(_ACTS[event.stage], product.stream, NOTHING, event.taken)
            authority = authorities.of(act)
            if authority.given is YES:
                # Who leaves or comes in again is no longer paused.
                pauses.append((authority.works_from, False))
                if event.stage is LifeStage.ADMITTED:
                    admitted.append(authority.works_from)
    scoped = {item: tuple(each) for item, each in by_scope.items()}
    valid = tuple(each for each in in_order if each.authority.given is not NO)
    void = tuple(each for each in in_order if each.void)
    return Circumstances(in_order, valid, void, scoped, tuple(admitted), tuple(pauses))


def answer(
    instalment: Instalment,
    taken: Taken,
    around: Circumstances,
    fits: Mapping[Key, Fit] = MappingProxyType({}),
) -> tuple[Share, ...]:
    """The shares of one instalment: what is certain, and one share for the rest.

    `fits` tells of commissions that were tried how far the instalment gets with them.
    """
    amount = instalment.amount.amount
    shares = [
        _certain(source, drawn.at_least, instalment, around)
        for source, drawn in taken
        if drawn.at_least
    ]
    own_least, own_most = _own_risk(amount, taken)
    reasons = frozenset[Reason]()
    blamed: Key | None = None
    if own_most:
        reasons, blamed = _why(instalment, taken, around, fits)
    if own_least and len(reasons) == 1:
        (reason,) = reasons
        shares.append(Share(own_least, Bearer.INVESTOR, reason, commission=blamed))
    rest = amount
    for share in shares:
        rest -= share.amount
    if rest:
        shares.append(_rest(rest, shares, taken, reasons, amount))
    return tuple(shares)


def _certain(
    source: Source, amount: Decimal, instalment: Instalment, around: Circumstances
) -> Share:
    granted = source.judged.commission.granted
    if source.void:
        return Share(
            amount,
            Bearer.INVESTOR,
            Reason.AUTHORITY_VOID,
            commission=source.name,
            resolution=_flawed(source.judged),
        )
    return Share(
        amount,
        Bearer.COMMUNITY,
        Reason.COVERED,
        commission=source.name,
        resolution=granted.resolution,
        proven=source.judged.proven_on(instalment.bound),
        flags=_flags(instalment.bound, around),
    )


def _flawed(judged: Judged) -> StreamId | None:
    """The resolution to blame: the grant's, else that of the first amendment to work without it.

    None where partial dates leave open which of several that is.
    """
    granted = judged.authority.given
    lacking = [each for each in judged.changes if each.authority.given is not YES]
    if granted is NO or not lacking:
        return judged.commission.granted.resolution
    first, *others = lacking
    if granted is MAYBE or (others and not _surely_first(first, others)):
        return None
    return first.amendment.taken.resolution


def _surely_first(one: Change, others: Sequence[Change]) -> bool:
    if one.authority.given is not NO:
        return False
    return all(ordered(_works(one), _works(each)) is YES for each in others)


def _works(change: Change) -> tuple[Span, int]:
    return change.authority.works_from, change.amendment.taken.index


def _own_risk(amount: Decimal, taken: Taken) -> tuple[Decimal, Decimal]:
    """What nothing covers, at least and at most: in every possibility all headroom is used."""
    least = most = amount
    for source, _ in taken:
        least -= source.headroom.at_most
        if source.matches is YES:
            most -= source.headroom.at_least
    return max(ZERO, least), max(ZERO, most)


def _rest(
    rest: Decimal,
    shares: Sequence[Share],
    taken: Taken,
    reasons: frozenset[Reason],
    amount: Decimal,
) -> Share:
    """Rule 13: one share for what possibilities differ on, with the bearer where all agree."""
    open_to = [(s, d) for s, d in taken if d.at_most > d.at_least]
    possible = set(reasons)
    for source, _ in open_to:
        possible.add(Reason.AUTHORITY_VOID if source.void else Reason.COVERED)
    covering = [s for s, _ in taken if not s.void]
    least = sum((s.headroom.at_least for s in covering if s.matches is YES), ZERO)
    most = sum((s.headroom.at_most for s in covering), ZERO)
    at_risk = sum((s.amount for s in shares if s.bearer is Bearer.INVESTOR), ZERO)
    covered = sum((s.amount for s in shares if s.bearer is Bearer.COMMUNITY), ZERO)
    bearer = Bearer.UNDETERMINED
    if amount - min(amount, least) <= at_risk:
        bearer = Bearer.COMMUNITY
    elif min(amount, most) <= covered:
        bearer = Bearer.INVESTOR
    return Share(
        rest,
        bearer,
        Reason.UNDETERMINED,
        reasons=tuple(sorted(possible)),
        commissions=tuple(sorted({s.name for s, _ in open_to})),
    )


def _why(
    instalment: Instalment, taken: Taken, around: Circumstances, fits: Mapping[Key, Fit]
) -> tuple[frozenset[Reason], Key | None]:
    """Rule 8: the named commission's reason, else that of the one which met most conditions."""
    valid = around.valid
    if not valid:
        return frozenset((Reason.NOT_COMMISSIONED,)), None

    def fitting_of(each: Judged) -> Fit:
        if not each.ever_in_scope(instalment.scope_item):
            return OUT_OF_SCOPE
        return fits.get(each.commission.commission) or fit(each, instalment)

    relied_on = instalment.relies_on
    named = [each for each in valid if each.commission.commission == relied_on]
    if named and named[0].authority.given is YES:
        fitting = fitting_of(named[0])
        return _reasons_of(named[0], fitting, instalment, taken), named[0].commission.commission
    doubtful = [each for each in valid if each.authority.given is MAYBE]
    reasons = set[Reason]()
    if len(doubtful) == len(valid):
        reasons.add(Reason.NOT_COMMISSIONED)
    pool = _furthest(_candidates(instalment, around, fitting_of))
    if named:
        pool = [(named[0], fitting_of(named[0])), *pool]
    for judged, fitting in pool:
        reasons |= _reasons_of(judged, fitting, instalment, taken)
    blamed = pool[0][0].commission.commission if len(pool) == 1 and not doubtful else None
    return frozenset(reasons), blamed


def _candidates(
    instalment: Instalment, around: Circumstances, fitting_of: Callable[[Judged], Fit]
) -> list[tuple[Judged, Fit]]:
    """Commissions of the scope item; where none surely covers it that day, all are in question."""
    scoped = [
        (each, fitting_of(each))
        for each in around.by_scope.get(instalment.scope_item, ())
        if each.authority.given is not NO
    ]
    if any(each.authority.given is YES and met.progress[0] for each, met in scoped):
        return scoped
    return [(each, fitting_of(each)) for each in around.valid]


def _reasons_of(
    judged: Judged, fitting: Fit, instalment: Instalment, taken: Taken
) -> frozenset[Reason]:
    """Why a commission may leave something uncovered; its ceiling only where it may not suffice."""
    if fitting.matches is NO:
        return fitting.reasons
    room = [s.headroom for s, _ in taken if not s.void and s.judged is judged]
    if fitting.reasons and all(each.at_least >= instalment.amount.amount for each in room):
        return fitting.reasons
    return fitting.reasons | {Reason.OVER_CEILING}


def _furthest(fits: list[tuple[Judged, Fit]]) -> list[tuple[Judged, Fit]]:
    """Those that may have met most conditions; one where that is certain, the first on a tie."""
    if len(fits) == 1:
        return fits
    # What may have no authority may not be there at all, and outdoes nothing for certain.
    far = max(
        [fitting.progress[0] for each, fitting in fits if each.authority.given is YES],
        default=0,
    )
    pool = [each for each in fits if each[1].progress[1] >= far]
    if all(fitting.progress == (far, far) for _, fitting in pool):
        first = pool[0]
        sure = first[0].authority.given is YES
        if sure and all(_granted_before(first[0], other) for other, _ in pool[1:]):
            return [first]
    return pool


def _granted_before(one: Judged, other: Judged) -> bool:
    first, second = one.commission.granted, other.commission.granted
    return ordered((first.decided, first.index), (second.decided, second.index)) is YES


def _flags(day: Span, around: Circumstances) -> tuple[str, ...]:
    """Rule 7g: missing admission and pause do not end cover but show."""
    flags = () if _ever_begun(around.admitted, day) else ("not_admitted",)
    paused = False
    for since, pausing in sorted(around.pauses, key=lambda pause: pause[0]):
        if begun(since, day) is not NO:
            paused = pausing
    return (*flags, "paused") if paused else flags


def _ever_begun(spans: Iterable[Span], day: Span) -> bool:
    return any(begun(each, day) is not NO for each in spans)
