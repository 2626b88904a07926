"""Evaluations: what was measured, what the lights add up to, and what was decided after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from govlog.domain.commitment import Evaluation, LevelChange, Measured, Product
from govlog.domain.events import Fact
from govlog.domain.events.catalogue import CriteriaAdopted, LevelSchemeAdopted
from govlog.domain.events.dispute import DisputeSettled, EvaluationDisputed
from govlog.domain.events.evaluation import (
    EvaluationPublished,
    Recommendation,
    SelfAssessed,
)
from govlog.domain.levels import Judge, answer_to, decision_day
from govlog.domain.stream import Recorded
from govlog.domain.tallies import Tally, tally, unproven_greens
from govlog.domain.tri import Tri, ordered, surely_last
from govlog.domain.values import Key, PartialDate, Personal, Reference, Span, StreamId, kind_of
from projections.disputes import Quarrel, quarrel
from projections.known import Known
from projections.levels import judge_of
from projections.links import REACHING
from projections.measured import (
    Counted,
    LevelWord,
    MeasuredRow,
    Printed,
    SinceLast,
    Tallied,
    by_level,
    by_theme,
    printed,
    rows_of,
    since,
    unmeasured,
)
from projections.spells import open_on, spells, turning
from projections.view import Segment, View


class EvaluationRow(Struct, frozen=True):
    """A product measured against one version of the criteria, by itself or by others."""

    product: StreamId
    evaluation: Key
    kind: Measured
    by: StreamId | None
    published: Span
    catalogue: StreamId | None
    criteria_version: Key | None
    totals: Tally
    """Always derived from the rows (rule 30)."""
    by_level: tuple[Counted, ...]
    by_theme: tuple[Tallied, ...]
    printed: tuple[Printed, ...]
    """Totals as the source prints them, with the difference from the derived ones."""
    printed_agrees: bool
    green_without_evidence: tuple[str, ...]
    unmeasured: tuple[str, ...]
    """Criteria of the version that have no row."""
    claimed_level: Key | None
    """A product's own word, which gives it no level."""
    recommended_level: Key | None
    recommendation: Recommendation | None
    standing: LevelWord
    """Recommendation and decision are apart (rule 29)."""
    decided_level: Key | None
    decision: str | None
    """The event that decided on the level after it: `stream@version`."""
    since_last: SinceLast | None
    disputes: tuple[Quarrel, ...]
    next_review: PartialDate | None
    summary: Personal | None
    rows: tuple[MeasuredRow, ...]
    event: str
    evidence: tuple[Reference, ...]
    fiction: bool


def touches(counted: Sequence[Recorded[Fact]], known: Known) -> Iterator[str]:
    for each in counted:
        if type(each.fact) in REACHING:
            continue
        if isinstance(each.fact, SelfAssessed | EvaluationPublished):
            yield from _with_next(each.stream, each.fact.evaluation, known)
        elif isinstance(each.fact, EvaluationDisputed):
            yield f"{each.stream}/{each.fact.evaluation}"
        elif isinstance(each.fact, DisputeSettled):
            yield from _disputed(each.stream, each.fact.dispute, known)
        elif kind_of(each.stream) == "catalogue":
            for product in known.facts.citing(each.stream, "product"):
                yield from _all_of(product, known)
    for changed, change in known.changes.items():
        held = known.facts.product(changed)
        decided = {each.taken.fact for each in held.levels} if held else set()
        if not decided.isdisjoint(change.acts):
            yield from _all_of(changed, known)


def _all_of(stream: StreamId, known: Known) -> Iterator[str]:
    product = known.facts.product(stream)
    for evaluation in product.evaluations if product else ():
        yield f"{stream}/{evaluation}"


def _with_next(stream: StreamId, key: Key, known: Known) -> Iterator[str]:
    """An evaluation and those of its kind that may be compared with it."""
    product = known.facts.product(stream)
    new = product.evaluations.get(key) if product else None
    if product is None or new is None:
        return
    yield f"{stream}/{key}"
    for other in product.evaluations.values():
        if other.kind is new.kind and other.decided.latest >= new.decided.earliest:
            yield f"{stream}/{other.evaluation}"


def _disputed(stream: StreamId, key: Key, known: Known) -> Iterator[str]:
    product = known.facts.product(stream)
    dispute = product.disputes.get(key) if product else None
    if dispute is not None and dispute.evaluation is not None:
        yield f"{stream}/{dispute.evaluation}"


