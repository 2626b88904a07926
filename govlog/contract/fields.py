"""One marshmallow field per kind of value; the domain's own constructors do the checking."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields

from govlog.contract import plans
from govlog.contract.instants import instant
from govlog.contract.wording import Body
from govlog.domain import values
from govlog.domain.errors import MalformedValue
from govlog.domain.values import Ceiling, CeilingKind, Key, Money, PartialDate, Personal, StreamId

LONGEST_LABEL = 300
LONGEST_TEXT = 100_000
LARGEST_COUNT = 1_000_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Line ends, and the marks that turn the direction of writing and so can disguise a name.
_NOT_ON_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

# Addresses whose content runs in the page that links to them, if only after a blank (WHATWG URL).
_RUN_BY_BROWSERS = re.compile(r"\s*(javascript|vbscript|data|blob|filesystem)\s*:", re.IGNORECASE)

ALIASES: ContextVar[Mapping[str, StreamId]] = ContextVar("aliases", default=MappingProxyType({}))
"""Names that hold inside one list of commands only, for streams whose id the server makes."""


def new_key() -> Key:
    """A key that means nothing; 64 random bits."""
    return Key(secrets.token_hex(8))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValidationError("write a string")
    return value


class PartialDateField(fields.Field[PartialDate]):
    """EDTF level 0."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> PartialDate:
        try:
            return values.partial_date(_text(value))
        except MalformedValue as error:
            raise ValidationError(error.mend) from None


class KeyField(fields.Field[Key]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Key:
        try:
            return values.key(_text(value))
        except MalformedValue as error:
            raise ValidationError(error.mend) from None


class StreamIdField(fields.Field[StreamId]):
    """`kind:key`, of the kinds that the member may name."""

    def __init__(self, *kinds: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.kinds = kinds

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> StreamId:
        try:
            stream = values.stream_id(_text(value), *self.kinds)
        except MalformedValue as error:
            raise ValidationError(error.mend) from None
        return ALIASES.get().get(stream, stream)


class LabelField(fields.Field[str]):
    """A short text on one line that stays readable for ever; nothing personal belongs in it."""

    longest = LONGEST_LABEL

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:
        text = _text(value)
        if not text.strip() or len(text) > self.longest:
            raise ValidationError(f"write 1 to {self.longest} characters")
        if _NOT_ON_ONE_LINE.search(text):
            raise ValidationError("write one line of printable characters")
        return text


class LocatorField(LabelField):
    """Where a source stands: an address, or what it is called by where it is kept."""

    longest = 2_000

    def _deserialize(self, value: Any, attr: Any, data: Any, **rest: Any) -> str:
        text = super()._deserialize(value, attr, data, **rest)
        if _RUN_BY_BROWSERS.match(text):
            raise ValidationError(
                "write an http or https address, or what the source is called: not an address that"
                " a browser would run"
            )
        return text


class DigestField(fields.Field[str]):
    """A SHA-256 as 64 hexadecimal digits."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:
        text = _text(value)
        if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
            raise ValidationError("write a SHA-256 as 64 of 0-9 and a-f")
        return text


_DATE_ONLY = len("2017-08-01")


class InstantField(fields.Field[str]):
    """A moment as a source gives it (RFC 3339), or its date where that is all; kept as written."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:
        text = _text(value)
        try:
            date.fromisoformat(text) if len(text) == _DATE_ONLY else instant(text)
        except ValueError:
            raise ValidationError(
                "write a time with an offset, 2017-08-01T12:00:00Z, or a date, 2017-08-01"
            ) from None
        return text


class EventIdField(fields.Field[str]):
    """`kind:key@version`."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:
        stream, _at, version = _text(value).partition("@")
        try:
            values.stream_id(stream)
        except MalformedValue:
            version = ""
        if not (version.isascii() and version.isdigit() and not version.startswith("0")):
            raise ValidationError("write the fact's id as stream@version, such as product:x@3")
        return f"{ALIASES.get().get(stream, stream)}@{version}"


class PersonalField(fields.Field[Personal]):
    """Free text or a name: a plain string here, a commitment in the log."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Personal:
        text = _text(value)
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise ValidationError(f"write 1 to {LONGEST_TEXT} characters")
        if _CONTROL.search(text):
            raise ValidationError("leave out control characters other than line breaks and tabs")
        return Personal(text=text)


class ValueField(fields.Raw):
    """Any JSON: what form it must have, only the fact tells that it is for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "allow_none": True})


class FlagField(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("write true or false")
        return value


class CountField(fields.Field[int]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("write a whole number")
        if not 0 <= value <= LARGEST_COUNT:
            raise ValidationError(f"use a number from 0 to {LARGEST_COUNT}")
        return value


class ScoreField(fields.Field[int]):
    """How an option is scored."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> int:
        lowest, highest = values.LOWEST_SCORE, values.HIGHEST_SCORE
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValidationError(f"write a whole number from {lowest} to {highest}")
        return value


class WordField(fields.Field[StrEnum]):
    """One of an enumeration's words."""

    def __init__(self, words: type[StrEnum], **settings: Any) -> None:
        super().__init__(**settings)
        self.words = words
        self._of = {word.value: word for word in words}

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> StrEnum:
        word = self._of.get(value) if isinstance(value, str) else None
        if word is None:
            raise ValidationError(f"use one of {', '.join(self._of)}")
        return word


class TupleField(fields.List[Any]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **rest: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **rest))


class StructField(fields.Field[Any]):
    """A typed part of a fact, with a schema of its own."""

    def __init__(self, schema: Schema, struct: type, **settings: Any) -> None:
        super().__init__(**settings)
        self.schema = schema
        self.struct = struct

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Any:
        return self.struct(**plans.load(self.schema, value))


class AmountField(fields.Field[str]):
    """Amounts travel as strings: a JSON number with decimals has no exact value."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise ValidationError('write the amount as a string such as "25000.00"')
        return value


class CurrencyField(fields.String):
    """ISO 4217; checked together with its amount."""


class MoneySchema(Body):
    amount = AmountField(required=True)
    currency = CurrencyField(required=True)


class CeilingSchema(Body):
    kind = WordField(CeilingKind, required=True)
    currency = CurrencyField(required=True)
    amount = AmountField(allow_none=True)


class MoneyField(fields.Field[Money]):
    schema = MoneySchema()

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Money:
        parts = plans.load(self.schema, value)
        return _money(parts["amount"], parts["currency"], zero=False)


class CeilingField(fields.Field[Ceiling]):
    schema = CeilingSchema()

    def _deserialize(self, value: Any, attr: Any, data: Any, **_: Any) -> Ceiling:
        parts = plans.load(self.schema, value)
        amount = parts.get("amount")
        if (parts["kind"] is CeilingKind.AMOUNT) != (amount is not None):
            raise ValidationError({"amount": ["give an amount with kind amount, and only there"]})
        checked = _money(amount or "0", parts["currency"], zero=True)
        limit: Decimal | None = checked.amount if amount is not None else None
        return Ceiling(parts["kind"], checked.currency, limit)


def _money(amount: str, currency: str, *, zero: bool) -> Money:
    try:
        return values.money(amount, currency, zero=zero)
    except MalformedValue as error:
        raise ValidationError({str(error.values["field"]): [error.mend]}) from None
