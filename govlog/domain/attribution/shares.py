"""The words of an answer: shares of an instalment, each with bearer and reason."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.values import CENT, Key, Span, StreamId, cents


class Bearer(StrEnum):
    COMMUNITY = "community"
    INVESTOR = "investor"
    UNDETERMINED = "undetermined"


class Reason(StrEnum):
    """Why a share is borne as it is; every one but the first two is at the investor's own risk."""

    COVERED = "covered"
    ASSUMED = "assumed"
    OUT_OF_SCOPE = "out_of_scope"
    WRONG_PARTY = "wrong_party"
    WRONG_CURRENCY = "wrong_currency"
    BEFORE_COMMISSION = "before_commission"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OVER_CEILING = "over_ceiling"
    WITHDRAWN_PRODUCT = "withdrawn_product"
    NOT_COMMISSIONED = "not_commissioned"
    AUTHORITY_VOID = "authority_void"
    UNDETERMINED = "undetermined"


class Share(Struct, frozen=True, omit_defaults=True):
    """A part of an instalment with one answer."""

    amount: Decimal
    bearer: Bearer
    reason: Reason
    commission: Key | None = None
    resolution: StreamId | None = None
    """The resolution relied on: the commission's, or the assumption's."""
    proven: bool = False
    """Whether the authority is shown by a vote or minutes, not only worded (rule 16)."""
    reasons: tuple[Reason, ...] = ()
    """Of an undetermined share: every reason that may hold."""
    commissions: tuple[Key, ...] = ()
    """Of an undetermined share: every commission that may answer."""
    assumption: Key | None = None
    risk: StreamId | None = None
    origin: Reason | None = None
    """Of an assumed share: the reason it was at own risk for."""
    displaced_by: str | None = None
    """The later recorded fact that took its place (rule 11)."""
    flags: tuple[str, ...] = ()
    """`paused`, `not_admitted`: do not end cover but show (rule 7g)."""
    declined: bool = False
    """The community has declined to take it over (rule 12)."""

    @property
    def open(self) -> bool:
        """Listed until assumed or declined (rules 11, 12 and 21)."""
        due = self.reason is Reason.AUTHORITY_VOID or self.displaced_by is not None
        return due and self.bearer is not Bearer.COMMUNITY and not self.declined

    def written(self) -> Share:
        """The same share however its amount was worked out: with two decimals."""
        amount = self.amount
        return self if amount.same_quantum(CENT) else replace(self, amount=cents(amount))


class Verdict(Struct, frozen=True):
    """The answer for one instalment on the day it was bound."""

    instalment: Key
    investor: StreamId
    currency: str
    bound: Span
    shares: tuple[Share, ...]

    def written(self) -> Verdict:
        """The same verdict, its amounts with two decimals."""
        return replace(self, shares=tuple([each.written() for each in self.shares]))

    def borne_by(self, bearer: Bearer) -> Decimal:
        """The amount of the shares with that bearer."""
        return sum((each.amount for each in self.shares if each.bearer is bearer), Decimal(0))
