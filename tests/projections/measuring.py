"""Made-up facts about how products measure up, what carries them, and what is done about risks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from govlog.domain.events import Fact, agreement, catalogue, dispute, evaluation, product, risk
from govlog.domain.values import Key, StreamId
from tests.projections.chronicle import Chronicle
from tests.projections.making import (
    BODIES,
    CATALOGUES,
    CRITERIA,
    ORGANISATIONS,
    PERSONS,
    PRODUCTS,
    RISKS,
    Step,
    act,
    money,
)

LEVELS = (Key("1"), Key("2"), Key("3"))
VERSIONS = (Key("a"), Key("b"))


def scheme(c: Chronicle) -> Step:
    names = c.some_of(LEVELS) or LEVELS[:1]
    return CATALOGUES[0], catalogue.LevelSchemeAdopted(
        decided_on=c.when(),
        name="levels",
        version=Key(f"s{c.random.randrange(3)}"),
        levels=tuple(catalogue.Level(each, f"N{each}", f"L{each}") for each in names),
        cumulative=c.chance(0.5),
    )


def criteria(c: Chronicle) -> Step:
    return CATALOGUES[0], catalogue.CriteriaAdopted(
        decided_on=c.when(),
        version=c.one_of(VERSIONS),
        criteria=tuple(
            catalogue.Criterion(
                criterion=each,
                theme=c.one_of(("form", "governance")),
                level=c.one_of(LEVELS),
                text_da=c.one_of(("x", "y")),
                text_en="z",
                about=c.one_of((None, "steering_group", "seated")),
                was=c.one_of((None, None, *CRITERIA)),
            )
            for each in c.some_of(CRITERIA) or CRITERIA[:1]
        ),
    )


def assessment(
    fact: type[evaluation.Assessment], **more: Callable[[Chronicle], Any]
) -> Callable[[Chronicle], Step]:
    return lambda c: (
        c.one_of(PRODUCTS),
        fact(
            decided_on=c.when(),
            evaluation=Key(f"e{c.random.randrange(5)}"),
            rows=tuple(
                evaluation.CriterionRow(each, c.one_of(list(evaluation.Light)), c.text())
                for each in c.some_of(CRITERIA)
            ),
            catalogue=c.one_of((None, *CATALOGUES)),
            criteria_version=c.one_of((None, *VERSIONS)),
            printed=(evaluation.PrintedTotals("table", 1, 1, 1),),
            by=c.one_of(BODIES),
            next_review=c.limit(),
            **{name: make(c) for name, make in more.items()},
        ),
    )


def level(c: Chronicle) -> Step:
    return c.one_of(PRODUCTS), evaluation.LevelChanged(
        **act(c),
        from_level=c.one_of((None, *LEVELS)),
        to_level=c.one_of(LEVELS),
        grounds=c.text(),
        evaluation=c.one_of((None, Key("e0"), Key("e1"))),
        next_review=c.limit(),
    )


def agreed(
    fact: type[agreement.Agreement], **more: Callable[[Chronicle], Any]
) -> Callable[[Chronicle], Step]:
    return lambda c: (
        c.one_of(PRODUCTS),
        fact(
            decided_on=c.when(),
            since=c.limit() if c.chance(0.2) else None,
            until=c.limit(),
            **{name: make(c) for name, make in more.items()},
        ),
    )


def organisation(c: Chronicle) -> StreamId:
    return c.one_of(ORGANISATIONS)


def person(c: Chronicle) -> StreamId:
    return c.one_of(PERSONS)


def instalment(c: Chronicle) -> Key:
    made = [each.fact for each in c.log if isinstance(each.fact, product.InstalmentCommitted)]
    return c.one_of([each.instalment for each in made] or [Key("none")])


MEASURING: dict[type[Fact], Callable[[Chronicle], Step]] = {
    catalogue.LevelSchemeAdopted: scheme,
    catalogue.CriteriaAdopted: criteria,
    evaluation.SelfAssessed: assessment(
        evaluation.SelfAssessed, claimed_level=lambda c: c.one_of((None, *LEVELS))
    ),
    evaluation.EvaluationPublished: assessment(
        evaluation.EvaluationPublished, recommended_level=lambda c: c.one_of((None, *LEVELS))
    ),
    evaluation.LevelChanged: level,
    dispute.EvaluationDisputed: lambda c: (
        c.one_of(PRODUCTS),
        dispute.EvaluationDisputed(
            decided_on=c.when(),
            dispute=Key(f"d{c.random.randrange(6)}"),
            evaluation=Key(f"e{c.random.randrange(5)}"),
            by=organisation(c),
            grounds=c.text(),
        ),
    ),
    dispute.InvestmentDisputed: lambda c: (
        c.one_of(PRODUCTS),
        dispute.InvestmentDisputed(
            decided_on=c.when(),
            dispute=Key(f"d{c.random.randrange(6)}"),
            instalment=instalment(c),
            by=organisation(c),
            grounds=c.text(),
        ),
    ),
    dispute.DisputeSettled: lambda c: (
        c.one_of(PRODUCTS),
        dispute.DisputeSettled(
            decided_on=c.when(),
            dispute=Key(f"d{c.random.randrange(6)}"),
            outcome=c.one_of(list(dispute.DisputeOutcome)),
            grounds=c.text(),
        ),
    ),
    agreement.CoordinatorAppointed: agreed(agreement.CoordinatorAppointed, party=person),
    agreement.AuthorityJoined: agreed(agreement.AuthorityJoined, party=organisation),
    agreement.AuthorityWithdrew: lambda c: (
        c.one_of(PRODUCTS),
        agreement.AuthorityWithdrew(
            decided_on=c.when(), party=organisation(c), grounds=c.text(), since=None
        ),
    ),
    agreement.ContributionAgreed: agreed(
        agreement.ContributionAgreed,
        contribution=lambda c: Key(f"k{c.random.randrange(4)}"),
        party=organisation,
        amount=money,
    ),
    agreement.VendorContracted: agreed(
        agreement.VendorContracted,
        contract=lambda c: Key(f"k{c.random.randrange(4)}"),
        vendor=organisation,
        subject=lambda c: c.text(),
    ),
    risk.RiskTreated: lambda c: (
        c.one_of(RISKS),
        risk.RiskTreated(
            **act(c),
            treatment=Key(f"t{len(c.log)}"),
            kind=c.one_of(list(risk.Treatment)),
            description=c.text(),
            next_review=c.limit(),
        ),
    ),
    risk.RiskReviewed: lambda c: (
        c.one_of(RISKS),
        risk.RiskReviewed(decided_on=c.when(), findings=c.text(), next_review=c.limit()),
    ),
    risk.RiskClosed: lambda c: (
        c.one_of(RISKS),
        risk.RiskClosed(decided_on=c.when(), grounds=c.text()),
    ),
}
"""By type, as `makers.MAKERS`, which takes them in."""
