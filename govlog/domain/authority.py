"""Whether an act rests on a resolution that could authorise it (rules 15-18)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from govlog.domain.body import Body, Mandate
from govlog.domain.commitment import Taken
from govlog.domain.events.body import ActKind, LimitKind
from govlog.domain.events.resolution import Authorises, ItemKind, OutcomeWord
from govlog.domain.facts import Facts
from govlog.domain.resolution import Proof, Resolution, standing, superseded_on
from govlog.domain.tri import MAYBE, NO, YES, Tri, begun, both, either, latest, negated, still
from govlog.domain.values import Span, StreamId


class Flaw(StrEnum):
    """Why an act has no authority; empty when it has."""

    NONE = ""
    NO_RESOLUTION = "no_resolution"
    NOT_RECORDED = "resolution_not_recorded"
    NOT_A_DECISION = "not_a_decision"
    NOT_CARRIED = "not_carried"
    ANNULLED = "annulled"
    SUPERSEDED = "superseded"
    NOT_AUTHORISED = "not_what_was_resolved"
    DISSOLVED = "body_dissolved"
    NO_MANDATE = "no_mandate"
    OUTSIDE_MANDATE = "outside_mandate"
    OVER_LIMIT = "over_limit"


class Amount(Struct, frozen=True):
    """What an act commits: an amount, or `open` where a ceiling is none or unknown.

    None of a commission's money (a revocation, an exit) is `NOTHING`.
    """

    currency: str = ""
    value: Decimal = Decimal(0)
    open: bool = False


NOTHING = Amount()


class ActOf(Struct, frozen=True):
    """One act of one kind about one product, as authority and budgets look at it."""

    kind: ActKind
    product: StreamId
    amount: Amount
    """What it commits, or the most that it may where partial dates leave that open."""
    taken: Taken
    at_least: Amount | None = None
    """The least that it may commit, where that is open."""

    @property
    def day(self) -> Span:
        return self.taken.decided

    @property
    def index(self) -> int:
        return self.taken.index


class Authority(Struct, frozen=True):
    """The verdict on an act: has it authority, from which day does it work, how well shown."""

    given: Tri
    works_from: Span
    proven: bool
    flaw: Flaw = Flaw.NONE


def judge(act: ActOf, facts: Facts, within_budget: Tri | None = None) -> Authority:
    """Judge one act; `within_budget` is its place under the body's budgets where they matter.

    Without it a budget mandate counts as covering (`govlog.domain.budget` works the place out).
    """
    if act.at_least is None:
        return _judge(act, facts, within_budget)
    at_best = _judge(replace(act, amount=act.at_least), facts, within_budget)
    at_worst = _judge(act, facts, within_budget)
    if at_best.given is at_worst.given:
        return replace(at_best, proven=at_best.proven and at_worst.proven)
    proven = at_best.proven and (at_worst.proven or at_worst.given is NO)
    return replace(at_best, given=MAYBE, proven=proven)


def _judge(act: ActOf, facts: Facts, within_budget: Tri | None) -> Authority:
    taken = act.taken
    works = own_days(taken)
    if taken.resolution is None:
        if taken.imported and taken.worded:
            return Authority(YES, works, proven=False)
        return Authority(NO, works, proven=False, flaw=Flaw.NO_RESOLUTION)
    resolution = facts.resolution(taken.resolution)
    flaw, authorised = _resolved(act, resolution, facts)
    if resolution is not None and resolution.outcome is not None and resolution.carried:
        # Also of an act without authority: it is asked what it would have covered (rule 8).
        works = latest(works, resolution.outcome.day)
    if resolution is None or resolution.outcome is None or flaw:
        return Authority(NO, works, proven=False, flaw=flaw or Flaw.NOT_CARRIED)
    shown = resolution.outcome.proof is not Proof.TEXT
    body = facts.body(resolution.body)
    if body is None or not body.mandates:
        # Rule 16: a body without a recorded mandate is unproven in imports, refused live.
        given = authorised if taken.imported else NO
        flaw = Flaw.NONE if taken.imported else Flaw.NO_MANDATE
        return Authority(given, works, proven=False, flaw=flaw)
    covered, shown_mandate, flaw = _mandated(
        act, body, resolution.outcome.day, facts, within_budget
    )
    given = both(covered, authorised)
    proven = given is not NO and shown and shown_mandate
    return Authority(given, works, proven=proven, flaw=flaw)


def own_days(taken: Taken) -> Span:
    """From when an act is meant to work, its resolution apart (rules 1 and 10)."""
    limits = [each for each in (taken.effective, taken.notified) if each is not None]
    return latest(taken.decided, *[Span(each, each) for each in limits])


def _resolved(act: ActOf, resolution: Resolution | None, facts: Facts) -> tuple[Flaw, Tri]:
    if resolution is None:
        return Flaw.NOT_RECORDED, NO
    if resolution.kind is not ItemKind.DECISION:
        return Flaw.NOT_A_DECISION, NO
    if resolution.outcome is None or resolution.outcome.word is not OutcomeWord.CARRIED:
        return Flaw.NOT_CARRIED, NO
    if not standing(resolution, facts):
        return Flaw.ANNULLED, NO
    if resolution.limited and not any(_names(each, act) for each in resolution.authorised):
        return Flaw.NOT_AUTHORISED, NO
    successor = superseded_on(resolution, facts)
    if successor is None:
        return Flaw.NONE, YES
    fresh = negated(begun(successor, act.taken.decided))
    return (Flaw.SUPERSEDED if fresh is NO else Flaw.NONE), fresh


def _names(authorised: Authorises, act: ActOf) -> bool:
    """Whether a tabled authorisation covers the act; what it leaves out it does not limit."""
    if authorised.act is not act.kind:
        return False
    if authorised.product is not None and authorised.product != act.product:
        return False
    if authorised.amount is None or act.amount == NOTHING:
        return True
    return (
        not act.amount.open
        and act.amount.currency == authorised.amount.currency
        and act.amount.value <= authorised.amount.amount
    )


def _mandated(
    act: ActOf, body: Body, resolved: Span, facts: Facts, within_budget: Tri | None
) -> tuple[Tri, bool, Flaw]:
    """Whether some mandate covers the act, and whether one that does is itself shown."""
    if body.dissolved is not None and begun(body.dissolved, resolved) is YES:
        return NO, False, Flaw.DISSOLVED
    fitting = [
        (each, held)
        for each in body.mandates.values()
        if (held := holds(each, act, resolved, facts)) is not NO
    ]
    if not fitting:
        return NO, False, Flaw.OUTSIDE_MANDATE
    answers = [
        (both(held, _within_limit(each, act.amount, within_budget)), each.shown)
        for each, held in fitting
    ]
    covered = either([answer for answer, _ in answers])
    return (
        covered,
        (covered, True) in answers,
        Flaw.NONE if covered is not NO else Flaw.OVER_LIMIT,
    )


def holds(mandate: Mandate, act: ActOf, resolved: Span, facts: Facts) -> Tri:
    """Whether a mandate covers the kind of act and the product on the day of the resolution."""
    if act.kind not in mandate.acts:
        return NO
    if mandate.products and act.product not in mandate.products:
        return NO
    if mandate.resolution is not None:
        source = facts.resolution(mandate.resolution)
        if source is None or not standing(source, facts):
            return NO
    ended = NO if mandate.ended is None else begun(mandate.ended, resolved)
    return both(begun(mandate.since, resolved), still(mandate.until, resolved), negated(ended))


def _within_limit(mandate: Mandate, amount: Amount, within_budget: Tri | None) -> Tri:
    if amount == NOTHING or mandate.limit_kind is LimitKind.UNLIMITED:
        return YES
    if not within_single_limit(mandate, amount):
        return NO
    if mandate.limit_kind is LimitKind.BUDGET and within_budget is not None:
        return within_budget
    return YES


def within_single_limit(mandate: Mandate, amount: Amount) -> bool:
    """Rule 15: open amounts need an unlimited mandate; the currency must be the limit's."""
    return amount == NOTHING or (
        mandate.limit is not None
        and not amount.open
        and amount.currency == mandate.limit.currency
        and amount.value <= mandate.limit.amount
    )
