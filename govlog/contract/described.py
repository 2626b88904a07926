"""What the documentation says about the contract's fields: JSON Schema, 2020-12."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow.fields import Field

from govlog.contract import fields as form

_BY_KIND: Mapping[type[Field[Any]], Mapping[str, Any]] = {
    form.PartialDateField: {
        "type": "string",
        "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$",
        "description": "EDTF level 0: a year, a month or a day.",
        "examples": ["2023-09-25", "2023-09", "2023"],
    },
    form.KeyField: {
        "type": "string",
        "pattern": "^[a-z0-9][a-z0-9._-]{0,62}$",
        "description": "Names one thing for good; made by the server where it may be left out.",
    },
    form.LocatorField: {"type": "string", "minLength": 1, "maxLength": form.LocatorField.longest},
    form.LabelField: {"type": "string", "minLength": 1, "maxLength": form.LabelField.longest},
    form.DigestField: {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    form.InstantField: {"type": "string", "format": "date-time"},
    form.EventIdField: {"type": "string", "examples": ["product:os2iot@3"]},
    form.PersonalField: {
        "type": "string",
        "minLength": 1,
        "maxLength": form.LONGEST_TEXT,
        "description": "A name or free text; the log holds a commitment, the text can be erased.",
    },
    form.ValueField: {"description": "As the member is written in the fact; null takes it out."},
    form.FlagField: {"type": "boolean"},
    form.CountField: {"type": "integer", "minimum": 0, "maximum": form.LARGEST_COUNT},
    form.AmountField: {
        "type": "string",
        "pattern": r"^\d{1,12}(\.\d{1,2})?$",
        "examples": ["25000.00"],
    },
    form.CurrencyField: {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["DKK"]},
}


def described(field: Field[Any]) -> dict[str, Any]:
    """The schema of one of our own fields; empty for those that marshmallow brings."""
    if isinstance(field, form.StreamIdField):
        return {"type": "string", "pattern": f"^({'|'.join(field.kinds)}):[a-z0-9][a-z0-9._-]*$"}
    if isinstance(field, form.WordField):
        return {"type": "string", "enum": [str(word.value) for word in field.words]}
    return dict(next((_BY_KIND[kind] for kind in type(field).__mro__ if kind in _BY_KIND), {}))
