"""Every command there is: the fact it proposes, the stream it is for, and the scope it needs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from govlog.application.command import Command, Decide
from govlog.domain import (
    agreeing,
    approval,
    body,
    catalogue,
    commissioning,
    correcting,
    debate,
    disputing,
    evaluating,
    investing,
    levels,
    lifecycle,
    meeting,
    opening,
    party,
    resolution,
    risk_taking,
    statement,
)
from govlog.domain.commitment import Product
from govlog.domain.events import Act, Fact
from govlog.domain.events import agreement as agreement_fact
from govlog.domain.events import any_stream as any_fact
from govlog.domain.events import body as body_fact
from govlog.domain.events import catalogue as catalogue_fact
from govlog.domain.events import debate as debate_fact
from govlog.domain.events import dispute as dispute_fact
from govlog.domain.events import evaluation as evaluation_fact
from govlog.domain.events import meeting as meeting_fact
from govlog.domain.events import party as party_fact
from govlog.domain.events import product as product_fact
from govlog.domain.events import resolution as resolution_fact
from govlog.domain.events import risk as risk_fact
from govlog.domain.facts import Given
from govlog.domain.impact import waits
from govlog.domain.refusals import existing
from govlog.domain.values import Personal, StreamId

SCOPE_OF = {
    "party": "record:resolution",
    "body": "record:resolution",
    "debate": "record:debate",
    "meeting": "record:minutes",
    "resolution": "record:resolution",
    "catalogue": "record:evaluation",
    "product": "record:commitment",
    "risk": "record:risk",
}
"""The scope for recording on streams of a kind, where a command names no other."""

EVALUATION = "record:evaluation"

MAY_WAIT = (Act, product_fact.InstalmentCommitted)
"""Facts that can take a place or cover from others, and then need a second person (10, 11)."""


def rename_party(
    state: party.Party | None, proposed: party_fact.PartyRenamed, given: Given
) -> party_fact.PartyRenamed:
    """A request gives any name as text; that of a person is made erasable here."""
    person = state is not None and state.kind is party_fact.PartyKind.PERSON
    if state is not None and person and isinstance(proposed.name, str):
        name = Personal(text=proposed.name, subject=state.stream)
        proposed = replace(proposed, name=name)
    return party.rename_party(state, proposed, given)


def declare_investment(
    state: Product | None, proposed: product_fact.InvestmentDeclared, given: Given
) -> Fact:
    fact = investing.declare_investment(state, proposed, given)
    return _own(fact, fact.investor, given)


def commit_instalment(
    state: Product | None, proposed: product_fact.InstalmentCommitted, given: Given
) -> Fact:
    fact = investing.commit_instalment(state, proposed, given)
    return _own(fact, fact.investor, given)


def credit_instalment(
    state: Product | None, proposed: product_fact.InstalmentCredited, given: Given
) -> Fact:
    fact = investing.credit_instalment(state, proposed, given)
    held = existing(state, "product").instalments[fact.instalment]
    return _own(fact, held.investor, given)


def withdraw_investment(
    state: Product | None, proposed: product_fact.InvestmentWithdrawn, given: Given
) -> Fact:
    fact = investing.withdraw_investment(state, proposed, given)
    held = existing(state, "product").investments[fact.investment]
    return _own(fact, held.investor, given)


def dispute_investment(
    state: Product | None, proposed: dispute_fact.InvestmentDisputed, given: Given
) -> Fact:
    """A vendor disputes for itself; who disputes stands in the fact as whose word it is."""
    fact = disputing.dispute_investment(state, proposed, given)
    return _own(fact, fact.by, given)


def _own(fact: Fact, investor: StreamId, given: Given) -> Fact:
    """A vendor speaks for its own organisations; the secretariat records for everybody (TRUST)."""
    if "record:commitment" not in given.scopes:
        investing.require_own(investor, given)
    return fact


def _begins(kind: str, fact: type[Fact], decide: Decide, scope: str = "") -> Command:
    return _command(kind, fact, decide, scope or SCOPE_OF[kind], creates=True)


def _on(
    kind: str, fact: type[Fact], decide: Decide, scope: str = "", *, import_scope: str = ""
) -> Command:
    return _command(kind, fact, decide, scope or SCOPE_OF[kind], import_scope=import_scope)


def _any(
    fact: type[Fact],
    decide: Decide,
    scope: str,
    *,
    on_folded: bool = False,
    on_told: bool = False,
) -> Command:
    return _command(None, fact, decide, scope, on_folded=on_folded, on_told=on_told)


def _command(
    kind: str | None,
    fact: type[Fact],
    decide: Decide,
    scope: str,
    *,
    import_scope: str = "",
    creates: bool = False,
    on_folded: bool = False,
    on_told: bool = False,
) -> Command:
    return Command(
        name=decide.__name__,
        fact=fact,
        kind=kind,
        decide=decide,
        scope=scope,
        import_scope=import_scope,
        creates=creates,
        on_folded=on_folded,
        on_told=on_told,
        waits=waits if issubclass(fact, MAY_WAIT) else None,
    )


_TABLE = (
    _begins("party", party_fact.PartyRegistered, party.register_party),
    _on("party", party_fact.PartyRenamed, rename_party),
    _begins("body", body_fact.BodyFounded, body.found_body, "admin"),
    _begins("body", body_fact.BodyEstablished, body.establish_body),
    _on("body", body_fact.RulesAdopted, body.adopt_rules),
    _on("body", body_fact.MemberSeated, body.seat_member),
    _on("body", body_fact.MemberLeft, body.vacate_seat),
    _on("body", body_fact.MandateGranted, body.grant_mandate),
    _on("body", body_fact.MandateEnded, body.end_mandate),
    _on("body", body_fact.BodyDissolved, body.dissolve_body),
    _begins("debate", debate_fact.DebateOpened, debate.open_debate),
    _on("debate", debate_fact.VoiceAdded, debate.add_voice),
    _on("debate", debate_fact.FormatTried, debate.try_format),
    _on("debate", debate_fact.ReplyGiven, debate.give_reply),
    _on("debate", debate_fact.DebateClosed, debate.close_debate),
    _on("debate", debate_fact.DebateReopened, debate.reopen_debate),
    _begins("meeting", meeting_fact.MeetingCalled, meeting.call_meeting),
    _on("meeting", meeting.TakeRoll, meeting.take_roll),
    _on("meeting", meeting_fact.MeetingHeld, meeting.hold_meeting),
    _on("meeting", meeting_fact.MeetingCancelled, meeting.cancel_meeting),
    _on("meeting", meeting_fact.MinutesDrafted, meeting.draft_minutes),
    _on("meeting", meeting_fact.MinutesApproved, meeting.approve_minutes),
    _begins("resolution", resolution_fact.ResolutionTabled, resolution.table_resolution),
    _on("resolution", resolution.FixRoll, resolution.fix_roll, "record:minutes"),
    _on(
        "resolution",
        resolution_fact.ConflictDeclared,
        resolution.declare_conflict,
        "record:minutes",
    ),
    # Who imports ballots minutes what others cast; live, only the one seated casts one.
    _on(
        "resolution",
        resolution_fact.VoteCast,
        resolution.cast_vote,
        "vote",
        import_scope="record:minutes",
    ),
    _on("resolution", Fact, resolution.close_voting, "record:minutes"),
    _on("resolution", resolution_fact.OutcomeMinuted, resolution.minute_outcome, "record:minutes"),
    _on("resolution", resolution_fact.OutcomeRecorded, resolution.record_outcome, "record:minutes"),
    _on("resolution", resolution_fact.ResolutionWithdrawn, resolution.withdraw_resolution),
    _on(
        "resolution",
        resolution_fact.ResolutionPostponed,
        resolution.postpone_resolution,
        "record:minutes",
    ),
    _on("resolution", resolution_fact.ResolutionTabledAgain, resolution.table_again),
    _on("resolution", resolution_fact.ResolutionSuperseded, resolution.supersede_resolution),
    _on("resolution", resolution_fact.ResolutionAnnulled, resolution.annul_resolution),
    _begins("product", product_fact.ProductProposed, lifecycle.propose_product),
    _on("product", product_fact.ProductAdmitted, lifecycle.admit_product),
    _on("product", product_fact.ProductDeclined, lifecycle.decline_product),
    _on("product", product_fact.ProductPaused, lifecycle.pause_product),
    _on("product", product_fact.ProductResumed, lifecycle.resume_product),
    _on("product", product_fact.ProductExited, lifecycle.exit_product),
    _on("product", product_fact.ProductClosed, lifecycle.close_product),
    _on("product", product_fact.ProductRenamed, lifecycle.rename_product),
    _on("product", product_fact.CommissionGranted, commissioning.grant_commission),
    _on("product", product_fact.CommissionAmended, commissioning.amend_commission),
    _on("product", product_fact.CommissionReviewed, commissioning.review_commission),
    _on("product", product_fact.CommissionRevoked, commissioning.revoke_commission),
    _on(
        "product",
        product_fact.InvestmentDeclared,
        declare_investment,
        "declare:investment",
    ),
    _on(
        "product",
        product_fact.InstalmentCommitted,
        commit_instalment,
        "declare:investment",
    ),
    _on(
        "product",
        product_fact.InstalmentCredited,
        credit_instalment,
        "declare:investment",
    ),
    _on(
        "product",
        product_fact.InvestmentWithdrawn,
        withdraw_investment,
        "declare:investment",
    ),
    _on("product", agreement_fact.CoordinatorAppointed, agreeing.appoint_coordinator),
    _on("product", agreement_fact.AuthorityJoined, agreeing.join_authority),
    _on("product", agreement_fact.AuthorityWithdrew, agreeing.withdraw_authority),
    _on("product", agreement_fact.ContributionAgreed, agreeing.agree_contribution),
    _on("product", agreement_fact.VendorContracted, agreeing.contract_vendor),
    _begins("catalogue", catalogue_fact.LevelSchemeAdopted, catalogue.begin_catalogue),
    _on("catalogue", catalogue_fact.LevelSchemeAdopted, catalogue.adopt_level_scheme),
    _on("catalogue", catalogue_fact.CriteriaAdopted, catalogue.adopt_criteria),
    _on("product", evaluation_fact.SelfAssessed, evaluating.self_assess, EVALUATION),
    _on("product", evaluation_fact.EvaluationPublished, evaluating.publish_evaluation, EVALUATION),
    _on("product", evaluation_fact.LevelChanged, levels.change_level, EVALUATION),
    _on("product", dispute_fact.EvaluationDisputed, disputing.dispute_evaluation, EVALUATION),
    _on("product", dispute_fact.InvestmentDisputed, dispute_investment, "declare:investment"),
    _on("product", dispute_fact.DisputeSettled, disputing.settle_dispute),
    _begins("risk", risk_fact.RiskRaised, risk_taking.raise_risk),
    _on("risk", risk_fact.RiskTreated, risk_taking.treat_risk),
    _on("risk", risk_fact.RiskReviewed, risk_taking.review_risk),
    _on("risk", risk_fact.RiskClosed, risk_taking.close_risk),
    _on("risk", risk_fact.RiskAssumed, risk_taking.assume_risk),
    _on("risk", risk_fact.RiskDeclined, risk_taking.decline_risk),
    _any(any_fact.Stated, statement.state, "record:minutes"),
    _any(any_fact.ItemOpened, opening.open_item, "record:minutes"),
    _any(any_fact.FactCorrected, correcting.correct_fact, "correct", on_told=True),
    _any(any_fact.CorrectionWithdrawn, correcting.withdraw_correction, "correct", on_told=True),
    _any(any_fact.Approved, approval.approve, "approve", on_folded=True),
    _any(any_fact.ApprovalRefused, approval.refuse_approval, "approve", on_folded=True),
)

COMMANDS: Mapping[str, Command] = {command.name: command for command in _TABLE}
"""By name: the word that stands for a command in batches and import files."""
