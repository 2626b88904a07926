"""Resolutions: where they stand on a day, how they were decided, what would undo them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import ItemOpened
from govlog.domain.events.resolution import (
    ConflictDeclared,
    Counts,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionPostponed,
    ResolutionSuperseded,
    ResolutionTabled,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId
from tests.oracle.days import decided
from tests.oracle.grounds import Grounds
from tests.oracle.rounds import Held, explained, rounds, word
from tests.oracle.saying import AnyOrder
from tests.oracle.votes import CLOSING

ENDING = (*CLOSING, OutcomeMinuted, OutcomeRecorded)
UNDATED = (ResolutionSuperseded, ResolutionAnnulled, ItemOpened, ConflictDeclared)


class Reached(Struct, frozen=True):
    """An outcome, and the fact by which it was reached."""

    by: Recorded[Fact]
    word: OutcomeWord
    reason: str
    counts: Any
    option: Key | None
    proof: str
    meeting: StreamId | None
    """By whose roll, where it was a meeting's."""


def outcomes(stream: Sequence[Recorded[Fact]]) -> list[Reached]:
    """What a resolution came to, in order of recording, until it carried (rule 26)."""
    return sorted(_outcomes(stream), key=lambda each: each.by.index)


def _outcomes(stream: Sequence[Recorded[Fact]]) -> list[Reached]:
    by_end = {held.ended.id: held for held in rounds(stream) if held.ended is not None}
    found: list[Reached] = []
    for each in stream:
        fact, held = each.fact, by_end.get(each.id)
        if isinstance(fact, OutcomeRecorded):
            proof = "source" if fact.vote_shown else "text"
            meeting = held.meeting if held else None
            found.append(
                Reached(each, fact.outcome, "as_recorded", fact.counts, fact.option, proof, meeting)
            )
        elif isinstance(fact, OutcomeMinuted):
            found.append(_minuted(each, fact, held))
        elif isinstance(fact, CLOSING) and held is not None:
            told = explained(held)
            found.append(
                Reached(
                    each,
                    told["word"],
                    told["reason"],
                    told["counts"],
                    told["option"],
                    "vote",
                    held.meeting,
                )
            )
        if found and found[-1].word is OutcomeWord.CARRIED:
            return found
    return found


def _minuted(each: Recorded[Fact], fact: OutcomeMinuted, held: Held | None) -> Reached:
    if held is None:
        proof = "source" if fact.evidence else "text"
        return Reached(each, fact.outcome, fact.manner, None, fact.option, proof, fact.meeting)
    return Reached(each, word(held), fact.manner, None, fact.option, "minutes", held.meeting)


def in_effect(reached: Sequence[Reached]) -> Reached | None:
    """An inquorate round leaves the earlier result (rule 26)."""
    found = None
    for each in reached:
        if found is None or each.word is not OutcomeWord.LAPSED:
            found = each
    return found


def by_day(grounds: Grounds, resolution: StreamId, day: date) -> Reached | None:
    """The outcome in effect at the end of a day."""
    told = outcomes(grounds.of(resolution))
    return in_effect([each for each in told if grounds.decided(each.by)[0] <= day])


class Tabled(Struct, frozen=True):
    """One time on the table: until it was put off, where it was."""

    by: Recorded[Fact]
    meeting: StreamId | None
    off: Recorded[Fact] | None


def tablings(stream: Sequence[Recorded[Fact]]) -> list[Tabled]:
    """In order of recording, until it carried: what is decided is not put off any more."""
    found: list[Tabled] = []
    carried = {each.by.id for each in outcomes(stream) if each.word is OutcomeWord.CARRIED}
    for each in stream:
        fact = each.fact
        if each.id in carried:
            break
        if isinstance(fact, ResolutionTabled | ResolutionTabledAgain):
            found.append(Tabled(each, fact.meeting, None))
        elif isinstance(fact, ResolutionPostponed) and found:
            found[-1] = Tabled(found[-1].by, found[-1].meeting, each)
    return found


def tabled_on(grounds: Grounds, resolution: StreamId, day: date) -> Tabled:
    """The last time it was put on the table by a day; before the first, that one."""
    told = tablings(grounds.of(resolution))
    by_then = [each for each in told if grounds.decided(each.by)[0] <= day]
    return by_then[-1] if by_then else told[0]


def put_off(grounds: Grounds, resolution: StreamId, day: date) -> Recorded[Fact] | None:
    """Why it is off the table, undecided, at the end of a day."""
    off = tabled_on(grounds, resolution, day).off
    if off is None or grounds.decided(off)[0] > day:
        return None
    reached = by_day(grounds, resolution, day)
    return None if reached is not None and reached.by.index > off.index else off


def status(grounds: Grounds, resolution: StreamId, day: date) -> str:
    stream = grounds.of(resolution)
    reached = by_day(grounds, resolution, day)
    superseded = grounds.superseded(resolution)
    withdrawn = (e for e in stream if isinstance(e.fact, ResolutionWithdrawn))
    if any(grounds.decided(each)[0] <= day for each in withdrawn):
        return "withdrawn"
    if put_off(grounds, resolution, day) is not None:
        return "postponed"
    if reached is None:
        return "tabled" if open_round(grounds, resolution, day) is None else "voting"
    if reached.word is OutcomeWord.CARRIED:
        if grounds.annulled(resolution):
            return "annulled"
        if superseded is not None and superseded[0] <= day:
            return "superseded"
    return reached.word.value


