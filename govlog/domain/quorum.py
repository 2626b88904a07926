"""Who counts and who is there: the quorum of those seated on a roll (rules 24 and 27)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from govlog.domain.events.body import QuorumOf, Rules
from govlog.domain.events.resolution import RollSeat
from govlog.domain.values import Ballot, Key


class Attendance(Struct, frozen=True):
    """Whether those who are there make a quorum of those who vote (rule 24)."""

    seated: int
    present: int
    quorum_needed: int
    quorum_met: bool


def attendance(seats: Collection[RollSeat], rules: Rules, present: Collection[Key]) -> Attendance:
    """Count who is there, before anybody votes; whoever is recused is so from one item only."""
    entitled = voting(seats)
    there = sum(seat in present for seat in entitled)
    least = needed(rules, len(entitled))
    return Attendance(len(entitled), there, least, there >= least)


def voting(seats: Collection[RollSeat]) -> list[Key]:
    """Rule 24: observers never count, and a member whose alternate is seated has no ballot.

    The alternate then stands for the seat, so each seat is counted once among all seated.
    """
    return [each.seat for each in seats if each.votes]


def as_counted(
    seats: Collection[RollSeat], ballots: Mapping[Key, Ballot], conflicts: Collection[Key]
) -> dict[Key, Ballot]:
    """The ballot of each seat that votes, as it counts."""
    return {
        each.seat: _counted(ballots.get(each.seat), each.seat in conflicts)
        for each in seats
        if each.votes
    }


def _counted(ballot: Ballot | None, conflicted: bool) -> Ballot:
    """Rule 24: no ballot is absent. Rule 27: a conflict removes the ballot; it puts nobody in the
    room who is known to have been absent.
    """
    if conflicted and ballot is not _ABSENT:
        return _RECUSED
    return ballot or _ABSENT


def is_present(ballot: Ballot, rules: Rules) -> bool:
    """Rule 24: abstaining and not voting are present, recused only if the rule says so."""
    if ballot is _RECUSED:
        return rules.recused_count_as_present
    return ballot is not _ABSENT


_ABSENT, _RECUSED = Ballot.ABSENT, Ballot.RECUSED
"""Asked of every ballot: a member of an enumeration takes longer to look up than all the rest."""


def needed(rules: Rules, seated: int) -> int:
    """The smallest number of present that meets the quorum of all seated (rule 24)."""
    match rules.quorum:
        case QuorumOf.AT_LEAST_HALF:
            return (seated + 1) // 2
        case QuorumOf.MORE_THAN_HALF:
            return seated // 2 + 1
        case QuorumOf.TWO_THIRDS:
            return (2 * seated + 2) // 3
        case QuorumOf.NONE:
            return 0