def segments(subject: str, known: Known) -> Iterable[Segment]:
    stream, _, key = subject.partition("/")
    product = known.facts.product(StreamId(stream))
    evaluation = product.evaluations.get(Key(key)) if product else None
    if product is None or evaluation is None:
        return ()
    judge = judge_of(product, known)
    last, in_order = _last(product, evaluation)
    held = _Held(product, evaluation, last, judge, known)
    disputes = sorted(
        (each for each in product.disputes.values() if each.evaluation == key),
        key=lambda each: each.index,
    )
    decisions = [decision_day(each, known.facts) for each in product.levels]
    raised = [each.raised for each in disputes]
    settled = [each.settled.decided for each in disputes if each.settled]

    def on(day: date) -> tuple[EvaluationRow, bool] | None:
        if day < evaluation.decided.earliest:
            return None
        found = answer_to(evaluation, product, judge, known.facts, day)
        shown = tuple(quarrel(each, day) for each in disputes if each.raised.earliest <= day)
        row = held.row(_word(evaluation, found.answer), found.change, shown)
        certain = in_order and found.certain
        return row, certain and not open_on(day, evaluation.decided, *raised, *settled)

    days = turning(evaluation.decided, *decisions, *raised, *settled)
    return spells(days, on)


class _Held(Struct):
    """What of a row is the same on every day."""

    product: Product
    evaluation: Evaluation
    last: Evaluation | None
    judge: Judge
    known: Known

    def row(
        self, word: LevelWord, change: LevelChange | None, disputes: tuple[Quarrel, ...]
    ) -> EvaluationRow:
        each = self.evaluation
        facts = self.known.facts
        catalogue = facts.catalogue(each.catalogue) if each.catalogue else None
        version = catalogue.criteria(each.criteria_version) if catalogue else None
        totals = tally(each.rows)
        beside = tuple(printed(totals, table) for table in each.printed)
        return EvaluationRow(
            product=self.product.stream,
            evaluation=each.evaluation,
            kind=each.kind,
            by=each.by,
            published=each.decided,
            catalogue=each.catalogue,
            criteria_version=each.criteria_version,
            totals=totals,
            by_level=by_level(each, catalogue, version),
            by_theme=by_theme(each, version),
            printed=beside,
            printed_agrees=all(table.agrees for table in beside),
            green_without_evidence=unproven_greens(each.rows),
            unmeasured=unmeasured(each, version),
            claimed_level=each.claimed_level,
            recommended_level=each.recommended_level,
            recommendation=each.recommendation,
            standing=word,
            decided_level=change.to_level if change else None,
            decision=change.taken.fact if change else None,
            since_last=since(each, self.last, catalogue),
            disputes=disputes,
            next_review=each.next_review,
            summary=each.summary,
            rows=rows_of(each, version),
            event=each.fact,
            evidence=each.evidence,
            fiction=self.product.fiction,
        )


def _word(evaluation: Evaluation, answer: Tri) -> LevelWord:
    if evaluation.recommended_level is None:
        return LevelWord.NOTHING_RECOMMENDED
    return LevelWord.DECIDED if answer is Tri.YES else LevelWord.NOT_DECIDED


def _last(product: Product, evaluation: Evaluation) -> tuple[Evaluation | None, bool]:
    """The one of its kind that surely came before it, the latest of several; whether no other may
    be that one.
    """
    others = [
        (each, ordered(_place(each), _place(evaluation)))
        for each in product.evaluations.values()
        if each.kind is evaluation.kind and each is not evaluation
    ]
    earlier = [each for each, answer in others if answer is Tri.YES]
    last = max(earlier, key=lambda each: (each.decided.latest, each.index), default=None)
    sure = all(answer is not Tri.MAYBE for _, answer in others)
    if last is not None:
        sure = sure and surely_last(_place(last), (_place(e) for e in earlier if e is not last))
    return last, sure


def _place(evaluation: Evaluation) -> tuple[Span, int]:
    return evaluation.decided, evaluation.index


EVALUATIONS = View(
    name="evaluations",
    row=EvaluationRow,
    reads=REACHING
    | {
        SelfAssessed,
        EvaluationPublished,
        EvaluationDisputed,
        DisputeSettled,
        LevelSchemeAdopted,
        CriteriaAdopted,
    },
    touches=touches,
    segments=segments,
    filters=("product", "standing", "kind", "criteria_version", "printed_agrees", "fiction"),
    scanned=("standing", "kind", "criteria_version", "printed_agrees", "fiction"),
)
