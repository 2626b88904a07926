"""One pass over instalments in drawing order, with the pots as they stand (rules 9 and 13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.attribution.answer import Circumstances, answer
from govlog.domain.attribution.draw import UNTOUCHED, ZERO, Drawn, Source, headroom, split
from govlog.domain.attribution.fitting import Fit, fit
from govlog.domain.attribution.shares import Share
from govlog.domain.attribution.terms import Judged
from govlog.domain.commitment import Instalment
from govlog.domain.tri import NO, YES, ordered
from govlog.domain.values import Key

Pot = tuple[bool, Key]


class Claim(Struct, frozen=True):
    """What an instalment may take at most from each pot, booked while it may begin to take."""

    rooms: dict[Pot, Decimal]
    booked: dict[Pot, Decimal]


class Drawing:
    """Books the most each instalment may draw at its MAY, and the least it must at its MUST.

    At MAY only what was certainly drawn before is known, which bounds the headroom from above; at
    MUST all that may have been drawn before is known too, which bounds it from below.
    """

    def __init__(
        self, around: Circumstances, drawn: Map[Key, Drawn], void_drawn: Map[Key, Drawn]
    ) -> None:
        self.around = around
        self.drawn = drawn.mutate()
        self.void_drawn = void_drawn.mutate()
        self._claims: dict[Key, Claim] = {}
        self._fits: dict[Key, Fit] = {}
        """How far the instalment at hand gets with the commissions tried so far."""

    def may(self, instalment: Instalment) -> None:
        """The first day it may be bound on: claim the most it could draw."""
        amount = instalment.amount.amount
        rooms = {_pot(each): each.headroom.at_most for each in self._sources(instalment)}
        booked = {pot: min(amount, room) for pot, room in rooms.items()}
        self._claims[instalment.instalment] = Claim(rooms, booked)
        for pot, most in booked.items():
            self._book(pot, Drawn(at_most=most))

    def must(self, instalment: Instalment) -> tuple[Share, ...]:
        """The last day it may be bound on: book the least it draws, and answer."""
        claim = self._claims.pop(instalment.instalment)
        self._fits.clear()
        for pot, most in claim.booked.items():
            self._book(pot, Drawn(at_most=-most))
        sources = [
            replace(each, headroom=Drawn(each.headroom.at_least, claim.rooms[_pot(each)]))
            for each in self._sources(instalment)
        ]
        taken = list(zip(sources, split(instalment.amount.amount, sources), strict=True))
        for source, drawn in taken:
            pot = _pot(source)
            self._book(pot, Drawn(drawn.at_least, claim.booked[pot]))
        return answer(instalment, taken, self.around, self._fits)

    def at_once(self, instalment: Instalment) -> tuple[Share, ...]:
        """Both in one for a certain day: between its MAY and its MUST comes nothing else."""
        self._fits.clear()
        sources = self._enough(instalment)
        taken = list(zip(sources, split(instalment.amount.amount, sources), strict=True))
        for source, drawn in taken:
            self._book(_pot(source), drawn)
        return answer(instalment, taken, self.around, self._fits)

    def _book(self, pot: Pot, drawn: Drawn) -> None:
        void, name = pot
        pots = self.void_drawn if void else self.drawn
        pots[name] = pots.get(name, UNTOUCHED).plus(drawn)

    def _sources(self, instalment: Instalment) -> list[Source]:
        tried = (self._source(each, instalment) for each in self._in_order(instalment))
        return self._with_void(instalment, [each for each in tried if each is not None])

    def _enough(self, instalment: Instalment) -> list[Source]:
        """The sources up to those that surely suffice: what is surely tried later gives nothing."""
        left = instalment.amount.amount
        sources: list[Source] = []
        sure: list[Source] = []
        for judged in self._in_order(instalment):
            if left <= ZERO and all(_surely_before(each, judged) for each in sure):
                continue
            source = self._source(judged, instalment)
            if source is not None:
                sources.append(source)
                if source.matches is YES:
                    sure.append(source)
                    left -= source.headroom.at_least
        return sources if left <= ZERO else self._with_void(instalment, sources)

    def _in_order(self, instalment: Instalment) -> Sequence[Judged]:
        """The commissions of its scope item: the named one, then in the order granted (rule 7)."""
        open_to = self.around.by_scope.get(instalment.scope_item, ())
        if len(open_to) < 2:
            return open_to
        return sorted(open_to, key=lambda each: each.commission.commission != instalment.relies_on)

    def _source(self, judged: Judged, instalment: Instalment) -> Source | None:
        """The commission as a source, where it may match."""
        name = judged.commission.commission
        fitting = self._fits[name] = fit(judged, instalment)
        matches = min(judged.authority.given, fitting.matches)
        if matches is NO:
            return None
        room = headroom(fitting.ceilings, self.drawn.get(name, UNTOUCHED))
        return Source(judged, fitting, matches, room, name == instalment.relies_on, void=False)

    def _with_void(self, instalment: Instalment, sources: list[Source]) -> list[Source]:
        if not self.around.void:
            return sources
        void = [each for each in self._in_order(instalment) if each.void]
        if not void:
            return sources
        own = split(instalment.amount.amount, sources)
        taken = {each.name: drawn for each, drawn in zip(sources, own, strict=True)}
        return [*sources, *self._void(instalment, void, taken)]

    def _void(
        self, instalment: Instalment, void: Iterable[Judged], own: dict[Key, Drawn]
    ) -> Iterable[Source]:
        """Rule 8: what acts without authority would have covered within the ceiling."""
        for judged in void:
            fitting = fit(judged, instalment, as_if_authorised=True)
            if fitting.matches is not NO:
                name = judged.commission.commission
                used = self.drawn.get(name, UNTOUCHED).plus(self.void_drawn.get(name, UNTOUCHED))
                taken = own.get(name, UNTOUCHED)
                # At MAY an uncertain day's own least is not known yet: none is the safe bound.
                least = taken.at_least if instalment.bound.certain else ZERO
                room = headroom(fitting.ceilings, used.plus(Drawn(least, taken.at_most)))
                yield Source(
                    judged, fitting, fitting.matches, room, name == instalment.relies_on, void=True
                )


def _surely_before(source: Source, judged: Judged) -> bool:
    """Whether a source is surely tried before a commission that comes later in the order tried."""
    mine, other = source.judged.commission.granted, judged.commission.granted
    place = (mine.decided, mine.index)
    return source.named or ordered(place, (other.decided, other.index)) is YES


def _pot(source: Source) -> Pot:
    return source.void, source.name
