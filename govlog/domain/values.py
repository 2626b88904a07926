"""Small frozen values that events, states and rules share."""

from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NewType

from msgspec import Struct, field

from govlog.domain.errors import MalformedValue

PartialDate = NewType("PartialDate", str)
"""A date as the community states it, EDTF level 0: `2023`, `2023-09` or `2023-09-25`."""

StreamId = NewType("StreamId", str)
"""`kind:key`, for example `product:os2iot`. Opaque: it never changes and means nothing else."""

Key = NewType("Key", str)
"""Names one thing inside a stream (a commission, an instalment, a seat); opaque."""

KINDS = (
    "party",
    "body",
    "debate",
    "meeting",
    "resolution",
    "catalogue",
    "product",
    "risk",
    "batch",
    "log",
)
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_EDTF = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
# One way to write a number, so that an amount is recorded as it was stated.
_AMOUNT = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
LARGEST_AMOUNT = Decimal("999999999999.99")
CENT = Decimal("0.01")


def key(text: str) -> Key:
    """Check a key: 1-63 of `a-z 0-9 . _ -`, beginning with a letter or digit."""
    if not _KEY.fullmatch(text):
        raise MalformedValue("key", text, "use 1-63 of a-z, 0-9, '.', '_' and '-'")
    return Key(text)


@lru_cache(maxsize=65536)
def stream_id(text: str, *kinds: str) -> StreamId:
    """Check `kind:key`; with `kinds`, the kind must be one of them."""
    kind, _, name = text.partition(":")
    allowed = kinds or KINDS
    if kind not in allowed or not _KEY.fullmatch(name):
        raise MalformedValue("id", text, f"write {' or '.join(allowed)}, a colon and a key")
    return StreamId(text)


def kind_of(stream: StreamId) -> str:
    """The aggregate that a stream belongs to, for example `product`."""
    return stream.partition(":")[0]


@lru_cache(maxsize=65536)
def partial_date(text: str) -> PartialDate:
    """Check an EDTF level 0 date (ISO 8601-2:2019): year, year-month or day, from 1000 on."""
    match = _EDTF.fullmatch(text)
    if match and 1000 <= int(match[1]):
        try:
            date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            match = None
        if match:
            return PartialDate(text)
    raise MalformedValue("date", text, "write a real date as 2023, 2023-09 or 2023-09-25")


@lru_cache(maxsize=65536)
def first_day(when: PartialDate) -> date:
    """The earliest day that a partial date may be."""
    year, month, day = _parts(when)
    return date(year, month or 1, day or 1)


@lru_cache(maxsize=65536)
def last_day(when: PartialDate) -> date:
    """The latest day that a partial date may be."""
    year, month, day = _parts(when)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _parts(when: PartialDate) -> tuple[int, int, int]:
    pieces = [int(piece) for piece in when.split("-")]
    return pieces[0], pieces[1] if len(pieces) > 1 else 0, pieces[2] if len(pieces) > 2 else 0


class Span(Struct, frozen=True, order=True):
    """The days on which something may have happened, both included; one day when certain."""

    earliest: date
    latest: date

    @property
    def certain(self) -> bool:
        return self.earliest == self.latest


@lru_cache(maxsize=65536)
def span(when: PartialDate | None, recorded_on: date) -> Span:
    """The days a happening may have taken, never later than its recording (rule 2).

    A missing date is any day up to the recording.
    """
    if when is None:
        return Span(date.min, recorded_on)
    return Span(min(first_day(when), recorded_on), min(last_day(when), recorded_on))


class Money(Struct, frozen=True):
    """An amount with its ISO 4217 currency; at most two decimals."""

    amount: Decimal
    currency: str


def money(amount: str, currency: str, *, zero: bool = False) -> Money:
    """Check an amount: positive (or zero where allowed), at most 999999999999.99, two decimals.

    However it was written, it is kept with two decimals.
    """
    if not _AMOUNT.fullmatch(amount):
        raise MalformedValue("amount", amount, "write a number such as 25000.00")
    value = Decimal(amount)
    if not 0 <= value <= LARGEST_AMOUNT or (value == 0 and not zero):
        raise MalformedValue("amount", amount, f"use a positive amount up to {LARGEST_AMOUNT}")
    kept = cents(value)
    if value != kept:
        raise MalformedValue("amount", amount, "use at most two decimals")
    if not _CURRENCY.fullmatch(currency):
        raise MalformedValue("currency", currency, "use an ISO 4217 code such as DKK")
    return Money(kept, currency)


def cents(amount: Decimal) -> Decimal:
    """The amount written with two decimals, whatever arithmetic it came from.

    Sums and differences of amounts so written are so written again.
    """
    return amount.quantize(CENT)


class Standing(StrEnum):
    """How firm an amount is; only bound or paid money is attributed (rule 14)."""

    SOUGHT = "sought"
    PROPOSED = "proposed"
    APPROVED = "approved"
    BOUND = "bound"
    PAID = "paid"


class CeilingKind(StrEnum):
    """How a ceiling is stated: an amount, explicitly none, or not known (rule 9)."""

    AMOUNT = "amount"
    NONE = "none"
    UNKNOWN = "unknown"


class Ceiling(Struct, frozen=True, omit_defaults=True):
    """The total a commission may cover in its life; `amount` only with kind `amount`."""

    kind: CeilingKind
    currency: str
    amount: Decimal | None = None


LOWEST_SCORE, HIGHEST_SCORE = -10, 10
"""How much an option of a scored vote can be liked or disliked."""


class Ballot(StrEnum):
    """What a seat on the roll did in one round (rule 23)."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    RECUSED = "recused"
    ABSENT = "absent"
    NOT_VOTING = "not_voting"
    SCORED = "scored"
    """Options were scored; only where the resolution has options."""


class Personal(Struct, frozen=True, omit_defaults=True):
    """A person's name or any free text: erasable, so the log holds only a commitment to it.

    Before storing it carries `text`; afterwards only `commitment` (hex), under which text and
    salt stand in a table of their own. `subject` is the party whose erasure removes it.
    """

    commitment: str = field(name="$c", default="")
    text: str | None = None
    subject: StreamId | None = None


class Reference(Struct, frozen=True, omit_defaults=True):
    """Evidence: where a source stands, and optionally the SHA-256 of the document as hex."""

    locator: str
    sha256: str | None = None
