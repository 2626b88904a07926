"""Which events hold the words asked for: a plain, slow scan of every text there is.

What is stemmed is the business of a library; what is folded, parted and looked at is done anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]
from msgspec import Struct
from msgspec.structs import fields

from govlog.domain.events import Fact
from govlog.domain.events.catalogue import CriteriaAdopted, LevelSchemeAdopted
from govlog.domain.values import Personal
from tests.oracle.counting import Log
from tests.oracle.entries import timeline

SPELT = {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "é": "e"}
_stemmer = snowballstemmer.stemmer("danish")


def index(log: Log, texts: Mapping[str, str]) -> dict[int, set[str]]:
    """What each event holds, by its place in the log."""
    return {each.index: held(each.fact, texts) for each in log}


def found(log: Log, holds: Mapping[int, set[str]], query: str, day: date) -> list[int]:
    """The events that may be of a day by then and hold all words, the newest first."""
    listed = {row["index"] for row in timeline(log, day).values()}
    wanted = stems(query)
    return [
        each.index for each in reversed(log) if each.index in listed and wanted <= holds[each.index]
    ]


def held(fact: Fact, texts: Mapping[str, str]) -> set[str]:
    return {stem for text in _texts(fact, texts) for stem in stems(text)}


def _texts(fact: Fact, texts: Mapping[str, str]) -> Iterator[str]:
    """What is committed to, wherever it stands; and what a fact says in clear."""
    for each in _personal(fact):
        yield texts.get(each.commitment, "")
    for name in _clear(type(fact)):
        value = getattr(fact, name)
        if isinstance(value, str):
            yield value
    if isinstance(fact, LevelSchemeAdopted):
        for level in fact.levels:
            yield f"{level.name_da} {level.name_en}"
    if isinstance(fact, CriteriaAdopted):
        for one in fact.criteria:
            yield f"{one.criterion} {one.was or ''} {one.about or ''}"
            yield f"{one.theme} {one.theme_da or ''} {one.text_da} {one.text_en}"


@cache
def _clear(kind: type[Fact]) -> tuple[str, ...]:
    """Members that hold a text; ids, keys and dates are types of their own."""
    clear = (str, str | None, str | Personal)
    return tuple(member.name for member in fields(kind) if member.type in clear)


def _personal(value: Any) -> Iterator[Personal]:
    if isinstance(value, Personal):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _personal(getattr(value, name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _personal(each)
    elif isinstance(value, dict) and "$c" in value:
        yield Personal(commitment=value["$c"])


@cache
def stems(text: str) -> frozenset[str]:
    """Words are letters and digits in a row, whatever their case, however æ, ø and å are typed."""
    spelt = "".join(SPELT.get(each, each) for each in text.lower())
    parted = "".join(each if each.isalnum() else " " for each in spelt)
    return frozenset(_stemmer.stemWord(word) for word in parted.split())
