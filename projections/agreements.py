"""Agreements that carry a product: who joined and left, coordinates, pays, and is contracted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from govlog.domain.commitment import (
    Agreements,
    Lasting,
    Participation,
    coordinator_on,
    lasts,
    takes_part,
)
from govlog.domain.events import Fact
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.stream import Recorded
from govlog.domain.tri import Tri, ordered
from govlog.domain.values import Key, Money, Personal, Reference, Span, StreamId
from projections.known import Known
from projections.spells import day_after, open_on, spells, turning
from projections.view import Segment, View


class Entry(Struct, frozen=True):
    """One time of taking part; coming back does not erase it (rule 4)."""

    joined: Span
    event: str
    until: date | None
    left: Span | None
    """The first day not."""
    left_event: str | None
    evidence: tuple[Reference, ...]


class ParticipationRow(Struct, frozen=True):
    """An authority and a product: whether it takes part, and every time it has."""

    product: StreamId
    party: StreamId
    takes_part: bool
    entries: tuple[Entry, ...]
    fiction: bool


class Agreed(StrEnum):
    COORDINATOR = "coordinator"
    CONTRIBUTION = "contribution"
    VENDOR = "vendor"


class AgreementRow(Struct, frozen=True):
    """A coordinator, a contribution to the central economy, or a contract with a vendor."""

    product: StreamId
    kind: Agreed
    agreement: str
    """Its key; of a coordinator the event of the appointment."""
    party: StreamId
    organisation: StreamId | None
    appointed_by: StreamId | None
    amount: Money | None
    every: str | None
    subject: Personal | None
    since: Span
    until: date | None
    """The last day, where it is limited."""
    in_force: bool
    event: str
    evidence: tuple[Reference, ...]
    fiction: bool


def _participations_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if isinstance(each.fact, AuthorityJoined | AuthorityWithdrew):
            yield f"{each.stream}/{each.fact.party}"


def _participation_segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, party = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    found = product.agreements.authorities.get(StreamId(party)) if product else None
    if product is None or found is None:
        return ()
    joined = [each.since for each in found.joined]
    spans = joined + [each.since for each in found.left]
    ends = [day for each in found.joined for day in day_after(each.until)]

    def on(day: date) -> tuple[ParticipationRow, bool] | None:
        told = [_entry(each, found) for each in found.joined if each.since.earliest <= day]
        if not told:
            return None
        answer = takes_part(found, Span(day, day))
        row = ParticipationRow(
            product=product.stream,
            party=StreamId(party),
            takes_part=answer is Tri.YES,
            entries=tuple(entry for entry, _ in told),
            fiction=product.fiction,
        )
        sure = answer is not Tri.MAYBE and all(sure for _, sure in told)
        return row, sure and not open_on(day, *joined)

    return spells((*turning(*spans), *ends), on)


def _entry(joining: Lasting, found: Participation) -> tuple[Entry, bool]:
    """With the withdrawal that surely follows it first, and whether no other one may."""
    place = (joining.since, joining.index)
    follows = [(each, ordered(place, (each.since, each.index))) for each in found.left]
    after = [each for each, answer in follows if answer is Tri.YES]
    gone = min(after, key=lambda each: (each.since.latest, each.index), default=None)
    sure = all(answer is not Tri.MAYBE for _, answer in follows) and all(
        ordered((gone.since, gone.index), (each.since, each.index)) is Tri.YES
        for each in after
        if gone is not None and each is not gone
    )
    entry = Entry(
        joined=joining.since,
        event=joining.fact,
        until=joining.until,
        left=gone.since if gone else None,
        left_event=gone.fact if gone else None,
        evidence=joining.evidence,
    )
    return entry, sure


def _agreements_touched(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        match each.fact:
            case CoordinatorAppointed():
                product = known.facts.product(each.stream)
                for held in product.agreements.coordinators if product else ():
                    yield f"{each.stream}/{Agreed.COORDINATOR}/{held.lasting.fact}"
            case ContributionAgreed(contribution=key):
                yield f"{each.stream}/{Agreed.CONTRIBUTION}/{key}"
            case VendorContracted(contract=key):
                yield f"{each.stream}/{Agreed.VENDOR}/{key}"


def _agreement_segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, rest = subject.partition("/")
    kind, _, key = rest.partition("/")
    product = known.facts.product(StreamId(stream))
    held = _held(product.agreements, Agreed(kind), key) if product else None
    if product is None or held is None:
        return ()
    lasting = held.lasting
    others = [each.lasting for each in product.agreements.coordinators]
    following = [each.since for each in others] if held.kind is Agreed.COORDINATOR else []

    def on(day: date) -> tuple[AgreementRow, bool] | None:
        if day < lasting.since.earliest:
            return None
        answer = lasts(lasting, Span(day, day))
        in_force, certain = answer is Tri.YES, answer is not Tri.MAYBE
        if held.kind is Agreed.COORDINATOR:
            now, certain = coordinator_on(product.agreements, day)
            in_force = now is not None and now.lasting.fact == lasting.fact
        row = AgreementRow(
            product=product.stream,
            kind=held.kind,
            agreement=key,
            party=held.party,
            organisation=held.organisation,
            appointed_by=held.appointed_by,
            amount=held.amount,
            every=held.every,
            subject=held.subject,
            since=lasting.since,
            until=lasting.until,
            in_force=in_force,
            event=lasting.fact,
            evidence=lasting.evidence,
            fiction=product.fiction,
        )
        return row, certain and not open_on(day, lasting.since)

    ends = [day for each in (lasting, *others) for day in day_after(each.until)]
    return spells((*turning(lasting.since, *following), *ends), on)


class _Held(Struct, frozen=True, kw_only=True):
    """An agreement of any kind."""

    kind: Agreed
    party: StreamId
    lasting: Lasting
    organisation: StreamId | None = None
    appointed_by: StreamId | None = None
    amount: Money | None = None
    every: str | None = None
    subject: Personal | None = None


def _held(agreements: Agreements, kind: Agreed, key: str) -> _Held | None:
    if kind is Agreed.COORDINATOR:
        for each in agreements.coordinators:
            if each.lasting.fact == key:
                return _Held(
                    kind=kind,
                    party=each.party,
                    lasting=each.lasting,
                    organisation=each.organisation,
                    appointed_by=each.appointed_by,
                )
    elif kind is Agreed.CONTRIBUTION:
        pays = agreements.contributions.get(Key(key))
        if pays is not None:
            return _Held(
                kind=kind,
                party=pays.party,
                lasting=pays.lasting,
                amount=pays.amount,
                every=pays.every,
            )
    else:
        contract = agreements.contracts.get(Key(key))
        if contract is not None:
            return _Held(
                kind=kind,
                party=contract.vendor,
                lasting=contract.lasting,
                amount=contract.amount,
                subject=contract.subject,
            )
    return None


PARTICIPATIONS = View(
    name="participations",
    row=ParticipationRow,
    reads=frozenset((AuthorityJoined, AuthorityWithdrew)),
    touches=_participations_touched,
    segments=_participation_segments,
    filters=("product", "party", "takes_part", "fiction"),
    scanned=("takes_part", "fiction"),
)
AGREEMENTS = View(
    name="agreements",
    row=AgreementRow,
    reads=frozenset((CoordinatorAppointed, ContributionAgreed, VendorContracted)),
    touches=_agreements_touched,
    segments=_agreement_segments,
    filters=("product", "party", "kind", "in_force", "fiction"),
    scanned=("kind", "in_force", "fiction"),
)
