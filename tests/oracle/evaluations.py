"""Evaluations: what was measured, its tallies from the rows, and what came of it (rules 29, 30)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.catalogue import CriteriaAdopted
from govlog.domain.events.dispute import EvaluationDisputed
from govlog.domain.events.evaluation import (
    CriterionRow,
    EvaluationPublished,
    LevelChanged,
    Light,
    PrintedTotals,
    SelfAssessed,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from tests.oracle.catalogues import same, scheme_on, version
from tests.oracle.days import decided
from tests.oracle.disputes import quarrels
from tests.oracle.grounds import Grounds
from tests.oracle.products import fiction_of

MEASURES = (SelfAssessed, EvaluationPublished)
LIGHTS = ("green", "yellow", "red", "not_relevant")
RANK = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2}


def evaluations(grounds: Grounds, day: date) -> dict[str, Any]:
    return {
        f"{each.stream}/{each.fact.evaluation}": _row(grounds, each, day)
        for each in grounds.facts
        if isinstance(each.fact, MEASURES) and grounds.decided(each)[0] <= day
    }


def _row(grounds: Grounds, each: Recorded[Fact], day: date) -> dict[str, Any]:
    fact = each.fact
    assert isinstance(fact, MEASURES)
    asked = version(grounds, fact.catalogue, fact.criteria_version)
    totals = tally(fact.rows)
    printed = tuple(_printed(totals, table) for table in fact.printed)
    decision = answer_to(grounds, each, day)
    recommended = getattr(fact, "recommended_level", None)
    measured = {row.criterion for row in fact.rows}
    about = [
        one
        for one in grounds.of(each.stream)
        if isinstance(one.fact, EvaluationDisputed) and one.fact.evaluation == fact.evaluation
    ]
    return {
        "product": each.stream,
        "evaluation": fact.evaluation,
        "kind": kind(fact),
        "by": fact.by,
        "published": decided(each),
        "catalogue": fact.catalogue,
        "criteria_version": fact.criteria_version,
        "totals": totals,
        "by_level": _by_level(grounds, each, asked),
        "by_theme": _by_theme(fact.rows, asked),
        "printed": printed,
        "printed_agrees": all(table["agrees"] for table in printed),
        "green_without_evidence": tuple(
            row.criterion for row in fact.rows if row.light is Light.GREEN and not row.evidence
        ),
        "unmeasured": tuple(
            one.criterion
            for one in (asked.criteria if asked else ())
            if one.criterion not in measured
        ),
        "claimed_level": getattr(fact, "claimed_level", None),
        "recommended_level": recommended,
        "recommendation": getattr(fact, "recommendation", None),
        "standing": _standing(recommended, decision),
        "decided_level": decision.fact.to_level if decision else None,  # type: ignore[attr-defined]
        "decision": decision.id if decision else None,
        "since_last": _since_last(grounds, each),
        "disputes": quarrels(grounds, about, day),
        "next_review": fact.next_review,
        "summary": getattr(fact, "summary", None),
        "rows": tuple(_measured(row, asked) for row in fact.rows),
        "event": each.id,
        "evidence": fact.evidence,
        "fiction": fiction_of(grounds, each.stream),
    }


def kind(fact: Fact) -> str:
    return "self_assessment" if isinstance(fact, SelfAssessed) else "evaluation"


def _standing(recommended: str | None, decision: Recorded[Fact] | None) -> str:
    if recommended is None:
        return "nothing_recommended"
    return "recommended_not_decided" if decision is None else "decided"


def answer_to(grounds: Grounds, each: Recorded[Fact], day: date) -> Recorded[Fact] | None:
    """The last decision on the level after an evaluation, or that names it (rule 29)."""
    found = [
        one
        for one in grounds.of(each.stream)
        if isinstance(one.fact, LevelChanged)
        and grounds.authority(one).given
        and _decided_on(grounds, one) <= day
        and (
            one.fact.evaluation == each.fact.evaluation  # type: ignore[attr-defined]
            or grounds.decided(one) > grounds.decided(each)
        )
    ]
    return max(found, key=lambda one: (_decided_on(grounds, one), one.index), default=None)


def _decided_on(grounds: Grounds, change: Recorded[Fact]) -> date:
    """When it was decided, whatever the day from which it works: not before its resolution."""
    day = grounds.decided(change)[0]
    resolution = change.fact.resolution  # type: ignore[attr-defined]
    carried = grounds.carried(resolution) if resolution else None
    return day if carried is None else max(day, carried[0])


def tally(rows: Iterable[CriterionRow]) -> dict[str, int]:
    lights = [row.light.value for row in rows]
    return {light: lights.count(light) for light in LIGHTS}


def _printed(totals: dict[str, int], table: PrintedTotals) -> dict[str, Any]:
    stated = {light: getattr(table, light) for light in LIGHTS}
    apart = {light: stated[light] - totals[light] for light in LIGHTS}
    return {
        "where": table.where,
        "totals": stated,
        "difference": apart,
        "agrees": not any(apart.values()),
    }


def _measured(row: CriterionRow, asked: CriteriaAdopted | None) -> dict[str, Any]:
    meant = next(
        (e for e in (asked.criteria if asked else ()) if e.criterion == row.criterion), None
    )
    said = {
        name: getattr(meant, name, None)
        for name in ("theme", "theme_da", "level", "text_da", "text_en")
    }
    return {
        "criterion": row.criterion,
        **said,
        "light": row.light,
        "grounds": row.grounds,
        "evidence": row.evidence,
    }


def _at(
    rows: Sequence[CriterionRow], asked: CriteriaAdopted, member: str, value: str
) -> list[CriterionRow]:
    those = {each.criterion for each in asked.criteria if getattr(each, member) == value}
    return [row for row in rows if row.criterion in those]


def _by_level(
    grounds: Grounds, each: Recorded[Fact], asked: CriteriaAdopted | None
) -> tuple[dict[str, Any], ...]:
    """Of the levels there were when it was made, each with all below it where they add up."""
    fact = each.fact
    assert isinstance(fact, MEASURES)
    if asked is None or fact.catalogue is None:
        return ()
    scheme = scheme_on(grounds, fact.catalogue, grounds.decided(each)[0])
    own = [_at(fact.rows, asked, "level", level.level) for level in scheme.levels]
    return tuple(
        {
            "level": level.level,
            "own": tally(own[place]),
            "with_lower": tally(row for rows in own[: place + 1] for row in rows)
            if scheme.cumulative
            else None,
        }
        for place, level in enumerate(scheme.levels)
    )


def _by_theme(
    rows: Sequence[CriterionRow], asked: CriteriaAdopted | None
) -> tuple[dict[str, Any], ...]:
    if asked is None:
        return ()
    themes = list(dict.fromkeys(each.theme for each in asked.criteria))
    return tuple(
        {
            "theme": theme,
            "theme_da": next(each.theme_da for each in asked.criteria if each.theme == theme),
            "totals": tally(_at(rows, asked, "theme", theme)),
        }
        for theme in themes
    )


def _since_last(grounds: Grounds, each: Recorded[Fact]) -> dict[str, Any] | None:
    """Criterion by criterion, by meaning, beside the one of its kind before (ADR 0051)."""
    fact = each.fact
    assert isinstance(fact, MEASURES)
    earlier = [
        one
        for one in grounds.of(each.stream)
        if type(one.fact) is type(fact) and grounds.decided(one) < grounds.decided(each)
    ]
    if not earlier:
        return None
    last = max(earlier, key=grounds.decided).fact
    assert isinstance(last, MEASURES)
    meaning = {}
    if last.catalogue == fact.catalogue:
        meaning = same(grounds, fact.catalogue, fact.criteria_version, last.criteria_version)
    before = {row.criterion: row.light for row in last.rows}
    pairs = [(row, meaning.get(row.criterion)) for row in fact.rows]
    compared = [(row, was) for row, was in pairs if was is not None and was in before]
    moved = [(row, was) for row, was in compared if before[was] is not row.light]
    ranks = [
        RANK[row.light] - RANK[before[was]]
        for row, was in moved
        if row.light in RANK and before[was] in RANK
    ]
    return {
        "evaluation": last.evaluation,
        "criteria_version": last.criteria_version,
        "better": sum(each > 0 for each in ranks),
        "worse": sum(each < 0 for each in ranks),
        "moved": tuple(
            {"criterion": row.criterion, "was": was, "before": before[was], "after": row.light}
            for row, was in moved
        ),
        "not_comparable": tuple(
            row.criterion for row, was in pairs if was is None or was not in before
        ),
    }


def recommended(grounds: Grounds, product: StreamId, day: date) -> str | None:
    """By the last evaluation that recommends a level, where nothing was decided after it."""
    published = [
        each
        for each in grounds.of(product)
        if isinstance(each.fact, EvaluationPublished)
        and each.fact.recommended_level is not None
        and grounds.decided(each)[0] <= day
    ]
    if not published:
        return None
    latest = max(published, key=grounds.decided)
    level: str | None = latest.fact.recommended_level  # type: ignore[attr-defined]
    return level if answer_to(grounds, latest, day) is None else None
