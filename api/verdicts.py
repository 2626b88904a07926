"""A verdict in words: whether it would be covered, by what, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from govlog.domain.attribution import Bearer, Reason, Settlement, Share, Verdict
from govlog.domain.attribution.draw import BOUNDLESS, UNTOUCHED, headroom
from govlog.domain.attribution.fitting import fit
from govlog.domain.commitment import Instalment
from govlog.domain.values import Key, Money, PartialDate, StreamId, cents


class Word(StrEnum):
    COVERED = "covered"
    OWN_RISK = "own_risk"
    PARTLY_COVERED = "partly_covered"
    UNDETERMINED = "undetermined"
    """The dates leave it open."""


class Left(Struct, frozen=True):
    """What is left under a commission's ceiling, everything bound so far taken off."""

    commission: Key
    currency: str
    at_least: Decimal | None
    """None where the ceiling is boundless."""
    at_most: Decimal | None


class Preview(Struct, frozen=True):
    """Whether an instalment would be covered if it were bound on a day."""

    size: int
    known_at: str
    product: StreamId
    scope_item: str
    investor: StreamId
    registered: bool
    """Whether the investor was in the log by then: anybody may ask, and only who is registered can
    be bound."""
    amount: Money
    date: PartialDate
    verdict: Word
    reason: Reason | None
    """None where parts have different ones; see the shares."""
    commission: Key | None
    """The one that covers, or that came nearest to it."""
    resolution: StreamId | None
    headroom: Left | None
    answer: str
    """All of it in a sentence."""
    missing: str | None
    """What would have to be recorded first; None where nothing is missing."""
    shares: tuple[Share, ...]


_WHY = {
    Reason.OUT_OF_SCOPE: "commission {commission} does not cover {scope_item}",
    Reason.WRONG_PARTY: "commission {commission} does not name {investor}",
    Reason.WRONG_CURRENCY: "commission {commission} is not in {currency}",
    Reason.BEFORE_COMMISSION: "commission {commission} is not in force on {date} yet",
    Reason.REVOKED: "commission {commission} is revoked by {date}",
    Reason.EXPIRED: "commission {commission} has ended by {date}",
    Reason.OVER_CEILING: "nothing is left of the ceiling of commission {commission}",
    Reason.WITHDRAWN_PRODUCT: "{name} has left the portfolio since commission {commission}",
    Reason.NOT_COMMISSIONED: "{name} has no commission as known at {known_at}",
    Reason.AUTHORITY_VOID: "{resolution} gives commission {commission} no authority",
}
_MISSING = {
    Reason.OUT_OF_SCOPE: "an amendment that adds {scope_item} to its scope",
    Reason.WRONG_PARTY: "an amendment that names {investor}",
    Reason.WRONG_CURRENCY: "a commission in {currency}",
    Reason.BEFORE_COMMISSION: "being bound on a later day: nothing reaches back",
    Reason.REVOKED: "a new commission by a carried resolution",
    Reason.EXPIRED: "a new commission, or an amendment with a later last day",
    Reason.OVER_CEILING: "an amendment that raises the ceiling",
    Reason.WITHDRAWN_PRODUCT: "a new commission after the product is admitted again",
    Reason.NOT_COMMISSIONED: "a commission by a carried resolution",
    Reason.AUTHORITY_VOID: "a commission under a resolution that carried within its body's mandate",
    Reason.UNDETERMINED: "the full dates of what is recorded with partial ones",
}
_UNREGISTERED = "{investor} is not registered as known at {known_at}, and cannot be bound before."
_FLAGGED = {
    "not_admitted": "{name} is not admitted to the portfolio on that day, which ends no cover.",
    "paused": "{name} is paused on that day, which ends no cover.",
}


class About(Struct, frozen=True):
    """What a question is about, besides the instalment it imagines."""

    product: StreamId
    name: str
    day: PartialDate
    size: int
    known: int
    registered: bool

    @property
    def known_at(self) -> str:
        return f"size:{self.known}"


def worded(
    verdict: Verdict, asked: Instalment, settlement: Settlement | None, about: About
) -> Preview:
    """The answer to a question."""
    shares = verdict.written().shares
    reasons = {each.reason for each in shares}
    named = next((each for each in shares if each.commission), shares[0])
    facts = {
        "name": about.name,
        "known_at": about.known_at,
        "scope_item": asked.scope_item,
        "investor": asked.investor,
        "currency": asked.amount.currency,
        "date": about.day,
    }
    missing = [_MISSING[each].format_map(facts) for each in _MISSING if each in reasons]
    sentences = list(_sentences(shares, facts))
    if not about.registered:
        missing.append(f"the registration of {asked.investor}")
        sentences.append(_UNREGISTERED.format_map(facts))
    return Preview(
        size=about.size,
        known_at=about.known_at,
        product=about.product,
        scope_item=asked.scope_item,
        investor=asked.investor,
        registered=about.registered,
        amount=asked.amount,
        date=about.day,
        verdict=_word(shares),
        reason=shares[0].reason if len(reasons) == 1 else None,
        commission=named.commission,
        resolution=named.resolution,
        headroom=_left(named.commission, asked, settlement),
        answer=" ".join(sentences),
        missing=" and ".join(missing) or None,
        shares=shares,
    )


def _word(shares: Sequence[Share]) -> Word:
    borne = {each.bearer for each in shares}
    if Bearer.UNDETERMINED in borne:
        return Word.UNDETERMINED
    if len(borne) > 1:
        return Word.PARTLY_COVERED
    return Word.COVERED if Bearer.COMMUNITY in borne else Word.OWN_RISK


def _sentences(shares: Sequence[Share], facts: Mapping[str, str]) -> Iterator[str]:
    for share in shares:
        part = "" if len(shares) == 1 else f"{share.amount} {facts['currency']}: "
        yield _capital(f"{part}{_sentence(share, facts)}")
    flags = {flag for share in shares for flag in share.flags}
    yield from (_FLAGGED[flag].format_map(facts) for flag in sorted(flags))


def _sentence(share: Share, facts: Mapping[str, str]) -> str:
    named = {**facts, "commission": share.commission, "resolution": share.resolution}
    if share.reason is Reason.COVERED:
        proof = "" if share.proven else ", unproven: its authority is only worded by a source"
        return f"covered by commission {share.commission} ({share.resolution}{proof})."
    if share.reason is Reason.UNDETERMINED:
        may = ", ".join(str(each).replace("_", " ") for each in share.reasons)
        return f"undetermined: the dates leave open which holds of {may}."
    why = _WHY[share.reason]
    if share.commission is None:
        why = why.replace("commission {commission}", "every commission tried", 1)
    return f"own risk: {share.reason.replace('_', ' ')}. {_capital(why.format_map(named))}."


def _left(name: Key | None, asked: Instalment, settlement: Settlement | None) -> Left | None:
    if settlement is None or name is None:
        return None
    judged = next(
        each for each in settlement.circumstances.judged if each.commission.commission == name
    )
    ceilings = fit(judged, asked).ceilings
    if not ceilings:
        return None
    left = headroom(ceilings, settlement.drawn.get(name, UNTOUCHED))
    return Left(name, ceilings[0].currency, _bounded(left.at_least), _bounded(left.at_most))


def _bounded(amount: Decimal) -> Decimal | None:
    return None if amount == BOUNDLESS else cents(amount)


def _capital(text: str) -> str:
    """As a sentence begins; an id stays as it is written."""
    first, _, _ = text.partition(" ")
    return text if ":" in first.rstrip(":") else text[:1].upper() + text[1:]
