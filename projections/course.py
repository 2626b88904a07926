"""The course of a resolution from day to day: on the table or off it, voted on, decided, undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.events.resolution import OutcomeWord
from govlog.domain.facts import Facts
from govlog.domain.resolution import (
    Outcome,
    Postponement,
    Resolution,
    Tabling,
    annulled,
    superseded_on,
)
from govlog.domain.values import Span


class ResolutionStatus(StrEnum):
    TABLED = "tabled"
    POSTPONED = "postponed"
    """Off the table undecided, until it is tabled again."""
    VOTING = "voting"
    CARRIED = "carried"
    LOST = "lost"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """Carried, and a later one has taken its place: it authorises no new act (rule 17)."""
    ANNULLED = "annulled"
    """Carried, and without authority from the start (rule 21)."""


class Stand(Struct, frozen=True):
    """How a resolution stood at the end of a day."""

    status: ResolutionStatus
    outcome: Outcome | None
    """The one in effect by then."""
    closed: frozenset[int]
    """The numbers of the rounds that were counted by then."""
    open_round: int | None
    tabling: Tabling
    """The last time it was put on the table."""
    postponed: Postponement | None


class Course:
    """One resolution as known at one size of the log."""

    def __init__(self, resolution: Resolution, facts: Facts) -> None:
        self.resolution = resolution
        self._successor = superseded_on(resolution, facts)
        self._annulled = annulled(resolution, facts)
        self._outcomes = outcomes(resolution)

    @property
    def spans(self) -> Sequence[Span | None]:
        """The days between which it stands the same."""
        resolution = self.resolution
        spans = [resolution.withdrawn, self._successor]
        for tabling in resolution.tablings:
            spans.append(tabling.day)
            if tabling.postponed is not None:
                spans.append(tabling.postponed.day)
        for held in resolution.rounds:
            spans.append(held.opened)
        for outcome in self._outcomes:
            spans.append(outcome.day)
        return spans

    def on(self, day: date) -> Stand:
        """What has surely happened by the end of the day."""
        outcome: Outcome | None = None
        for each in self._outcomes:
            if each.day.latest <= day and (outcome is None or each.word is not OutcomeWord.LAPSED):
                outcome = each
        rounds = self.resolution.rounds
        closed = frozenset(
            [each.number for each in rounds if each.outcome and each.outcome.day.latest <= day]
        )
        voting = [
            each.number
            for each in rounds
            if each.number not in closed and each.opened and each.opened.latest <= day
        ]
        tabling, *later = self.resolution.tablings
        for again in later:
            if again.day.latest <= day:
                tabling = again
        postponed = _put_off(tabling, outcome, day)
        status = self._status(day, outcome, postponed, voting=bool(voting))
        withdrawn = status is ResolutionStatus.WITHDRAWN
        open_round = voting[-1] if voting and not withdrawn else None
        return Stand(status, outcome, closed, open_round, tabling, postponed)

    def _status(
        self, day: date, outcome: Outcome | None, postponed: Postponement | None, *, voting: bool
    ) -> ResolutionStatus:
        withdrawn = self.resolution.withdrawn
        if withdrawn is not None and withdrawn.latest <= day:
            return ResolutionStatus.WITHDRAWN
        if postponed is not None:
            return ResolutionStatus.POSTPONED
        if outcome is None:
            return ResolutionStatus.VOTING if voting else ResolutionStatus.TABLED
        if outcome.word is not OutcomeWord.CARRIED:
            return ResolutionStatus(outcome.word.value)
        if self._annulled:
            return ResolutionStatus.ANNULLED
        if self._successor is not None and self._successor.latest <= day:
            return ResolutionStatus.SUPERSEDED
        return ResolutionStatus.CARRIED


def outcomes(resolution: Resolution) -> Sequence[Outcome]:
    """Every outcome there was, with a round or without, in recording order."""
    found = [each.outcome for each in resolution.rounds if each.outcome is not None]
    found += resolution.replaced
    if resolution.outcome is not None and resolution.outcome not in found:
        found.append(resolution.outcome)
    return sorted(found, key=lambda each: each.index)


def _put_off(tabling: Tabling, outcome: Outcome | None, day: date) -> Postponement | None:
    off = tabling.postponed
    if off is None or off.day.latest > day:
        return None
    return None if outcome is not None and outcome.index > off.index else off
