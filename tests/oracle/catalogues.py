"""Catalogues: the levels there are on a day, and what each version of the criteria asks for.

Two criteria of two versions are the same where the later version says what the id was before, or
where id and both texts are unchanged (ADR 0051).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.catalogue import CriteriaAdopted, Criterion, LevelSchemeAdopted
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId
from tests.oracle.counting import order_of_counting
from tests.oracle.days import decided
from tests.oracle.grounds import Grounds


def schemes(grounds: Grounds, catalogue: StreamId) -> list[Recorded[Fact]]:
    return _told(grounds, catalogue, LevelSchemeAdopted)


def versions(grounds: Grounds, catalogue: StreamId) -> list[Recorded[Fact]]:
    """In the order in which they came to count: `was` names an id of the one before."""
    return _told(grounds, catalogue, CriteriaAdopted)


def _told(grounds: Grounds, catalogue: StreamId, kind: type[Fact]) -> list[Recorded[Fact]]:
    found = [each for each in grounds.of(catalogue) if isinstance(each.fact, kind)]
    return sorted(found, key=lambda each: order_of_counting(grounds.log, each))


def scheme_on(grounds: Grounds, catalogue: StreamId, day: date) -> LevelSchemeAdopted:
    """The levels there are at the end of a day; before the first scheme, that one."""
    known = schemes(grounds, catalogue)
    by_then = [each for each in known if grounds.decided(each)[0] <= day]
    found = max(by_then, key=grounds.decided) if by_then else known[0]
    assert isinstance(found.fact, LevelSchemeAdopted)
    return found.fact


def version(
    grounds: Grounds, catalogue: StreamId | None, key: Key | None
) -> CriteriaAdopted | None:
    for each in versions(grounds, catalogue) if catalogue else ():
        if isinstance(each.fact, CriteriaAdopted) and each.fact.version == key:
            return each.fact
    return None


def catalogues(grounds: Grounds, day: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for stream in dict.fromkeys(
        e.stream for e in grounds.facts if e.stream.startswith("catalogue:")
    ):
        known = schemes(grounds, stream)
        begun = [each for each in known if grounds.decided(each)[0] <= day]
        if not begun:
            continue
        scheme = max(begun, key=grounds.decided)
        adopted = [each for each in versions(grounds, stream) if grounds.decided(each)[0] <= day]
        latest = max(adopted, key=grounds.decided, default=None)
        fact = scheme.fact
        assert isinstance(fact, LevelSchemeAdopted)
        found[stream] = {
            "catalogue": stream,
            "name": known[-1].fact.name,  # type: ignore[attr-defined]
            "scheme": fact.version,
            "levels": fact.levels,
            "cumulative": fact.cumulative,
            "scheme_since": decided(scheme),
            "scheme_resolution": fact.resolution,
            "criteria_version": None if latest is None else latest.fact.version,  # type: ignore[attr-defined]
            "versions": tuple(each.fact.version for each in adopted),  # type: ignore[attr-defined]
            "fiction": known[0].fact.fiction,  # type: ignore[attr-defined]
        }
    return found


def criteria(grounds: Grounds, day: date) -> dict[str, Any]:
    found = {}
    for each in grounds.facts:
        fact = each.fact
        if not isinstance(fact, CriteriaAdopted) or grounds.decided(each)[0] > day:
            continue
        told = versions(grounds, each.stream)
        place = [one.id for one in told].index(each.id)
        before = told[place - 1].fact if place else None
        assert before is None or isinstance(before, CriteriaAdopted)
        found[f"{each.stream}/{fact.version}"] = {
            "catalogue": each.stream,
            "version": fact.version,
            "criteria": tuple(_shown(one, before) for one in fact.criteria),
            "count": len(fact.criteria),
            "by_level": _by_level(grounds, each),
            "dropped": _dropped(fact, before),
            "adopted": decided(each),
            "decided_by": fact.decided_by,
            "resolution": fact.resolution,
            "followed": any(grounds.decided(one)[0] <= day for one in told[place + 1 :]),
            "fiction": schemes(grounds, each.stream)[0].fact.fiction,  # type: ignore[attr-defined]
        }
    return found


def _by_level(grounds: Grounds, adopted: Recorded[Fact]) -> tuple[dict[str, Any], ...]:
    fact = adopted.fact
    assert isinstance(fact, CriteriaAdopted)
    scheme = scheme_on(grounds, adopted.stream, grounds.decided(adopted)[0])
    levels = [each.level for each in scheme.levels]
    asked = [each.level for each in fact.criteria]
    return tuple(
        {
            "level": level,
            "own": asked.count(level),
            "with_lower": sum(asked.count(lower) for lower in levels[: place + 1]),
        }
        for place, level in enumerate(levels)
    )


def _shown(each: Criterion, before: CriteriaAdopted | None) -> dict[str, Any]:
    return {
        "criterion": each.criterion,
        "theme": each.theme,
        "theme_da": each.theme_da,
        "level": each.level,
        "text_da": each.text_da,
        "text_en": each.text_en,
        "about": each.about,
        "was": each.was,
        "meaning": _meaning(each, before),
    }


def _meaning(each: Criterion, before: CriteriaAdopted | None) -> str:
    known = {} if before is None else {one.criterion: one for one in before.criteria}
    same = meant(each, known.values())
    if same is None:
        return "other" if each.criterion in known else "new"
    if same != each.criterion:
        return "renumbered"
    return "same" if _texts(known[same]) == _texts(each) else "reworded"


def meant(each: Criterion, before: Sequence[Criterion] | Any) -> str | None:
    """The id under which the version before asked for the same; None where it did not."""
    known = {one.criterion: one for one in before}
    if each.was is not None:
        return each.was if each.was in known else None
    held = known.get(each.criterion)
    return each.criterion if held is not None and _texts(held) == _texts(each) else None


def _texts(each: Criterion) -> tuple[str, str]:
    return each.text_da, each.text_en


def _dropped(fact: CriteriaAdopted, before: CriteriaAdopted | None) -> tuple[str, ...]:
    """Ids of the version before that ask for nothing here: no criterion means the same as one."""
    if before is None:
        return ()
    kept = {meant(each, before.criteria) for each in fact.criteria}
    return tuple(each.criterion for each in before.criteria if each.criterion not in kept)


def same(
    grounds: Grounds, catalogue: StreamId | None, newer: Key | None, older: Key | None
) -> dict[str, str]:
    """By the ids of one version, those that ask for the same in another, through all between."""
    told = [each.fact for each in versions(grounds, catalogue)] if catalogue else []
    keys = [each.version for each in told]  # type: ignore[attr-defined]
    if newer not in keys or older not in keys:
        return {}
    late, early = keys.index(newer), keys.index(older)
    if late < early:
        return {new: old for old, new in same(grounds, catalogue, older, newer).items()}
    found = {each.criterion: each.criterion for each in told[late].criteria}  # type: ignore[attr-defined]
    for place in range(late, early, -1):
        asked = {each.criterion: each for each in told[place].criteria}  # type: ignore[attr-defined]
        earlier = {new: meant(asked[now], told[place - 1].criteria) for new, now in found.items()}  # type: ignore[attr-defined]
        found = {new: old for new, old in earlier.items() if old is not None}
    return found
