"""A resolution is put on the table, put off, or taken off it before it is decided."""

from __future__ import annotations

from govlog.domain.body.backing import require_alive
from govlog.domain.body.body import superiors
from govlog.domain.errors import RuleViolation
from govlog.domain.events.resolution import (
    ItemKind,
    ResolutionPostponed,
    ResolutionTabled,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
)
from govlog.domain.facts import Facts, Given
from govlog.domain.refusals import (
    existing,
    known_body,
    known_meeting,
    known_resolution,
    require_known,
    require_new,
)
from govlog.domain.resolution.order import require_not_before
from govlog.domain.resolution.states import Resolution
from govlog.domain.values import StreamId


class AuthorisesNothing(RuleViolation):
    """Information and discussion items authorise nothing (rule 15)."""

    slug = "authorises-nothing"
    rule = 15


class IsPostponed(RuleViolation):
    """What was postponed is decided once it is on the table again."""

    slug = "resolution-postponed"


class IsOnTheTable(RuleViolation):
    """Only what was postponed is tabled again."""

    slug = "resolution-on-the-table"


class NoMeetingForIt(RuleViolation):
    """An item is taken up at a meeting of its own body that is still to be held (rule 15)."""

    slug = "no-meeting-for-it"
    rule = 15


class VotingIsOpen(RuleViolation):
    """An open round ends with its count (rule 23)."""

    slug = "voting-is-open"
    rule = 23


class WrongOptions(RuleViolation):
    """A scored vote chooses between options that are told apart by their keys (rule 25)."""

    slug = "wrong-options"
    rule = 25


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
    require_known(given.facts, proposed.recommended_by, "recommended_by")
    _require_meeting(proposed.meeting, proposed.body, "meeting", given)
    if proposed.supersedes is not None:
        old = known_resolution(given.facts, proposed.supersedes, "supersedes")
        if not given.importing:
            require_own_or_above(proposed.body, old, given.facts)
    _require_options(proposed)
    acts = proposed.authorises or any(each.authorises for each in proposed.options)
    if proposed.kind is not ItemKind.DECISION and acts and not given.importing:
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


def postpone_resolution(
    resolution: Resolution | None, proposed: ResolutionPostponed, given: Given
) -> ResolutionPostponed:
    """Put it off undecided; it stands open until it is tabled again, withdrawn or decided."""
    held = existing(resolution, "resolution")
    require_on_the_table(held)
    require_closed(held)
    _require_meeting(proposed.to, held.body, "to", given)
    if not given.importing:
        require_not_before(proposed, held.tablings[-1].day, "it was tabled", given)
    return proposed


def table_again(
    resolution: Resolution | None, proposed: ResolutionTabledAgain, given: Given
) -> ResolutionTabledAgain:
    """Take up again what was postponed."""
    held = existing(resolution, "resolution")
    require_undecided(held)
    if held.postponed is None:
        raise IsOnTheTable(
            "the resolution was not postponed", mend="it is on the table: vote on it"
        )
    _require_meeting(proposed.meeting, held.body, "meeting", given)
    if not given.importing:
        require_not_before(proposed, held.postponed.day, "it was postponed", given)
    return proposed


def require_on_the_table(resolution: Resolution) -> None:
    """Refuse what cannot happen to a resolution that is off the table."""
    require_undecided(resolution)
    if resolution.postponed is not None:
        raise IsPostponed(
            f"the resolution was postponed on {resolution.postponed.day.latest}",
            mend="table it again first",
            to=resolution.postponed.to,
        )


def require_closed(resolution: Resolution) -> None:
    """Refuse what cannot happen while ballots are being cast."""
    if resolution.open_round is not None:
        raise VotingIsOpen(
            f"voting is open in round {resolution.open_round.number}",
            mend="close that round first",
            round=resolution.open_round.number,
        )


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


def _require_options(proposed: ResolutionTabled) -> None:
    keys = [each.option for each in proposed.options]
    if len(keys) != len(set(keys)):
        raise WrongOptions(
            "two options have one key", mend="give each option a key of its own", options=keys
        )


def _require_meeting(meeting: StreamId | None, body: StreamId, field: str, given: Given) -> None:
    if meeting is None:
        return
    named = known_meeting(given.facts, meeting, field)
    if given.importing:
        return
    if named.body != body:
        why, mend = f"is a meeting of {named.body}", f"name a meeting of {body}"
    elif named.cancelled is not None:
        why, mend = "was cancelled", "name another meeting"
    else:
        return
    raise NoMeetingForIt(f"{meeting} {why}", mend=mend, field=field, meeting=meeting)
