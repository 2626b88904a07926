"""The portfolio: every product, where it is in its life and whether it is commissioned, by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from govlog.domain.attribution.terms import Judged
from govlog.domain.authority import Authority, own_days
from govlog.domain.commitment import LifeEvent, LifeStage, Product
from govlog.domain.events import Fact
from govlog.domain.events.evaluation import EvaluationPublished
from govlog.domain.events.product import CommissionGranted, ProductProposed, ProductRenamed
from govlog.domain.naming import called_on
from govlog.domain.stream import Recorded
from govlog.domain.tri import MAYBE, NO, YES, Tri, surely_last
from govlog.domain.values import Personal, Span, StreamId
from projections.known import Known
from projections.levels import Levels
from projections.links import REACHING
from projections.proofs import WORD, AuthorityWord
from projections.spells import open_on, spells, tail, turning
from projections.terms import CommissionStatus, status_on, term_days, terms_on
from projections.view import Segment, Tail, View

_OWN = (ProductProposed, ProductRenamed, EvaluationPublished)
_ONE_DAY = timedelta(days=1)
_IN_AND_OUT = (LifeStage.ADMITTED, LifeStage.EXITED, LifeStage.CLOSED)


class Lived(Struct, frozen=True):
    """One step of a product's life; without authority it changed nothing (rule 15)."""

    stage: LifeStage
    works_from: Span
    authority: AuthorityWord
    resolution: StreamId | None
    event: str


class ProductRow(Struct, frozen=True):
    product: StreamId
    name: str
    stage: LifeStage
    """Acts of its life that have no authority change nothing (rule 15)."""
    admitted: bool
    """Whether it is in the portfolio: admitted, and neither exited nor closed since."""
    level: str | None
    """By decision; what an evaluation recommends or a product claims gives none (rule 29)."""
    recommended_level: str | None
    """Recommended by the last evaluation that recommends one, and not decided since."""
    paused: bool
    proven: bool
    """Whether a shown vote or minutes put it where it is; false for what is only proposed."""
    commissioned: bool
    """Whether a commission is surely in force at the end of the day."""
    commissions: int
    """How many are."""
    proposed_by: StreamId | None
    description: Personal | None
    life: tuple[Lived, ...]
    """Every step of its life by this day; a later entry does not erase the first (rule 4)."""
    fiction: bool


class _Step(Struct, frozen=True):
    """One event of its life with the days from which it works."""

    event: LifeEvent
    works_from: Span
    given: Tri
    proven: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if type(each.fact) in _OWN:
            yield each.stream
    yield from (product for product, change in known.changes.items() if change.terms)


def segments(subject: str, known: Known) -> Iterable[Segment] | Tail:
    """Where only commissions were granted, the end of the timeline from their first day on."""
    product = known.facts.product(StreamId(subject))
    if product is None:
        return ()
    lived = [_step(event, product, known) for event in product.life]
    told = [(each.works_from.earliest, _lived(each)) for each in lived]
    steps = sorted((each for each in lived if each.given is not NO), key=_in_order)
    undetermined = [each for each in steps if each.given is MAYBE]
    # Without commissions nothing is asked of its account, which is dear to set up.
    judged = known.account(product.stream).judged.values() if product.commissions else ()
    levels = Levels(product, known)
    stepped = [each.works_from for each in lived]

    def on(day: date) -> tuple[ProductRow, bool]:
        happened = _surely(steps, day)
        standing = happened[-1] if happened else None
        in_force, sure = _in_force(judged, day)
        stage = standing.event.stage if standing else LifeStage.PROPOSED
        entry = _entry(happened)
        level, recommended, level_sure = levels.on(day)
        name, named = called_on(product.names, day)
        row = ProductRow(
            product=product.stream,
            name=name,
            stage=LifeStage.ADMITTED if stage is LifeStage.RESUMED and entry else stage,
            admitted=entry is not None,
            level=level,
            recommended_level=recommended,
            paused=stage is LifeStage.PAUSED,
            proven=_proven(entry or standing),
            commissioned=in_force > 0,
            commissions=in_force,
            proposed_by=product.proposed_by,
            description=product.description,
            life=tuple([step for since, step in told if since <= day]),
            fiction=product.fiction,
        )
        doubtful = [each for each in undetermined if each.works_from.latest <= day]
        in_order = named and not doubtful and not _in_any_order(happened)
        return row, sure and level_sure and in_order and not open_on(day, *stepped)

    days = {*turning(*[each.since for each in product.names], *stepped), *levels.days}
    for each in judged:
        days.update(term_days(each))
    first = product.names[0].since.earliest
    since = _since(product, known)
    if since > first:
        return tail([day for day in days if day >= first], on, since - _ONE_DAY)
    return spells([day for day in days if day >= first], on)


