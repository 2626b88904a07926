"""A resolution is put on the table, or taken off it before it is decided."""

from __future__ import annotations

from govlog.domain.body.backing import require_alive
from govlog.domain.body.body import superiors
from govlog.domain.errors import RuleViolation
from govlog.domain.events.resolution import ItemKind, ResolutionTabled, ResolutionWithdrawn
from govlog.domain.facts import Facts, Given
from govlog.domain.refusals import (
    existing,
    known_body,
    known_resolution,
    require_known,
    require_new,
)
from govlog.domain.resolution.resolution import Resolution
from govlog.domain.values import StreamId


class AuthorisesNothing(RuleViolation):
    """Information and discussion items authorise nothing (rule 15)."""

    slug = "authorises-nothing"
    rule = 15


class IsWithdrawn(RuleViolation):
    slug = "resolution-withdrawn"


class IsDecided(RuleViolation):
    """A resolution that carried takes no new round (rule 26)."""

    slug = "resolution-decided"
    rule = 26


class NotItsToUndo(RuleViolation):
    """A resolution is superseded or annulled by its own body or one above it (rules 17 and 21)."""

    slug = "not-its-to-undo"
    rule = 21


def table_resolution(
    resolution: Resolution | None, proposed: ResolutionTabled, given: Given
) -> ResolutionTabled:
    """Put an item before a body; the product it would authorise need not be proposed yet."""
    require_new(resolution, "resolution")
    body = known_body(given.facts, proposed.body, "body")
    require_alive(body, proposed, given)
    require_known(given.facts, proposed.debate, "debate")
    if proposed.supersedes is not None:
        old = known_resolution(given.facts, proposed.supersedes, "supersedes")
        if not given.importing:
            require_own_or_above(proposed.body, old, given.facts)
    if proposed.kind is not ItemKind.DECISION and proposed.authorises and not given.importing:
        raise AuthorisesNothing(
            f"an item for {proposed.kind} authorises nothing",
            mend="leave authorises out, or table it as a decision",
            kind=proposed.kind,
        )
    return proposed


def withdraw_resolution(
    resolution: Resolution | None, proposed: ResolutionWithdrawn, given: Given
) -> ResolutionWithdrawn:
    """Take it off the table; one that carried is superseded or annulled instead."""
    held = existing(resolution, "resolution")
    require_undecided(held)
    return proposed


def require_undecided(resolution: Resolution) -> None:
    """Refuse what cannot happen to a resolution that carried or was withdrawn."""
    if resolution.withdrawn:
        raise IsWithdrawn("the resolution was withdrawn", mend="table it anew as another one")
    if resolution.carried:
        raise IsDecided(
            "the resolution has carried and takes no new round",
            mend="table another resolution that supersedes or annuls it",
            outcome="carried",
        )


def require_own_or_above(body: StreamId, old: Resolution, facts: Facts) -> None:
    """Refuse that a body undoes what a body beside or above it has resolved."""
    owner = facts.body(old.body)
    accepted = {old.body, *(superiors(owner, facts) if owner else ())}
    if body not in accepted:
        raise NotItsToUndo(
            f"{old.stream} is a resolution of {old.body}, which {body} is not above",
            mend=f"have it resolved by {' or '.join(sorted(accepted))}",
            body=body,
            accepted=sorted(accepted),
        )
