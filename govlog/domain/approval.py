"""The second person's word on pending facts: approved they count, refused never (rule 5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from govlog.domain import body, catalogue, debate, meeting, party, resolution
from govlog.domain.corrected import MENDS
from govlog.domain.errors import RuleViolation
from govlog.domain.events.any_stream import ApprovalRefused, Approved, Stated
from govlog.domain.events.fact import Fact
from govlog.domain.events.resolution import ResolutionCarried, ResolutionLapsed, ResolutionLost
from govlog.domain.facts import Given
from govlog.domain.resolution.balloting import counted
from govlog.domain.stream import Evolve, Folded, Recorded
from govlog.domain.values import StreamId, kind_of


class FourEyes(RuleViolation):
    """Nobody approves or refuses what they recorded themselves, with whichever token (rule 5)."""

    slug = "four-eyes"
    rule = 5


class NotPending(RuleViolation):
    """Only what waits can be approved or refused (rule 5)."""

    slug = "not-pending"
    rule = 5


class PartOfBatch(RuleViolation):
    """An import is approved as a whole (rule 5)."""

    slug = "part-of-batch"
    rule = 5


class RestsOnPending(RuleViolation):
    """What a pending fact rests on is approved before it, or it would count for nothing."""

    slug = "rests-on-pending"
    rule = 5


class Overtaken(RuleViolation):
    """What waited is approved only while it still holds: a late word changes no later one."""

    slug = "overtaken"
    rule = 5


def approve(folded: Folded[Any], proposed: Approved, given: Given) -> Approved:
    """Let pending facts of one stream count from here on, in the order they were recorded."""
    facts = _singly(folded, proposed.facts)
    _require_second_person(facts, given)
    _require_what_they_rest_on(folded, facts)
    _require_still_right(folded, facts)
    return replace(proposed, facts=tuple(each.id for each in facts))


def refuse_approval(
    folded: Folded[Any], proposed: ApprovalRefused, given: Given
) -> ApprovalRefused:
    """Say that pending facts of one stream shall never count."""
    facts = _singly(folded, proposed.facts)
    _require_second_person(facts, given)
    return replace(proposed, facts=tuple(each.id for each in facts))


def approve_part(folded: Folded[Any], batch: StreamId, given: Given) -> Approved | None:
    """The approval of what one stream holds pending of an import; None where it holds nothing."""
    facts = _of_batch(folded, batch)
    _require_second_person(facts, given)
    _require_what_they_rest_on(folded, facts)
    _require_still_right(folded, facts)
    return Approved(facts=tuple(each.id for each in facts)) if facts else None


def refuse_part(folded: Folded[Any], batch: StreamId, given: Given) -> ApprovalRefused | None:
    """The refusal of what one stream holds pending of an import; None where it holds nothing."""
    facts = _of_batch(folded, batch)
    _require_second_person(facts, given)
    return ApprovalRefused(facts=tuple(each.id for each in facts)) if facts else None


def _singly(folded: Folded[Any], ids: Iterable[str]) -> list[Recorded[Fact]]:
    wanted = set(ids)
    if not wanted:
        raise NotPending("no fact is named", mend="list the ids of pending facts in facts")
    waiting = sorted(wanted - set(folded.pending))
    if waiting:
        refused = [each for each in waiting if each in folded.refused]
        why = "refused already" if refused else "not pending in this stream"
        raise NotPending(
            f"{', '.join(refused or waiting)}: {why}",
            mend="list only facts that are pending in this stream",
            facts=waiting,
            pending=sorted(folded.pending),
        )
    facts = _in_order(folded.pending[each] for each in wanted)
    for each in facts:
        if each.fact.batch is not None:
            raise PartOfBatch(
                f"{each.id} came with the import {each.fact.batch}",
                mend="approve the batch, or refuse it, as a whole",
                fact=each.id,
                batch=each.fact.batch,
            )
    return facts


def _of_batch(folded: Folded[Any], batch: StreamId) -> list[Recorded[Fact]]:
    return _in_order(each for each in folded.pending.values() if each.fact.batch == batch)


def _in_order(facts: Iterable[Recorded[Fact]]) -> list[Recorded[Fact]]:
    return sorted(facts, key=lambda each: each.index)


def _require_second_person(facts: Iterable[Recorded[Fact]], given: Given) -> None:
    own = [each.id for each in facts if each.recorded_by == given.person]
    if own:
        raise FourEyes(
            f"{', '.join(own)} was recorded by the same person",
            mend="have another person approve or refuse it",
            facts=own,
            person=given.person,
        )


def _require_what_they_rest_on(folded: Folded[Any], facts: list[Recorded[Fact]]) -> None:
    together = {each.id for each in facts}
    for left in _in_order(folded.pending.values()):
        if left.id in together:
            continue
        for fact in facts:
            if left.index < fact.index and _rests_on(fact, left, folded):
                raise RestsOnPending(
                    f"{fact.id} rests on {left.id}, which is pending",
                    mend=f"approve or refuse {left.id} first, or approve both together",
                    fact=fact.id,
                    rests_on=left.id,
                )


_THINGS = (
    "seat",
    "mandate",
    "voice",
    "commission",
    "investment",
    "instalment",
    "assumption",
    "evaluation",
    "dispute",
)


def _rests_on(fact: Recorded[Fact], earlier: Recorded[Fact], folded: Folded[Any]) -> bool:
    """Whether a fact may count for nothing unless an earlier one of its stream counts first.

    Every fact rests on the one that begins the stream, and on those about the same thing in it;
    in a debate, a meeting and a resolution every step rests on those before.
    """
    if folded.counted is None or kind_of(fact.stream) in ("debate", "meeting", "resolution"):
        return True
    named = {thing: getattr(fact.fact, thing, None) for thing in _THINGS}
    return any(
        key is not None and key == getattr(earlier.fact, thing, None)
        for thing, key in named.items()
    )


_EVOLVE: dict[str, Evolve[Any]] = {
    "party": party.evolve,
    "body": body.evolve,
    "catalogue": catalogue.evolve,
    "debate": debate.evolve,
    "meeting": meeting.evolve,
    "resolution": resolution.evolve,
}


def _require_still_right(folded: Folded[Any], facts: list[Recorded[Fact]]) -> None:
    """While a fact waits others count: a round may close, a conflict may change its count."""
    evolve = _EVOLVE.get(kind_of(facts[0].stream)) if facts else None
    if evolve is None:
        return
    state = folded.counted
    for each in facts:
        _require_same_count(state, each)
        after = evolve(state, each)
        if after is state and not isinstance(each.fact, (Stated, *MENDS)):
            raise Overtaken(
                f"{each.id} would count for nothing: what was recorded since has overtaken it",
                mend="refuse it, and record anew what still holds",
                fact=each.id,
            )
        state = after


def _require_same_count(state: object, recorded: Recorded[Fact]) -> None:
    fact = recorded.fact
    if not isinstance(fact, ResolutionCarried | ResolutionLost | ResolutionLapsed):
        return
    now = state.open_round if isinstance(state, resolution.Resolution) else None
    if now is None:
        return
    found = counted(now)
    option = fact.option if isinstance(fact, ResolutionCarried) else None
    if (found.counts, found.reason, found.option) != (fact.counts, fact.reason, option):
        raise Overtaken(
            f"{recorded.id} no longer is what the ballots give",
            mend="refuse it and close the voting again",
            fact=recorded.id,
            counted=found.reason,
        )
