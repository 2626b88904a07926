"""Which products' answers a fact can change, through the resolutions and mandates they rely on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govlog.domain.budget import budgets_of
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.body import BodyDissolved, MandateEnded, MandateGranted
from govlog.domain.events.dispute import DisputeSettled, EvaluationDisputed, InvestmentDisputed
from govlog.domain.events.evaluation import EvaluationPublished, SelfAssessed
from govlog.domain.events.fact import Fact
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    InstalmentCommitted,
    InstalmentCredited,
    InvestmentDeclared,
    InvestmentWithdrawn,
    ProductProposed,
    ProductRenamed,
)
from govlog.domain.events.resolution import (
    OutcomeMinuted,
    OutcomeRecorded,
    ResolutionAnnulled,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    ResolutionSuperseded,
    ResolutionTabled,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised, RiskTreated, Treatment
from govlog.domain.facts import Facts
from govlog.domain.risk import RiskDecision
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId, kind_of

_OF_RESOLUTIONS: frozenset[type[Fact]] = frozenset(
    (
        OutcomeMinuted,
        OutcomeRecorded,
        ResolutionAnnulled,
        ResolutionCarried,
        ResolutionLapsed,
        ResolutionLost,
        ResolutionSuperseded,
        ResolutionTabled,
    )
)
_OF_BODIES = frozenset((BodyDissolved, MandateEnded, MandateGranted))
_OF_RISKS = frozenset((RiskAssumed, RiskDeclined, RiskRaised, RiskTreated))
_MONEY = frozenset((InstalmentCommitted, InstalmentCredited))
"""Most of what is recorded; it reaches its own product alone."""
_HARMLESS: frozenset[type[Fact]] = frozenset(
    (
        InvestmentDeclared,
        InvestmentWithdrawn,
        ProductRenamed,
        ProductProposed,
        CoordinatorAppointed,
        AuthorityJoined,
        AuthorityWithdrew,
        ContributionAgreed,
        VendorContracted,
        SelfAssessed,
        EvaluationPublished,
        EvaluationDisputed,
        InvestmentDisputed,
        DisputeSettled,
    )
)
"""They bear on no verdict: an agreement covers nothing, and only an act ends a dispute's matter."""


def products_reached(recorded: Recorded[Fact], facts: Facts) -> set[StreamId]:
    """The products whose verdicts a fact that just began to count may change.

    Asked of every fact, so types are compared, which takes a tenth of `isinstance`.
    """
    fact, stream, kind = recorded.fact, recorded.stream, type(recorded.fact)
    if kind in _MONEY:
        return {stream}
    if kind in _OF_RESOLUTIONS:
        return _spread(_relying_on(_with_dependents(stream, facts), facts), facts)
    if kind in _OF_BODIES:
        return _spread(_relying_on(facts.citing(stream, "resolution"), facts), facts)
    if kind in _OF_RISKS:
        return _of_risk(fact, stream, facts)
    if kind_of(stream) != "product" or kind in _HARMLESS:
        return set()
    if isinstance(fact, CommissionGranted | CommissionAmended):
        return _spread([stream, *_sharing_budget(fact.resolution, facts)], facts)
    return {stream}


def products_relying_on(resolution: StreamId, facts: Facts) -> set[StreamId]:
    """The products about which an act names this resolution, recorded on them or on a risk."""
    return set(_relying_on([resolution], facts))


def _of_risk(fact: Fact, stream: StreamId, facts: Facts) -> set[StreamId]:
    if isinstance(fact, RiskAssumed):
        return _spread([fact.product, *_sharing_budget(fact.resolution, facts)], facts)
    if isinstance(fact, RiskDeclined):
        return {fact.product}
    if isinstance(fact, RiskTreated):
        return set(_accepted_for(stream, facts))
    if isinstance(fact, RiskRaised):
        # It has been treated before only where a correction names another product, or none.
        decision = facts.risk(stream)
        accepted = decision is not None and _is_accepted(decision)
        return {fact.product} if fact.product is not None and accepted else set()
    return set()


def _with_dependents(resolution: StreamId, facts: Facts) -> set[StreamId]:
    """The resolution, those it annuls or supersedes, and those under mandates it granted.

    An annulment that is itself annulled gives back what it took, so the walk follows every step.
    """
    seen: set[StreamId] = set()
    waiting = [resolution]
    while waiting:
        stream = waiting.pop()
        if stream in seen:
            continue
        seen.add(stream)
        waiting.extend(facts.citing(stream, "resolution"))
        for body in facts.citing(stream, "body"):
            waiting.extend(facts.citing(body, "resolution"))
        state = facts.resolution(stream)
        if state is not None:
            waiting.extend(_budget_siblings(state.body, facts))
            if state.supersedes is not None:
                waiting.append(state.supersedes)
    return seen


def _relying_on(resolutions: Iterable[StreamId], facts: Facts) -> Iterator[StreamId]:
    for resolution in resolutions:
        yield from facts.citing(resolution, "product")
        for risk in facts.citing(resolution, "risk"):
            decision = facts.risk(risk)
            if decision is not None:
                yield from (each.product for each in decision.assumptions)
                yield from _accepted_for(risk, facts)


def _accepted_for(risk: StreamId, facts: Facts) -> Iterator[StreamId]:
    """The product whose risk a body has accepted: an act about it like others (rule 15)."""
    decision = facts.risk(risk)
    if decision is not None and decision.product is not None and _is_accepted(decision):
        yield decision.product


def _is_accepted(decision: RiskDecision) -> bool:
    return any(each.kind is Treatment.ACCEPT for each in decision.treatments)


def _spread(products: Iterable[StreamId], facts: Facts) -> set[StreamId]:
    """These, and those under budgets that a raise of theirs draws on, however far that leads.

    What an amendment raises follows from those before it, whichever body decided them (rule 15).
    """
    found: set[StreamId] = set()
    seen: set[StreamId] = set()
    waiting = list(products)
    while waiting:
        product = waiting.pop()
        if product in found:
            continue
        found.add(product)
        for body in _raising(product, facts):
            if body not in seen:
                seen.add(body)
                waiting.extend(_relying_on(_budget_siblings(body, facts), facts))
    return found


def _raising(product: StreamId, facts: Facts) -> Iterator[StreamId]:
    """The bodies that amend the ceilings of a product's commissions."""
    state = facts.product(product)
    for commission in state.commissions.values() if state is not None else ():
        for amendment in commission.amendments:
            named = amendment.taken.resolution if amendment.ceiling is not None else None
            resolution = facts.resolution(named) if named is not None else None
            if resolution is not None:
                yield resolution.body


def _sharing_budget(resolution: StreamId | None, facts: Facts) -> Iterator[StreamId]:
    """Rule 15: acts under one budget crowd each other out, whatever product they are about."""
    state = facts.resolution(resolution) if resolution else None
    if state is not None:
        yield from _relying_on(_budget_siblings(state.body, facts), facts)


def _budget_siblings(body: StreamId, facts: Facts) -> Iterable[StreamId]:
    state = facts.body(body)
    return facts.citing(body, "resolution") if state is not None and budgets_of(state) else ()
