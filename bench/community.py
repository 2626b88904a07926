"""An invented community for measurements: a board, its resolutions, products and investments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from msgspec import Struct

from govlog.domain.events import body, party, product, resolution
from govlog.domain.events.fact import Fact
from govlog.domain.values import (
    Ballot,
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Personal,
    Reference,
    Standing,
    StreamId,
)

BOARD = StreamId("body:board")
SEATS = tuple(Key(f"seat-{number}") for number in range(5))
MEMBERS = tuple(StreamId(f"party:member-{number}") for number in range(5))
INVESTORS = tuple(StreamId(f"party:investor-{number}") for number in range(20))
SCOPE = ("interface", "hosting", "support")
RULES = body.Rules(version="bylaws")
INSTALMENTS = 8

Step = tuple[StreamId, Fact]
"""A fact and the stream it is for."""


class Today:
    """The day on which the facts are recorded; whoever tells the history moves it on."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> PartialDate:
        return PartialDate(self.day.isoformat())

    def lately(self, chance: Random) -> PartialDate:
        """A day of this week, or now and then only its month."""
        day = self.day - timedelta(days=chance.randrange(5))
        return PartialDate(day.isoformat() if chance.random() > 0.05 else f"{day:%Y-%m}")


class Chapter(Struct, frozen=True):
    """What one chapter of the history is about."""

    product: StreamId
    resolution: StreamId
    undecided: StreamId
    """A resolution on which voting is open and stays so."""

    @classmethod
    def numbered(cls, number: int) -> Chapter:
        return cls(
            StreamId(f"product:product-{number}"),
            StreamId(f"resolution:plan-{number}"),
            StreamId(f"resolution:open-{number}"),
        )


def beginning(today: Today) -> Iterator[Step]:
    """Members, investors, and the board with its seats and an unlimited mandate."""
    for number, member in enumerate(MEMBERS):
        name = Personal(text=f"Invented member {number}", subject=member)
        yield member, _registered(today, party.PartyKind.PERSON, name, "public_authority")
    for number, investor in enumerate(INVESTORS):
        kind = party.PartyKind.ORGANISATION
        yield investor, _registered(today, kind, f"Invented organisation {number}", "vendor")
    bylaws = (Reference("https://community.invalid/bylaws"),)
    yield (
        BOARD,
        body.BodyFounded(
            decided_on=today(), name="Invented board", rules=RULES, evidence=bylaws, fiction=True
        ),
    )
    for seat, member in zip(SEATS, MEMBERS, strict=True):
        role = body.SeatRole.CHAIR if seat == SEATS[0] else body.SeatRole.MEMBER
        yield BOARD, body.MemberSeated(decided_on=today(), seat=seat, party=member, role=role)
    yield (
        BOARD,
        body.MandateGranted(
            decided_on=today(), mandate=Key("all"), acts=tuple(body.ActKind), evidence=bylaws
        ),
    )


def chapter(number: int, today: Today, chance: Random) -> Iterator[Step]:
    """A resolution is voted on and carried; on it a product is admitted, commissioned, paid for."""
    about = Chapter.numbered(number)
    yield from _voting(about.resolution, today)
    counts = resolution.Counts(for_=4, against=1)
    carried = resolution.ResolutionCarried(decided_on=today(), counts=counts, reason="majority")
    yield about.resolution, carried
    stream = about.product
    yield (
        stream,
        product.ProductProposed(decided_on=today(), name=f"Product {number}", fiction=True),
    )
    admitted = product.ProductAdmitted(decided_on=today(), resolution=about.resolution)
    yield stream, admitted
    yield stream, commission(number, "first", about.resolution, today)
    for instalment in range(INSTALMENTS):
        yield stream, bound(f"i{instalment}", today, chance)
        if instalment == INSTALMENTS // 2:
            credit = Money(Decimal("100.00"), "DKK")
            yield (
                stream,
                product.InstalmentCredited(decided_on=today(), instalment=Key("i0"), amount=credit),
            )
    yield about.undecided, _tabled(number, today)
    yield about.undecided, _roll(today)


def commission(
    number: int, name: str, resolved: StreamId, today: Today
) -> product.CommissionGranted:
    return product.CommissionGranted(
        decided_on=today(),
        commission=Key(name),
        resolution=resolved,
        scope=SCOPE,
        ceiling=Ceiling(CeilingKind.AMOUNT, "DKK", Decimal(20_000 + 1_000 * (number % 90))),
        parties=INVESTORS[: number % 3],
    )


def bound(
    name: str, today: Today, chance: Random, *, on: PartialDate | None = None
) -> product.InstalmentCommitted:
    """An instalment of this week; some are outside every commission, some above its ceiling."""
    return product.InstalmentCommitted(
        decided_on=today(),
        instalment=Key(name),
        investor=chance.choice(INVESTORS),
        scope_item=chance.choice((*SCOPE, "ornament")),
        amount=Money(Decimal(chance.randrange(100_000, 1_500_000)) / 100, "DKK"),
        bound_on=on or today.lately(chance),
        relies_on=Key("first") if chance.random() < 0.5 else None,
        standing=Standing.BOUND,
    )


def _registered(
    today: Today, kind: party.PartyKind, name: str | Personal, group: str
) -> party.PartyRegistered:
    return party.PartyRegistered(
        decided_on=today(), kind=kind, name=name, group=group, fiction=True
    )


def _voting(stream: StreamId, today: Today) -> Iterator[Step]:
    yield stream, _tabled(int(stream.rpartition("-")[2]), today)
    yield stream, _roll(today)
    for seat in SEATS:
        ballot = Ballot.AGAINST if seat == SEATS[-1] else Ballot.FOR
        yield stream, resolution.VoteCast(decided_on=today(), seat=seat, ballot=ballot)


def _tabled(number: int, today: Today) -> resolution.ResolutionTabled:
    return resolution.ResolutionTabled(
        decided_on=today(),
        body=BOARD,
        kind=resolution.ItemKind.DECISION,
        title=Personal(text=f"To take up and to pay for product {number}"),
        fiction=True,
    )


def _roll(today: Today) -> resolution.RollFixed:
    seats = zip(SEATS, MEMBERS, strict=True)
    return resolution.RollFixed(
        decided_on=today(),
        round=1,
        seats=tuple(resolution.RollSeat(seat, member) for seat, member in seats),
        presiding=SEATS[0],
        rules=RULES,
    )
