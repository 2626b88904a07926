"""Levels and criteria are data of the community, and an id means what its version says."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from govlog.domain.catalogue import (
    IdMeaning,
    NothingAdopted,
    RepeatedInCatalogue,
    UnknownLevel,
    adopt_criteria,
    adopt_level_scheme,
    begin_catalogue,
    meaning_of,
    meanings,
    scheme_on,
)
from govlog.domain.events.catalogue import CriteriaAdopted, Criterion
from govlog.domain.refusals import AlreadyRecorded, UnknownReference
from govlog.domain.values import Key
from tests.domain.board import day
from tests.domain.given import History
from tests.domain.measuring import LEVELS, criterion, measured_community, scheme


def adopt(history: History, version: str, *criteria: Criterion) -> None:
    fact = CriteriaAdopted(decided_on=day("2024-01-01"), version=Key(version), criteria=criteria)
    history.when(adopt_criteria, LEVELS, fact)


def test_levels_are_data_of_any_community() -> None:
    history = History()
    words = ("sandbox", "incubating", "graduated", "archived")
    history.when(begin_catalogue, LEVELS, scheme(levels=words))
    catalogue = history.facts().catalogue(LEVELS)
    assert catalogue is not None
    assert [each.level for each in catalogue.schemes[0].levels] == list(words)


def test_a_version_names_one_thing_for_good() -> None:
    history = measured_community()
    with pytest.raises(AlreadyRecorded):
        history.when(adopt_level_scheme, LEVELS, scheme("2024"))
    with pytest.raises(AlreadyRecorded):
        adopt(history, "a", criterion("R1"))


def test_a_catalogue_says_something_and_says_it_once() -> None:
    history = measured_community()
    with pytest.raises(NothingAdopted):
        adopt(history, "b")
    with pytest.raises(RepeatedInCatalogue):
        adopt(history, "b", criterion("R1"), criterion("R1"))
    with pytest.raises(UnknownLevel):
        adopt(history, "b", criterion("R1", "9"))
    with pytest.raises(UnknownReference, match="no criterion 'R9'"):
        adopt(history, "b", criterion("R1", was="R9"))


def test_an_id_may_mean_something_else_in_another_version() -> None:
    history = measured_community()
    adopt(
        history,
        "b",
        criterion("R1"),
        criterion("G1", "3", was="G2", text_en="need G2", text_da="krav G2"),
        criterion("G2", "3", text_en="something else"),
        criterion("G3"),
    )
    catalogue = history.facts().catalogue(LEVELS)
    assert catalogue is not None
    first, second = catalogue.versions
    assert {name: meaning_of(each, first) for name, each in second.criteria.items()} == {
        "R1": IdMeaning.SAME,
        "G1": IdMeaning.RENUMBERED,
        "G2": IdMeaning.OTHER,
        "G3": IdMeaning.NEW,
    }
    assert meanings(catalogue, Key("a"), Key("b")) == {"R1": "R1", "G1": "G2"}
    assert meanings(catalogue, Key("b"), Key("b")) == {each: each for each in second.order}


def test_meanings_are_followed_through_every_version_between() -> None:
    history = measured_community()
    adopt(history, "b", criterion("X1", was="G1"), criterion("X2", was="R1"))
    adopt(history, "c", criterion("Y1", was="X2"), criterion("R1"))
    catalogue = history.facts().catalogue(LEVELS)
    assert catalogue is not None
    assert meanings(catalogue, Key("a"), Key("c")) == {"Y1": "R1"}
    assert meaning_of(catalogue.versions[1].criteria["X1"], None) is IdMeaning.NEW


def test_a_rewording_under_the_same_id_keeps_its_meaning_only_where_the_version_says_so() -> None:
    history = measured_community()
    adopt(history, "b", criterion("R1", text_en="other words", was="R1"))
    catalogue = history.facts().catalogue(LEVELS)
    assert catalogue is not None
    first, second = catalogue.versions
    assert meaning_of(second.criteria["R1"], first) is IdMeaning.REWORDED
    assert meanings(catalogue, Key("a"), Key("b")) == {"R1": "R1"}


def test_the_scheme_of_a_day_is_the_last_one_adopted_by_then() -> None:
    history = measured_community().at("2024-06-01")
    later = replace(scheme("2025", ("sandbox", "1")), decided_on=day("2024-05-01"))
    history.when(adopt_level_scheme, LEVELS, later)
    catalogue = history.facts().catalogue(LEVELS)
    assert catalogue is not None
    in_force = {
        each: scheme_on(catalogue, date.fromisoformat(each)).version
        for each in ("2023-01-01", "2024-04-30", "2024-05-01")
    }
    assert in_force == {"2023-01-01": "2024", "2024-04-30": "2024", "2024-05-01": "2025"}
