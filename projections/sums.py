"""What one instalment adds to the sums of its product, from day to day, at least and at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import sub

from govlog.domain.attribution import Bearer, Exposure, Reason, Share, Verdict
from govlog.domain.values import Key, cents
from projections.running import Vector

NONE = Decimal("0.00")
EXPOSED = 7
"""The width of `exposed`."""
DRAWN = 2
"""The width of `drawn`: at least, at most."""
# By names of this module: a member of an enumeration is dear to look up.
_COMMUNITY, _INVESTOR, _COVERED = Bearer.COMMUNITY, Bearer.INVESTOR, Reason.COVERED
_NOTHING: Vector = (NONE,) * EXPOSED


def exposed(exposures: Sequence[Exposure]) -> Iterator[tuple[date, Vector]]:
    """Bound, borne by the community and by the investor, each at least and at most; then what is
    open. On days that partial dates leave open the least is nothing: a bound, as in rule 13."""
    before = _NOTHING
    for exposure in exposures:
        after = _on(exposure)
        yield exposure.valid_from, after if before is _NOTHING else tuple(map(sub, after, before))
        before = after


def _on(exposure: Exposure) -> Vector:
    community = investor = undetermined = listed = NONE
    for share in exposure.shares:
        amount = cents(share.amount)
        if share.bearer is _COMMUNITY:
            community += amount
        elif share.bearer is _INVESTOR:
            investor += amount
        else:
            undetermined += amount
        if share.open:
            listed += amount
    most = community + investor + undetermined
    if not exposure.certain:
        return NONE, most, NONE, community + undetermined, NONE, investor + undetermined, listed
    return (
        most,
        most,
        community,
        community + undetermined,
        investor,
        investor + undetermined,
        listed,
    )


def drawn(verdict: Verdict) -> Iterator[tuple[Key, date, Vector]]:
    """What the instalment takes from the ceiling of each commission, from which day."""
    for share in verdict.shares:
        if share.reason is _COVERED and share.commission is not None:
            amount, bound = cents(share.amount), verdict.bound
            if bound.certain:
                yield share.commission, bound.earliest, (amount, amount)
            else:
                yield share.commission, bound.earliest, (NONE, amount)
                yield share.commission, bound.latest, (amount, NONE)
        elif share.reason is Reason.UNDETERMINED and _may_be_covered(share):
            for commission in share.commissions:
                yield commission, verdict.bound.earliest, (NONE, cents(share.amount))


def _may_be_covered(share: Share) -> bool:
    return _COVERED in share.reasons
