"""What happens in a small community: commissions, instalments and all that can befall them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from govlog.application.decision_log import Actor, Order
from govlog.domain.events import Fact
from govlog.domain.events.any_stream import CorrectionWithdrawn, FactCorrected
from govlog.domain.events.body import (
    ActKind,
    BodyEstablished,
    BodyFounded,
    LimitKind,
    Majority,
    MandateEnded,
    MandateGranted,
    MemberLeft,
    MemberSeated,
    QuorumOf,
    Rules,
    SeatRole,
    TieRule,
)
from govlog.domain.events.debate import DebateOpened, VoiceAdded
from govlog.domain.events.evaluation import LevelChanged
from govlog.domain.events.party import PartyKind, PartyRegistered
from govlog.domain.events.product import (
    CommissionAmended,
    CommissionGranted,
    CommissionRevoked,
    InstalmentCommitted,
    InstalmentCredited,
    ProductAdmitted,
    ProductClosed,
    ProductExited,
    ProductPaused,
    ProductProposed,
    ProductResumed,
)
from govlog.domain.events.resolution import (
    Authorises,
    ConflictDeclared,
    ItemKind,
    Minuted,
    Option,
    OutcomeMinuted,
    OutcomeRecorded,
    OutcomeWord,
    ResolutionAnnulled,
    ResolutionSuperseded,
    ResolutionTabled,
    Score,
    VoteCast,
)
from govlog.domain.events.risk import RiskAssumed, RiskDeclined, RiskRaised
from govlog.domain.resolution import FixRoll
from govlog.domain.stream import Recorded
from govlog.domain.values import (
    Ballot,
    Ceiling,
    CeilingKind,
    Key,
    Money,
    PartialDate,
    Reference,
    Standing,
    StreamId,
)
from govlog.persistence.access import SCOPES
from tests.oracle.telling import Teller, text

BOARD, GROUP = StreamId("body:board"), StreamId("body:group")
PRODUCTS = (StreamId("product:x"), StreamId("product:y"))
INVESTORS = (StreamId("party:acme"), StreamId("party:dell"))
RISK, DEBATE = StreamId("risk:a"), StreamId("debate:d")
ITEMS = ("api", "app")
PERSONS = tuple(StreamId(f"party:{name}") for name in ("ada", "bob", "cleo", "dan"))
SEATS = tuple(Key(each) for each in ("chair", "one", "two", "three"))
FIRST_DAY = date(2024, 1, 10)
MINUTES = (Reference("minutes.md"),)
Step = Callable[[Teller], object]
Mending = Callable[[Teller, Recorded[Fact]], object]


def beginning(t: Teller) -> None:
    """A board that may do everything, a group with a budget, two products and those who invest."""
    on = PartialDate(f"{FIRST_DAY}")
    shown: dict[str, Any] = {"decided_on": on, "evidence": (Reference("bylaws.md"),)}
    rules = Rules(
        version="1",
        quorum=t.one_of((QuorumOf.AT_LEAST_HALF, *QuorumOf)),
        majority=t.one_of((Majority.SIMPLE, *Majority)),
        tie=t.one_of((TieRule.CHAIR, *TieRule)),
        recused_count_as_present=t.chance(0.3),
    )
    founded = BodyFounded(name="Board", rules=rules, **shown)
    orders = [Order("found_body", BOARD, founded)]
    for person in PERSONS:
        named = PartyRegistered(kind=PartyKind.PERSON, name=text(person), decided_on=on)
        orders.append(Order("register_party", person, named))
    for stream in INVESTORS:
        named = PartyRegistered(kind=PartyKind.ORGANISATION, name=stream, decided_on=on)
        orders.append(Order("register_party", stream, named))
    for seat, person in zip(SEATS, PERSONS, strict=True):
        role = SeatRole.CHAIR if seat == SEATS[0] else SeatRole.MEMBER
        orders.append(Order("seat_member", BOARD, sits(seat, person, role, shown)))
    mandate = MandateGranted(mandate=Key("all"), acts=tuple(ActKind), **shown)
    orders.append(Order("grant_mandate", BOARD, mandate))
    t.tell_all(orders)
    first = decide(t, BOARD)
    establish_group(t, first, shown)
    establish_products(t, first, on)


def sits(seat: Key, person: StreamId, role: SeatRole, shown: dict[str, Any]) -> MemberSeated:
    return MemberSeated(seat=seat, party=person, role=role, **shown)


def establish_group(t: Teller, first: StreamId, shown: dict[str, Any]) -> None:
    group = BodyEstablished(
        name="Group", rules=Rules(version="g"), superior=BOARD, resolution=first, **shown
    )
    t.tell("establish_body", GROUP, group)
    t.tell("seat_member", GROUP, sits(SEATS[0], PERSONS[-1], SeatRole.CHAIR, shown))
    limited = MandateGranted(
        mandate=Key("budget"),
        acts=(ActKind.COMMISSION, ActKind.AMENDMENT, ActKind.ASSUMPTION, ActKind.REVOCATION),
        limit_kind=t.one_of((LimitKind.BUDGET, LimitKind.BUDGET, LimitKind.PER_ACT)),
        limit=Money(Decimal(t.one_of((900, 400))), "DKK"),
        resolution=first,
        **shown,
    )
    t.tell("grant_mandate", GROUP, limited)


def establish_products(t: Teller, first: StreamId, on: PartialDate) -> None:
    for stream in PRODUCTS:
        proposed = ProductProposed(name=stream, decided_on=on)
        t.tell("propose_product", stream, proposed)
        if stream == PRODUCTS[0] or t.chance(0.6):
            admitted = ProductAdmitted(resolution=first, level="1", decided_on=on)
            t.tell("admit_product", stream, admitted)
    raised = RiskRaised(title=text(), decided_on=on)
    t.tell("raise_risk", RISK, raised)
    if t.chance(0.8):
        grant(t)


def seated(t: Teller, body: StreamId) -> tuple[Key, ...]:
    """Whose seats nobody has left yet."""
    left = {each.fact.seat for each in t.log if isinstance(each.fact, MemberLeft)}
    return tuple(each for each in SEATS if each not in left) if body == BOARD else SEATS[:1]


def decide(t: Teller, body: StreamId, when: PartialDate | None = None, **more: Any) -> StreamId:
    """Table a resolution and give it an outcome as a source shows it, mostly carried."""
    first = not resolutions(t)
    name = StreamId(f"resolution:r{t.number()}")
    when = when or PartialDate(f"{t.day}")
    if not first and t.chance(0.15):
        more["authorises"] = (
            Authorises(
                act=t.one_of((ActKind.COMMISSION, ActKind.COMMISSION, *ActKind)),
                product=t.one_of((None, *PRODUCTS)),
                amount=t.one_of((None, Money(Decimal(500), "DKK"))),
            ),
        )
    kind = ItemKind.DISCUSSION if not first and t.chance(0.05) else ItemKind.DECISION
    tabled = ResolutionTabled(body=body, kind=kind, title=text(), decided_on=when, **more)
    word = OutcomeWord.LOST if not first and t.chance(0.1) else OutcomeWord.CARRIED
    t.tell("table_resolution", name, tabled)
    if t.importing and t.chance(0.7):
        shown = t.chance(0.7)
        recorded = OutcomeRecorded(outcome=word, vote_shown=shown, decided_on=when)
        t.tell("record_outcome", name, recorded)
    else:
        if t.chance(0.05):
            t.tell("declare_conflict", name, ConflictDeclared(seat=SEATS[0], decided_on=when))
        minuted = OutcomeMinuted(
            manner=Minuted.CONSENSUS,
            present=seated(t, body),
            outcome=word,
            decided_on=when,
            evidence=MINUTES,
        )
        t.tell("minute_outcome", name, minuted)
    return name


def vote(t: Teller) -> None:
    """A live vote of the board, for and against or by scores, with whatever ballots."""
    name = StreamId(f"resolution:v{t.number()}")
    today = PartialDate(f"{t.day}")
    options = tuple(Option(Key(each), text()) for each in "abc") if t.chance(0.3) else ()
    tabled = ResolutionTabled(
        body=BOARD, kind=ItemKind.DECISION, title=text(), decided_on=today, options=options
    )
    t.tell("table_resolution", name, tabled)
    for _ in range(t.one_of((1, 1, 2))):
        t.tell("fix_roll", name, FixRoll(decided_on=today))
        for seat, person in zip(SEATS, PERSONS, strict=True):
            if t.chance(0.15):
                t.tell("declare_conflict", name, ConflictDeclared(seat=seat, decided_on=today))
            if t.chance(0.8):
                by = Actor(person, "a-token", SCOPES)
                t.tell("cast_vote", name, ballot(t, seat, today, options), by)
        t.tell("close_voting", name, Fact(decided_on=today))


def ballot(t: Teller, seat: Key, on: PartialDate, options: tuple[Option, ...]) -> VoteCast:
    if options and t.chance(0.8):
        scores = tuple(Score(each.option, t.one_of((None, -10, 0, 1, 1, 5))) for each in options)
        return VoteCast(seat=seat, ballot=Ballot.SCORED, scores=scores, decided_on=on)
    word = t.one_of((Ballot.FOR, Ballot.FOR, *(each for each in Ballot if each != Ballot.SCORED)))
    return VoteCast(seat=seat, ballot=word, decided_on=on)


def resolutions(t: Teller) -> list[StreamId]:
    return [each.stream for each in t.log if isinstance(each.fact, ResolutionTabled)]


def act(t: Teller) -> dict[str, Any]:
    """What an act carries: mostly the latest resolution or a new one, sometimes an old one."""
    when = t.when()
    known = resolutions(t)
    if t.chance(0.75) or not known:
        body = GROUP if t.chance(0.6 if t.importing else 0.35) else BOARD
        resolution = decide(t, body, when if t.chance(0.7) else None)
    else:
        resolution = t.one_of(known) if t.chance(0.3) else known[-1]
    return {
        "decided_on": when,
        "resolution": resolution,
        "effective_from": t.ahead(0.1),
        "notified_on": PartialDate(f"{t.day}") if t.chance(0.15) else None,
    }


def ceiling(t: Teller) -> Ceiling:
    kind = t.one_of((CeilingKind.AMOUNT,) * 9 + (CeilingKind.NONE, CeilingKind.UNKNOWN))
    amount = Decimal(t.one_of((300, 500, 800, 0))) if kind is CeilingKind.AMOUNT else None
    return Ceiling(kind, currency(t), amount)


def currency(t: Teller) -> str:
    return t.one_of(("DKK",) * 9 + ("EUR",)) if not t.crowded or t.chance(0.1) else "DKK"


def keys(t: Teller, kind: type[Fact], field: str, product: str) -> list[Key]:
    return [
        getattr(each.fact, field)
        for each in t.log
        if isinstance(each.fact, kind) and each.stream == product
    ]


def product(t: Teller) -> StreamId:
    return t.one_of((PRODUCTS[0],) * (9 if t.crowded else 3) + PRODUCTS[1:])


def grant(t: Teller) -> None:
    fact = CommissionGranted(
        **act(t),
        commission=Key(f"c{t.number()}"),
        scope=ITEMS if t.crowded else t.one_of((ITEMS, ITEMS, ITEMS[:1], ITEMS[1:])),
        ceiling=ceiling(t),
        parties=INVESTORS[:1] if t.chance(0.15) else (),
        until=t.ahead(0.25),
        vision=text(),
        governance=text(),
        next_review=t.ahead(0.5),
    )
    t.tell("grant_commission", product(t), fact)


def amend(t: Teller) -> None:
    stream = product(t)
    granted = keys(t, CommissionGranted, "commission", stream)
    if not granted:
        return grant(t)
    fact = CommissionAmended(
        **act(t),
        commission=t.one_of(granted),
        scope=t.one_of((None, None, ITEMS, ITEMS[:1])),
        ceiling=ceiling(t) if t.chance(0.6) else None,
        parties=t.one_of((None, None, INVESTORS[:1])),
        until=t.ahead(0.2),
    )
    t.tell("amend_commission", stream, fact)
    return None


def revoke(t: Teller) -> None:
    stream = product(t)
    if granted := keys(t, CommissionGranted, "commission", stream):
        fact = CommissionRevoked(
            **act(t),
            commission=t.one_of(granted),
        )
        t.tell("revoke_commission", stream, fact)


def bind(t: Teller) -> None:
    stream = product(t)
    named = [None, *keys(t, CommissionGranted, "commission", stream)]
    bound = t.when((1, 9, 20, 29, 60) if t.crowded else (0, 0, 1, 3, 9, 20, 29))
    fact = InstalmentCommitted(
        instalment=Key(f"i{t.number()}"),
        investor=t.one_of(INVESTORS),
        scope_item=t.one_of(ITEMS),
        amount=Money(Decimal(t.one_of(("100", "250.50", "40", "600"))), currency(t)),
        bound_on=bound,
        decided_on=t.when() if t.chance(0.2) else bound,
        relies_on=t.one_of(named),
        standing=t.one_of((Standing.BOUND,) * 8 + (Standing.PAID, Standing.APPROVED)),
    )
    t.tell("commit_instalment", stream, fact)


def credit(t: Teller) -> None:
    stream = product(t)
    if made := keys(t, InstalmentCommitted, "instalment", stream):
        fact = InstalmentCredited(
            instalment=t.one_of(made), amount=Money(Decimal(30), "DKK"), decided_on=t.when()
        )
        t.tell("credit_instalment", stream, fact)


def assume(t: Teller) -> None:
    stream = product(t)
    if made := keys(t, InstalmentCommitted, "instalment", stream):
        fact = RiskAssumed(
            **act(t),
            assumption=Key(f"a{t.number()}"),
            product=stream,
            instalment=t.one_of(made),
            amount=Money(Decimal(t.one_of((50, 100, 500))), "DKK"),
            reason=text(),
        )
        t.tell("assume_risk", RISK, fact)


def decline(t: Teller) -> None:
    stream = product(t)
    if made := keys(t, InstalmentCommitted, "instalment", stream):
        fact = RiskDeclined(**act(t), product=stream, instalment=t.one_of(made), reason=text())
        t.tell("decline_risk", RISK, fact)


ADMIT = ("admit_product", ProductAdmitted, {"level": "2"})
EXIT = ("exit_product", ProductExited, {"grounds": text()})
CLOSE = ("close_product", ProductClosed, {"grounds": text()})
PAUSE = ("pause_product", ProductPaused, {"grounds": text()})
RESUME = ("resume_product", ProductResumed, {"grounds": text()})
COMES_NEXT: dict[type[Fact], tuple[tuple[str, type[Fact], dict[str, Any]], ...]] = {
    ProductProposed: (ADMIT, ADMIT, EXIT),
    ProductAdmitted: (EXIT, EXIT, CLOSE, PAUSE),
    ProductPaused: (RESUME, RESUME, EXIT, CLOSE),
    ProductResumed: (EXIT, EXIT, PAUSE, CLOSE),
    ProductExited: (ADMIT, ADMIT, CLOSE),
    ProductClosed: (ADMIT, ADMIT, EXIT),
}
LIFE = tuple(COMES_NEXT)


def live(t: Teller) -> None:
    """The product's life: in, out, paused, in again."""
    stream = product(t)
    stages = [each for each in t.log if each.stream == stream and isinstance(each.fact, LIFE)]
    stage = type(stages[-1].fact) if stages else ProductProposed
    command, kind, more = t.one_of(COMES_NEXT[stage])
    t.tell(command, stream, kind(**act(t), **more))


