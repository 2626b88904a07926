"""What a body's existence, rules and mandates rest on: a resolution that stands, or the bylaws."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from govlog.domain.body.body import Body, superiors
from govlog.domain.errors import RuleViolation
from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import ItemKind
from govlog.domain.facts import Facts, Given
from govlog.domain.refusals import known_resolution
from govlog.domain.standing import standing, superseded_on
from govlog.domain.tri import Tri, begun
from govlog.domain.values import Span, StreamId, span

if TYPE_CHECKING:
    from govlog.domain.resolution import Resolution


class NotBacked(RuleViolation):
    """Nothing shown gives the body what is to be recorded."""

    slug = "not-backed"
    rule = 15


class NotByThatBody(RuleViolation):
    """A body takes its mandate from above, not from itself or from beside."""

    slug = "not-by-that-body"
    rule = 15


class BodyDissolvedBefore(RuleViolation):
    """A body that is dissolved decides nothing and is given nothing."""

    slug = "body-dissolved"
    rule = 15


def require_backing(
    resolution: StreamId | None,
    proposed: Fact,
    given: Given,
    *,
    bylaws: bool,
    by: Collection[StreamId] | None = None,
) -> None:
    """Refuse, in live recording, what neither a resolution nor (where they may) the bylaws give.

    `by` are the bodies whose resolution may; None means any.
    """
    if resolution is not None:
        cited = known_resolution(given.facts, resolution, "resolution")
        if not given.importing:
            require_standing(cited, span(proposed.decided_on, given.recorded_on), given.facts)
            _require_by(cited, by)
        return
    if given.importing or (bylaws and proposed.evidence):
        return
    also = ", or the bylaws as evidence" if bylaws else ""
    raise NotBacked(
        "no resolution is named that gives this" + (", and no evidence" if bylaws else ""),
        mend=f"name the carried resolution{also}",
    )


def require_standing(resolution: Resolution, day: Span, facts: Facts) -> None:
    """Refuse a resolution that could not authorise anything on a day (rules 15, 17 and 21)."""
    if resolution.kind is not ItemKind.DECISION:
        why, mend = "is an item for information or discussion", "cite an item of kind decision"
    elif resolution.outcome is None or not resolution.carried:
        why, mend = "has not carried", "close the voting first, or cite one that carried"
    elif not standing(resolution, facts):
        why, mend = "is annulled", "cite a resolution that stands"
    elif begun(resolution.outcome.day, day) is Tri.NO:
        why, mend = "carried after that day", "state a day on or after the one it carried"
    elif (successor := superseded_on(resolution, facts)) and begun(successor, day) is not Tri.NO:
        why, mend = "was superseded by that day", "cite the resolution that superseded it"
    else:
        return
    raise NotBacked(
        f"{resolution.stream} {why}, so it authorises nothing here",
        mend=mend,
        resolution=resolution.stream,
    )


def require_alive(body: Body, proposed: Fact, given: Given) -> None:
    day = span(proposed.decided_on, given.recorded_on)
    if body.dissolved is not None and begun(body.dissolved, day) is Tri.YES:
        raise BodyDissolvedBefore(
            f"{body.stream} was dissolved by {body.dissolved.latest}",
            mend="state a day before that, or name a body that exists",
            body=body.stream,
            dissolved_on=body.dissolved.latest.isoformat(),
        )


def givers(body: Body, facts: Facts) -> set[StreamId]:
    """The bodies whose resolutions may give this one a mandate.

    Those above it and the one that set it up; a body on bylaws with nobody above it, itself.
    """
    above = set(superiors(body, facts))
    if body.resolution is not None and (set_up := facts.resolution(body.resolution)) is not None:
        above.add(set_up.body)
    if not above and body.on_bylaws:
        above.add(body.stream)
    return above


def _require_by(resolution: Resolution, by: Collection[StreamId] | None) -> None:
    if by is None or resolution.body in by:
        return
    raise NotByThatBody(
        f"{resolution.stream} is a resolution of {resolution.body}, which cannot give this",
        mend=f"cite a resolution of {' or '.join(sorted(by)) or 'a superior body'}",
        body=resolution.body,
        accepted=sorted(by),
    )
