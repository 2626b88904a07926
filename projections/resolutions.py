"""Resolutions: their outcome explained, what would replace or annul them, and every ballot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.resolution import (
    Authorises,
    ConflictDeclared,
    Counts,
    ItemKind,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionSuperseded,
    ResolutionTabled,
    ResolutionWithdrawn,
    RollFixed,
)
from govlog.domain.resolution import (
    Mismatch,
    Outcome,
    Proof,
    Resolution,
    explain,
    in_effect,
    superseded_on,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Personal, Reference, Span, StreamId
from govlog.domain.voting import Explanation
from projections.known import Known
from projections.links import OUTCOMES, annulled_or_restored
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class ResolutionStatus(StrEnum):
    TABLED = "tabled"
    VOTING = "voting"
    CARRIED = "carried"
    LOST = "lost"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """Carried, and a later one has taken its place: it authorises no new act (rule 17)."""
    ANNULLED = "annulled"
    """Carried, and without authority from the start (rule 21)."""


class Decided(Struct, frozen=True):
    """The outcome in effect."""

    word: OutcomeWord
    day: Span
    proof: Proof
    proven: bool
    """False where only a source's text says so (rule 16)."""
    reason: str
    counts: Counts | None


class Successor(Struct, frozen=True):
    by: StreamId
    standing: bool
    """Whether it carried and stands, so that it really takes the place."""


class Annulled(Struct, frozen=True):
    ground: str
    resolution: StreamId | None
    ruling: Reference | None
    explanation: Personal | None
    day: Span | None
    in_effect: bool
    """False where what it cites did not stand, or fell later (rule 21)."""


class ResolutionRow(Struct, frozen=True):
    resolution: StreamId
    body: StreamId
    kind: ItemKind
    status: ResolutionStatus
    title: Personal
    case_paper: Personal | None
    confidential: bool
    tabled: Span
    outcome: Decided | None
    rounds: tuple[Explanation, ...]
    """Every closed round: who counted, quorum, conflicts, tie rule, rule version, each ballot."""
    open_round: int | None
    """The number of the round in which voting is open; its ballots are rows of `ballots`."""
    conflicts: tuple[Key, ...]
    """Seats that declared a conflict, in whichever round."""
    mismatches: tuple[Mismatch, ...]
    """Where a source contradicts itself (rule 28)."""
    authorises: tuple[Authorises, ...]
    """The acts it would authorise; those that rest on it are rows of `proofs`."""
    debate: StreamId | None
    supersedes: StreamId | None
    superseded_by: tuple[Successor, ...]
    annulments: tuple[Annulled, ...]
    fiction: bool


def _resolutions_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, RollFixed | ConflictDeclared | ResolutionWithdrawn):
            yield each.stream
        else:
            yield from annulled_or_restored(each.stream, known)


def _resolution_segments(subject: str, known: Known) -> Iterable[Segment]:
    resolution = known.facts.resolution(StreamId(subject))
    if resolution is None:
        return ()
    successor = superseded_on(resolution, known.facts)
    rounds = [each.opened for each in resolution.rounds]
    outcomes = list(_outcomes(resolution))
    spans = [resolution.tabled, successor, *rounds, *(each.day for each in outcomes)]
    explained = explain(resolution)
    links = _links(resolution, known)

    def on(day: date) -> tuple[ResolutionRow, bool]:
        row = _resolution_on(
            resolution, day, successor, explained.rounds, explained.mismatches, links
        )
        return row, not open_on(day, *spans)

    return spells((day for day in turning(*spans) if day >= resolution.tabled.earliest), on)


def _outcomes(resolution: Resolution) -> Iterator[Outcome]:
    """Every round's outcome, and the one in effect where it had no round, in recording order."""
    rounds = [each.outcome for each in resolution.rounds if each.outcome is not None]
    if resolution.outcome is not None and resolution.outcome not in rounds:
        rounds.append(resolution.outcome)
    yield from sorted(rounds, key=lambda each: each.index)