def relevel(t: Teller) -> None:
    """Another level, as an old source has it: without the evaluation that it rests on."""
    alone = not t.importing
    t.begin_import()
    fact = LevelChanged(**act(t), to_level=Key(t.one_of(("1", "2", "3"))), grounds=text())
    t.tell("change_level", product(t), fact)
    if alone:
        t.end_import()


def annul(t: Teller) -> None:
    """By a ruling, or by a resolution of the board; sometimes what annulled another."""
    known = resolutions(t)
    annulling = [
        each.fact.resolution
        for each in t.log
        if isinstance(each.fact, ResolutionAnnulled) and each.fact.resolution
    ]
    granting = [
        each.fact.resolution
        for each in t.log
        if isinstance(each.fact, CommissionGranted) and each.fact.resolution
    ]
    moved = t.weighed(((4, annulling), (4, granting), (3, known[1:])))
    resolution = t.one_of(moved or known)
    by_ruling = t.chance(0.5)
    fact = ResolutionAnnulled(
        ground="ruling" if by_ruling else "outside_mandate",
        ruling=Reference("ruling.pdf") if by_ruling else None,
        resolution=None if by_ruling else (t.one_of(known) if t.chance(0.4) else decide(t, BOARD)),
        explanation=text(),
        decided_on=t.when(),
    )
    t.tell("annul_resolution", resolution, fact)


