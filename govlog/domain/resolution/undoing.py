"""What may become of a resolution that carried: superseded by a later one, or annulled."""

from __future__ import annotations

from govlog.domain.errors import RuleViolation
from govlog.domain.events.resolution import ResolutionAnnulled, ResolutionSuperseded
from govlog.domain.facts import Given
from govlog.domain.refusals import AlreadyRecorded, existing, known_resolution
from govlog.domain.resolution.balloting import counted
from govlog.domain.resolution.order import require_not_before
from govlog.domain.resolution.states import Outcome, Resolution
from govlog.domain.resolution.tabling import require_own_or_above
from govlog.domain.standing import comes_after, standing
from govlog.domain.tri import Tri

CONFLICTED_VOTE = "conflicted_vote"
RULING = "ruling"
GROUNDS = ("inquorate", CONFLICTED_VOTE, "outside_mandate", RULING)


class NothingToUndo(RuleViolation):
    """Only what carried has an authority to lose (rules 17 and 21)."""

    slug = "nothing-to-undo"
    rule = 21


class NotALaterOne(RuleViolation):
    """Only a later resolution that carried and stands supersedes (rule 17)."""

    slug = "not-a-later-one"
    rule = 17


class UnknownGround(RuleViolation):
    """An annulment has one of the grounds of rule 21."""

    slug = "unknown-ground"
    rule = 21


class AnnulsWithout(RuleViolation):
    """An annulment cites a resolution that stands, or a ruling (rule 21)."""

    slug = "annuls-without"
    rule = 21


class NotDecisive(RuleViolation):
    """Outcome and quorum are the same without the conflicted ballot (rule 27)."""

    slug = "not-decisive"
    rule = 27


def supersede_resolution(
    resolution: Resolution | None, proposed: ResolutionSuperseded, given: Given
) -> ResolutionSuperseded:
    """Record that a later one takes its place; what was granted under it stays (rule 17)."""
    held = existing(resolution, "resolution")
    outcome = _require_carried(held)
    later = known_resolution(given.facts, proposed.by, "by")
    if any(each.by == later.stream for each in held.superseded_by):
        raise AlreadyRecorded(
            f"{later.stream} supersedes it already",
            mend="nothing more needs to be recorded",
            by=later.stream,
        )
    if later.outcome is None or not standing(later, given.facts):
        why, mend = "has not carried, or is annulled", "name one that carried and stands"
    elif later.stream == held.stream or comes_after(later.outcome, outcome) is Tri.NO:
        why, mend = "is not later", "name one that carried after it"
    else:
        if not given.importing:
            require_own_or_above(later.body, held, given.facts)
            require_not_before(proposed, later.outcome.day, "the later one carried", given)
        return proposed
    raise NotALaterOne(f"{later.stream} {why}", mend=mend, by=later.stream)


def annul_resolution(
    resolution: Resolution | None, proposed: ResolutionAnnulled, given: Given
) -> ResolutionAnnulled:
    """Take its authority away from the start, by a resolution that stands or by a ruling."""
    held = existing(resolution, "resolution")
    _require_carried(held)
    if proposed.ground not in GROUNDS:
        raise UnknownGround(
            f"{proposed.ground!r} is no ground for an annulment",
            mend=f"use {', '.join(GROUNDS)}",
            ground=proposed.ground,
        )
    _require_cited(held, proposed, given)
    if proposed.ground == CONFLICTED_VOTE:
        _require_decisive(held)
    return proposed


def _require_carried(resolution: Resolution) -> Outcome:
    if resolution.outcome is None or not resolution.carried:
        raise NothingToUndo(
            "the resolution has not carried, so it has no authority to lose",
            mend="withdraw it, or leave it as it is",
        )
    return resolution.outcome


def _require_cited(annulled: Resolution, proposed: ResolutionAnnulled, given: Given) -> None:
    """Rule 21: it takes effect only if what it cites stood when it was recorded."""
    if proposed.resolution is None:
        if proposed.ruling is None:
            raise AnnulsWithout(
                "the annulment cites nothing", mend="name the resolution or the ruling it rests on"
            )
        return
    if proposed.ground == RULING and proposed.ruling is None:
        raise AnnulsWithout("no ruling is cited", mend="name the ruling it rests on")
    cited = known_resolution(given.facts, proposed.resolution, "resolution")
    if cited.outcome is None or cited.stream == annulled.stream or not standing(cited, given.facts):
        raise AnnulsWithout(
            f"{cited.stream} has not carried, is annulled, or is the one to be annulled",
            mend="cite another resolution that carried and stands",
            resolution=cited.stream,
        )
    if not given.importing:
        require_own_or_above(cited.body, annulled, given.facts)
        require_not_before(proposed, cited.outcome.day, "the annulling one carried", given)


def _require_decisive(resolution: Resolution) -> None:
    """Rule 27: refused unless outcome or quorum differ without the ballots shown conflicted."""
    held = resolution.deciding_round
    if held is None or held.minuted is not None or not held.shown_later:
        raise NotDecisive(
            "no conflict with a ballot in this log was shown after the count",
            mend="declare the conflict first; without ballots annul by a ruling",
        )
    before, after = counted(held), counted(held, held.shown_later)
    if (before.word, before.option, before.quorum_met) == (
        after.word,
        after.option,
        after.quorum_met,
    ):
        raise NotDecisive(
            "without the conflicted ballots outcome and quorum are the same",
            mend="the outcome stands; nothing is to be annulled on this ground",
            conflicts=sorted(held.shown_later),
            outcome=after.word,
            present=after.present,
            quorum_needed=after.quorum_needed,
        )
