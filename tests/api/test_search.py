"""Whoever looks for a word finds the decisions it stands in, at two dates."""

from __future__ import annotations

from typing import Any

import pytest

from govlog.application.facts import Facts
from projections.rebuild import rebuild
from tests.api.community import Community
from tests.api.service import Service, today
from tests.api.test_measures import SCHEME, criterion


def hits(service: Service, query: str, token: str | None = None) -> list[str]:
    """The streams of what is found, the newest event first."""
    service.show()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = service.get(f"/v1/search?{query}", **headers)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json["items"]
    return [each["stream"] for each in items]


@pytest.fixture
def matters(community: Community) -> dict[str, str]:
    """Two resolutions about bridges, of which one is about money as well."""
    bridge = community.table(title="Broen over åen: økonomien og kommunernes bidrag")
    other = community.table(title="En bro til")
    return {"bridge": f"resolution:{bridge}", "other": f"resolution:{other}"}


def test_a_word_is_found_in_any_of_its_forms_and_spellings(
    community: Community, matters: dict[str, str]
) -> None:
    here = community.service
    assert hits(here, "q=kommuner") == [matters["bridge"]]
    assert hits(here, "q=OEKONOMI") == [matters["bridge"]]
    assert hits(here, "q=%C3%B8konomi+aaen") == [matters["bridge"]]
    assert hits(here, "q=en+BRO") == [matters["other"]]
    assert hits(here, "q=kommuner+til") == []
    assert hits(here, "q=luftskib") == []


def test_the_answer_is_the_events_with_their_texts(
    community: Community, matters: dict[str, str]
) -> None:
    community.service.show()
    answer = community.service.get("/v1/search?q=bidrag").json
    (found,) = answer["items"]
    assert found["data"]["title"] == "Broen over åen: økonomien og kommunernes bidrag"
    assert answer["size"] == community.service.size()


def test_names_of_organisations_and_products_are_found(community: Community) -> None:
    assert hits(community.service, "q=acme") == ["party:acme"]


@pytest.fixture
def catalogue(community: Community) -> None:
    """A catalogue of two levels, and a version of the criteria that asks for a steering group."""
    record = community.service.record
    levels = [
        {"level": "1", "name_da": "Sandkasse", "name_en": "Sandbox"},
        {"level": "2", "name_da": "Fælleseje", "name_en": "Owned together"},
    ]
    record("/v1/catalogues", {**SCHEME, "levels": levels})
    asked = criterion(
        "G1",
        "2",
        theme="governance",
        theme_da="Styring",
        text_da="Løsningen har en styregruppe",
        text_en="The solution has a steering committee",
    )
    record("/v1/catalogues/scale/criteria", {"version": "a", "criteria": [asked]})


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("sandkassen", "LevelSchemeAdopted.v1"),
        ("owned+scale", "LevelSchemeAdopted.v1"),
        ("faelleseje", "LevelSchemeAdopted.v1"),
        ("styregruppen", "CriteriaAdopted.v1"),
        ("committee+governance", "CriteriaAdopted.v1"),
        ("styring+G1", "CriteriaAdopted.v1"),
    ],
)
def test_words_of_levels_and_criteria_find_the_catalogue_that_has_them(
    community: Community, catalogue: None, query: str, topic: str
) -> None:
    assert hits(community.service, f"q={query}") == ["catalogue:scale"]
    (found,) = community.service.get(f"/v1/search?q={query}").json["items"]
    assert found["topic"] == topic


def test_a_criterion_that_was_adopted_later_is_not_found_as_known_before(
    community: Community, catalogue: None
) -> None:
    here = community.service
    before = here.size()
    other = {"version": "b", "criteria": [criterion("G2", "2", text_da="En fælles vejviser")]}
    here.record("/v1/catalogues/scale/criteria", other)
    assert hits(here, "q=vejvisere") == ["catalogue:scale"]
    assert hits(here, f"q=vejvisere&known_at=size:{before}") == []


def test_the_address_of_evidence_is_no_text(community: Community, catalogue: None) -> None:
    record = community.service.record
    told = {"version": "b", "criteria": [criterion("G2", "2")]}
    evidence = [{"locator": "https://example.org/luftskib"}]
    record("/v1/catalogues/scale/criteria", {**told, "evidence": evidence})
    assert hits(community.service, "q=luftskib") == []


def test_what_was_recorded_later_is_not_found_as_known_before(
    community: Community, matters: dict[str, str]
) -> None:
    here = community.service
    before = here.size()
    later = community.table(title="Endnu en sag om kommuner")
    assert hits(here, "q=kommuner") == [f"resolution:{later}", matters["bridge"]]
    assert hits(here, f"q=kommuner&known_at=size:{before}") == [matters["bridge"]]


def test_what_was_decided_later_is_not_found_as_of_a_day_before(
    community: Community, matters: dict[str, str]
) -> None:
    assert hits(community.service, f"q=kommuner&as_of={today():%Y}-12-31") == [matters["bridge"]]
    assert hits(community.service, "q=kommuner&as_of=2001") == []


def test_many_hits_come_in_pages(community: Community) -> None:
    here = community.service
    tabled = [f"resolution:{community.table(title=f'Sag {number}')}" for number in range(5)]
    here.show()
    found: list[str] = []
    page: str | None = "/v1/search?q=sag&limit=2"
    while page:
        answer = here.get(page).json
        found += [each["stream"] for each in answer["items"]]
        page = answer["next"]
    assert found == tabled[::-1]


def test_a_closed_matter_is_found_only_by_who_may_read_it(community: Community) -> None:
    here = community.service
    closed = f"resolution:{community.table(confidential=True, title='En hemmelig forhandling')}"
    assert hits(here, "q=forhandlinger") == []
    reader = here.token("party:acme", {"read:closed"})
    assert hits(here, "q=forhandlinger", reader) == [closed]


@pytest.mark.parametrize("query", ["", "q=", "q=%20.-", "q=" + "+".join(map(str, range(17)))])
def test_a_question_without_words_or_with_too_many_is_refused(
    community: Community, query: str
) -> None:
    community.service.show()
    refused = community.service.get(f"/v1/search?{query}")
    assert refused.status_code in (400, 422)
    assert "q" in refused.text


def test_the_same_answer_is_not_sent_twice(community: Community) -> None:
    here = community.service
    here.show()
    first = here.get("/v1/search?q=acme")
    assert here.get("/v1/search?q=acme", If_None_Match=first.headers["ETag"]).status_code == 304


def test_a_rebuild_finds_the_same(
    community: Community, matters: dict[str, str], catalogue: None
) -> None:
    here = community.service
    before = hits(here, "q=kommuner"), hits(here, "q=styregruppe")
    store = here.rooms.store
    rebuild(store, here.settings.views_db, lambda size: Facts.at(store, size))
    after = hits(here, "q=kommuner"), hits(here, "q=styregruppe")
    assert after == before == ([matters["bridge"]], ["catalogue:scale"])