def supersede(t: Teller) -> None:
    known = resolutions(t)
    fact = ResolutionSuperseded(by=t.one_of(known[-3:]), decided_on=t.when())
    t.tell("supersede_resolution", t.one_of(known), fact)


def change_the_body(t: Teller) -> None:
    moved = t.weighed(((4, MemberLeft), (3, MandateEnded), (3, MandateGranted)))
    if moved is MandateEnded:
        t.tell("end_mandate", GROUP, MandateEnded(mandate=Key("budget"), decided_on=t.when()))
    elif moved is MandateGranted:
        fact = MandateGranted(
            mandate=Key(f"m{t.number()}"),
            acts=(ActKind.COMMISSION, ActKind.ASSUMPTION),
            products=PRODUCTS[:1],
            limit_kind=LimitKind.PER_ACT,
            limit=Money(Decimal(400), "DKK"),
            resolution=decide(t, BOARD),
            decided_on=PartialDate(f"{t.day}"),
        )
        t.tell("grant_mandate", GROUP, fact)
    else:
        t.tell("vacate_seat", BOARD, MemberLeft(seat=t.one_of(SEATS), decided_on=t.when()))


def another_day(t: Teller, each: Recorded[Fact]) -> PartialDate:
    return t.when(until=each.recorded_on)


