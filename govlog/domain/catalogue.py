"""A catalogue: the levels products can have and the criteria they are measured against, by version.

Both are data that the community adopts. An id may mean something else in another version, so
evaluations are compared by what a criterion asks for, never by its id alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.errors import RuleViolation
from govlog.domain.events.catalogue import CriteriaAdopted, Criterion, Level, LevelSchemeAdopted
from govlog.domain.events.fact import Fact
from govlog.domain.facts import Given
from govlog.domain.refusals import (
    AlreadyRecorded,
    UnknownReference,
    existing,
    require_known,
    require_new,
)
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Span, StreamId


class NothingAdopted(RuleViolation):
    """A scheme names at least one level, a version of criteria at least one criterion."""

    slug = "nothing-adopted"
    rule = 29


class RepeatedInCatalogue(RuleViolation):
    """Within one version an id means one thing."""

    slug = "repeated-in-catalogue"
    rule = 30


class UnknownLevel(RuleViolation):
    """A level is one that the catalogue has adopted (rule 29)."""

    slug = "unknown-level"
    rule = 29


class Scheme(Struct, frozen=True):
    """The levels there are, from the lowest to the highest."""

    version: Key
    levels: tuple[Level, ...]
    cumulative: bool
    since: Span
    index: int
    decided_by: StreamId | None
    resolution: StreamId | None

    def names(self, level: Key) -> bool:
        return any(each.level == level for each in self.levels)


class Criteria(Struct, frozen=True):
    """One version of what is asked."""

    version: Key
    criteria: Map[str, Criterion]
    order: tuple[str, ...]
    """Their ids as the version lists them."""
    since: Span
    index: int
    decided_by: StreamId | None
    resolution: StreamId | None


class Catalogue(Struct, frozen=True, kw_only=True):
    stream: StreamId
    name: str
    schemes: tuple[Scheme, ...]
    versions: tuple[Criteria, ...] = ()
    """In the order recorded."""
    fiction: bool = False

    def criteria(self, version: Key | None) -> Criteria | None:
        """What a version asks for; None where the catalogue has no such version."""
        return next((each for each in self.versions if each.version == version), None)


def evolve(catalogue: Catalogue | None, recorded: Recorded[Fact]) -> Catalogue | None:
    """The catalogue after one more fact; what is out of place leaves it as it is."""
    match recorded.fact:
        case LevelSchemeAdopted() as fact if catalogue is None:
            return Catalogue(
                stream=recorded.stream,
                name=fact.name,
                schemes=(_scheme(fact, recorded),),
                fiction=fact.fiction,
            )
        case LevelSchemeAdopted(version=version) as fact if (
            catalogue is not None and version not in [each.version for each in catalogue.schemes]
        ):
            schemes = (*catalogue.schemes, _scheme(fact, recorded))
            return replace(catalogue, name=fact.name, schemes=schemes)
        case CriteriaAdopted(version=version) as fact if (
            catalogue is not None and catalogue.criteria(version) is None
        ):
            versions = (*catalogue.versions, _criteria(fact, recorded))
            return replace(catalogue, versions=versions)
        case _:
            return catalogue


def begin_catalogue(
    catalogue: Catalogue | None, proposed: LevelSchemeAdopted, given: Given
) -> LevelSchemeAdopted:
    """Begin a catalogue with the levels it has first."""
    require_new(catalogue, "catalogue")
    return _checked(proposed, given)


def adopt_level_scheme(
    catalogue: Catalogue | None, proposed: LevelSchemeAdopted, given: Given
) -> LevelSchemeAdopted:
    """Adopt other levels from a day on; evaluations keep the levels they were made under."""
    held = existing(catalogue, "catalogue")
    _require_new_version(proposed.version, [each.version for each in held.schemes])
    return _checked(proposed, given)


def adopt_criteria(
    catalogue: Catalogue | None, proposed: CriteriaAdopted, given: Given
) -> CriteriaAdopted:
    """Adopt a version of the criteria, each at a level that the catalogue has."""
    held = existing(catalogue, "catalogue")
    _require_new_version(proposed.version, [each.version for each in held.versions])
    _require_deciders(proposed, given)
    _require_told_apart([each.criterion for each in proposed.criteria], "criterion")
    for each in proposed.criteria:
        require_level(held, each.level)
    before = held.versions[-1].criteria if held.versions else Map()
    for each in proposed.criteria:
        if each.was is not None and each.was not in before:
            raise UnknownReference(
                f"the version before has no criterion {each.was!r}",
                mend="name an id of the version before in was, or leave it out",
                criterion=each.criterion,
                was=each.was,
            )
    return proposed


def scheme_on(catalogue: Catalogue, day: date) -> Scheme:
    """The levels there are at the end of a day; before the first scheme, that one."""
    begun = [each for each in catalogue.schemes if each.since.earliest <= day]
    return max(
        begun,
        key=lambda each: (min(each.since.latest, day), each.since.earliest, each.index),
        default=catalogue.schemes[0],
    )


def meanings(catalogue: Catalogue, older: Key | None, newer: Key | None) -> dict[str, str]:
    """By the ids of a newer version, the ids under which an older one asks for the same.

    An id stands for the same where a version says what it was before, or where id and both texts
    are those of the version before. What is absent asks for something that was not asked before.
    """
    places = {each.version: place for place, each in enumerate(catalogue.versions)}
    if older not in places or newer not in places or places[older] > places[newer]:
        return {}
    same = {each: each for each in catalogue.versions[places[newer]].order}
    for place in range(places[newer], places[older], -1):
        after, before = catalogue.versions[place], catalogue.versions[place - 1]
        same = {
            name: earlier
            for name, each in same.items()
            if (earlier := same_before(after.criteria[each], before)) is not None
        }
    return same


class IdMeaning(StrEnum):
    """What an id asks for beside what it asked for in the version before (rule 30)."""

    SAME = "same"
    REWORDED = "reworded"
    RENUMBERED = "renumbered"
    """It had another id."""
    OTHER = "other"
    """The id was there and asked for something else."""
    NEW = "new"


def meaning_of(criterion: Criterion, before: Criteria | None) -> IdMeaning:
    """How a criterion relates to the version before; in a first version everything is new."""
    if before is None:
        return IdMeaning.NEW
    earlier = same_before(criterion, before)
    if earlier is None:
        return IdMeaning.OTHER if criterion.criterion in before.criteria else IdMeaning.NEW
    if earlier != criterion.criterion:
        return IdMeaning.RENUMBERED
    texts = (criterion.text_da, criterion.text_en)
    held = before.criteria[earlier]
    return IdMeaning.SAME if (held.text_da, held.text_en) == texts else IdMeaning.REWORDED


def require_level(catalogue: Catalogue, level: Key | None) -> None:
    """Refuse a level that no scheme of the catalogue has."""
    if level is None or any(each.names(level) for each in catalogue.schemes):
        return
    known = [each.level for each in catalogue.schemes[-1].levels]
    raise UnknownLevel(
        f"{catalogue.stream} has no level {level!r}",
        mend=f"use one of {', '.join(known)}, or adopt a scheme that has it",
        level=level,
        levels=known,
    )


def same_before(criterion: Criterion, version: Criteria) -> str | None:
    """The id under which the version before asked for the same; None where it did not."""
    if criterion.was is not None:
        return criterion.was if criterion.was in version.criteria else None
    earlier = version.criteria.get(criterion.criterion)
    if earlier is None:
        return None
    texts = (criterion.text_da, criterion.text_en)
    return earlier.criterion if (earlier.text_da, earlier.text_en) == texts else None


def _checked(proposed: LevelSchemeAdopted, given: Given) -> LevelSchemeAdopted:
    _require_deciders(proposed, given)
    _require_told_apart([each.level for each in proposed.levels], "level")
    return proposed


def _require_deciders(proposed: LevelSchemeAdopted | CriteriaAdopted, given: Given) -> None:
    require_known(given.facts, proposed.decided_by, "decided_by")
    require_known(given.facts, proposed.resolution, "resolution")


def _require_told_apart(names: list[str], noun: str) -> None:
    if not names:
        raise NothingAdopted(f"no {noun} is named", mend=f"list at least one {noun}")
    repeated = sorted({each for each in names if names.count(each) > 1})
    if repeated:
        raise RepeatedInCatalogue(
            f"{', '.join(repeated)}: more than one {noun} has this id",
            mend=f"give each {noun} an id of its own",
            repeated=repeated,
        )


def _require_new_version(version: Key, known: Iterable[Key]) -> None:
    if version in known:
        raise AlreadyRecorded(
            f"the catalogue has a version {version!r} already",
            mend="give the new one a version of its own",
            version=version,
        )


def _scheme(fact: LevelSchemeAdopted, recorded: Recorded[Fact]) -> Scheme:
    return Scheme(
        version=fact.version,
        levels=fact.levels,
        cumulative=fact.cumulative,
        since=recorded.decided,
        index=recorded.index,
        decided_by=fact.decided_by,
        resolution=fact.resolution,
    )


def _criteria(fact: CriteriaAdopted, recorded: Recorded[Fact]) -> Criteria:
    return Criteria(
        version=fact.version,
        criteria=Map({each.criterion: each for each in reversed(fact.criteria)}),
        order=tuple(dict.fromkeys(each.criterion for each in fact.criteria)),
        since=recorded.decided,
        index=recorded.index,
        decided_by=fact.decided_by,
        resolution=fact.resolution,
    )
