"""Ballots: what each seat on a roll did by a day, round by round (rules 23, 24 and 27)."""

from __future__ import annotations

from datetime import date
from typing import Any

from govlog.domain.events.resolution import ResolutionTabled, RollSeat, VoteCast
from tests.oracle.grounds import Grounds
from tests.oracle.rounds import Held, rounds


def ballots(grounds: Grounds, day: date) -> dict[str, Any]:
    """What each seat on a roll did by the end of a day, from the day on which voting opened."""
    found = {}
    for each in grounds.facts:
        if isinstance(each.fact, ResolutionTabled):
            for held in rounds(grounds.of(each.stream)):
                if grounds.decided(held.opened)[0] <= day:
                    for seat in held.roll.seats:
                        row = _ballot(grounds, held, seat, day)
                        key = f"{each.stream}/{held.number}/{seat.seat}"
                        found[key] = {
                            "resolution": each.stream,
                            **row,
                            "fiction": each.fact.fiction,
                        }
    return found


def _ballot(grounds: Grounds, held: Held, seat: RollSeat, day: date) -> dict[str, Any]:
    """As cast, the last one where there were several; how it counted its resolution tells."""
    cast = [
        one.fact
        for one in held.votes
        if one.fact.seat == seat.seat and grounds.decided(one)[0] <= day  # type: ignore[attr-defined]
    ]
    last = cast[-1] if cast else None
    assert last is None or isinstance(last, VoteCast)
    return {
        "round": held.number,
        "seat": seat.seat,
        "party": seat.party,
        "votes": seat.votes,
        "ballot": None if last is None else last.ballot,
        "scores": () if last is None else last.scores,
        "present": seat.seat in held.present,
        "conflict": seat.seat in held.conflicts,
        "shown_later": seat.seat in held.later,
    }
