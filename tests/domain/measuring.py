"""A community that measures its products: a board with a mandate, levels, criteria, a product."""

from __future__ import annotations

from typing import Any

from govlog.domain.catalogue import adopt_criteria, begin_catalogue
from govlog.domain.events.body import ActKind, MandateGranted
from govlog.domain.events.catalogue import CriteriaAdopted, Criterion, Level, LevelSchemeAdopted
from govlog.domain.events.evaluation import CriterionRow, EvaluationPublished, Light
from govlog.domain.events.product import ProductAdmitted, ProductProposed
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, Reference, StreamId
from tests.domain.board import BOARD, BYLAWS, board, carried, day, text
from tests.domain.given import History

LEVELS = StreamId("catalogue:levels")
TOOL = StreamId("product:tool")
REPORT = (Reference("report.md"),)


def criterion(name: str, level: str = "1", **more: Any) -> Criterion:
    told = {"theme": "governance", "text_da": f"krav {name}", "text_en": f"need {name}", **more}
    return Criterion(criterion=name, level=Key(level), **told)


def scheme(version: str = "2024", levels: tuple[str, ...] = ("1", "2", "3")) -> LevelSchemeAdopted:
    return LevelSchemeAdopted(
        decided_on=day("2024-01-01"),
        name="Levels",
        version=Key(version),
        levels=tuple(Level(Key(each), f"niveau {each}", f"level {each}") for each in levels),
        cumulative=True,
    )


def measured_community() -> History:
    """With a catalogue of three criteria, and a product admitted at level 1."""
    history = board()
    mandate = MandateGranted(
        decided_on=day("2024-01-01"), mandate=Key("all"), acts=tuple(ActKind), evidence=BYLAWS
    )
    history.record(BOARD, mandate)
    history.when(begin_catalogue, LEVELS, scheme())
    criteria = (criterion("R1"), criterion("G1", "2"), criterion("G2", "3"))
    adopted = CriteriaAdopted(decided_on=day("2024-01-01"), version=Key("a"), criteria=criteria)
    history.when(adopt_criteria, LEVELS, adopted)
    history.record(TOOL, ProductProposed(decided_on=day("2024-01-01"), name="Tool"))
    plan = StreamId(carried(history, "plan"))
    admitted = ProductAdmitted(decided_on=day("2024-01-01"), resolution=plan, level="1")
    history.record(TOOL, admitted)
    return history


def evaluation(name: str = "first", when: str = "2024-01-01", **more: Any) -> EvaluationPublished:
    """All three criteria, green with evidence, red, and not relevant."""
    told = {
        "rows": (
            CriterionRow("R1", Light.GREEN, evidence=REPORT),
            CriterionRow("G1", Light.RED, grounds=text("nobody")),
            CriterionRow("G2", Light.NOT_RELEVANT),
        ),
        "catalogue": LEVELS,
        "criteria_version": Key("a"),
        "recommended_level": Key("2"),
        **more,
    }
    return EvaluationPublished(decided_on=day(when), evaluation=Key(name), **told)


def product(history: History) -> Any:
    state = history.facts().product(TOOL)
    assert state is not None
    return state


def recorded(history: History, index: int = -1) -> Recorded[Any]:
    return history.log[index]
