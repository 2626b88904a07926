"""Disputes: who does not agree about what, and how it ended; they change no other answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.dispute import DisputeSettled, EvaluationDisputed, InvestmentDisputed
from govlog.domain.events.product import InstalmentCommitted
from govlog.domain.stream import Recorded
from tests.oracle.days import decided
from tests.oracle.grounds import Grounds
from tests.oracle.products import fiction_of

DISPUTING = (EvaluationDisputed, InvestmentDisputed)


def disputes(grounds: Grounds, day: date) -> dict[str, Any]:
    found = {}
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, DISPUTING) or grounds.decided(each)[0] > day:
            continue
        settled = _settled(grounds, each, day)
        ended = None if settled is None else settled.fact
        assert ended is None or isinstance(ended, DisputeSettled)
        found[f"{each.stream}/{fact.dispute}"] = {
            "product": each.stream,
            "dispute": fact.dispute,
            "by": fact.by,
            "evaluation": getattr(fact, "evaluation", None),
            "criteria": getattr(fact, "criteria", ()),
            "instalment": getattr(fact, "instalment", None),
            "investment": getattr(fact, "investment", None),
            "grounds": fact.grounds,
            "raised": decided(each),
            "open": ended is None,
            "outcome": None if ended is None else ended.outcome,
            "settled": None if settled is None else decided(settled),
            "decided_by": None if ended is None else ended.decided_by,
            "resolution": None if ended is None else ended.resolution,
            "outcome_grounds": None if ended is None else ended.grounds,
            "event": each.id,
            "fiction": fiction_of(grounds, each.stream),
        }
    return found


def _settled(grounds: Grounds, dispute: Recorded[Fact], day: date) -> Recorded[Fact] | None:
    for each in grounds.of(dispute.stream):
        fact = each.fact
        if isinstance(fact, DisputeSettled) and fact.dispute == dispute.fact.dispute:  # type: ignore[attr-defined]
            return each if grounds.decided(each)[0] <= day else None
    return None


def quarrels(
    grounds: Grounds, disputes: Iterable[Recorded[Fact]], day: date
) -> tuple[dict[str, Any], ...]:
    """Disputes in short, those raised by the end of the day."""
    told = []
    for each in disputes:
        if grounds.decided(each)[0] <= day:
            settled = _settled(grounds, each, day)
            told.append(
                {
                    "dispute": each.fact.dispute,  # type: ignore[attr-defined]
                    "by": each.fact.by,  # type: ignore[attr-defined]
                    "criteria": getattr(each.fact, "criteria", ()),
                    "grounds": each.fact.grounds,  # type: ignore[attr-defined]
                    "raised": decided(each),
                    "outcome": None if settled is None else settled.fact.outcome,  # type: ignore[attr-defined]
                }
            )
    return tuple(told)


def disputed(grounds: Grounds, instalment: Recorded[Fact], day: date) -> bool:
    """Whether somebody does not agree about it, or about its investment, and that is open."""
    fact = instalment.fact
    assert isinstance(fact, InstalmentCommitted)
    return any(
        isinstance(each.fact, InvestmentDisputed)
        and (
            each.fact.instalment == fact.instalment
            or (each.fact.investment is not None and each.fact.investment == fact.investment)
        )
        and grounds.decided(each)[0] <= day
        and _settled(grounds, each, day) is None
        for each in grounds.of(instalment.stream)
    )
