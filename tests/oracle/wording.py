"""Texts of a few Danish words in some of their forms, and what one may ask for to find them."""

from __future__ import annotations

from govlog.domain.values import Personal
from tests.oracle.telling import Teller

SPOKEN = (
    "Økonomien",
    "kommunernes",
    "bidrag",
    "Broen over åen",
    "styregruppen",
    "beslutninger",
    "risiko",
    "OS2iot, 22 myndigheder",
    "café",
    "aftale",
)
ASKED = (
    "oekonomi",
    "KOMMUNER",
    "økonomien bidrag",
    "aaen",
    "styregruppe",
    "beslutningerne",
    "22",
    "cafe",
    "aftalerne risiko",
    "acme",
    "level 3",
    "koden source",
    "luftskib",
)
"""Other forms, other spellings, several words at once, a name in clear, a level, a criterion, and
what nobody said."""


def words(t: Teller) -> Personal:
    first, second = t.one_of(SPOKEN), t.one_of(SPOKEN)
    return Personal(text=f"{first} - {second}.")
