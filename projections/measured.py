"""What the rows of an evaluation say: meanings, tallies, and the change since the last one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from govlog.domain.catalogue import Catalogue, Criteria, meanings, scheme_on
from govlog.domain.commitment import Evaluation
from govlog.domain.events.evaluation import CriterionRow, Light, PrintedTotals
from govlog.domain.tallies import Tally, difference, tally
from govlog.domain.values import Key, Personal, Reference


class LevelWord(StrEnum):
    """What became of a recommended level."""

    NOTHING_RECOMMENDED = "nothing_recommended"
    NOT_DECIDED = "recommended_not_decided"
    DECIDED = "decided"


class MeasuredRow(Struct, frozen=True):
    """A criterion as it was measured, with what the id means in the version measured against."""

    criterion: str
    theme: str | None
    theme_da: str | None
    level: Key | None
    text_da: str | None
    text_en: str | None
    light: Light
    grounds: Personal | None
    evidence: tuple[Reference, ...]


class Counted(Struct, frozen=True):
    """The lights of one level, and of it with all below it where levels are cumulative."""

    level: Key
    own: Tally
    with_lower: Tally | None


class Tallied(Struct, frozen=True):
    theme: str
    theme_da: str | None
    totals: Tally


class Printed(Struct, frozen=True):
    """Totals that a source prints beside those its rows give (rule 30)."""

    where: str
    totals: Tally
    difference: Tally
    """Printed less derived; all zero where they agree."""
    agrees: bool


class Moved(Struct, frozen=True):
    """One criterion with another light than last time."""

    criterion: str
    was: str
    """Its id in the version measured against last time."""
    before: Light
    after: Light


class SinceLast(Struct, frozen=True):
    """What is different from the evaluation before, criterion by criterion, by meaning."""

    evaluation: Key
    criteria_version: Key | None
    better: int
    worse: int
    moved: tuple[Moved, ...]
    not_comparable: tuple[str, ...]
    """Measured now, and not asked for or not measured last time."""


_RANK = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2}


def rows_of(evaluation: Evaluation, version: Criteria | None) -> tuple[MeasuredRow, ...]:
    """Every row with what its id means; nothing where no source says which version it is of."""
    return tuple(_row(each, version) for each in evaluation.rows)


def _row(row: CriterionRow, version: Criteria | None) -> MeasuredRow:
    criterion = version.criteria.get(row.criterion) if version else None
    return MeasuredRow(
        criterion=row.criterion,
        theme=criterion.theme if criterion else None,
        theme_da=criterion.theme_da if criterion else None,
        level=criterion.level if criterion else None,
        text_da=criterion.text_da if criterion else None,
        text_en=criterion.text_en if criterion else None,
        light=row.light,
        grounds=row.grounds,
        evidence=row.evidence,
    )


def by_level(
    evaluation: Evaluation, catalogue: Catalogue | None, version: Criteria | None
) -> tuple[Counted, ...]:
    """Tallies by level, from the lowest, of the scheme on the last day it may be of."""
    if catalogue is None or version is None:
        return ()
    scheme = scheme_on(catalogue, evaluation.decided.latest)
    found: list[Counted] = []
    below: list[CriterionRow] = []
    for level in scheme.levels:
        own = [
            row
            for row in evaluation.rows
            if row.criterion in version.criteria
            and version.criteria[row.criterion].level == level.level
        ]
        below += own
        found.append(Counted(level.level, tally(own), tally(below) if scheme.cumulative else None))
    return tuple(found)


def by_theme(evaluation: Evaluation, version: Criteria | None) -> tuple[Tallied, ...]:
    """Tallies by theme, in the order in which the version lists them."""
    if version is None:
        return ()
    listed = [version.criteria[each] for each in reversed(version.order)]
    themes = {each.theme: each.theme_da for each in listed}
    return tuple(
        Tallied(theme, themes[theme], tally(_of_theme(evaluation.rows, version, theme)))
        for theme in dict.fromkeys(each.theme for each in reversed(listed))
    )


def _of_theme(
    rows: Iterable[CriterionRow], version: Criteria, theme: str
) -> Iterable[CriterionRow]:
    return (
        row
        for row in rows
        if row.criterion in version.criteria and version.criteria[row.criterion].theme == theme
    )


def printed(totals: Tally, table: PrintedTotals) -> Printed:
    """One printed table held against the derived totals."""
    as_printed = Tally(table.green, table.yellow, table.red, table.not_relevant)
    apart = difference(table, totals)
    return Printed(table.where, as_printed, apart, agrees=apart == Tally())


def unmeasured(evaluation: Evaluation, version: Criteria | None) -> tuple[str, ...]:
    """What the version asks for and no row says."""
    if version is None:
        return ()
    measured = {row.criterion for row in evaluation.rows}
    return tuple(each for each in version.order if each not in measured)


def since(
    evaluation: Evaluation, last: Evaluation | None, catalogue: Catalogue | None
) -> SinceLast | None:
    """The change since the last one; ids are compared only where they mean the same."""
    if last is None:
        return None
    same = _same(evaluation, last, catalogue)
    lights = {row.criterion: row.light for row in last.rows}
    moved: list[Moved] = []
    strange: list[str] = []
    for row in evaluation.rows:
        was = same.get(row.criterion)
        if was is None or was not in lights:
            strange.append(row.criterion)
        elif lights[was] is not row.light:
            moved.append(Moved(row.criterion, was, lights[was], row.light))
    ranks = [(_RANK.get(each.before), _RANK.get(each.after)) for each in moved]
    compared = [(one, two) for one, two in ranks if one is not None and two is not None]
    return SinceLast(
        evaluation=last.evaluation,
        criteria_version=last.criteria_version,
        better=sum(two > one for one, two in compared),
        worse=sum(two < one for one, two in compared),
        moved=tuple(moved),
        not_comparable=tuple(strange),
    )


def _same(evaluation: Evaluation, last: Evaluation, catalogue: Catalogue | None) -> dict[str, str]:
    """By the ids of this one, those that meant the same last time."""
    if catalogue is None or last.catalogue != evaluation.catalogue:
        return {}
    older, newer = last.criteria_version, evaluation.criteria_version
    forward = meanings(catalogue, older, newer)
    # A product may be measured against an older version after a newer one.
    return forward or {new: old for old, new in meanings(catalogue, newer, older).items()}
