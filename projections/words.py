"""The words of a text as they are searched for: folded, and down to their Danish stems.

They are worked out here and not by a database, so that every database finds the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

LONGEST = 64
"""Characters of a word that tell it from others."""

_WORD = re.compile(r"[^\W_]+")
# As they are written where the keys are missing. What has no such form loses its marks below.
_FOLDED = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
_stemmer = snowballstemmer.stemmer("danish")


def words(text: str) -> set[str]:
    """The stems of the words in a text; `Økonomien` and `oekonomi` have the same."""
    return {_stem(word[:LONGEST]) for word in _WORD.findall(_fold(text))}


def _fold(text: str) -> str:
    # Composed first, so that a ring above an a is an å however it was typed.
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)
    parts = unicodedata.normalize("NFKD", lowered)
    return "".join(each for each in parts if not unicodedata.combining(each))


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    stem: str = _stemmer.stemWord(word)
    return stem
