"""What a body may decide: mandates granted and ended."""

from __future__ import annotations

from govlog.domain.body.backing import givers, require_alive, require_backing
from govlog.domain.body.body import Body
from govlog.domain.errors import RuleViolation
from govlog.domain.events.body import LimitKind, MandateEnded, MandateGranted
from govlog.domain.facts import Given
from govlog.domain.refusals import AlreadyRecorded, existing, require_unused
from govlog.domain.values import Key


class EmptyMandate(RuleViolation):
    """A mandate names the kinds of act it covers (rule 15)."""

    slug = "empty-mandate"
    rule = 15


class LimitMismatch(RuleViolation):
    """A limit is an amount per act or for a budget; an unlimited mandate has none (rule 15)."""

    slug = "limit-mismatch"
    rule = 15


class NoSuchMandate(RuleViolation):
    slug = "no-such-mandate"
    rule = 15


def grant_mandate(body: Body | None, proposed: MandateGranted, given: Given) -> MandateGranted:
    """Record what a body may decide, on a resolution from above or (founded bodies) the bylaws."""
    held = existing(body, "body")
    require_unused(proposed.mandate, proposed.mandate in held.mandates, "mandate")
    require_alive(held, proposed, given)
    if not proposed.acts:
        raise EmptyMandate(
            "the mandate covers no kind of act", mend="list the kinds of act it covers in acts"
        )
    _require_fitting_limit(proposed)
    require_backing(
        proposed.resolution,
        proposed,
        given,
        bylaws=held.on_bylaws,
        by=givers(held, given.facts),
    )
    return proposed


def end_mandate(body: Body | None, proposed: MandateEnded, given: Given) -> MandateEnded:
    """End a mandate from a day on; what it covered before stands."""
    held = existing(body, "body")
    mandate = held.mandates.get(proposed.mandate)
    if mandate is None:
        raise _no_such(proposed.mandate, held)
    if mandate.ended is not None:
        raise AlreadyRecorded(
            f"the mandate {proposed.mandate!r} has ended already",
            mend="nothing more needs to be recorded",
            mandate=proposed.mandate,
            ended_on=mandate.ended.latest.isoformat(),
        )
    return proposed


def _require_fitting_limit(proposed: MandateGranted) -> None:
    require_limit(proposed)
    if proposed.limit_kind is LimitKind.UNLIMITED and proposed.limit is not None:
        raise _mismatch(proposed, "has no limit")


def require_limit(granted: MandateGranted) -> None:
    """Where a mandate is limited, it says by what; LimitMismatch where it does not."""
    if granted.limit_kind is not LimitKind.UNLIMITED and granted.limit is None:
        raise _mismatch(granted, "needs a limit")


def _mismatch(granted: MandateGranted, why: str) -> LimitMismatch:
    return LimitMismatch(
        f"a mandate that is {granted.limit_kind.replace('_', ' ')} {why}",
        mend="give limit_kind per_act or budget with a limit, or unlimited without",
        limit_kind=granted.limit_kind,
    )


def _no_such(mandate: Key, body: Body) -> NoSuchMandate:
    return NoSuchMandate(
        f"the body has no mandate {mandate!r}",
        mend="name one of its mandates",
        mandate=mandate,
        mandates=sorted(body.mandates),
    )
