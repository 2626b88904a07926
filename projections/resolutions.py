"""Resolutions: their outcome explained, what would replace or annul them, and every ballot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.resolution import (
    Authorises,
    Counts,
    ItemKind,
    Option,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionSuperseded,
    ResolutionTabled,
)
from govlog.domain.resolution import (
    Explained,
    Mismatch,
    Outcome,
    Proof,
    Resolution,
    explain,
    in_effect,
    standing,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Personal, Reference, Span, StreamId
from govlog.domain.voting import Explanation
from projections.course import Course, ResolutionStatus, Stand
from projections.known import Known
from projections.links import ON_ITS_OWN, OUTCOMES, annulled_or_restored
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class Decided(Struct, frozen=True):
    """The outcome in effect."""

    word: OutcomeWord
    day: Span
    proof: Proof
    proven: bool
    """False where only a source's text says so (rule 16)."""
    reason: str
    counts: Counts | None
    option: Key | None
    """The one carried, where there are options."""


class PutOff(Struct, frozen=True):
    """It was taken off the table undecided."""

    day: Span
    to: StreamId | None
    """The meeting to which it was postponed, where that is known."""
    grounds: Personal | None


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
    meeting: StreamId | None
    """Where it was put on the table last."""
    postponed: PutOff | None
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
    """The acts it would authorise; those that rest on it are rows of `proofs` (its `acts`)."""
    options: tuple[Option, ...]
    """What a scored vote chooses between; each closed round holds their sums."""
    debate: StreamId | None
    recommended_by: StreamId | None
    """The resolution by which another body recommends it."""
    led_to: tuple[StreamId, ...]
    """What was put before other bodies on its recommendation."""
    supersedes: tuple[StreamId, ...]
    superseded_by: tuple[Successor, ...]
    annulments: tuple[Annulled, ...]
    fiction: bool


def _resolutions_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if type(each.fact) in ON_ITS_OWN:
            yield each.stream
        else:
            yield from annulled_or_restored(each.stream, known)


def _resolution_segments(subject: str, known: Known) -> Iterable[Segment]:
    resolution = known.facts.resolution(StreamId(subject))
    if resolution is None:
        return ()
    course = Course(resolution, known.facts)
    explained = explain(resolution)
    links = _links(resolution, known)
    spans = course.spans
    first = resolution.tabled.earliest

    def on(day: date) -> tuple[ResolutionRow, bool]:
        return _row(resolution, course.on(day), explained, links), not open_on(day, *spans)

    return spells([day for day in turning(*spans) if day >= first], on)


class Links(Struct, frozen=True):
    """What a resolution led to and replaces, what replaces it, and what would annul it."""

    led_to: tuple[StreamId, ...]
    supersedes: tuple[StreamId, ...]
    superseded_by: tuple[Successor, ...]
    annulments: tuple[Annulled, ...]


_UNLINKED = Links((), (), (), ())


def _links(resolution: Resolution, known: Known) -> Links:
    """Both ways (rule 17): as named here, and as named on the others."""
    naming = tuple(known.facts.citing(resolution.stream, "resolution"))
    named = resolution.superseded_by or resolution.supersedes or resolution.annulments
    if not naming and not named:
        return _UNLINKED
    later = {each.by for each in resolution.superseded_by}
    earlier = set() if resolution.supersedes is None else {resolution.supersedes}
    led_to = set()
    for stream in naming:
        citing = known.facts.resolution(stream)
        if citing is None:
            continue
        if citing.supersedes == resolution.stream:
            later.add(stream)
        if any(each.by == resolution.stream for each in citing.superseded_by):
            earlier.add(stream)
        if citing.recommended_by == resolution.stream:
            led_to.add(stream)
    successors = tuple(Successor(each, _stands(each, known)) for each in sorted(later))
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
    return Links(tuple(sorted(led_to)), tuple(sorted(earlier)), successors, annulments)


def _stands(stream: StreamId, known: Known) -> bool:
    state = known.facts.resolution(stream)
    return state is not None and standing(state, known.facts)


def _row(resolution: Resolution, stand: Stand, explained: Explained, links: Links) -> ResolutionRow:
    outcome, off = stand.outcome, stand.postponed
    in_the_end = outcome is not None and outcome == resolution.outcome
    return ResolutionRow(
        resolution=resolution.stream,
        body=resolution.body,
        kind=resolution.kind,
        status=stand.status,
        title=resolution.title,
        case_paper=resolution.case_paper,
        confidential=resolution.confidential,
        tabled=resolution.tabled,
        meeting=stand.tabling.meeting,
        postponed=None if off is None else PutOff(off.day, off.to, off.grounds),
        outcome=None if outcome is None else _decided(outcome),
        rounds=tuple([each for each in explained.rounds if each.round in stand.closed]),
        open_round=stand.open_round,
        conflicts=tuple(sorted(resolution.conflicts)),
        mismatches=explained.mismatches if in_the_end else (),
        authorises=resolution.authorises,
        options=resolution.options,
        debate=resolution.debate,
        recommended_by=resolution.recommended_by,
        led_to=links.led_to,
        supersedes=links.supersedes,
        superseded_by=links.superseded_by,
        annulments=links.annulments,
        fiction=resolution.fiction,
    )


def _decided(outcome: Outcome) -> Decided:
    return Decided(
        word=outcome.word,
        day=outcome.day,
        proof=outcome.proof,
        proven=outcome.proof is not Proof.TEXT,
        reason=outcome.reason,
        counts=outcome.counts,
        option=outcome.option,
    )


RESOLUTIONS = View(
    name="resolutions",
    row=ResolutionRow,
    reads=frozenset(
        (
            ResolutionTabled,
            *ON_ITS_OWN,
            *OUTCOMES,
            ResolutionSuperseded,
            ResolutionAnnulled,
            ItemOpened,
        )
    ),
    touches=_resolutions_touched,
    segments=_resolution_segments,
    filters=("debate", "meeting", "status", "body", "kind", "fiction"),
    scanned=("kind", "fiction"),
)
