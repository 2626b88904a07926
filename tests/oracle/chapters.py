"""What else can happen to a community, beside commissions and money; and what is mended of it."""

from __future__ import annotations

from collections.abc import Callable

from govlog.domain.events import Fact
from govlog.domain.events.agreement import (
    AuthorityJoined,
    AuthorityWithdrew,
    ContributionAgreed,
    CoordinatorAppointed,
    VendorContracted,
)
from govlog.domain.events.any_stream import CorrectionWithdrawn, FactCorrected, Stated
from govlog.domain.events.body import BodyEstablished, MemberSeated, RulesAdopted
from govlog.domain.events.catalogue import CriteriaAdopted, LevelSchemeAdopted
from govlog.domain.events.debate import DebateClosed, DebateOpened, ReplyGiven, VoiceAdded
from govlog.domain.events.dispute import DisputeSettled, InvestmentDisputed
from govlog.domain.events.evaluation import EvaluationPublished, LevelChanged, SelfAssessed
from govlog.domain.events.meeting import MeetingCalled, MeetingHeld, MinutesDrafted, RollTaken
from govlog.domain.events.party import PartyRenamed
from govlog.domain.events.product import (
    CommissionReviewed,
    InvestmentDeclared,
    ProductRenamed,
)
from govlog.domain.events.resolution import (
    ResolutionPostponed,
    ResolutionTabled,
    ResolutionWithdrawn,
    RollFixed,
)
from govlog.domain.events.risk import RiskRaised, RiskReviewed, RiskTreated
from tests.oracle.debating import begin_debate, debate, open_an_item
from tests.oracle.founding import shape_a_body
from tests.oracle.gatherings import (
    minute,
    put_off,
    remember,
    sitting,
    table,
    today,
    vote_again,
)
from tests.oracle.measuring import adopt, decide_level, measure
from tests.oracle.stewardship import (
    agree,
    claim,
    declare,
    dispute,
    rename,
    rest,
    review,
    risk,
)
from tests.oracle.stories import INVESTORS, MINUTES, SEATS, Step
from tests.oracle.telling import Teller

Value = Callable[[Teller], object]


def _day(t: Teller) -> object:
    return t.when()


def _limit(t: Teller) -> object:
    return t.ahead(0.8)


def _party(t: Teller) -> object:
    return t.one_of(INVESTORS)


MENDABLE: dict[type[Fact], dict[str, Value]] = {
    AuthorityJoined: {"decided_on": _day, "until": _limit, "party": _party},
    AuthorityWithdrew: {"decided_on": _day, "party": _party},
    ContributionAgreed: {"decided_on": _day, "party": _party, "until": _limit},
    CoordinatorAppointed: {"decided_on": _day, "until": _limit},
    VendorContracted: {"decided_on": _day, "vendor": _party},
    Stated: {"holds_on": _day, "decided_on": _day, "count": lambda t: t.one_of((0, 2))},
    BodyEstablished: {"decided_on": _day, "name": lambda t: t.one_of(("Kreds", "Udvalg"))},
    MemberSeated: {"decided_on": _day, "until": _limit},
    RulesAdopted: {"decided_on": _day},
    CriteriaAdopted: {"decided_on": _day},
    LevelSchemeAdopted: {"decided_on": _day, "cumulative": lambda t: t.chance(0.5)},
    DebateOpened: {"decided_on": _day, "groups": lambda t: t.one_of((("press",), ("vendor",)))},
    DebateClosed: {"decided_on": _day},
    ReplyGiven: {"decided_on": _day},
    VoiceAdded: {"decided_on": _day, "group": lambda t: t.one_of(("press", "vendor"))},
    DisputeSettled: {"decided_on": _day, "outcome": lambda t: t.one_of(("upheld", "agreed"))},
    InvestmentDisputed: {"decided_on": _day, "by": _party},
    EvaluationPublished: {
        "decided_on": _day,
        "recommended_level": lambda t: t.one_of(("1", "3")),
        "next_review": _limit,
        "rows": lambda t: [{"criterion": "a", "light": t.one_of(("yellow", "red"))}],
    },
    SelfAssessed: {"decided_on": _day, "next_review": _limit},
    LevelChanged: {"decided_on": _day, "to_level": lambda t: t.one_of(("1", "2"))},
    MeetingCalled: {"day": _day, "place": lambda t: t.one_of(("hall", "attic"))},
    MeetingHeld: {"decided_on": _day},
    MinutesDrafted: {"decided_on": _day},
    RollTaken: {"present": lambda t: t.one_of((SEATS[:2], SEATS))},
    RollFixed: {"presiding": lambda t: t.one_of(SEATS)},
    PartyRenamed: {"decided_on": _day, "name": lambda t: t.one_of(("Bro", "y"))},
    ProductRenamed: {"decided_on": _day, "name": lambda t: t.one_of(("Bro", "y"))},
    CommissionReviewed: {"decided_on": _day, "next_review": _limit},
    InvestmentDeclared: {"decided_on": _day, "investor": _party},
    ResolutionPostponed: {"decided_on": _day},
    ResolutionTabled: {"decided_on": _day, "kind": lambda t: t.one_of(("decision", "discussion"))},
    ResolutionWithdrawn: {"decided_on": _day},
    RiskRaised: {"decided_on": _day, "next_review": _limit},
    RiskReviewed: {"decided_on": _day, "next_review": _limit},
    RiskTreated: {"decided_on": _day, "kind": lambda t: t.one_of(("reduce", "avoid", "accept"))},
}
"""What may be found to have been recorded wrongly, and what it should have said."""


def mend(t: Teller) -> None:
    """Mend a member of an earlier fact, or take a correction back (rule 19)."""
    wrong = [each for each in t.log if type(each.fact) in MENDABLE]
    mended = [each for each in t.log if isinstance(each.fact, FactCorrected)]
    if mended and t.chance(0.25):
        each = t.one_of(mended)
        withdrawn = CorrectionWithdrawn(correction=each.id, decided_on=today(t), evidence=MINUTES)
        t.tell("withdraw_correction", each.stream, withdrawn)
    elif wrong:
        each = t.one_of(wrong[-12:])
        field, value = t.one_of(list(MENDABLE[type(each.fact)].items()))
        fact = FactCorrected(
            event=each.id, field=field, value=value(t), decided_on=today(t), evidence=MINUTES
        )
        t.tell("correct_fact", each.stream, fact)


CHAPTERS: tuple[tuple[int, Step], ...] = (
    (8, sitting),
    (4, minute),
    (4, put_off),
    (3, vote_again),
    (2, table),
    (2, remember),
    (2, begin_debate),
    (7, debate),
    (4, open_an_item),
    (12, agree),
    (4, rename),
    (6, claim),
    (6, declare),
    (9, dispute),
    (4, review),
    (3, rest),
    (9, risk),
    (9, shape_a_body),
    (4, adopt),
    (8, measure),
    (5, decide_level),
    (10, mend),
)
"""How often each comes up beside the steps of `stories`."""
