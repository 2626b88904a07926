"""How a product changes with each fact; never refuses."""

from __future__ import annotations

from msgspec.structs import replace

from govlog.domain.commitment.acts import taken
from govlog.domain.commitment.agreements import agree
from govlog.domain.commitment.claims import claim
from govlog.domain.commitment.measures import disputed, level_change, measured, settled
from govlog.domain.commitment.states import (
    Amendment,
    Commission,
    Credit,
    Instalment,
    Investment,
    LifeEvent,
    LifeStage,
    Product,
    Review,
)
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.dispute import DisputeSettled, EvaluationDisputed, InvestmentDisputed
from govlog.domain.events.evaluation import EvaluationPublished, LevelChanged, SelfAssessed
from govlog.domain.events.fact import Act, Fact
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionReviewed,
    CommissionRevoked,
    InstalmentCommitted,
    InstalmentCredited,
    InvestmentDeclared,
    InvestmentWithdrawn,
    ProductAdmitted,
    ProductClosed,
    ProductDeclined,
    ProductExited,
    ProductPaused,
    ProductProposed,
    ProductRenamed,
    ProductResumed,
)
from govlog.domain.naming import Called
from govlog.domain.stream import Recorded
from govlog.domain.values import last_day, span

_STAGE: dict[type[Fact], LifeStage] = {
    ProductAdmitted: LifeStage.ADMITTED,
    ProductDeclined: LifeStage.DECLINED,
    ProductPaused: LifeStage.PAUSED,
    ProductResumed: LifeStage.RESUMED,
    ProductExited: LifeStage.EXITED,
    ProductClosed: LifeStage.CLOSED,
}


def evolve(product: Product | None, recorded: Recorded[Fact]) -> Product | None:
    """The product after one more fact; never refuses."""
    fact = recorded.fact
    if product is None:
        match fact:
            case ProductProposed():
                return _proposed(recorded, fact)
        return None
    match fact:  # the most frequent first
        case InstalmentCommitted() | InstalmentCredited():
            return _with_instalment(product, recorded, fact)
        case CommissionGranted():
            granted = _granted(recorded, fact)
            return replace(product, commissions=product.commissions.set(fact.commission, granted))
        case ProductAdmitted(level=level):
            return _lived(product, recorded, fact, level)
        case CommissionAmended() | CommissionReviewed() | CommissionRevoked():
            return _with_commission(product, recorded, fact)
        case InvestmentDeclared() | InvestmentWithdrawn():
            return _with_investment(product, recorded, fact)
        case ProductRenamed():
            called = Called(fact.name, recorded.decided, recorded.index)
            return replace(product, names=(*product.names, called))
        case (
            ProductDeclined()
            | ProductPaused()
            | ProductResumed()
            | ProductExited()
            | ProductClosed()
        ):
            return _lived(product, recorded, fact)
        case _:
            return _besides(product, recorded)


def _besides(product: Product, recorded: Recorded[Fact]) -> Product:
    """What is neither its life nor its money: agreements, its measures and its level, disputes."""
    match recorded.fact:
        case (
            CoordinatorAppointed()
            | AuthorityJoined()
            | AuthorityWithdrew()
            | ContributionAgreed()
            | VendorContracted()
        ):
            return replace(product, agreements=agree(product.agreements, recorded))
        case Stated() as fact:
            claims = product.claims.set(recorded.id, claim(fact, recorded))
            return replace(product, claims=claims)
        case LevelChanged() as fact:
            return replace(product, levels=(*product.levels, level_change(fact, recorded)))
        case SelfAssessed(evaluation=key) | EvaluationPublished(evaluation=key) as fact if (
            key not in product.evaluations
        ):
            evaluations = product.evaluations.set(key, measured(fact, recorded))
            return replace(product, evaluations=evaluations)
        case EvaluationDisputed(dispute=key) | InvestmentDisputed(dispute=key) as fact if (
            key not in product.disputes
        ):
            return replace(product, disputes=product.disputes.set(key, disputed(fact, recorded)))
        case DisputeSettled(dispute=key) as fact if key in product.disputes:
            ended = replace(product.disputes[key], settled=settled(fact, recorded))
            return replace(product, disputes=product.disputes.set(key, ended))
        case _:
            return product


