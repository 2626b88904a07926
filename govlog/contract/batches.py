"""What `POST /v1/batch` and the second person's word on an import hold."""

from __future__ import annotations

from marshmallow import fields, validate

from govlog.contract.fields import KeyField, PersonalField
from govlog.contract.lines import LineSchema
from govlog.contract.wording import SO_MANY, Body

MOST_COMMANDS = 1_000

_FEW = validate.Length(1, MOST_COMMANDS, error=SO_MANY)


class ImportSchema(Body):
    """Makes a list an import: all of it waits until a second person approves it as a whole."""

    key = KeyField(required=True)
    source = PersonalField(required=True)


class BatchSchema(Body):
    """A list of commands, whose lines are parsed one by one (`lines.orders`)."""

    commands = fields.List(fields.Raw(), required=True, validate=_FEW)
    import_ = fields.Nested(ImportSchema, data_key="import", allow_none=True)


class Batch(BatchSchema):
    """A list of commands, all or nothing; with `import` they wait for a second person."""

    commands = fields.List(fields.Nested(LineSchema), required=True, validate=_FEW)


class ApprovalSchema(Body):
    """An approval says nothing more than that it is one."""


class RefusalSchema(Body):
    """Why an import is refused."""

    grounds = PersonalField(allow_none=True)


BATCH, APPROVAL, REFUSAL = BatchSchema(), ApprovalSchema(), RefusalSchema()
