"""Refuses live acts without authority: what was resolved must cover them (rules 15, 16)."""

from __future__ import annotations

from govlog.domain.authorities import AnyAct, Authorities
from govlog.domain.authority import Authority, Flaw
from govlog.domain.errors import RuleViolation
from govlog.domain.facts import Given
from govlog.domain.tri import Tri

_MENDS = {
    Flaw.NO_RESOLUTION: "name the carried resolution that authorises it",
    Flaw.NOT_RECORDED: "record the resolution first, or have it approved where it is pending",
    Flaw.NOT_A_DECISION: "cite an item of kind decision; no other kind authorises",
    Flaw.NOT_CARRIED: "close the voting first; only a carried resolution authorises",
    Flaw.ANNULLED: "cite a resolution that stands",
    Flaw.SUPERSEDED: "cite the resolution that superseded it",
    Flaw.NOT_AUTHORISED: "stay within the acts, product and amount that the resolution names",
    Flaw.DISSOLVED: "cite a resolution from before the body was dissolved",
    Flaw.NO_MANDATE: "record the body's mandate first",
    Flaw.OUTSIDE_MANDATE: "have it resolved by a body whose mandate covers this act and product",
    Flaw.OVER_LIMIT: "stay within the mandate's limit, or have a body with a larger one resolve it",
}


class WithoutAuthority(RuleViolation):
    """The act cites no carried decision of a body whose mandate covered it that day."""

    slug = "without-authority"
    rule = 15


def require_authority(act: AnyAct, given: Given) -> Authority | None:
    """Refuse a live act without certain authority; imports show it as void or unproven."""
    if given.importing:
        return None
    authority = Authorities(given.facts).of(act)
    if authority.given is Tri.YES:
        return authority
    flaw = authority.flaw or Flaw.OVER_LIMIT
    raise WithoutAuthority(
        f"nothing shown authorises this {act.kind.replace('_', ' ')}: {flaw.replace('_', ' ')}",
        mend=_MENDS[flaw],
        act=act.kind,
        product=act.product,
        resolution=act.taken.resolution,
        flaw=flaw,
    )
