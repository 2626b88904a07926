"""What happens to an instalment's shares after it was bound: assumption, refusal, credit.

Cover is decided on the day an instalment is bound; these alone change its answer from one `as_of`
to another (rules 6, 12 and 14).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.attribution.draw import ZERO
from govlog.domain.attribution.shares import Bearer, Reason, Share, Verdict
from govlog.domain.authorities import Authorities
from govlog.domain.authority import Authority, own_days
from govlog.domain.commitment import Credit, Instalment
from govlog.domain.facts import Facts
from govlog.domain.raising import assumption_of
from govlog.domain.risk import Assumption, Refusal
from govlog.domain.tri import MAYBE, NO, YES, Tri, begun, both
from govlog.domain.values import Key, Span, StreamId


class Exposure(Struct, frozen=True):
    """The shares over a stretch of `as_of` days; `valid_until` is the first day not."""

    valid_from: date
    valid_until: date | None
    certain: bool
    """False while it is uncertain whether the instalment was bound, or a credit had come."""
    shares: tuple[Share, ...]


class Takeover(Struct, frozen=True):
    """What the community has decided about the risk of one instalment."""

    assumptions: tuple[tuple[Assumption, Authority], ...] = ()
    refusals: tuple[Refusal, ...] = ()


NO_TAKEOVER = Takeover()


def takeovers(product: StreamId, facts: Facts) -> dict[Key, Takeover]:
    """Assumptions (with their authority, in order of their day) and refusals by instalment."""
    authorities = Authorities(facts)
    found: dict[Key, Takeover] = {}
    for stream in sorted(facts.citing(product, "risk")):
        risk = facts.risk(stream)
        if risk is None:
            continue
        for assumption in risk.assumptions:
            authority = authorities.of(assumption_of(assumption))
            if assumption.product == product and authority.given is not NO:
                held = found.get(assumption.instalment, NO_TAKEOVER)
                taken = (*held.assumptions, (assumption, authority))
                found[assumption.instalment] = replace(held, assumptions=taken)
        for refusal in risk.refusals:
            if refusal.product == product:
                held = found.get(refusal.instalment, NO_TAKEOVER)
                found[refusal.instalment] = replace(held, refusals=(*held.refusals, refusal))
    return {name: _in_order(held) for name, held in found.items()}


def _in_order(held: Takeover) -> Takeover:
    ordered = sorted(held.assumptions, key=lambda each: (each[1].works_from, each[0].taken.index))
    return replace(held, assumptions=tuple(ordered))


def timeline(
    verdict: Verdict, instalment: Instalment, takeover: Takeover = NO_TAKEOVER
) -> tuple[Exposure, ...]:
    """The instalment's whole validity timeline, oldest first, without gaps or overlaps."""
    if takeover is NO_TAKEOVER and not instalment.credits and instalment.bound.certain:
        return (Exposure(instalment.bound.earliest, None, True, verdict.shares),)
    days = sorted(set(_turning_days(instalment, takeover)))
    exposures: list[Exposure] = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        exposure = _on(day, following, verdict, instalment, takeover)
        last = exposures[-1] if exposures else None
        if last and (last.certain, last.shares) == (exposure.certain, exposure.shares):
            exposures[-1] = replace(last, valid_until=following)
        else:
            exposures.append(exposure)
    return tuple(exposures)


def _turning_days(instalment: Instalment, takeover: Takeover) -> Iterator[date]:
    yield from (instalment.bound.earliest, instalment.bound.latest)
    spans = [authority.works_from for _, authority in takeover.assumptions]
    spans += [own_days(refusal.taken) for refusal in takeover.refusals]
    spans += [credit.day for credit in instalment.credits]
    for each in spans:
        for day in (each.earliest, each.latest):
            if day > instalment.bound.earliest:
                yield day


def _on(
    day: date,
    following: date | None,
    verdict: Verdict,
    instalment: Instalment,
    takeover: Takeover,
) -> Exposure:
    today = Span(day, day)
    certain = begun(instalment.bound, today) is YES
    shares: Sequence[Share] = verdict.shares
    for credit in instalment.credits:
        came = begun(credit.day, today)
        if came is YES:
            shares = _credited(shares, credit)
        certain = certain and came is not MAYBE
    for assumption, authority in takeover.assumptions:
        taken = both(authority.given, begun(authority.works_from, today))
        if taken is not NO and assumption.currency == verdict.currency:
            shares = _taken_over(shares, assumption, authority, taken)
    if any(begun(own_days(each.taken), today) is YES for each in takeover.refusals):
        shares = [_declined(each) for each in shares]
    return Exposure(day, following, certain, tuple(shares))


def _credited(shares: Sequence[Share], credit: Credit) -> list[Share]:
    """Money that came back lowers the exposure drawn last first: what was over the ceiling goes."""
    left = credit.amount
    kept = []
    for share in reversed(shares):
        gone = min(left, share.amount)
        left -= gone
        if share.amount > gone:
            kept.append(replace(share, amount=share.amount - gone))
    return kept[::-1]


def _declined(share: Share) -> Share:
    return share if share.bearer is Bearer.COMMUNITY else replace(share, declined=True)


def _taken_over(
    shares: Sequence[Share], assumption: Assumption, authority: Authority, taken: Tri
) -> list[Share]:
    """Rule 12: at most what is at own risk, `authority_void` shares first."""
    left = assumption.amount
    parts: dict[int, list[Share]] = {}
    for place in sorted(range(len(shares)), key=lambda each: (_turn(shares[each]), each)):
        share = shares[place]
        amount = ZERO if share.bearer is Bearer.COMMUNITY else min(left, share.amount)
        left -= amount
        parts[place] = list(_parted(share, amount, assumption, authority, taken))
    return [part for place in range(len(shares)) for part in parts[place]]


def _turn(share: Share) -> int:
    if share.reason is Reason.AUTHORITY_VOID:
        return 0
    return 1 if share.bearer is Bearer.INVESTOR else 2


def _parted(
    share: Share, amount: Decimal, assumption: Assumption, authority: Authority, taken: Tri
) -> Iterator[Share]:
    if share.amount > amount:
        yield replace(share, amount=share.amount - amount)
    if not amount:
        return
    if taken is YES and share.reason is not Reason.UNDETERMINED:
        yield Share(
            amount,
            Bearer.COMMUNITY,
            Reason.ASSUMED,
            resolution=assumption.taken.resolution,
            proven=authority.proven,
            assumption=assumption.assumption,
            risk=assumption.risk,
            origin=share.reason,
            commission=share.commission,
            displaced_by=share.displaced_by,
        )
        return
    reasons = {*(share.reasons or (share.reason,)), Reason.ASSUMED}
    yield replace(
        share,
        amount=amount,
        bearer=Bearer.COMMUNITY if taken is YES else Bearer.UNDETERMINED,
        reason=Reason.UNDETERMINED,
        reasons=tuple(sorted(reasons)),
        assumption=assumption.assumption,
        risk=assumption.risk,
    )
