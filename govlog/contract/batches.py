"""What `POST /v1/batch` and the second person's word on an import hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from govlog.contract.fields import KeyField, PersonalField
from govlog.contract.lines import LineSchema

MOST_COMMANDS = 1_000


class ImportSchema(Schema):
    """Makes a list an import: all of it waits until a second person approves it as a whole."""

    key = KeyField(required=True)
    source = PersonalField(required=True)


class BatchSchema(Schema):
    """A list of commands, whose lines are parsed one by one (`lines.orders`)."""

    commands = fields.List(fields.Raw(), required=True, validate=validate.Length(1, MOST_COMMANDS))
    import_ = fields.Nested(ImportSchema, data_key="import", allow_none=True)


class Batch(BatchSchema):
    """A list of commands, all or nothing; with `import` they wait for a second person."""

    commands = fields.List(
        fields.Nested(LineSchema), required=True, validate=validate.Length(1, MOST_COMMANDS)
    )


class ApprovalSchema(Schema):
    """An approval says nothing more than that it is one."""


class RefusalSchema(Schema):
    """Why an import is refused."""

    grounds = PersonalField(allow_none=True)


BATCH, APPROVAL, REFUSAL = BatchSchema(), ApprovalSchema(), RefusalSchema()
