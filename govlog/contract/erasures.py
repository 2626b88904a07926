"""What `POST /v1/erasures` holds."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from govlog.contract.fields import DigestField, StreamIdField, WordField
from govlog.domain.events.any_stream import ErasureGround

MOST_VALUES = 1_000


class ErasureSchema(Schema):
    """What is to be erased, and why: `party` or `values`."""

    party = StreamIdField("party")
    values = fields.List(DigestField(), validate=validate.Length(1, MOST_VALUES))
    ground = WordField(ErasureGround, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _one_of_both(self, members: dict[str, Any], **_: Any) -> None:
        if ("party" in members) is ("values" in members):
            raise ValidationError("name either a party or values")


ERASURE = ErasureSchema()
