"""How a resolution moves on: from the table to the outcome, and what becomes of it."""

from __future__ import annotations

from msgspec.structs import replace

from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    ResolutionPostponed,
    ResolutionSuperseded,
    ResolutionTabled,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
    RollFixed,
    VoteCast,
)
from govlog.domain.resolution.states import (
    Annulment,
    Cast,
    Outcome,
    Postponement,
    Proof,
    Resolution,
    Round,
    Supersession,
    Tabling,
)
from govlog.domain.stream import Recorded

Count = ResolutionCarried | ResolutionLost | ResolutionLapsed
_WORD: dict[type[Fact], OutcomeWord] = {
    ResolutionCarried: OutcomeWord.CARRIED,
    ResolutionLost: OutcomeWord.LOST,
    ResolutionLapsed: OutcomeWord.LAPSED,
}


def evolve(resolution: Resolution | None, recorded: Recorded[Fact]) -> Resolution | None:
    """The resolution after one more fact; what is out of place leaves it as it is."""
    fact = recorded.fact
    match fact:
        case ResolutionTabled():
            return resolution or _tabled(fact, recorded)
        case _ if resolution is None:
            return None
        case VoteCast() | RollFixed() | ConflictDeclared():  # the most frequent first
            return _voting(resolution, fact, recorded)
        case ResolutionCarried() | ResolutionLost() | ResolutionLapsed():
            return _counted(resolution, fact, recorded)
        case OutcomeMinuted():
            return _minuted(resolution, fact, recorded)
        case OutcomeRecorded():
            return _historical(resolution, fact, recorded)
        case ResolutionPostponed() | ResolutionTabledAgain() | ResolutionWithdrawn():
            return _on_and_off_the_table(resolution, fact, recorded)
        case ItemOpened() | ResolutionSuperseded():
            return _loosened(resolution, fact, recorded)
        case ResolutionAnnulled():
            annulled = Annulment(
                ground=fact.ground,
                resolution=fact.resolution,
                ruling=fact.ruling,
                index=recorded.index,
                explanation=fact.explanation,
                day=recorded.decided,
            )
            return replace(resolution, annulments=(*resolution.annulments, annulled))
        case _:
            return resolution


def _loosened(
    resolution: Resolution, fact: ItemOpened | ResolutionSuperseded, recorded: Recorded[Fact]
) -> Resolution:
    if isinstance(fact, ItemOpened):
        return replace(resolution, confidential=False)
    superseded = Supersession(fact.by, recorded.index)
    return replace(resolution, superseded_by=(*resolution.superseded_by, superseded))


def _tabled(fact: ResolutionTabled, recorded: Recorded[Fact]) -> Resolution:
    return Resolution(
        stream=recorded.stream,
        body=fact.body,
        kind=fact.kind,
        title=fact.title,
        tabled=recorded.decided,
        index=recorded.index,
        authorises=fact.authorises,
        supersedes=fact.supersedes,
        debate=fact.debate,
        fiction=fact.fiction,
        case_paper=fact.case_paper,
        confidential=fact.confidential,
        tablings=(Tabling(fact.meeting, recorded.decided, recorded.index),),
        recommended_by=fact.recommended_by,
        options=fact.options,
    )


def _on_and_off_the_table(
    resolution: Resolution,
    fact: ResolutionPostponed | ResolutionTabledAgain | ResolutionWithdrawn,
    recorded: Recorded[Fact],
) -> Resolution:
    if isinstance(fact, ResolutionWithdrawn):
        return replace(resolution, withdrawn=resolution.withdrawn or recorded.decided)
    if not _may_vote(resolution) or resolution.open_round is not None:
        return resolution
    *before, last = resolution.tablings
    match fact:
        case ResolutionPostponed(to=to, grounds=grounds) if last.postponed is None:
            off = Postponement(recorded.decided, recorded.index, to, grounds)
            return replace(resolution, tablings=(*before, replace(last, postponed=off)))
        case ResolutionTabledAgain(meeting=meeting) if last.postponed is not None:
            again = Tabling(meeting, recorded.decided, recorded.index)
            return replace(resolution, tablings=(*resolution.tablings, again))
    return resolution


