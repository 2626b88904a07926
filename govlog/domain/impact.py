"""What a fact would change: the verdicts that flip, and whether a second person must agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from msgspec import Struct

from govlog.domain.attribution import Bearer, Reason, Settlement, Verdict, carry, extend, settle
from govlog.domain.commitment import Product
from govlog.domain.commitment.notice import TAKE_COVER
from govlog.domain.events.fact import Act, Fact, PendingReason
from govlog.domain.events.product import InstalmentCommitted
from govlog.domain.facts import Facts
from govlog.domain.reach import products_reached
from govlog.domain.stream import Recorded
from govlog.domain.values import Key, StreamId


class Flip(Struct, frozen=True):
    """One instalment whose answer a fact changes."""

    product: StreamId
    instalment: Key
    investor: StreamId
    before: Verdict
    after: Verdict

    @property
    def harms(self) -> bool:
        """Whether less is borne by the community than before."""
        return self.after.borne_by(Bearer.COMMUNITY) < self.before.borne_by(Bearer.COMMUNITY)


class Turn(NamedTuple):
    """An instalment's verdicts without a fact and with it, neither with a mark of displacement."""

    product: StreamId
    was: Verdict
    fresh: Verdict


def flips(before: Facts, after: Facts, recorded: Recorded[Fact]) -> Iterator[Flip]:
    """Every earlier instalment whose verdict differs with the fact from what it is without.

    Only this fact marks what it displaces: earlier marks ask for no second person again.
    """
    for product, was, fresh in turned(before, after, recorded):
        now = carry(was, fresh, recorded.id)
        yield Flip(product, was.instalment, was.investor, was, now)


def turned(before: Facts, after: Facts, recorded: Recorded[Fact]) -> Iterator[Turn]:
    """The earlier instalments that are answered otherwise with the fact, by product and key."""
    for stream in sorted(products_reached(recorded, after)):
        old, new = before.product(stream), after.product(stream)
        if old is None or new is None or not old.instalments:
            continue
        yield from _between(old, before, new, after, recorded)


def _between(
    old: Product, before: Facts, new: Product, after: Facts, recorded: Recorded[Fact]
) -> Iterator[Turn]:
    was = settle(old, before)
    now = _after(was, new, after, recorded)
    if now is None:
        return
    for name, verdict in sorted(was.verdicts.items()):
        if now.verdicts[name] != verdict:
            yield Turn(new.stream, verdict, now.verdicts[name])


def _after(
    was: Settlement, new: Product, after: Facts, recorded: Recorded[Fact]
) -> Settlement | None:
    """None where the fact certainly changes no earlier answer."""
    fact = recorded.fact
    if isinstance(fact, InstalmentCommitted) and extend(was, new.instalments[fact.instalment]):
        return None
    return settle(new, after)


def waits(before: Facts, after: Facts, recorded: Recorded[Fact]) -> tuple[PendingReason, ...]:
    """The reasons for a second person that come from what a fact does to others.

    An instalment that takes the place of one recorded earlier displaces it (rule 11). An act that
    takes cover away and comes late, with no day of notice, flips what was thought covered (10).
    """
    fact = recorded.fact
    if isinstance(fact, InstalmentCommitted):
        if _comes_last(before, after, recorded.stream, fact.instalment):
            return ()
        reason = PendingReason.DISPLACES
    elif isinstance(fact, TAKE_COVER) and fact.notified_on is None and _reaches_back(recorded):
        reason = PendingReason.TAKES_COVER
    elif isinstance(fact, Act) and _reaches_back(recorded):
        reason = PendingReason.DISPLACES
    else:
        return ()
    harmed = any(each.harms and _displaced(each) for each in flips(before, after, recorded))
    return (reason,) if harmed else ()


def _comes_last(before: Facts, after: Facts, stream: StreamId, name: Key) -> bool:
    """Whether an instalment certainly draws after all others, and so takes nobody's place."""
    old, new = before.product(stream), after.product(stream)
    if old is None or new is None:
        return True
    instalment = new.instalments[name]
    return not instalment.attributed or old.tail.precedes(instalment.bound, instalment.index)


def _reaches_back(recorded: Recorded[Fact]) -> bool:
    """Whether the fact may concern a day before its recording."""
    return recorded.decided.earliest <= recorded.recorded_on - timedelta(days=1)


def _displaced(flip: Flip) -> bool:
    return any(
        share.displaced_by is not None and share.reason is not Reason.AUTHORITY_VOID
        for share in flip.after.shares
    )