def open_round(grounds: Grounds, resolution: StreamId, day: date) -> int | None:
    number = None
    for held in rounds(grounds.of(resolution)):
        over = held.ended is not None and grounds.decided(held.ended)[0] <= day
        if grounds.decided(held.opened)[0] <= day and not over:
            number = held.number
    return number


def resolutions(grounds: Grounds, day: date) -> dict[str, Any]:
    return {
        each.stream: _row(grounds, each, day)
        for each in grounds.facts
        if isinstance(each.fact, ResolutionTabled) and grounds.decided(each)[0] <= day
    }


def _row(grounds: Grounds, each: Recorded[Fact], day: date) -> dict[str, Any]:
    fact, stream = each.fact, grounds.of(each.stream)
    assert isinstance(fact, ResolutionTabled)
    stands = status(grounds, each.stream, day)
    reached = by_day(grounds, each.stream, day)
    off = put_off(grounds, each.stream, day)
    told = [one.fact for one in stream]
    final = in_effect(outcomes(stream))
    return {
        "resolution": each.stream,
        "body": fact.body,
        "kind": fact.kind,
        "status": stands,
        "title": fact.title,
        "case_paper": fact.case_paper,
        "confidential": fact.confidential and not any(isinstance(one, ItemOpened) for one in told),
        "tabled": decided(each),
        "meeting": tabled_on(grounds, each.stream, day).meeting,
        "postponed": None if off is None else _put_off(off),
        "outcome": None if reached is None else _outcome(reached),
        "rounds": tuple(
            explained(held)
            for held in rounds(stream)
            if held.ended is not None and grounds.decided(held.ended)[0] <= day
        ),
        "open_round": None if stands == "withdrawn" else open_round(grounds, each.stream, day),
        "conflicts": tuple(sorted({e.seat for e in told if isinstance(e, ConflictDeclared)})),
        "mismatches": _mismatches(stream, final) if reached == final else (),
        "authorises": fact.authorises,
        "options": fact.options,
        "debate": fact.debate,
        "recommended_by": fact.recommended_by,
        **_links(grounds, each.stream),
        "annulments": AnyOrder(
            tuple(
                {
                    "ground": one.fact.ground,
                    "resolution": one.fact.resolution,
                    "ruling": one.fact.ruling,
                    "explanation": one.fact.explanation,
                    "day": decided(one),
                    "in_effect": grounds.takes_effect(one),
                }
                for one in stream
                if isinstance(one.fact, ResolutionAnnulled)
            )
        ),
        "fiction": fact.fiction,
    }


def _put_off(off: Recorded[Fact]) -> dict[str, Any]:
    fact = off.fact
    assert isinstance(fact, ResolutionPostponed)
    return {"day": decided(off), "to": fact.to, "grounds": fact.grounds}


def _outcome(reached: Reached) -> dict[str, Any]:
    return {
        "word": reached.word,
        "day": decided(reached.by),
        "proof": reached.proof,
        "proven": reached.proof != "text",
        "reason": reached.reason,
        "counts": reached.counts,
        "option": reached.option,
    }


def _mismatches(stream: Sequence[Recorded[Fact]], reached: Reached | None) -> tuple[str, ...]:
    """Rule 28: an outcome as a source gives it beside those present, or the counts, it gives."""
    if reached is None:
        return ()
    for held in rounds(stream):
        if held.minuted and held.opened.id == reached.by.id:
            return ("outcome",) if explained(held)["word"] != reached.word else ()
    counts = reached.counts
    if reached.reason != "as_recorded" or not isinstance(counts, Counts):
        return ()
    carried, lost = (reached.word is word for word in (OutcomeWord.CARRIED, OutcomeWord.LOST))
    wrong = (carried and counts.for_ < counts.against) or (lost and counts.for_ > counts.against)
    return ("outcome",) if wrong else ()


def _links(grounds: Grounds, resolution: StreamId) -> dict[str, Any]:
    """Both ways (rule 17): as named on this one, and as named on the others."""
    tabled = [each for each in grounds.facts if isinstance(each.fact, ResolutionTabled)]
    earlier = {
        each.stream
        for each in grounds.facts
        if isinstance(each.fact, ResolutionSuperseded) and each.fact.by == resolution
    }
    own = next(each.fact for each in tabled if each.stream == resolution)
    assert isinstance(own, ResolutionTabled)
    if own.supersedes is not None:
        earlier.add(own.supersedes)
    return {
        "led_to": tuple(
            sorted(e.stream for e in tabled if e.fact.recommended_by == resolution)  # type: ignore[attr-defined]
        ),
        "supersedes": tuple(sorted(earlier)),
        "superseded_by": tuple(
            {"by": one, "standing": grounds.stands(one)}
            for one in sorted(grounds.successors(resolution))
        ),
    }
