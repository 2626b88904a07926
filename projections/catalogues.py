"""Catalogues: the levels there are on a day, and what each version of the criteria asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.catalogue import Criteria, IdMeaning, Scheme, meaning_of, same_before, scheme_on
from govlog.domain.events import Fact
from govlog.domain.events.catalogue import CriteriaAdopted, Criterion, Level, LevelSchemeAdopted
from govlog.domain.stream import Recorded
from govlog.domain.tri import surely_last
from govlog.domain.values import Key, Span, StreamId
from projections.known import Known
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class CatalogueRow(Struct, frozen=True):
    """The levels that products can have on a day, and which criteria were adopted last."""

    catalogue: StreamId
    name: str
    scheme: Key
    """The version of the level scheme in force."""
    levels: tuple[Level, ...]
    """From the lowest to the highest."""
    cumulative: bool
    scheme_since: Span
    scheme_resolution: StreamId | None
    criteria_version: Key | None
    """Of the criteria adopted last."""
    versions: tuple[Key, ...]
    fiction: bool


class CriterionShown(Struct, frozen=True):
    criterion: str
    theme: str
    theme_da: str | None
    level: Key
    text_da: str
    text_en: str
    about: str | None
    was: str | None
    meaning: IdMeaning
    """Beside the version before: the same, other words, another id, or something else."""


class AtLevel(Struct, frozen=True):
    level: Key
    own: int
    with_lower: int


class CriteriaRow(Struct, frozen=True):
    """One version of the criteria, in full; what it asks for never changes."""

    catalogue: StreamId
    version: Key
    criteria: tuple[CriterionShown, ...]
    count: int
    by_level: tuple[AtLevel, ...]
    dropped: tuple[str, ...]
    """Ids of the version before whose matter nothing asks for here, whatever the id means now."""
    adopted: Span
    decided_by: StreamId | None
    resolution: StreamId | None
    followed: bool
    """Whether a later version has been adopted by this day."""
    fiction: bool


def _catalogues_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    return (each.stream for each in counted)


def _catalogue_segments(subject: str, known: Known) -> Iterable[Segment]:
    catalogue = known.facts.catalogue(StreamId(subject))
    if catalogue is None:
        return ()
    schemes = [each.since for each in catalogue.schemes]
    versions = [each.since for each in catalogue.versions]
    first = min(each.earliest for each in schemes)

    def on(day: date) -> tuple[CatalogueRow, bool]:
        scheme = scheme_on(catalogue, day)
        adopted = [each for each in catalogue.versions if each.since.latest <= day]
        last = max(adopted, key=lambda each: (each.since.latest, each.index), default=None)
        begun = [each for each in catalogue.schemes if each.since.latest <= day]
        sure = _surely_last(scheme, begun) and (last is None or _surely_last(last, adopted))
        row = CatalogueRow(
            catalogue=catalogue.stream,
            name=catalogue.name,
            scheme=scheme.version,
            levels=scheme.levels,
            cumulative=scheme.cumulative,
            scheme_since=scheme.since,
            scheme_resolution=scheme.resolution,
            criteria_version=last.version if last else None,
            versions=tuple(each.version for each in adopted),
            fiction=catalogue.fiction,
        )
        return row, sure and not open_on(day, *schemes, *versions)

    return spells((day for day in turning(*schemes, *versions) if day >= first), on)


def _surely_last(last: Scheme | Criteria, adopted: Iterable[Scheme | Criteria]) -> bool:
    others = [(each.since, each.index) for each in adopted if each is not last]
    return surely_last((last.since, last.index), others)


def _criteria_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for stream in {each.stream for each in counted}:
        catalogue = known.facts.catalogue(stream)
        for version in catalogue.versions if catalogue else ():
            yield f"{stream}/{version.version}"


def _criteria_segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, key = subject.partition("/")
    catalogue = known.facts.catalogue(StreamId(stream))
    version = catalogue.criteria(Key(key)) if catalogue else None
    if catalogue is None or version is None:
        return ()
    place = catalogue.versions.index(version)
    before = catalogue.versions[place - 1] if place else None
    after = [each.since for each in catalogue.versions[place + 1 :]]
    scheme = scheme_on(catalogue, version.since.latest)
    shown = tuple(_shown(version.criteria[each], before) for each in version.order)

    def on(day: date) -> tuple[CriteriaRow, bool] | None:
        if day < version.since.earliest:
            return None
        row = CriteriaRow(
            catalogue=catalogue.stream,
            version=version.version,
            criteria=shown,
            count=len(shown),
            by_level=_by_level([each.level for each in scheme.levels], shown),
            dropped=_dropped(version, before),
            adopted=version.since,
            decided_by=version.decided_by,
            resolution=version.resolution,
            followed=any(each.latest <= day for each in after),
            fiction=catalogue.fiction,
        )
        return row, not open_on(day, version.since, *after)

    return spells(turning(version.since, *after), on)


def _shown(criterion: Criterion, before: Criteria | None) -> CriterionShown:
    return CriterionShown(
        criterion=criterion.criterion,
        theme=criterion.theme,
        theme_da=criterion.theme_da,
        level=criterion.level,
        text_da=criterion.text_da,
        text_en=criterion.text_en,
        about=criterion.about,
        was=criterion.was,
        meaning=meaning_of(criterion, before),
    )


def _by_level(levels: Iterable[Key], shown: Iterable[CriterionShown]) -> tuple[AtLevel, ...]:
    found: list[AtLevel] = []
    for level in levels:
        own = sum(each.level == level for each in shown)
        found.append(AtLevel(level, own, own + (found[-1].with_lower if found else 0)))
    return tuple(found)


def _dropped(version: Criteria, before: Criteria | None) -> tuple[str, ...]:
    if before is None:
        return ()
    kept = {same_before(each, before) for each in version.criteria.values()}
    return tuple(each for each in before.order if each not in kept)


_READS: frozenset[type[Fact]] = frozenset((LevelSchemeAdopted, CriteriaAdopted))

CATALOGUES = View(
    name="catalogues",
    row=CatalogueRow,
    reads=_READS,
    touches=_catalogues_touched,
    segments=_catalogue_segments,
    filters=("fiction",),
)
CRITERIA = View(
    name="criteria",
    row=CriteriaRow,
    reads=_READS,
    touches=_criteria_touched,
    segments=_criteria_segments,
    filters=("catalogue", "version", "followed", "fiction"),
    scanned=("version", "followed", "fiction"),
)
