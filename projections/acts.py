"""Every act about a product that needs a resolution's authority, judged (rules 15-18)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from govlog.domain.authorities import AnyAct, Authorities
from govlog.domain.authority import NOTHING, ActOf, Authority
from govlog.domain.commitment import LifeStage, Product, Taken
from govlog.domain.events.body import ActKind
from govlog.domain.events.risk import Treatment
from govlog.domain.raising import AmendmentOf, assumption_of, grant_of
from govlog.domain.risk import RiskDecision
from govlog.domain.risk_taking import acceptance_of
from govlog.domain.values import StreamId

_NEEDS = {
    LifeStage.ADMITTED: ActKind.ADMISSION,
    LifeStage.EXITED: ActKind.EXIT,
    LifeStage.CLOSED: ActKind.EXIT,
}
"""What of a product's life needs authority; pausing, resuming and declining do not."""


class Matter(StrEnum):
    """What an act is about."""

    PRODUCT = "product"
    COMMISSION = "commission"
    RISK = "risk"


class JudgedAct(Struct, frozen=True):
    kind: ActKind
    product: StreamId
    taken: Taken
    authority: Authority
    matter: Matter
    subject: str
    """The commission, the assumption or the treatment; empty where it is the product itself."""


def judge_acts(product: Product, authorities: Authorities) -> dict[str, JudgedAct]:
    """All acts about a product, by the event that records them."""
    return {
        act.taken.fact: JudgedAct(
            act.kind, act.product, act.taken, authorities.of(act), matter, subject
        )
        for act, matter, subject in _acts(product, authorities)
    }


Act = tuple[AnyAct, Matter, str]


def _acts(product: Product, authorities: Authorities) -> Iterator[Act]:
    facts = authorities.facts
    for event in product.life:
        if event.stage in _NEEDS:
            yield _plain(_NEEDS[event.stage], product, event.taken), Matter.PRODUCT, ""
    for change in product.levels:
        yield _plain(ActKind.LEVEL_CHANGE, product, change.taken), Matter.PRODUCT, ""
    for name, commission in product.commissions.items():
        yield grant_of(product, commission), Matter.COMMISSION, name
        for amended in commission.amendments:
            yield AmendmentOf(product.stream, commission, amended), Matter.COMMISSION, name
        for revocation in commission.revocations:
            yield _plain(ActKind.REVOCATION, product, revocation), Matter.COMMISSION, name
    for stream in facts.citing(product.stream, "risk"):
        risk = facts.risk(stream)
        if risk is not None:
            yield from _about(risk, product)


def _about(risk: RiskDecision, product: Product) -> Iterator[Act]:
    for assumption in risk.assumptions:
        if assumption.product == product.stream:
            yield assumption_of(assumption), Matter.RISK, assumption.assumption
    for treatment in risk.treatments if risk.product == product.stream else ():
        if treatment.kind is Treatment.ACCEPT:
            yield acceptance_of(risk, treatment.taken), Matter.RISK, treatment.treatment


def _plain(kind: ActKind, product: Product, taken: Taken) -> ActOf:
    return ActOf(kind, product.stream, NOTHING, taken)
