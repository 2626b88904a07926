"""Rounds of a resolution: who was on the roll, what each seat did, how it counts (23 to 27)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.events import Fact
from govlog.domain.events.body import Majority, QuorumOf, Rules, TieRule
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionTabled,
    RollFixed,
    RollSeat,
    VoteCast,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Ballot, Key, StreamId
from tests.oracle.votes import CLOSING, PRESENT, quorate, winner

COUNTS = ("for", "against", "abstain", "recused", "absent", "not_voting", "scored")
WEIGHING = (Ballot.FOR, Ballot.AGAINST, Ballot.SCORED)


class Held(Struct, frozen=True):
    """One round, with what was told while it was open."""

    number: int
    """Its place among those that count, whatever it was recorded with."""
    roll: RollFixed
    opened: Recorded[Fact]
    options: tuple[Key, ...]
    votes: tuple[Recorded[Fact], ...]
    conflicts: tuple[Key, ...]
    """Declared before the count, in this round or an earlier one."""
    later: tuple[Key, ...]
    """Shown after the count: they turn nothing until an annulment."""
    ended: Recorded[Fact] | None
    present: tuple[Key, ...]
    """Who took part, of a minuted round."""
    meeting: StreamId | None

    @property
    def minuted(self) -> bool:
        return isinstance(self.opened.fact, OutcomeMinuted)


def rounds(stream: Sequence[Recorded[Fact]]) -> list[Held]:
    """Of one resolution's counted facts; every conflict holds for later rounds, too (rule 27).

    What carried takes no new round (rule 26), also where a correction shows that it did.
    """
    options: tuple[Key, ...] = ()
    found: list[Held] = []
    conflicts: list[Key] = []
    carried = False
    for place, each in enumerate(stream):
        fact = each.fact
        if isinstance(fact, ResolutionTabled):
            options = tuple(one.option for one in fact.options)
        elif isinstance(fact, ConflictDeclared):
            conflicts.append(fact.seat)
            if found and fact.seat not in found[-1].conflicts:
                found[-1] = replace(found[-1], later=(*found[-1].later, fact.seat))
        elif carried or (found and found[-1].ended and word(found[-1]) is OutcomeWord.CARRIED):
            continue
        elif isinstance(fact, RollFixed):
            number = len(found) + 1
            found.append(_voted(number, each, fact, options, stream[place:], conflicts))
        elif isinstance(fact, OutcomeMinuted) and fact.roll is not None:
            meeting = fact.roll.meeting or fact.meeting
            conflicted = tuple(conflicts)
            number = len(found) + 1
            found.append(
                Held(number, fact.roll, each, (), (), conflicted, (), each, fact.present, meeting)
            )
        elif isinstance(fact, OutcomeMinuted | OutcomeRecorded):
            carried = fact.outcome is OutcomeWord.CARRIED  # as a text tells, or of the round before
    return found


def _voted(
    number: int,
    opened: Recorded[Fact],
    roll: RollFixed,
    options: tuple[Key, ...],
    after: Sequence[Recorded[Fact]],
    earlier: Sequence[Key],
) -> Held:
    ending = (*CLOSING, OutcomeRecorded)
    ends = next((n for n, one in enumerate(after) if isinstance(one.fact, ending)), None)
    during = after[:ends]
    declared = [one.fact.seat for one in during if isinstance(one.fact, ConflictDeclared)]
    conflicts = (*earlier, *declared)
    votes = tuple(one for one in during if isinstance(one.fact, VoteCast))
    ended = None if ends is None else after[ends]
    return Held(number, roll, opened, options, votes, conflicts, (), ended, (), roll.meeting)


def word(held: Held) -> OutcomeWord:
    """What a closed round came to, as its count or, where an import brought it, its source says.

    A correction of those present derives it anew (rules 27 and 28).
    """
    fact = held.ended.fact if held.ended else held.opened.fact
    if isinstance(fact, OutcomeRecorded):
        return fact.outcome
    mended = not {"roll", "present"}.isdisjoint(held.opened.corrected)
    if isinstance(fact, OutcomeMinuted) and fact.batch is not None and not mended:
        return fact.outcome
    return _decided(held, as_counted(held))[0]


def as_counted(held: Held) -> dict[Key, Ballot]:
    """No ballot is absent, a conflict removes the ballot (rules 24 and 27)."""
    if held.minuted:
        told = dict.fromkeys(held.present, Ballot.NOT_VOTING)
    else:
        told = {one.fact.seat: one.fact.ballot for one in held.votes}  # type: ignore[attr-defined]
    counted = {}
    for seat in held.roll.seats:
        if seat.votes:
            did = told.get(seat.seat)
            recused = seat.seat in held.conflicts and did is not Ballot.ABSENT
            counted[seat.seat] = Ballot.RECUSED if recused else did or Ballot.ABSENT
    return counted


def there(rules: Rules, did: Ballot) -> bool:
    """Abstaining and not voting are present, recused only if the rule says so (rule 24)."""
    return did in PRESENT or (did is Ballot.RECUSED and rules.recused_count_as_present)


def quorum_needed(rules: Rules, seated: int) -> int:
    """The smallest number that is enough, found by trying."""
    enough_of: dict[QuorumOf, Callable[[int], bool]] = {
        QuorumOf.AT_LEAST_HALF: lambda number: 2 * number >= seated,
        QuorumOf.MORE_THAN_HALF: lambda number: 2 * number > seated,
        QuorumOf.TWO_THIRDS: lambda number: 3 * number >= 2 * seated,
        QuorumOf.NONE: lambda number: True,
    }
    enough = enough_of[rules.quorum]
    return next(number for number in range(seated + 2) if enough(number))


def explained(held: Held) -> dict[str, Any]:
    """A closed round: who counted, quorum needed and met, conflicts, tie rule, rule version."""
    cast, rules = as_counted(held), held.roll.rules
    present = sum(there(rules, did) for did in cast.values())
    numbers = {name: sum(did.value == name for did in cast.values()) for name in COUNTS}
    word, reason, option = _decided(held, cast)
    tied = _tied(held, cast)
    casting = cast.get(held.roll.presiding) if held.roll.presiding is not None else None
    sums = _sums(held, cast)
    return {
        "round": held.number,
        "word": word,
        "reason": reason,
        "rules": rules,
        "seats": tuple(_seat(held, seat, cast) for seat in held.roll.seats),
        "counts": {name: number for name, number in numbers.items() if number},
        "seated": len(cast),
        "present": present,
        "quorum_needed": quorum_needed(rules, len(cast)),
        "quorum_met": present >= quorum_needed(rules, len(cast)),
        "entitled": sum(did in PRESENT for did in cast.values()),
        "tied": tied,
        "presiding": held.roll.presiding,
        "casting_vote": casting if reason == "casting_vote" else None,
        "conflicts": tuple(seat for seat in cast if seat in held.conflicts),
        "sums": sums,
        "option": option,
    }


def _seat(held: Held, seat: RollSeat, cast: dict[Key, Ballot]) -> dict[str, Any]:
    did = cast.get(seat.seat, Ballot.ABSENT)
    scores = _scores(held).get(seat.seat, ()) if did is Ballot.SCORED else ()
    return {
        "seat": seat.seat,
        "party": seat.party,
        "ballot": did,
        "votes": seat.votes,
        "present": seat.votes and there(held.roll.rules, did),
        "counted": seat.votes and did in WEIGHING,
        "scores": scores,
    }


def _scores(held: Held) -> dict[Key, Any]:
    return {one.fact.seat: one.fact.scores for one in held.votes}  # type: ignore[attr-defined]


def _sums(held: Held, cast: dict[Key, Ballot]) -> tuple[dict[str, Any], ...]:
    """By option; blank counts 0 (rule 25)."""
    scored = {
        seat: {one.option: one.score or 0 for one in told}
        for seat, told in _scores(held).items()
        if cast.get(seat) is Ballot.SCORED
    }
    chair = scored.get(held.roll.presiding) if held.roll.presiding is not None else None
    return tuple(
        {
            "option": option,
            "sum": sum(of.get(option, 0) for of in scored.values()),
            "by_presiding": None if chair is None else chair.get(option, 0),
        }
        for option in held.options
    )


def _tied(held: Held, cast: dict[Key, Ballot]) -> bool:
    if held.minuted:
        return False
    if held.options:
        sums = [each["sum"] for each in _sums(held, cast)]
        return sums.count(max(sums)) > 1 and max(sums) > 0
    simple = held.roll.rules.majority is Majority.SIMPLE
    return simple and _number(cast, Ballot.FOR) == _number(cast, Ballot.AGAINST)


def _number(cast: dict[Key, Ballot], ballot: Ballot) -> int:
    return sum(did is ballot for did in cast.values())


def _decided(held: Held, cast: dict[Key, Ballot]) -> tuple[OutcomeWord, str, Key | None]:
    """Rules 25 and 26: the outcome, in one word why, and the option that carried."""
    rules = held.roll.rules
    fact = held.opened.fact
    if isinstance(fact, OutcomeMinuted):
        present = sum(there(rules, did) for did in cast.values())
        if present < quorum_needed(rules, len(cast)):
            return OutcomeWord.LAPSED, "inquorate", None
        return fact.outcome, fact.manner.value, None
    if not quorate(rules, cast):
        return OutcomeWord.LAPSED, "inquorate", None
    if held.options:
        return _scored(held, cast)
    in_favour, against = _number(cast, Ballot.FOR), _number(cast, Ballot.AGAINST)
    if rules.majority is Majority.TWO_THIRDS_PRESENT:
        entitled = sum(did in PRESENT for did in cast.values())
        enough = in_favour > 0 and 3 * in_favour >= 2 * entitled
        reason = "two_thirds" if enough else "below_two_thirds"
        return OutcomeWord.CARRIED if enough else OutcomeWord.LOST, reason, None
    if in_favour != against:
        won = in_favour > against
        word = OutcomeWord.CARRIED if won else OutcomeWord.LOST
        return word, "majority" if won else "no_majority", None
    casting = cast.get(held.roll.presiding) if held.roll.presiding is not None else None
    if rules.tie is TieRule.CHAIR and casting in (Ballot.FOR, Ballot.AGAINST):
        word = OutcomeWord.CARRIED if casting is Ballot.FOR else OutcomeWord.LOST
        return word, "casting_vote", None
    return OutcomeWord.LOST, "tie", None


def _scored(held: Held, cast: dict[Key, Ballot]) -> tuple[OutcomeWord, str, Key | None]:
    chosen = winner(held.roll, held.options, cast, [one.fact for one in held.votes])
    tied = _tied(held, cast)
    if chosen is not None:
        return OutcomeWord.CARRIED, "casting_vote" if tied else "highest_sum", chosen
    return OutcomeWord.LOST, "tie" if tied else "no_sum_above_zero", None