def _since(product: Product, known: Known) -> date:
    """The first day on which the latest event may have changed something: of a grant that is known.

    One approval may let count much besides, of which the product's account says nothing.
    """
    change = known.changes.get(product.stream)
    if change is None or any(type(each.fact) is not CommissionGranted for each in known.begun):
        return date.min
    return change.since


def _step(event: LifeEvent, product: Product, known: Known) -> _Step:
    """Pausing, resuming and declining need no authority of a mandate."""
    judged = known.account(product.stream).acts.get(event.taken.fact)
    if judged is None:
        return _Step(event, own_days(event.taken), YES, proven=True)
    authority: Authority = judged.authority
    return _Step(event, authority.works_from, authority.given, authority.proven)


def _lived(step: _Step) -> Lived:
    taken = step.event.taken
    return Lived(step.event.stage, step.works_from, WORD[step.given], taken.resolution, taken.fact)


def _in_order(step: _Step) -> tuple[date, int]:
    return step.works_from.latest, step.event.taken.index


def _surely(steps: Iterable[_Step], day: date) -> list[_Step]:
    """What has surely happened with authority by the end of the day, in its order."""
    return [each for each in steps if each.given is YES and each.works_from.latest <= day]


def _in_any_order(happened: Sequence[_Step]) -> bool:
    """Whether partial dates leave open which step came last, or which of those in and out."""
    if len(happened) < 2:
        return False
    moved = [each for each in happened if each.event.stage in _IN_AND_OUT]
    return any(
        not surely_last(
            _place(those[-1]),
            [_place(each) for each in those if each.event.stage is not those[-1].event.stage],
        )
        for those in (happened, moved)
        if those
    )


def _place(step: _Step) -> tuple[Span, int]:
    return step.works_from, step.event.taken.index


def _entry(happened: Iterable[_Step]) -> _Step | None:
    """The admission in effect: the last one that no exit or closure has followed."""
    entry = None
    for each in happened:
        if each.event.stage is LifeStage.ADMITTED:
            entry = each
        elif each.event.stage in (LifeStage.EXITED, LifeStage.CLOSED):
            entry = None
    return entry


def _in_force(commissions: Iterable[Judged], day: date) -> tuple[int, bool]:
    """How many commissions are surely in force, and whether no other may be."""
    number, sure = 0, True
    for judged in commissions:
        terms = terms_on(judged, day)
        status, certain = status_on(judged, terms.until, day)
        number += status is CommissionStatus.IN_FORCE
        sure = sure and certain
    return number, sure


def _proven(basis: _Step | None) -> bool:
    """Only an admission, exit or closure whose vote or minutes are shown proves a stage."""
    return basis is not None and basis.event.stage in _IN_AND_OUT and basis.proven


PORTFOLIO = View(
    name="portfolio",
    row=ProductRow,
    reads=REACHING.union(_OWN),
    touches=touches,
    segments=segments,
    filters=("name", "stage", "level", "recommended_level", "admitted", "commissioned", "fiction"),
    scanned=("level", "recommended_level", "admitted", "commissioned", "fiction"),
)
