"""What `POST /v1/erasures` holds."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from govlog.contract.fields import DigestField, StreamIdField, WordField
from govlog.contract.wording import SO_MANY, Body
from govlog.domain.events.any_stream import ErasureGround

MOST_VALUES = 1_000


class ErasureSchema(Body):
    """What is to be erased, and why: `party` or `values`."""

    party = StreamIdField("party")
    values = fields.List(DigestField(), validate=validate.Length(1, MOST_VALUES, error=SO_MANY))
    ground = WordField(ErasureGround, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _one_of_both(self, members: dict[str, Any], **_: Any) -> None:
        if ("party" in members) is ("values" in members):
            raise ValidationError("name either a party or values")


ERASURE = ErasureSchema()
