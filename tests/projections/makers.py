"""Made-up facts of every type about one small community, few keys and streams so that they meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from govlog.domain.continuity import STREAM
from govlog.domain.events import (
    Fact,
    any_stream,
    body,
    debate,
    log,
    meeting,
    party,
    product,
    resolution,
    risk,
)
from govlog.domain.values import (
    Key,
    PartialDate,
    Reference,
)
from tests.projections.chronicle import Chronicle
from tests.projections.making import (
    BODIES,
    DEBATES,
    ITEMS,
    MEETINGS,
    ORGANISATIONS,
    PERSONS,
    PRODUCTS,
    RESOLUTIONS,
    RISKS,
    SEATS,
    VOTERS,
    Step,
    act,
    amend,
    assume,
    ballot,
    call,
    commit,
    counted,
    credit,
    decline,
    draft,
    grant,
    life,
    mandate,
    money,
    name_of,
    on_commission,
    options,
    roll,
    table,
)
from tests.projections.measuring import MEASURING

MAKERS: dict[type[Fact], Callable[[Chronicle], Step]] = {
    any_stream.Stated: lambda c: (
        c.one_of((*BODIES, *PRODUCTS)),
        any_stream.Stated(
            decided_on=c.when(), topic="seated", text=c.text(), holds_on=c.when(), count=22
        ),
    ),
    any_stream.Erased: lambda c: (
        c.one_of((*PERSONS, *PRODUCTS)),
        any_stream.Erased(
            commitments=("00" * 32,),
            ground=any_stream.ErasureGround.UNLAWFUL,
            person=c.chance(0.5),
        ),
    ),
    any_stream.ItemOpened: lambda c: (
        c.one_of((*RESOLUTIONS, *DEBATES)),
        any_stream.ItemOpened(decided_on=c.when()),
    ),
    party.PartyRegistered: lambda c: (
        (named := name_of(c))[0],
        party.PartyRegistered(decided_on=c.when(), group=c.one_of((None, "vendor")), **named[1]),
    ),
    party.PartyRenamed: lambda c: (
        (named := name_of(c))[0],
        party.PartyRenamed(decided_on=c.when(), name=named[1]["name"]),
    ),
    body.BodyFounded: lambda c: (
        c.one_of(BODIES),
        body.BodyFounded(decided_on=c.when(), name="board", rules=body.Rules(version="a")),
    ),
    body.BodyEstablished: lambda c: (
        c.one_of(BODIES),
        body.BodyEstablished(
            decided_on=c.when(),
            name="group",
            rules=body.Rules(version="a"),
            superior=BODIES[0],
            role=c.one_of((None, body.BodyRole.STEERING_GROUP)),
            products=c.some_of(PRODUCTS),
            resolution=c.one_of(RESOLUTIONS),
        ),
    ),
    body.RulesAdopted: lambda c: (
        c.one_of(BODIES),
        body.RulesAdopted(decided_on=c.when(), rules=body.Rules(version=f"v{len(c.log)}")),
    ),
    body.MemberSeated: lambda c: (
        c.one_of(BODIES),
        body.MemberSeated(
            decided_on=c.when(),
            seat=c.one_of((*SEATS, Key(f"n{len(c.log)}"))),
            party=c.one_of(PERSONS),
            role=c.one_of(list(body.SeatRole)),
            since=c.one_of((None, c.limit())),
            until=c.limit(),
        ),
    ),
    body.MemberLeft: lambda c: (
        c.one_of(BODIES),
        body.MemberLeft(decided_on=c.when(), seat=c.one_of(SEATS)),
    ),
    body.MandateGranted: mandate,
    body.MandateEnded: lambda c: (
        c.one_of(BODIES),
        body.MandateEnded(decided_on=c.when(), mandate=Key(f"m{c.random.randrange(4)}")),
    ),
    body.BodyDissolved: lambda c: (BODIES[1], body.BodyDissolved(decided_on=c.when())),
    debate.DebateOpened: lambda c: (
        c.one_of(DEBATES),
        debate.DebateOpened(
            decided_on=c.when(), title=c.text(), question=c.text(), groups=("vendor", "citizen")
        ),
    ),
    debate.VoiceAdded: lambda c: (
        c.one_of(DEBATES),
        debate.VoiceAdded(
            decided_on=c.when(),
            voice=Key(f"v{len(c.log)}"),
            group=c.one_of(("vendor", "citizen", "press")),
            text=c.text(),
            party=c.one_of((None, *PERSONS)),
            familiarity=c.one_of((None, *debate.Familiarity)),
            stance=c.one_of((None, *debate.Stance)),
        ),
    ),
    debate.FormatTried: lambda c: (
        c.one_of(DEBATES),
        debate.FormatTried(decided_on=c.when(), format="workshop", remark=c.text()),
    ),
    debate.ReplyGiven: lambda c: (
        c.one_of(DEBATES),
        debate.ReplyGiven(
            decided_on=c.when(),
            body=BODIES[0],
            key_points=(debate.KeyPoint(Key("one"), c.text()),),
            signatories=tuple(map(debate.Signatory, c.some_of(PERSONS))),
        ),
    ),
    debate.DebateClosed: lambda c: (
        c.one_of(DEBATES),
        debate.DebateClosed(
            decided_on=c.when(), conclusion=c.text(), resolutions=c.some_of(RESOLUTIONS)
        ),
    ),
    debate.DebateReopened: lambda c: (
        c.one_of(DEBATES),
        debate.DebateReopened(decided_on=c.when(), grounds=c.text()),
    ),
    meeting.MeetingCalled: call,
    meeting.RollTaken: lambda c: (
        c.one_of(MEETINGS),
        meeting.RollTaken(
            decided_on=c.when(),
            seats=VOTERS,
            presiding=SEATS[0],
            rules=body.Rules(version="b"),
            present=c.some_of(SEATS),
        ),
    ),
    meeting.MeetingHeld: lambda c: (
        c.one_of(MEETINGS),
        meeting.MeetingHeld(decided_on=c.when(), remark=c.text()),
    ),
    meeting.MeetingCancelled: lambda c: (
        MEETINGS[1],
        meeting.MeetingCancelled(decided_on=c.when(), grounds=c.text()),
    ),
    meeting.MinutesDrafted: draft,
    meeting.MinutesApproved: lambda c: (
        c.one_of(MEETINGS),
        meeting.MinutesApproved(
            decided_on=c.when(),
            meeting=c.one_of((None, *MEETINGS)),
            signed_by=c.some_of(PERSONS),
        ),
    ),
    resolution.ResolutionTabled: table,
    resolution.RollFixed: roll,
    resolution.ConflictDeclared: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ConflictDeclared(decided_on=c.when(), seat=c.one_of(SEATS)),
    ),
    resolution.VoteCast: ballot,
    resolution.ResolutionCarried: counted(resolution.ResolutionCarried),
    resolution.ResolutionLost: counted(resolution.ResolutionLost),
    resolution.ResolutionLapsed: counted(resolution.ResolutionLapsed),
    resolution.OutcomeMinuted: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.OutcomeMinuted(
            decided_on=c.when(),
            manner=c.one_of(list(resolution.Minuted)),
            roll=c.one_of((None, roll(c)[1])),
            present=c.some_of(SEATS),
            evidence=c.evidence(),
        ),
    ),
    resolution.OutcomeRecorded: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.OutcomeRecorded(
            decided_on=c.when(),
            outcome=c.one_of(
                (resolution.OutcomeWord.CARRIED,) * 3 + (resolution.OutcomeWord.LOST,)
            ),
            vote_shown=c.chance(0.5),
        ),
    ),
    resolution.ResolutionWithdrawn: lambda c: (
        c.one_of(RESOLUTIONS[3:]),
        resolution.ResolutionWithdrawn(decided_on=c.when(), grounds=c.text()),
    ),
    resolution.ResolutionPostponed: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ResolutionPostponed(
            decided_on=c.when(), to=c.one_of((None, *MEETINGS)), grounds=c.text()
        ),
    ),
    resolution.ResolutionTabledAgain: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ResolutionTabledAgain(decided_on=c.when(), meeting=c.one_of((None, *MEETINGS))),
    ),
    resolution.ResolutionSuperseded: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ResolutionSuperseded(decided_on=c.when(), by=c.one_of(RESOLUTIONS)),
    ),
    resolution.ResolutionAnnulled: lambda c: (
        c.one_of(RESOLUTIONS),
        resolution.ResolutionAnnulled(
            decided_on=c.when(),
            ground="outside_mandate",
            resolution=c.one_of((None, *RESOLUTIONS)),
            explanation=c.text(),
        ),
    ),
    product.ProductProposed: lambda c: (
        c.one_of(PRODUCTS),
        product.ProductProposed(decided_on=c.when(), name=f"P{len(c.log)}", description=c.text()),
    ),
    product.ProductAdmitted: lambda c: life(product.ProductAdmitted, level=c.one_of(("1", "2")))(c),
    product.ProductDeclined: lambda c: life(product.ProductDeclined, grounds=c.text())(c),
    product.ProductPaused: life(product.ProductPaused),
    product.ProductResumed: life(product.ProductResumed),
    product.ProductExited: life(product.ProductExited),
    product.ProductClosed: life(product.ProductClosed),
    product.ProductRenamed: lambda c: (
        c.one_of(PRODUCTS),
        product.ProductRenamed(decided_on=c.when(), name=f"N{len(c.log)}"),
    ),
    product.CommissionGranted: grant,
    product.CommissionAmended: amend,
    product.CommissionReviewed: lambda c: (
        (found := on_commission(c))[0],
        product.CommissionReviewed(
            decided_on=c.when(), commission=found[1], next_review=c.limit(), findings=c.text()
        ),
    ),
    product.CommissionRevoked: lambda c: (
        (found := on_commission(c))[0],
        product.CommissionRevoked(**act(c), commission=found[1], grounds=c.text()),
    ),
    product.InvestmentDeclared: lambda c: (
        c.one_of(PRODUCTS),
        product.InvestmentDeclared(
            decided_on=c.when(),
            investment=Key(f"w{c.random.randrange(4)}"),
            investor=c.one_of(ORGANISATIONS),
            scope_item=c.one_of(ITEMS),
            amount=c.one_of((None, money(c))),
            purpose=c.text(),
        ),
    ),
    product.InstalmentCommitted: commit,
    product.InstalmentCredited: credit,
    product.InvestmentWithdrawn: lambda c: (
        c.one_of(PRODUCTS),
        product.InvestmentWithdrawn(
            decided_on=c.when(), investment=Key(f"w{c.random.randrange(4)}"), grounds=c.text()
        ),
    ),
    risk.RiskRaised: lambda c: (
        c.one_of(RISKS),
        risk.RiskRaised(
            decided_on=c.when(),
            title=c.text(),
            product=c.one_of((None, *PRODUCTS)),
            next_review=c.limit(),
        ),
    ),
    **MEASURING,
    risk.RiskAssumed: assume,
    risk.RiskDeclined: decline,
    log.KeyRotated: lambda c: (STREAM, log.KeyRotated(old=f"k{len(c.log)}", new=f"n{len(c.log)}")),
    log.LogContinued: lambda c: (
        STREAM,
        log.LogContinued(
            checkpoint=f"c{len(c.log)}", continued_at="2024-01-15T12:00:00Z", because="fiction"
        ),
    ),
}
"""By type; `Chronicle` itself gives the second person's words and the records of imports."""


