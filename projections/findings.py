"""Findings: what evaluations measured about a matter that sources make claims about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from govlog.domain.commitment import Evaluation, Measured, Product
from govlog.domain.events.evaluation import Light
from govlog.domain.facts import Facts
from govlog.domain.values import Key, Personal, Span, StreamId


class Finding(Struct, frozen=True):
    """One criterion about the matter, as it was measured."""

    event: str
    evaluation: Key
    kind: Measured
    by: StreamId | None
    found: Span
    criterion: str
    text_da: str
    text_en: str
    light: Light
    grounds: Personal | None


def findings(product: Product, topic: str, facts: Facts) -> tuple[Finding, ...]:
    """Whatever was measured about a topic, the latest last; a criterion names its topic."""
    if not product.evaluations:
        return ()
    evaluations = sorted(product.evaluations.values(), key=_by_day)
    return tuple(found for each in evaluations for found in _about(each, topic, facts))


def found_by(found: tuple[Finding, ...], day: date) -> tuple[Finding, ...]:
    """Those that may have been made by the end of a day."""
    return tuple([each for each in found if each.found.earliest <= day])


def _by_day(evaluation: Evaluation) -> tuple[date, int]:
    return evaluation.decided.latest, evaluation.index


def _about(evaluation: Evaluation, topic: str, facts: Facts) -> Iterator[Finding]:
    catalogue = facts.catalogue(evaluation.catalogue) if evaluation.catalogue else None
    version = catalogue.criteria(evaluation.criteria_version) if catalogue else None
    for row in evaluation.rows if version else ():
        criterion = version.criteria.get(row.criterion) if version else None
        if criterion is not None and criterion.about == topic:
            yield Finding(
                event=evaluation.fact,
                evaluation=evaluation.evaluation,
                kind=evaluation.kind,
                by=evaluation.by,
                found=evaluation.decided,
                criterion=row.criterion,
                text_da=criterion.text_da,
                text_en=criterion.text_en,
                light=row.light,
                grounds=row.grounds,
            )
