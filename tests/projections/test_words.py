"""Words are found in any Danish form, however their letters are typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.words import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("beslutningerne", "Beslutning"),
        ("kommuner", "KOMMUNENS"),
        ("økonomien", "oekonomi"),
        ("Åben", "aaben"),
        ("ærlighed", "aerligheden"),
        ("göteborg", "gøteborg"),
        ("café", "cafe"),
        ("Straße", "strasse"),
    ],
)
def test_forms_of_one_word_are_the_same(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(("one", "other"), [("risiko", "rist"), ("2023", "2024"), ("å", "a")])
def test_other_words_are_others(one: str, other: str) -> None:
    assert words(one).isdisjoint(words(other))


def test_marks_and_spaces_part_words() -> None:
    assert words("OS2iot: styregruppe, 2019 (22 kommuner)_og") == words(
        "os2iot styregruppe 2019 22 kommuner og"
    )
    assert words(" -.,;:!? ") == set()


@given(st.text(max_size=60))
def test_letters_that_are_typed_in_parts_are_the_same(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(st.text(alphabet="abcdefgæøåé", min_size=1, max_size=30))
def test_case_makes_no_difference(text: str) -> None:
    assert words(text.upper()) == words(text)
