"""Claims beside findings: what a source says held, and what was measured about the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import Stated
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from tests.oracle.catalogues import version
from tests.oracle.days import decided, may_be
from tests.oracle.evaluations import MEASURES, kind
from tests.oracle.grounds import Grounds
from tests.oracle.saying import AnyOrder


def claims(grounds: Grounds, day: date) -> dict[str, Any]:
    """A claim confers nothing; it is there from the day on which it is said to have held."""
    return {
        each.id: {
            "event": each.id,
            "stream": each.stream,
            "about": each.fact.topic,
            "text": each.fact.text,
            "by": each.fact.by,
            "party": each.fact.party,
            "role": each.fact.role,
            "count": each.fact.count,
            "holds_on": each.fact.holds_on,
            "holds": holds(each),
            "decided_on": each.fact.decided_on,
            "evidence": each.fact.evidence,
            "findings": AnyOrder(tuple(findings(grounds, each.stream, each.fact.topic, day))),
        }
        for each in grounds.facts
        if isinstance(each.fact, Stated) and grounds.held(each)[0] <= day
    }


def holds(each: Recorded[Fact]) -> Any:
    assert isinstance(each.fact, Stated)
    when = each.fact.holds_on
    return decided(each) if when is None else may_be(each, when)


def findings(
    grounds: Grounds, product: StreamId, topic: str, day: date
) -> Iterator[dict[str, Any]]:
    """Every criterion about the topic that an evaluation of the product measured by a day."""
    for each in grounds.of(product):
        fact = each.fact
        if not isinstance(fact, MEASURES) or grounds.decided(each)[0] > day:
            continue
        asked = version(grounds, fact.catalogue, fact.criteria_version)
        about = (
            {one.criterion: one for one in asked.criteria if one.about == topic} if asked else {}
        )
        for row in fact.rows:
            if row.criterion in about:
                yield {
                    "event": each.id,
                    "evaluation": fact.evaluation,
                    "kind": kind(fact),
                    "by": fact.by,
                    "found": decided(each),
                    "criterion": row.criterion,
                    "text_da": about[row.criterion].text_da,
                    "text_en": about[row.criterion].text_en,
                    "light": row.light,
                    "grounds": row.grounds,
                }