def danish(*amounts: str) -> Mending:
    return lambda t, _: {"amount": t.one_of(amounts), "currency": "DKK"}


MENDABLE: dict[type[Fact], dict[str, Mending]] = {
    InstalmentCommitted: {
        "bound_on": another_day,
        "amount": danish("60", "120"),
        "scope_item": lambda t, _: t.one_of(ITEMS),
        "investor": lambda t, _: t.one_of(INVESTORS),
        "standing": lambda t, _: "paid",
    },
    CommissionGranted: {
        "decided_on": another_day,
        "ceiling": lambda t, _: {"kind": "amount", "currency": "DKK", "amount": "400"},
        "scope": lambda t, _: t.one_of((ITEMS, ITEMS[:1])),
        "until": lambda t, _: t.ahead(0.7),
    },
    CommissionAmended: {"decided_on": another_day},
    CommissionRevoked: {"decided_on": another_day},
    ProductExited: {"decided_on": another_day},
    OutcomeMinuted: {
        "decided_on": another_day,
        "present": lambda t, _: t.one_of((SEATS[:1], SEATS[:2], SEATS)),
    },
    VoteCast: {"ballot": lambda t, _: t.one_of(("for", "against", "abstain"))},
    RiskAssumed: {"decided_on": another_day, "amount": danish("80")},
    InstalmentCredited: {"amount": danish("20")},
}
"""What may be found to have been recorded wrongly, and what it should have said."""