def beginning(c: Chronicle) -> Iterator[Step]:
    """What histories begin with, so that much of what follows has authority."""
    long_ago = PartialDate("2020")
    yield (
        BODIES[0],
        body.BodyFounded(decided_on=long_ago, name="board", rules=body.Rules(version="a")),
    )
    yield (
        BODIES[0],
        body.MandateGranted(
            decided_on=long_ago,
            mandate=Key("m"),
            acts=tuple(body.ActKind),
            evidence=(Reference("bylaws.md"),),
        ),
    )
    for name, when in ((RESOLUTIONS[0], "2022-05-01"), (RESOLUTIONS[1], "2023-03")):
        yield (
            name,
            resolution.ResolutionTabled(
                decided_on=PartialDate(when),
                body=BODIES[0],
                kind=resolution.ItemKind.DECISION,
                title=c.text(),
            ),
        )
        yield (
            name,
            resolution.OutcomeRecorded(
                decided_on=PartialDate(when),
                outcome=resolution.OutcomeWord.CARRIED,
                vote_shown=True,
            ),
        )
    for name in PRODUCTS:
        yield name, product.ProductProposed(decided_on=PartialDate("2021"), name=name)
    yield from voting(c)


def voting(c: Chronicle) -> Iterator[Step]:
    """Items on which voting is open at a meeting, so that ballots find a round."""
    opened = PartialDate("2024-01-08")
    told = meeting.MeetingCalled(decided_on=opened, body=BODIES[0], day=opened)
    yield MEETINGS[0], told
    for name in RESOLUTIONS[3:5]:
        yield (
            name,
            resolution.ResolutionTabled(
                decided_on=opened,
                body=BODIES[0],
                kind=resolution.ItemKind.DECISION,
                title=c.text(),
                meeting=MEETINGS[0],
                options=options(c) if name == RESOLUTIONS[4] else (),
            ),
        )
        yield name, replace(roll(c)[1], round=1, decided_on=opened, meeting=MEETINGS[0])


OFTEN: tuple[type[Fact], ...] = (
    *[product.CommissionGranted] * 2,
    product.CommissionRevoked,
    *[product.InstalmentCommitted] * 6,
    *[resolution.ResolutionTabled] * 2,
    *[resolution.OutcomeRecorded] * 2,
    *[resolution.VoteCast] * 2,
    *[risk.RiskAssumed] * 2,
)
"""What happens more often than the rest, however many types there are."""
