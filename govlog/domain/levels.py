"""A product's level: derived from its admissions and the decisions on it (rules 15, 18 and 29)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from msgspec import Struct

from govlog.domain.authorities import Authorities
from govlog.domain.authority import NOTHING, ActOf, Authority
from govlog.domain.catalogue import require_level
from govlog.domain.commitment import Evaluation, LevelChange, LifeStage, Product, Taken
from govlog.domain.errors import NotFound, RuleViolation
from govlog.domain.events.body import ActKind
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.facts import Facts, Given
from govlog.domain.lifecycle import asked
from govlog.domain.refusals import existing, require_known
from govlog.domain.tri import (
    MAYBE,
    NO,
    YES,
    Tri,
    begun,
    both,
    either,
    latest,
    ordered,
    surely_last,
)
from govlog.domain.values import Span, span
from govlog.domain.warrant import require_authority

Judge = Callable[[ActKind, Taken], Authority]


class OtherLevel(RuleViolation):
    """A decision on the level starts from the level that the product has on that date."""

    slug = "other-level"
    rule = 29


class UnfoundedLevel(RuleViolation):
    """A level is decided on grounds, by somebody, with a reference, on an evaluation (rule 29)."""

    slug = "unfounded-level"
    rule = 29


class OtherCriteria(RuleViolation):
    """The criteria version is the one that the evaluation measured against (rule 29)."""

    slug = "other-criteria"
    rule = 29


class Step(Struct, frozen=True):
    """One act that sets the level, or ends it: an exit or a closure leaves none."""

    level: str | None
    taken: Taken
    authority: Authority


SETS = {
    LifeStage.ADMITTED: ActKind.ADMISSION,
    LifeStage.EXITED: ActKind.EXIT,
    LifeStage.CLOSED: ActKind.EXIT,
}
"""The steps of a product's life that set its level, or end it."""


def judged_by(product: Product, authorities: Authorities) -> Judge:
    """Judge acts about a product that commit no money."""
    return lambda kind, taken: authorities.of(ActOf(kind, product.stream, NOTHING, taken))


def steps(product: Product, judge: Judge) -> tuple[Step, ...]:
    """Everything that sets the level; what has no authority changes nothing (rule 15)."""
    found = [
        Step(event.level, event.taken, judge(SETS[event.stage], event.taken))
        for event in product.life
        if event.stage in SETS
    ]
    found += [
        Step(change.to_level, change.taken, judge(ActKind.LEVEL_CHANGE, change.taken))
        for change in product.levels
    ]
    return tuple(each for each in found if each.authority.given is not NO)


def step_on(found: Iterable[Step], day: date) -> tuple[Step | None, bool]:
    """What surely sets the level at the end of a day, and whether nothing else may.

    Nor is it certain where partial dates leave open which of several acts came last (rule 2).
    """
    sure, open_ = _begun(found, day)
    if not sure:
        return None, not open_
    last = max(sure, key=_in_order)
    others = [each for each in sure if each.level != last.level]
    return last, not open_ and _surely_last(last, others)


def act_on(found: Iterable[Step], day: date) -> tuple[Step | None, bool]:
    """The act by which the level is what it is at the end of a day, and whether no other may be.

    That may be open where the level is not: two acts may set the same one.
    """
    sure, open_ = _begun(found, day)
    last = max(sure, key=_in_order, default=None)
    others = [each for each in sure if each is not last]
    return last, not open_ and (last is None or _surely_last(last, others))


def _begun(found: Iterable[Step], day: date) -> tuple[list[Step], bool]:
    """What has surely begun by the end of a day, and whether anything else may have."""
    today = Span(day, day)
    sure, open_ = [], False
    for each in found:
        answer = both(each.authority.given, begun(each.authority.works_from, today))
        if answer is YES:
            sure.append(each)
        elif answer is MAYBE:
            open_ = True
    return sure, open_


def _surely_last(last: Step, others: Iterable[Step]) -> bool:
    """Recording breaks ties between acts of full days only (rule 2), whenever they begin."""
    return all(
        surely_last(_place(last), [_place(each)])
        and (
            each.authority.works_from != last.authority.works_from
            or (each.taken.decided.certain and last.taken.decided.certain)
        )
        for each in others
    )


def decided_after(evaluation: Evaluation, change: LevelChange) -> Tri:
    """Whether a decision on the level answers an evaluation: it names it, or comes after it."""
    if change.evaluation == evaluation.evaluation:
        return YES
    return ordered(
        (evaluation.decided, evaluation.index), (change.taken.decided, change.taken.index)
    )