def _voting(
    resolution: Resolution,
    fact: RollFixed | VoteCast | ConflictDeclared,
    recorded: Recorded[Fact],
) -> Resolution:
    now = resolution.open_round
    match fact:
        case VoteCast(seat=seat) if now is not None and _is_later(recorded, now.cast.get(seat)):
            day = recorded.decided
            cast = replace(
                now,
                ballots=now.ballots.set(seat, fact.ballot),
                cast=now.cast.set(
                    seat,
                    (
                        *now.cast.get(seat, ()),
                        Cast(fact.ballot, fact.scores, day, recorded.index),
                    ),
                ),
                scores=now.scores.set(seat, fact.scores),
                last_cast=day if now.last_cast is None else max(day, now.last_cast),
            )
            return replace(resolution, rounds=(*resolution.rounds[:-1], cast))
        case RollFixed(seats=seats) if now is None and _may_vote(resolution):
            conflicts = resolution.conflicts & {each.seat for each in seats}
            roll = _numbered(fact, resolution)
            fresh = Round(
                number=roll.round,
                roll=roll,
                conflicts=conflicts,
                opened=recorded.decided,
                options=tuple(each.option for each in resolution.options),
            )
            return replace(resolution, rounds=(*resolution.rounds, fresh))
        case ConflictDeclared(seat=seat):
            declared = replace(resolution, conflicts=resolution.conflicts | {seat})
            if not resolution.rounds:
                return declared
            last = resolution.rounds[-1]
            if now is not None:
                last = replace(last, conflicts=last.conflicts | {seat})
            elif seat not in last.conflicts:
                last = replace(last, shown_later=last.shown_later | {seat})
            return replace(declared, rounds=(*resolution.rounds[:-1], last))
    return resolution


def _numbered(roll: RollFixed, resolution: Resolution) -> RollFixed:
    """By its place among the rounds that count: another may have come to count before it, while it
    waited for a second person, and have taken the number that it was recorded with.
    """
    number = len(resolution.rounds) + 1
    return roll if roll.round == number else replace(roll, round=number)


def _is_later(recorded: Recorded[Fact], cast: tuple[Cast, ...] | None) -> bool:
    return not cast or recorded.index > cast[-1].index


def _counted(resolution: Resolution, fact: Count, recorded: Recorded[Fact]) -> Resolution:
    """A count ends the open round; one of a resolution without any round stands as recorded."""
    now = resolution.open_round
    if now is None and (resolution.rounds or not _may_vote(resolution)):
        return resolution
    word = _WORD[type(fact)]
    outcome = Outcome(
        word,
        recorded.decided,
        Proof.VOTE,
        fact.counts,
        fact.reason,
        recorded.index,
        fact.option if isinstance(fact, ResolutionCarried) else None,
    )
    if now is not None:
        decided = replace(now, outcome=outcome)
        resolution = replace(resolution, rounds=(*resolution.rounds[:-1], decided))
    return _with(resolution, outcome)


def _minuted(resolution: Resolution, fact: OutcomeMinuted, recorded: Recorded[Fact]) -> Resolution:
    if resolution.open_round is not None or not _may_vote(resolution):
        return resolution
    proof = Proof.MINUTES if fact.roll else Proof.SOURCE if fact.evidence else Proof.TEXT
    outcome = Outcome(
        fact.outcome, recorded.decided, proof, None, fact.manner.value, recorded.index, fact.option
    )
    if fact.roll is not None:
        at = fact.roll.meeting or fact.meeting
        roll = _numbered(replace(fact.roll, meeting=at), resolution)
        held = Round(
            number=roll.round,
            roll=roll,
            conflicts=resolution.conflicts & {each.seat for each in fact.roll.seats},
            outcome=outcome,
            opened=recorded.decided,
            minuted=fact.manner,
            present=frozenset(fact.present),
        )
        resolution = replace(resolution, rounds=(*resolution.rounds, held))
    return _with(resolution, outcome)


def _historical(
    resolution: Resolution, fact: OutcomeRecorded, recorded: Recorded[Fact]
) -> Resolution:
    if not _may_vote(resolution):
        return resolution
    proof = Proof.SOURCE if fact.vote_shown else Proof.TEXT
    outcome = Outcome(
        fact.outcome,
        recorded.decided,
        proof,
        fact.counts,
        "as_recorded",
        recorded.index,
        fact.option,
    )
    now = resolution.open_round
    if now is not None:
        decided = replace(now, outcome=outcome)
        resolution = replace(resolution, rounds=(*resolution.rounds[:-1], decided))
    return _with(resolution, outcome)


def _may_vote(resolution: Resolution) -> bool:
    """Rule 26: a resolution that carried takes no new round."""
    return not resolution.carried and resolution.withdrawn is None


def _with(resolution: Resolution, outcome: Outcome) -> Resolution:
    """Rule 26: an inquorate round leaves the earlier result."""
    before, replaced = resolution.outcome, resolution.replaced
    if outcome.word is OutcomeWord.LAPSED and before is not None:
        return resolution
    if before is not None and all(each.outcome != before for each in resolution.rounds):
        replaced = (*replaced, before)
    return replace(resolution, outcome=outcome, replaced=replaced)
