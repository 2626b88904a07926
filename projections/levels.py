"""Levels over time: every act that sets a product's level, and which of them does so on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.authority import Flaw
from govlog.domain.commitment import LevelChange, Product
from govlog.domain.events import Fact
from govlog.domain.events.body import ActKind
from govlog.domain.levels import SETS, Judge, Step, act_on, answer_to, decision_day, step_on, steps
from govlog.domain.stream import Recorded
from govlog.domain.tri import MAYBE, NO, YES, ordered
from govlog.domain.values import Key, PartialDate, Personal, Reference, Span, StreamId
from projections.known import Known
from projections.links import REACHING
from projections.proofs import WORD, AuthorityWord
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class LevelRow(Struct, frozen=True):
    """An admission, an exit or a decision that sets the level (rule 29)."""

    product: StreamId
    act: ActKind
    level: str | None
    """None where it ends: an exit or a closure leaves no level."""
    from_level: Key | None
    from_fits: bool | None
    """Whether the level it names to start from is the one on that date; None for other acts."""
    in_effect: bool
    """Whether it is what gives the level on this day."""
    decided: Span
    works_from: Span
    authority: AuthorityWord
    flaw: Flaw
    proven: bool
    resolution: StreamId | None
    decided_by: StreamId | None
    grounds: Personal | None
    evaluation: Key | None
    criteria_version: Key | None
    next_review: PartialDate | None
    event: str
    evidence: tuple[Reference, ...]
    fiction: bool


def judge_of(product: Product, known: Known) -> Judge:
    """The authority of acts about a product, as its account holds it."""
    stream = product.stream
    return lambda kind, taken: known.account(stream).acts[taken.fact].authority


class Levels:
    """What the level of one product is on a day, and what is recommended and not decided."""

    def __init__(self, product: Product, known: Known) -> None:
        self._product = product
        self._facts = known.facts
        self._judge = judge_of(product, known)
        self._steps = steps(product, self._judge)
        self._recommending = sorted(
            (each for each in product.evaluations.values() if each.recommended_level is not None),
            key=lambda each: (each.decided.latest, each.index),
        )
        decided = [decision_day(each, known.facts) for each in product.levels]
        works = [each.authority.works_from for each in self._steps]
        published = [each.decided for each in self._recommending]
        self._spans = [*decided, *works, *published]
        self.days = tuple(turning(*self._spans))
        """On which either may change."""

    def on(self, day: date) -> tuple[str | None, str | None, bool]:
        """The level, the recommended one where nothing was decided after it, and if both are sure.

        The last evaluation that recommends a level is the one that counts (rule 29).
        """
        step, sure = step_on(self._steps, day)
        published = [each for each in self._recommending if each.decided.latest <= day]
        recommended = None
        if published:
            last = published[-1]
            answer = answer_to(last, self._product, self._judge, self._facts, day).answer
            recommended = last.recommended_level if answer is not YES else None
            sure = sure and answer is not MAYBE
        return step.level if step else None, recommended, sure and not open_on(day, *self._spans)


def setting(product: Product) -> set[str]:
    """The events of the acts that may set the level."""
    life = [each.taken.fact for each in product.life if each.stage in SETS]
    return {*life, *[each.taken.fact for each in product.levels]}


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for stream, change in known.changes.items():
        product = known.facts.product(stream) if change.acts else None
        events = setting(product) if product else set()
        if not events.isdisjoint(change.acts):
            yield from (f"{stream}/{event}" for event in events)


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, event = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    if product is None or event not in setting(product):
        return ()
    judged = known.account(product.stream).acts[event]
    taken, authority = judged.taken, judged.authority
    found = steps(product, judge_of(product, known))
    change = next((each for each in product.levels if each.taken.fact == event), None)
    works = [each.authority.works_from for each in found]
    fits, surely = _fits(change, found) if change else (None, True)

    def on(day: date) -> tuple[LevelRow, bool] | None:
        if day < taken.decided.earliest:
            return None
        now, sure = act_on(found, day)
        row = LevelRow(
            product=product.stream,
            act=judged.kind,
            level=_level(product, event, change),
            from_level=change.from_level if change else None,
            from_fits=fits,
            in_effect=now is not None and now.taken.fact == event,
            decided=taken.decided,
            works_from=authority.works_from,
            authority=WORD[authority.given],
            flaw=authority.flaw,
            proven=authority.proven and authority.given is not NO,
            resolution=taken.resolution,
            decided_by=change.decided_by if change else None,
            grounds=change.grounds if change else None,
            evaluation=change.evaluation if change else None,
            criteria_version=change.criteria_version if change else None,
            next_review=change.next_review if change else None,
            event=event,
            evidence=change.evidence if change else (),
            fiction=product.fiction,
        )
        return row, sure and surely and not open_on(day, taken.decided)

    return spells(turning(taken.decided, *works), on)


def _level(product: Product, event: str, change: LevelChange | None) -> str | None:
    if change is not None:
        return change.to_level
    return next(each.level for each in product.life if each.taken.fact == event)


def _fits(change: LevelChange, found: Iterable[Step]) -> tuple[bool, bool]:
    """Held against what else sets the level on that date, earlier acts and those of that day; and
    whether partial dates leave no doubt about it.
    """
    place = (change.taken.decided, change.taken.index)
    others = [
        (each, ordered((each.authority.works_from, each.taken.index), place))
        for each in found
        if each.taken.fact != change.taken.fact
    ]
    before = [each for each, answer in others if answer is YES]
    step, sure = step_on(before, change.taken.decided.latest)
    fits = (step.level if step else None) == change.from_level
    return fits, sure and all(answer is not MAYBE for _, answer in others)


LEVELS = View(
    name="levels",
    row=LevelRow,
    reads=REACHING,
    touches=touches,
    segments=segments,
    filters=("product", "level", "in_effect", "act", "evaluation", "proven", "fiction"),
    scanned=("level", "in_effect", "act", "evaluation", "proven", "fiction"),
)
