"""Outcomes without ballots in this log: minuted, or historical as a source gives them."""

from __future__ import annotations

from msgspec.structs import replace

from govlog.domain.errors import RuleViolation
from govlog.domain.events.resolution import (
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    RollFixed,
)
from govlog.domain.facts import Given
from govlog.domain.refusals import existing, known_body
from govlog.domain.resolution.at_meeting import roll_taken
from govlog.domain.resolution.balloting import NotOnRoll
from govlog.domain.resolution.entitlement import EmptyRoll, FixRoll, members_among, sitting_in
from govlog.domain.resolution.order import require_not_before
from govlog.domain.resolution.roll import roll_of
from govlog.domain.resolution.states import Resolution
from govlog.domain.resolution.tabling import (
    require_closed,
    require_on_the_table,
    require_undecided,
)
from govlog.domain.voting import Explanation, minuted


class RollIsMade(RuleViolation):
    """In live recording the roll is made from the body's seats of the day (rule 23)."""

    slug = "roll-is-made"
    rule = 23


class QuorumSaysOtherwise(RuleViolation):
    """An inquorate decision lapses, a quorate one does not (rules 24 and 26)."""

    slug = "quorum-says-otherwise"
    rule = 26


class NoSuchOption(RuleViolation):
    """What carries of several options is one of them (rule 25)."""

    slug = "no-such-option"
    rule = 25


class HistoricalOnly(RuleViolation):
    """An outcome without vote or minutes is recorded in imports only (rule 16)."""

    slug = "historical-only"
    rule = 16


def minute_outcome(
    resolution: Resolution | None, proposed: OutcomeMinuted, given: Given
) -> OutcomeMinuted:
    """Record consensus or a written procedure, with the roll and who took part.

    An alternate among those present sits in for a member who is not.
    """
    held = existing(resolution, "resolution")
    require_on_the_table(held)
    require_closed(held)
    _require_option(held, proposed, given)
    proposed = _with_who_was_there(held, proposed, given)
    if given.importing:
        return replace(proposed, roll=proposed.roll or _roll_if_known(held, proposed, given))
    if proposed.roll is not None:
        raise RollIsMade(
            "the roll is made from the seats of the day", mend="leave roll out, list present"
        )
    require_not_before(proposed, held.tabled, "the resolution was tabled", given)
    roll = _roll(held, proposed, given)
    _require_on_roll(roll, proposed)
    _require_quorum(held, roll, proposed)
    return replace(proposed, roll=roll)


def record_outcome(
    resolution: Resolution | None, proposed: OutcomeRecorded, given: Given
) -> OutcomeRecorded:
    """Store a historical outcome as its source gives it; mismatches are flagged, never repaired."""
    held = existing(resolution, "resolution")
    require_undecided(held)
    if not given.importing:
        raise HistoricalOnly(
            "an outcome as a source gives it is recorded in an import",
            mend="fix the roll and vote, or minute the outcome; for history use an import",
        )
    _require_option(held, proposed, given)
    return proposed


def _require_option(
    resolution: Resolution, proposed: OutcomeMinuted | OutcomeRecorded, given: Given
) -> None:
    options = [each.option for each in resolution.options]
    needed = bool(options) and proposed.outcome is OutcomeWord.CARRIED and not given.importing
    if proposed.option in options or (proposed.option is None and not needed):
        return
    raise NoSuchOption(
        f"{proposed.option or 'no option'} is named as carried",
        mend=f"name one of {', '.join(options)}" if options else "leave option out",
        option=proposed.option,
        options=options,
    )


def _with_who_was_there(
    resolution: Resolution, proposed: OutcomeMinuted, given: Given
) -> OutcomeMinuted:
    """Those present at the meeting, where it is minuted of one and names nobody itself."""
    if proposed.meeting is None or proposed.present:
        return proposed
    taken = roll_taken(resolution, proposed.meeting, proposed, given)
    on_roll = [each.seat for each in taken.seats if each.seat in taken.present]
    return replace(proposed, present=tuple(on_roll))


def _roll(resolution: Resolution, proposed: OutcomeMinuted, given: Given) -> RollFixed:
    asked = FixRoll(decided_on=proposed.decided_on, meeting=proposed.meeting)
    if proposed.meeting is None:
        body = known_body(given.facts, resolution.body, "body")
        asked = replace(
            asked,
            alternates=sitting_in(body, proposed.present),
            held=members_among(body, proposed.present),
        )
    return roll_of(resolution, asked, given)


def _roll_if_known(
    resolution: Resolution, proposed: OutcomeMinuted, given: Given
) -> RollFixed | None:
    """A source may minute a decision of a body whose seats nobody recorded."""
    try:
        return _roll(resolution, proposed, given)
    except EmptyRoll:
        return None


def _require_on_roll(roll: RollFixed, proposed: OutcomeMinuted) -> None:
    strangers = sorted(set(proposed.present) - {each.seat for each in roll.seats})
    if strangers:
        raise NotOnRoll(
            f"{', '.join(strangers)} took part but are not on the roll",
            mend="list in present only seats of that day; an alternate where the member is absent",
            seats=strangers,
        )


def _require_quorum(resolution: Resolution, roll: RollFixed, proposed: OutcomeMinuted) -> None:
    found = explained(resolution, roll, proposed)
    lapsed = proposed.outcome is OutcomeWord.LAPSED
    if found.quorum_met is not lapsed:
        return
    raise QuorumSaysOtherwise(
        f"{found.present} of {found.seated} took part and {found.quorum_needed} make a quorum",
        mend="list everyone who took part in present; the outcome is lapsed exactly when the"
        " quorum is not met",
        present=found.present,
        seated=found.seated,
        quorum_needed=found.quorum_needed,
        outcome=proposed.outcome,
    )


def explained(resolution: Resolution, roll: RollFixed, proposed: OutcomeMinuted) -> Explanation:
    conflicts = resolution.conflicts & {each.seat for each in roll.seats}
    return minuted(roll, proposed.present, conflicts, proposed.manner, proposed.outcome)
