"""Stories of catalogues and evaluations: what is asked, measured, recommended and decided."""

from __future__ import annotations

from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.catalogue import CriteriaAdopted, Criterion, Level, LevelSchemeAdopted
from govlog.domain.events.evaluation import (
    CriterionRow,
    EvaluationPublished,
    LevelChanged,
    Light,
    PrintedTotals,
    Recommendation,
    SelfAssessed,
)
from govlog.domain.values import Key, Reference, StreamId
from tests.oracle.gatherings import maybe, streams
from tests.oracle.stories import BOARD, INVESTORS, MINUTES, act, keys, product
from tests.oracle.telling import Teller
from tests.oracle.wording import words

CATALOGUE = StreamId("catalogue:levels")
IDS = ("a", "b", "c", "d")
LEVELS = tuple(Key(each) for each in "123")
SHOWN = (Reference("https://example.org/shown"),)


def adopt(t: Teller) -> None:
    """Levels, then criteria: the same ones, renumbered, reworded, or something else."""
    if CATALOGUE not in streams(t, LevelSchemeAdopted) or t.chance(0.2):
        begun = CATALOGUE in streams(t, LevelSchemeAdopted)
        scheme = LevelSchemeAdopted(
            name=t.one_of(("Niveauer", "Levels")),
            version=Key(f"s{t.number()}"),
            levels=tuple(Level(each, f"niveau {each}", f"level {each}") for each in LEVELS),
            cumulative=t.chance(0.7),
            decided_by=t.one_of((None, BOARD)),
            decided_on=t.when(),
        )
        t.tell("adopt_level_scheme" if begun else "begin_catalogue", CATALOGUE, scheme)
    adopted = CriteriaAdopted(
        version=Key(f"v{t.number()}"),
        criteria=tuple(_criterion(t, each) for each in IDS if not t.chance(0.2)),
        decided_by=t.one_of((None, BOARD)),
        decided_on=t.when(),
    )
    t.tell("adopt_criteria", CATALOGUE, adopted)


def _criterion(t: Teller, each: str) -> Criterion:
    known = [e.fact for e in t.log if isinstance(e.fact, CriteriaAdopted)]
    before = [one.criterion for one in known[-1].criteria] if known else []
    text = t.one_of(("open source", "open source", "a plan"))
    return Criterion(
        criterion=each,
        theme=t.one_of(("code", "people")),
        theme_da=t.one_of((None, "kode")),
        level=t.one_of(LEVELS),
        text_da=text,
        text_en=text,
        about=t.one_of((None, "steering_group", "authorities_joined")),
        was=t.one_of((None, None, None, *before)),
    )


def measure(t: Teller) -> None:
    """A product by itself or by others, against a version of the criteria or an older one."""
    adopted = [e.fact for e in t.log if isinstance(e.fact, CriteriaAdopted)]
    if not adopted:
        return adopt(t)
    version = t.one_of(adopted[-2:])
    told: dict[str, Any] = {
        "evaluation": Key(f"e{t.number()}"),
        "rows": tuple(_row(t, each.criterion) for each in version.criteria if not t.chance(0.2)),
        "catalogue": CATALOGUE,
        "criteria_version": version.version,
        "printed": (PrintedTotals("by level", 1, 1, t.one_of((0, 1))),) if t.chance(0.4) else (),
        "by": t.one_of((None, *INVESTORS)),
        "next_review": t.ahead(0.6),
        "decided_on": t.when(),
        "evidence": MINUTES,
    }
    if t.chance(0.3):
        own = SelfAssessed(**told, claimed_level=t.one_of((None, *LEVELS)))
        t.tell("self_assess", product(t), own)
    else:
        published = EvaluationPublished(
            **told,
            recommended_level=t.one_of((None, *LEVELS)),
            recommendation=t.one_of((None, *Recommendation)),
            summary=maybe(t),
        )
        t.tell("publish_evaluation", product(t), published)
    return None


def _row(t: Teller, each: str) -> CriterionRow:
    light = t.one_of(tuple(Light))
    shown = SHOWN if light is Light.GREEN or t.chance(0.2) else ()
    return CriterionRow(each, light, grounds=maybe(t, 0.3), evidence=shown)


def decide_level(t: Teller) -> None:
    """On an evaluation, with grounds, from the level that it has, as far as anybody knows."""
    stream = product(t)
    measured = keys(t, EvaluationPublished, "evaluation", stream)
    if not measured:
        return measure(t)
    evaluation = t.one_of(measured)
    found = next(
        e.fact
        for e in t.log
        if isinstance(e.fact, EvaluationPublished) and e.fact.evaluation == evaluation
    )
    fact: Fact = LevelChanged(
        **act(t),
        from_level=t.one_of(LEVELS),
        to_level=t.one_of(LEVELS),
        grounds=words(t),
        decided_by=BOARD,
        evaluation=evaluation,
        criteria_version=found.criteria_version,
        next_review=t.ahead(0.5),
        evidence=MINUTES,
    )
    t.tell("change_level", stream, fact)
    return None
