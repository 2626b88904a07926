"""What is done about a risk: accepted, reduced, shared or avoided (ISO 31000)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from govlog.domain.authorities import Authorities
from govlog.domain.authority import Authority, Flaw, own_days
from govlog.domain.events.risk import Treatment
from govlog.domain.risk import RiskDecision, Treated
from govlog.domain.risk_taking import acceptance_of
from govlog.domain.tri import Tri, begun
from govlog.domain.values import Key, Personal, Span, StreamId


class TreatmentRow(Struct, frozen=True):
    """What is done about the risk; only an acceptance needs authority (rule 15)."""

    treatment: Key
    kind: Treatment
    description: Personal | None
    owner: StreamId | None
    decided: Span
    resolution: StreamId | None
    in_force: bool
    flaw: Flaw
    """Why an acceptance has no authority; empty where it has, or needs none."""
    proven: bool


class JudgedTreatment(Struct, frozen=True):
    treated: Treated
    authority: Authority

    def answer(self, day: date) -> Tri:
        """Whether it is in force at the end of a day."""
        return min(self.authority.given, begun(self.authority.works_from, Span(day, day)))

    def row(self, day: date) -> TreatmentRow:
        each = self.treated
        return TreatmentRow(
            treatment=each.treatment,
            kind=each.kind,
            description=each.description,
            owner=each.owner,
            decided=each.taken.decided,
            resolution=each.taken.resolution,
            in_force=self.answer(day) is Tri.YES,
            flaw=self.authority.flaw,
            proven=self.authority.proven,
        )


def judged_treatments(risk: RiskDecision, authorities: Authorities) -> tuple[JudgedTreatment, ...]:
    """All treatments; whoever owns a risk may reduce, share or avoid it without a resolution."""
    return tuple(
        JudgedTreatment(each, _authority(risk, each, authorities)) for each in risk.treatments
    )


def kinds_in_force(treatments: Iterable[JudgedTreatment], day: date) -> set[Treatment]:
    return {each.treated.kind for each in treatments if each.answer(day) is Tri.YES}


def _authority(risk: RiskDecision, treated: Treated, authorities: Authorities) -> Authority:
    if treated.kind is Treatment.ACCEPT:
        return authorities.of(acceptance_of(risk, treated.taken))
    return Authority(Tri.YES, own_days(treated.taken), proven=True)
