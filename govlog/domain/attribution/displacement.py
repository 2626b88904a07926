"""Shares that lose their place to a fact recorded later keep its name (rule 11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from govlog.domain.attribution.draw import ZERO
from govlog.domain.attribution.shares import Bearer, Reason, Share, Verdict

Marks = list[tuple[str, Decimal]]


def carry(previous: Verdict | None, fresh: Verdict, fact: str) -> Verdict:
    """Mark in `fresh` what `previous` had covered and no longer has, with the fact that took it.

    What an annulment took away already shows as `authority_void` and is not marked twice; cover
    that comes back takes the last marks off first. Nothing is lost or comes back with an amount
    that a correction makes smaller or larger.
    """
    if previous is None or previous.currency != fresh.currency:
        return fresh
    marks = _marks(previous)
    voided = max(ZERO, _void(fresh) - _void(previous))
    lost = previous.borne_by(Bearer.COMMUNITY) - fresh.borne_by(Bearer.COMMUNITY) - voided
    grown = _total(fresh) - _total(previous)
    if lost + min(grown, ZERO) > ZERO:
        marks.append((fact, lost + min(grown, ZERO)))
    elif lost + max(grown, ZERO) < ZERO:
        marks = _without_last(marks, -lost - max(grown, ZERO))
    if not marks:
        return fresh
    return replace(fresh, shares=tuple(_marked(fresh.shares, marks)))


def marked_as(previous: Verdict | None, fresh: Verdict) -> Verdict:
    """`fresh` with the marks that `previous` bears, the same verdict as it is shown.

    Where it has moved since, the marks stay on what is still lost, as far as they go.
    """
    if previous is None or not (marks := _marks(previous)):
        return fresh
    return replace(fresh, shares=tuple(_marked(fresh.shares, marks)))


def _total(verdict: Verdict) -> Decimal:
    return sum((s.amount for s in verdict.shares), ZERO)


def _void(verdict: Verdict) -> Decimal:
    return sum((s.amount for s in verdict.shares if s.reason is Reason.AUTHORITY_VOID), ZERO)


def _marks(verdict: Verdict) -> Marks:
    return [(s.displaced_by, s.amount) for s in verdict.shares if s.displaced_by is not None]


def _without_last(marks: Marks, amount: Decimal) -> Marks:
    kept = list(marks)
    while kept and amount > ZERO:
        fact, held = kept.pop()
        if held > amount:
            kept.append((fact, held - amount))
        amount -= held
    return kept


def _marked(shares: Sequence[Share], marks: Marks) -> Iterator[Share]:
    left = list(marks)
    for share in shares:
        if share.bearer is Bearer.COMMUNITY or share.reason is Reason.AUTHORITY_VOID:
            yield share
            continue
        remaining = share.amount
        while left and remaining:
            fact, amount = left.pop(0)
            taken = min(amount, remaining)
            yield replace(share, amount=taken, displaced_by=fact)
            remaining -= taken
            if amount > taken:
                left.insert(0, (fact, amount - taken))
        if remaining:
            yield replace(share, amount=remaining)