Links = tuple[tuple[Successor, ...], tuple[Annulled, ...]]


def _links(resolution: Resolution, known: Known) -> Links:
    named = {each.by for each in resolution.superseded_by}
    for stream in known.facts.citing(resolution.stream, "resolution"):
        citing = known.facts.resolution(stream)
        if citing is not None and citing.supersedes == resolution.stream:
            named.add(stream)
    successors = tuple(Successor(each, _stands(each, known)) for each in sorted(named))
    annulments = tuple(
        Annulled(
            ground=each.ground,
            resolution=each.resolution,
            ruling=each.ruling,
            explanation=each.explanation,
            day=each.day,
            in_effect=in_effect(each, known.facts),
        )
        for each in resolution.annulments
    )
    return successors, annulments


def _stands(stream: StreamId, known: Known) -> bool:
    state = known.facts.resolution(stream)
    return (
        state is not None
        and state.carried
        and not any(in_effect(each, known.facts) for each in state.annulments)
    )


def _resolution_on(
    resolution: Resolution,
    day: date,
    successor: Span | None,
    rounds: tuple[Explanation, ...],
    mismatches: tuple[Mismatch, ...],
    links: Links,
) -> ResolutionRow:
    outcome: Outcome | None = None
    for each in _outcomes(resolution):
        if each.day.latest <= day and (outcome is None or each.word is not OutcomeWord.LAPSED):
            outcome = each
    closed = {
        each.number
        for each in resolution.rounds
        if each.outcome is not None and each.outcome.day.latest <= day
    }
    voting = [
        each.number
        for each in resolution.rounds
        if each.number not in closed and each.opened is not None and each.opened.latest <= day
    ]
    status = _status(resolution, outcome, bool(voting))
    if status is ResolutionStatus.CARRIED:
        if any(each.in_effect for each in links[1]):
            status = ResolutionStatus.ANNULLED
        elif successor is not None and successor.latest <= day:
            status = ResolutionStatus.SUPERSEDED
    return ResolutionRow(
        resolution=resolution.stream,
        body=resolution.body,
        kind=resolution.kind,
        status=status,
        title=resolution.title,
        case_paper=resolution.case_paper,
        confidential=resolution.confidential,
        tabled=resolution.tabled,
        outcome=None if outcome is None else _decided(outcome),
        rounds=tuple(each for each in rounds if each.round in closed),
        open_round=voting[-1] if voting and not resolution.withdrawn else None,
        conflicts=tuple(sorted(resolution.conflicts)),
        mismatches=mismatches if outcome is not None and outcome == resolution.outcome else (),
        authorises=resolution.authorises,
        debate=resolution.debate,
        supersedes=resolution.supersedes,
        superseded_by=links[0],
        annulments=links[1],
        fiction=resolution.fiction,
    )


def _status(resolution: Resolution, outcome: Outcome | None, voting: bool) -> ResolutionStatus:
    if resolution.withdrawn:
        return ResolutionStatus.WITHDRAWN
    if outcome is not None:
        return ResolutionStatus(outcome.word.value)
    return ResolutionStatus.VOTING if voting else ResolutionStatus.TABLED


def _decided(outcome: Outcome) -> Decided:
    return Decided(
        word=outcome.word,
        day=outcome.day,
        proof=outcome.proof,
        proven=outcome.proof is not Proof.TEXT,
        reason=outcome.reason,
        counts=outcome.counts,
    )


RESOLUTIONS = View(
    name="resolutions",
    row=ResolutionRow,
    reads=frozenset(
        (
            ResolutionTabled,
            RollFixed,
            ConflictDeclared,
            *OUTCOMES,
            ResolutionWithdrawn,
            ResolutionSuperseded,
            ResolutionAnnulled,
        )
    ),
    touches=_resolutions_touched,
    segments=_resolution_segments,
    filters=("debate", "status", "body", "kind", "fiction"),
    scanned=("kind", "fiction"),
)
