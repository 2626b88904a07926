"""Stories of what carries a product: agreements, names, claims, declarations, disputes, risks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from govlog.domain.events import Fact
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.any_stream import Stated
from govlog.domain.events.dispute import (
    DisputeOutcome,
    DisputeSettled,
    EvaluationDisputed,
    InvestmentDisputed,
)
from govlog.domain.events.evaluation import EvaluationPublished, SelfAssessed
from govlog.domain.events.party import PartyRenamed
from govlog.domain.events.product import (
    CommissionGranted,
    CommissionReviewed,
    InstalmentCommitted,
    InvestmentDeclared,
    InvestmentWithdrawn,
    ProductDeclined,
    ProductPaused,
    ProductRenamed,
    ProductResumed,
)
from govlog.domain.events.risk import (
    RiskClosed,
    RiskRaised,
    RiskReviewed,
    RiskTreated,
    Treatment,
)
from govlog.domain.values import Key, Money, Standing, StreamId
from tests.oracle.gatherings import (
    maybe,
    streams,
    today,
)
from tests.oracle.stories import (
    BOARD,
    INVESTORS,
    ITEMS,
    MINUTES,
    PERSONS,
    PRODUCTS,
    act,
    keys,
    product,
    resolutions,
)
from tests.oracle.sustainability import TOPICS
from tests.oracle.telling import Teller
from tests.oracle.wording import words


def agree(t: Teller) -> None:
    """Somebody joins or leaves, coordinates, pays, or is contracted."""
    stream = product(t)
    terms: dict[str, Any] = {"decided_on": t.when(), "since": t.ahead(0.2), "evidence": MINUTES}
    limited = {**terms, "until": t.ahead(0.3)}
    party, money = t.one_of(INVESTORS), t.one_of((None, Money(Decimal(75), "DKK")))
    moved = t.one_of(("join", "join", "leave", "coordinate", "pay", "contract"))
    if moved == "join":
        t.tell("join_authority", stream, AuthorityJoined(party=party, **limited))
    elif moved == "leave":
        joined = keys(t, AuthorityJoined, "party", stream)
        leaves = StreamId(t.one_of(joined)) if joined else party
        t.tell("withdraw_authority", stream, AuthorityWithdrew(party=leaves, **terms))
    elif moved == "coordinate":
        fact: Fact = CoordinatorAppointed(
            party=t.one_of(PERSONS), organisation=party, appointed_by=BOARD, **limited
        )
        t.tell("appoint_coordinator", stream, fact)
    elif moved == "pay":
        key, every = Key(f"p{t.number()}"), t.one_of((None, "year"))
        fact = ContributionAgreed(
            contribution=key, party=party, amount=money, every=every, **limited
        )
        t.tell("agree_contribution", stream, fact)
    else:
        key = Key(f"k{t.number()}")
        fact = VendorContracted(
            contract=key, vendor=party, subject=maybe(t), amount=money, **limited
        )
        t.tell("contract_vendor", stream, fact)


def rename(t: Teller) -> None:
    name = t.one_of(("Lamp", "Bro", "Økonomien", "x"))
    if t.chance(0.5):
        t.tell("rename_product", product(t), ProductRenamed(name=name, decided_on=t.when()))
    else:
        who = t.one_of((*INVESTORS, *PERSONS[:1]))
        t.tell("rename_party", who, PartyRenamed(name=name, decided_on=t.when()))


def claim(t: Teller) -> None:
    """A source says that something held, about a product or about a body."""
    stated = Stated(
        topic=t.one_of(tuple(TOPICS.values())),
        text=words(t),
        holds_on=t.when((0, 20, 200)) if t.chance(0.7) else None,
        by=t.one_of((None, *INVESTORS)),
        party=t.one_of((None, *PERSONS)),
        role=t.one_of((None, "chair")),
        count=t.one_of((None, 0, 3)),
        decided_on=t.when(),
    )
    t.tell("state", t.one_of((*PRODUCTS, *PRODUCTS, BOARD)), stated)


def declare(t: Teller) -> None:
    """Somebody means to invest, binds part of it, or takes it back."""
    stream = product(t)
    declared = keys(t, InvestmentDeclared, "investment", stream)
    moved = t.one_of(("declare", "bind", "withdraw"))
    if moved == "declare" or not declared:
        fact: Fact = InvestmentDeclared(
            investment=Key(f"n{t.number()}"),
            investor=t.one_of(INVESTORS),
            scope_item=t.one_of(ITEMS),
            amount=t.one_of((None, Money(Decimal(900), "DKK"))),
            standing=t.one_of((Standing.SOUGHT, Standing.PROPOSED)),
            relies_on=t.one_of((None, *keys(t, CommissionGranted, "commission", stream))),
            purpose=maybe(t),
            decided_on=t.when(),
        )
        t.tell("declare_investment", stream, fact)
    elif moved == "bind":
        on, investment = t.when(), t.one_of(declared)
        said = next(
            e.fact
            for e in t.log
            if isinstance(e.fact, InvestmentDeclared) and e.fact.investment == investment
        )
        fact = InstalmentCommitted(
            instalment=Key(f"i{t.number()}"),
            investor=said.investor,
            scope_item=said.scope_item,
            amount=Money(Decimal(90), "DKK"),
            investment=investment,
            bound_on=on,
            decided_on=on,
        )
        t.tell("commit_instalment", stream, fact)
    else:
        gone = InvestmentWithdrawn(investment=t.one_of(declared), decided_on=t.when())
        t.tell("withdraw_investment", stream, gone)


def dispute(t: Teller) -> None:
    stream, key = product(t), Key(f"q{t.number()}")
    told: dict[str, Any] = {"by": t.one_of(INVESTORS), "grounds": words(t), "decided_on": t.when()}
    bound = keys(t, InstalmentCommitted, "instalment", stream)
    meant = keys(t, InvestmentDeclared, "investment", stream)
    measured = [
        *keys(t, EvaluationPublished, "evaluation", stream),
        *keys(t, SelfAssessed, "evaluation", stream),
    ]
    raised = [
        *keys(t, InvestmentDisputed, "dispute", stream),
        *keys(t, EvaluationDisputed, "dispute", stream),
    ]
    moved = t.one_of(("money", "money", "measure", "settle"))
    if moved == "settle" and raised:
        ended = DisputeSettled(
            dispute=t.one_of(raised),
            outcome=t.one_of(tuple(DisputeOutcome)),
            decided_by=t.one_of((None, BOARD)),
            resolution=t.one_of((None, *resolutions(t)[-1:])),
            grounds=maybe(t),
            decided_on=t.when(),
        )
        t.tell("settle_dispute", stream, ended)
    elif moved == "measure" and measured:
        about = t.one_of((("a",), ()))
        fact: Fact = EvaluationDisputed(
            dispute=key, evaluation=t.one_of(measured), criteria=about, **told
        )
        t.tell("dispute_evaluation", stream, fact)
    elif meant and t.chance(0.4):
        fact = InvestmentDisputed(dispute=key, investment=t.one_of(meant), **told)
        t.tell("dispute_investment", stream, fact)
    elif bound:
        fact = InvestmentDisputed(dispute=key, instalment=t.one_of(bound), **told)
        t.tell("dispute_investment", stream, fact)


def review(t: Teller) -> None:
    """A commission is looked at again; or what was proposed is declined."""
    stream = product(t)
    granted = keys(t, CommissionGranted, "commission", stream)
    if granted and not t.chance(0.1):
        fact = CommissionReviewed(
            commission=t.one_of(granted),
            findings=maybe(t),
            next_review=t.ahead(0.6),
            decided_on=t.when(),
        )
        t.tell("review_commission", stream, fact)
    else:
        no = ProductDeclined(**act(t), grounds=words(t))
        t.tell("decline_product", PRODUCTS[1], no)


def rest(t: Teller) -> None:
    """A product rests for some days, mostly."""
    stream = product(t)
    t.tell("pause_product", stream, ProductPaused(**act(t), grounds=maybe(t)))
    if t.chance(0.7):
        t.pass_days(1)
        resumed = ProductResumed(decided_on=today(t), grounds=maybe(t))
        t.tell("resume_product", stream, resumed)


def risk(t: Teller) -> None:
    """Raised, treated, accepted, looked at again, closed."""
    known, on = streams(t, RiskRaised), t.when()
    stream = t.one_of(known[-3:])
    moved = t.one_of(("raise", "treat", "treat", "accept", "review", "close"))
    if moved == "raise":
        raised = RiskRaised(
            title=words(t),
            description=maybe(t),
            product=t.one_of((None, *PRODUCTS)),
            owner=t.one_of((None, *PERSONS)),
            next_review=t.ahead(0.6),
            fiction=t.chance(0.2),
            decided_on=on,
        )
        t.tell("raise_risk", StreamId(f"risk:r{t.number()}"), raised)
    elif moved in ("treat", "accept"):
        kinds = (Treatment.REDUCE, Treatment.SHARE, Treatment.AVOID)
        cited = act(t) if moved == "accept" or t.chance(0.3) else {"decided_on": on}
        treated = RiskTreated(
            **cited,
            treatment=Key(f"t{t.number()}"),
            kind=Treatment.ACCEPT if moved == "accept" else t.one_of(kinds),
            description=maybe(t),
            owner=t.one_of((None, *PERSONS)),
            next_review=t.ahead(0.4),
        )
        t.tell("treat_risk", stream, treated)
    elif moved == "review":
        looked = RiskReviewed(findings=maybe(t), next_review=t.ahead(0.6), decided_on=on)
        t.tell("review_risk", stream, looked)
    else:
        t.tell("close_risk", stream, RiskClosed(grounds=maybe(t), decided_on=on))