def _lived(
    product: Product, recorded: Recorded[Fact], act: Act, level: str | None = None
) -> Product:
    event = LifeEvent(_STAGE[type(act)], taken(recorded, act), level)
    return replace(product, life=(*product.life, event))


def _proposed(recorded: Recorded[Fact], fact: ProductProposed) -> Product:
    return Product(
        stream=recorded.stream,
        names=(Called(fact.name, recorded.decided, recorded.index),),
        index=recorded.index,
        proposed_by=fact.proposed_by,
        description=fact.description,
        fiction=fact.fiction,
    )


def _granted(recorded: Recorded[Fact], fact: CommissionGranted) -> Commission:
    return Commission(
        commission=fact.commission,
        granted=taken(recorded, fact),
        scope=frozenset(fact.scope),
        parties=frozenset(fact.parties),
        ceiling=fact.ceiling,
        until=last_day(fact.until) if fact.until else None,
        next_review=fact.next_review,
        vision=fact.vision,
        governance=fact.governance,
    )


def _with_commission(
    product: Product,
    recorded: Recorded[Fact],
    fact: CommissionAmended | CommissionReviewed | CommissionRevoked,
) -> Product:
    commission = product.commissions.get(fact.commission)
    if commission is None:
        return product
    match fact:
        case CommissionAmended():
            changed = replace(
                commission, amendments=(*commission.amendments, _amendment(recorded, fact))
            )
        case CommissionReviewed():
            review = Review(recorded.decided, fact.next_review, recorded.index)
            changed = replace(commission, reviews=(*commission.reviews, review))
        case CommissionRevoked():
            revocation = taken(recorded, fact)
            changed = replace(commission, revocations=(*commission.revocations, revocation))
    return replace(product, commissions=product.commissions.set(fact.commission, changed))


def _amendment(recorded: Recorded[Fact], fact: CommissionAmended) -> Amendment:
    return Amendment(
        taken=taken(recorded, fact),
        scope=None if fact.scope is None else frozenset(fact.scope),
        ceiling=fact.ceiling,
        parties=None if fact.parties is None else frozenset(fact.parties),
        until=last_day(fact.until) if fact.until else None,
        next_review=fact.next_review,
    )


def _with_investment(
    product: Product, recorded: Recorded[Fact], fact: InvestmentDeclared | InvestmentWithdrawn
) -> Product:
    if isinstance(fact, InvestmentDeclared):
        investment = Investment(
            investment=fact.investment,
            investor=fact.investor,
            scope_item=fact.scope_item,
            amount=fact.amount,
            standing=fact.standing,
            relies_on=fact.relies_on,
            declared=recorded.decided,
            index=recorded.index,
            purpose=fact.purpose,
        )
    elif fact.investment in product.investments:
        investment = replace(product.investments[fact.investment], withdrawn=recorded.decided)
    else:
        return product
    return replace(product, investments=product.investments.set(fact.investment, investment))


def _with_instalment(
    product: Product, recorded: Recorded[Fact], fact: InstalmentCommitted | InstalmentCredited
) -> Product:
    if isinstance(fact, InstalmentCommitted):
        instalment = instalment_of(fact, recorded)
    elif fact.instalment in product.instalments:
        credited = product.instalments[fact.instalment]
        credit = Credit(recorded.decided, fact.amount.amount, recorded.index)
        instalment = replace(credited, credits=(*credited.credits, credit))
    else:
        return product
    tail = product.tail
    if instalment.attributed:
        tail = tail.after(instalment.bound, instalment.index)
    instalments = product.instalments.set(fact.instalment, instalment)
    return replace(product, instalments=instalments, tail=tail)


def instalment_of(fact: InstalmentCommitted, recorded: Recorded[Fact]) -> Instalment:
    """The instalment that a fact makes; its missing bound day is any day up to the recording."""
    return Instalment(
        instalment=fact.instalment,
        investor=fact.investor,
        scope_item=fact.scope_item,
        amount=fact.amount,
        bound=span(fact.bound_on, recorded.recorded_on),
        relies_on=fact.relies_on,
        standing=fact.standing,
        index=recorded.index,
        fact=recorded.id,
        investment=fact.investment,
    )
