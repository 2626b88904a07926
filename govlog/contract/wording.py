"""What is said of a body with a fault: plain words that name what would be accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

_PLAIN: Mapping[str, str] = {
    "Missing data for required field.": "this is needed: give it",
    "Field may not be null.": "null is no value here: give one, or leave the member out",
    "Not a valid mapping type.": "write an object: {...}",
    "Not a valid list.": "write a list: [...]",
    "Not a valid string.": "write a string",
}
"""marshmallow's own words, which name its classes rather than what to write."""


ONE_OF = "use one of {choices}"
SO_MANY = "give {min} to {max} of them"
"""For marshmallow's validators, which fill in what is in braces."""


class Body(Schema):
    """A schema that says which members there are to who gives another one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        names = [each.data_key or name for name, each in self.load_fields.items()]
        self.error_messages["type"] = f"write an object: {{{', '.join(names)}}}"
        self.error_messages["unknown"] = (
            f"no member of this name is read; there are {', '.join(names)}"
            if names
            else "leave it out: this body has no members"
        )


def plain(message: str) -> str:
    """A message of marshmallow in words for whoever wrote the body; those of ours as they are."""
    return _PLAIN.get(message, message)