def correct(t: Teller) -> None:
    """Mend a member of an earlier fact, or take a correction back (rule 19)."""
    waiting = {each.id for each in t.pending()}
    taken_back = {e.fact.correction for e in t.log if isinstance(e.fact, CorrectionWithdrawn)}
    mended = [
        each
        for each in t.log
        if isinstance(each.fact, FactCorrected) and each.id not in waiting | taken_back
    ]
    today: dict[str, Any] = {"decided_on": PartialDate(f"{t.day}"), "evidence": MINUTES}
    if mended and t.chance(0.4):
        each = t.one_of(mended)
        withdrawn = CorrectionWithdrawn(correction=each.id, **today)
        t.tell("withdraw_correction", each.stream, withdrawn)
        return
    wrong = [each for each in t.log if type(each.fact) in MENDABLE and each.id not in waiting]
    if wrong:
        each = t.one_of(wrong[-12:])
        field, value = t.one_of(list(MENDABLE[type(each.fact)].items()))
        fact = FactCorrected(event=each.id, field=field, value=value(t, each), **today)
        t.tell("correct_fact", each.stream, fact)


def debate(t: Teller) -> None:
    opened = DebateOpened(
        title=text(), question=text(), groups=("vendor", "citizen"), decided_on=t.when()
    )
    t.tell("open_debate", DEBATE, opened)
    voice = VoiceAdded(
        voice=Key(f"v{t.number()}"),
        group=t.one_of(("vendor", "citizen", "press")),
        text=text(),
        decided_on=t.when(),
    )
    t.tell("add_voice", DEBATE, voice)


Steps = tuple[tuple[int, Step], ...]
STEPS: Steps = (
    (8, grant),
    (7, amend),
    (3, revoke),
    (26, bind),
    (2, credit),
    (8, assume),
    (2, decline),
    (6, live),
    (3, relevel),
    (7, annul),
    (4, supersede),
    (10, correct),
    (2, change_the_body),
    (3, vote),
    (1, debate),
)
CROWDED = tuple((60 if step is bind else weight, step) for weight, step in STEPS)


def settle(t: Teller) -> None:
    """A second person's word on something that waits for it, an import as a whole."""
    waiting = {each.fact.batch or each.id: each for each in t.pending()}
    if waiting:
        t.speak(t.one_of(list(waiting.values())), approve=not t.chance(0.2))
    else:
        do(t)


def do(t: Teller) -> None:
    t.weighed((*(CROWDED if t.crowded else STEPS), *t.further))(t)


HAPPENINGS: tuple[tuple[int, Step], ...] = (
    (60, do),
    (27, settle),
    (3, Teller.begin_import),
    (10, Teller.end_import),
)


def happen(t: Teller) -> None:
    """What comes next, after some days or on the same one."""
    if t.chance(0.5):
        t.pass_days(t.draw(1, 14))
    t.weighed(HAPPENINGS)(t)
