"""Which facts reach beyond their own stream, and from a resolution to those it bears upon."""

from __future__ import annotations

from govlog.domain.events import Fact
from govlog.domain.events.body import BodyDissolved, MandateEnded, MandateGranted
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionReviewed,
    CommissionRevoked,
    InstalmentCommitted,
    InstalmentCredited,
    ProductAdmitted,
    ProductClosed,
    ProductDeclined,
    ProductExited,
    ProductPaused,
    ProductResumed,
)
from govlog.domain.events.resolution import (
    ConflictDeclared,
    OutcomeMinuted,
    OutcomeRecorded,
    ResolutionAnnulled,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
    ResolutionPostponed,
    ResolutionSuperseded,
    ResolutionTabled,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
    RollFixed,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised, RiskTreated
from govlog.domain.stream import Recorded
from govlog.domain.values import StreamId
from projections.known import Known

OUTCOMES = (
    OutcomeMinuted,
    OutcomeRecorded,
    ResolutionCarried,
    ResolutionLapsed,
    ResolutionLost,
)

ON_ITS_OWN = (
    RollFixed,
    ConflictDeclared,
    ResolutionPostponed,
    ResolutionTabledAgain,
    ResolutionWithdrawn,
)
"""They change how one resolution stands, and no other's authority."""

REACHING: frozenset[type[Fact]] = frozenset(
    (
        *OUTCOMES,
        ResolutionAnnulled,
        ResolutionSuperseded,
        ResolutionTabled,
        MandateGranted,
        MandateEnded,
        BodyDissolved,
        CommissionGranted,
        CommissionAmended,
        CommissionReviewed,
        CommissionRevoked,
        ProductAdmitted,
        ProductDeclined,
        ProductPaused,
        ProductResumed,
        ProductExited,
        ProductClosed,
        LevelChanged,
        RiskAssumed,
        RiskDeclined,
        RiskRaised,
        RiskTreated,
    )
)
"""After these `Known.changes` may name products whose life, commissions or authority changed."""

MONEY: frozenset[type[Fact]] = frozenset((InstalmentCommitted, InstalmentCredited))
"""After these, products of which only instalments and sums changed."""


_OF_BODIES = (MandateGranted, MandateEnded, BodyDissolved)

STANDINGS: frozenset[type[Fact]] = frozenset(
    (*OUTCOMES, ResolutionAnnulled, ResolutionSuperseded, ResolutionTabled, *_OF_BODIES)
)
"""After these an act that rests on a resolution may have gained or lost authority."""


def resolutions_affected(recorded: Recorded[Fact], known: Known) -> set[StreamId]:
    """Those under which an act without money may have gained or lost authority by a fact."""
    kind = type(recorded.fact)
    if kind not in STANDINGS:
        return set()
    if kind in _OF_BODIES:
        return set(known.facts.citing(recorded.stream, "resolution"))
    affected = annulled_or_restored(recorded.stream, known)
    for resolution in tuple(affected):
        for body in known.facts.citing(resolution, "body"):
            affected.update(known.facts.citing(body, "resolution"))
    return affected


def annulled_or_restored(resolution: StreamId, known: Known) -> set[StreamId]:
    """The resolution, every one it is cited by and every one linked to it, at any distance.

    An annulment that is itself annulled gives back what it took (rule 21), and a successor that
    falls no longer supersedes (rule 17), so the walk follows every step.
    """
    seen: set[StreamId] = set()
    waiting = [resolution]
    while waiting:
        stream = waiting.pop()
        if stream in seen:
            continue
        seen.add(stream)
        waiting.extend(known.facts.citing(stream, "resolution"))
        state = known.facts.resolution(stream)
        if state is not None:
            waiting += [each.by for each in state.superseded_by]
            named = (state.supersedes, state.recommended_by)
            waiting += [each for each in named if each is not None]
    return seen