class Answered(Struct, frozen=True):
    """Whether a decision on the level answers an evaluation, and the last one that surely does."""

    answer: Tri
    change: LevelChange | None
    certain: bool
    """Whether no other decision may be the last one that does."""


def answer_to(
    evaluation: Evaluation, product: Product, judge: Judge, facts: Facts, day: date
) -> Answered:
    """The last decision on the level that answers an evaluation by the end of a day (rule 29).

    Recommendation and decision are apart: without such a decision it is recommended, not decided.
    """
    today = Span(day, day)
    answers = [
        both(
            judge(ActKind.LEVEL_CHANGE, change.taken).given,
            decided_after(evaluation, change),
            begun(decision_day(change, facts), today),
        )
        for change in product.levels
    ]
    sure = [
        (decision_day(change, facts), change.taken.index, change)
        for change, answer in zip(product.levels, answers, strict=True)
        if answer is YES
    ]
    last = max(sure, key=lambda each: (each[0].latest, each[1]), default=None)
    certain = MAYBE not in answers
    if last is not None:
        others = [each[:2] for each in sure if each is not last]
        certain = certain and surely_last(last[:2], others)
    return Answered(either(answers), last[2] if last else None, certain)


def decision_day(change: LevelChange, facts: Facts) -> Span:
    """When the level was decided, whatever the day from which it works."""
    resolution = facts.resolution(change.taken.resolution) if change.taken.resolution else None
    if resolution is None or resolution.outcome is None:
        return change.taken.decided
    return latest(change.taken.decided, resolution.outcome.day)


def change_level(product: Product | None, proposed: LevelChanged, given: Given) -> LevelChanged:
    """Decide on the level, under a resolution whose mandate covers level changes."""
    held = existing(product, "product")
    require_known(given.facts, proposed.decided_by, "decided_by")
    evaluation = _evaluation(held, proposed)
    if evaluation is not None:
        _require_its_criteria(evaluation, proposed)
        catalogue = given.facts.catalogue(evaluation.catalogue) if evaluation.catalogue else None
        if catalogue is not None:
            require_level(catalogue, proposed.to_level)
    if not given.importing:
        _require_founded(proposed)
        _require_from(held, proposed, given)
    act = ActOf(ActKind.LEVEL_CHANGE, held.stream, NOTHING, asked(proposed, given))
    require_authority(act, given)
    return proposed


def _place(step: Step) -> tuple[Span, int]:
    return step.authority.works_from, step.taken.index


def _in_order(step: Step) -> tuple[date, int]:
    return step.authority.works_from.latest, step.taken.index


def _evaluation(product: Product, proposed: LevelChanged) -> Evaluation | None:
    if proposed.evaluation is None:
        return None
    if proposed.evaluation not in product.evaluations:
        raise NotFound(
            f"{product.stream} has no evaluation {proposed.evaluation!r}",
            mend="record the evaluation first, or name one of its evaluations",
            evaluation=proposed.evaluation,
            evaluations=sorted(product.evaluations),
        )
    return product.evaluations[proposed.evaluation]


def _require_its_criteria(evaluation: Evaluation, proposed: LevelChanged) -> None:
    if proposed.criteria_version not in (None, evaluation.criteria_version):
        raise OtherCriteria(
            f"the evaluation {evaluation.evaluation!r} measured against criteria version"
            f" {evaluation.criteria_version!r}",
            mend="name that version",
            criteria_version=proposed.criteria_version,
            measured_against=evaluation.criteria_version,
        )


def _require_founded(proposed: LevelChanged) -> None:
    stated = {
        "grounds": proposed.grounds,
        "decided_by": proposed.decided_by,
        "evidence": proposed.evidence or None,
        "evaluation": proposed.evaluation,
        "criteria_version": proposed.criteria_version,
    }
    missing = [name for name, value in stated.items() if value is None]
    if missing:
        raise UnfoundedLevel(
            f"the decision on the level does not say: {', '.join(missing)}",
            mend="state grounds, who decided, a reference as evidence, and the evaluation with its"
            " criteria version",
            missing=missing,
        )


def _require_from(product: Product, proposed: LevelChanged, given: Given) -> None:
    found = steps(product, judged_by(product, Authorities(given.facts)))
    day = span(proposed.decided_on, given.recorded_on).latest
    step, sure = step_on(found, day)
    level = step.level if step else None
    if sure and level != proposed.from_level:
        raise OtherLevel(
            f"the level on {day} is {level or 'none'}, not {proposed.from_level or 'none'}",
            mend="state the level on that date as from_level, or leave it out where there is none",
            level=level,
            from_level=proposed.from_level,
            day=day.isoformat(),
        )
