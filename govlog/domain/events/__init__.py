"""Every fact that can be recorded, with its pinned topic.

A topic never changes its meaning: a changed shape is the next version of the topic, and the old
one is upcast when read (`govlog.persistence.upcasting`).
"""

from __future__ import annotations

from govlog.domain.events import (
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
from govlog.domain.events.fact import Act, Fact, PendingReason

TOPICS: dict[str, type[Fact]] = {
    "Stated.v1": any_stream.Stated,
    "Approved.v1": any_stream.Approved,
    "ApprovalRefused.v1": any_stream.ApprovalRefused,
    "FactCorrected.v1": any_stream.FactCorrected,
    "CorrectionWithdrawn.v1": any_stream.CorrectionWithdrawn,
    "BatchRecorded.v1": any_stream.BatchRecorded,
    "Erased.v1": any_stream.Erased,
    "ItemOpened.v1": any_stream.ItemOpened,
    "KeyRotated.v1": log.KeyRotated,
    "LogContinued.v1": log.LogContinued,
    "PartyRegistered.v1": party.PartyRegistered,
    "PartyRenamed.v1": party.PartyRenamed,
    "BodyFounded.v1": body.BodyFounded,
    "BodyEstablished.v1": body.BodyEstablished,
    "RulesAdopted.v1": body.RulesAdopted,
    "MemberSeated.v1": body.MemberSeated,
    "MemberLeft.v1": body.MemberLeft,
    "MandateGranted.v1": body.MandateGranted,
    "MandateEnded.v1": body.MandateEnded,
    "BodyDissolved.v1": body.BodyDissolved,
    "DebateOpened.v1": debate.DebateOpened,
    "VoiceAdded.v1": debate.VoiceAdded,
    "FormatTried.v1": debate.FormatTried,
    "ReplyGiven.v1": debate.ReplyGiven,
    "DebateClosed.v1": debate.DebateClosed,
    "DebateReopened.v1": debate.DebateReopened,
    "MeetingCalled.v1": meeting.MeetingCalled,
    "RollTaken.v1": meeting.RollTaken,
    "MeetingHeld.v1": meeting.MeetingHeld,
    "MeetingCancelled.v1": meeting.MeetingCancelled,
    "MinutesDrafted.v1": meeting.MinutesDrafted,
    "MinutesApproved.v1": meeting.MinutesApproved,
    "ResolutionTabled.v1": resolution.ResolutionTabled,
    "RollFixed.v1": resolution.RollFixed,
    "ConflictDeclared.v1": resolution.ConflictDeclared,
    "VoteCast.v1": resolution.VoteCast,
    "ResolutionCarried.v1": resolution.ResolutionCarried,
    "ResolutionLost.v1": resolution.ResolutionLost,
    "ResolutionLapsed.v1": resolution.ResolutionLapsed,
    "OutcomeMinuted.v1": resolution.OutcomeMinuted,
    "OutcomeRecorded.v1": resolution.OutcomeRecorded,
    "ResolutionWithdrawn.v1": resolution.ResolutionWithdrawn,
    "ResolutionPostponed.v1": resolution.ResolutionPostponed,
    "ResolutionTabledAgain.v1": resolution.ResolutionTabledAgain,
    "ResolutionSuperseded.v1": resolution.ResolutionSuperseded,
    "ResolutionAnnulled.v1": resolution.ResolutionAnnulled,
    "ProductProposed.v1": product.ProductProposed,
    "ProductAdmitted.v1": product.ProductAdmitted,
    "ProductDeclined.v1": product.ProductDeclined,
    "ProductPaused.v1": product.ProductPaused,
    "ProductResumed.v1": product.ProductResumed,
    "ProductExited.v1": product.ProductExited,
    "ProductClosed.v1": product.ProductClosed,
    "ProductRenamed.v1": product.ProductRenamed,
    "CommissionGranted.v1": product.CommissionGranted,
    "CommissionAmended.v1": product.CommissionAmended,
    "CommissionReviewed.v1": product.CommissionReviewed,
    "CommissionRevoked.v1": product.CommissionRevoked,
    "InvestmentDeclared.v1": product.InvestmentDeclared,
    "InstalmentCommitted.v1": product.InstalmentCommitted,
    "InstalmentCredited.v1": product.InstalmentCredited,
    "InvestmentWithdrawn.v1": product.InvestmentWithdrawn,
    "RiskRaised.v1": risk.RiskRaised,
    "RiskAssumed.v1": risk.RiskAssumed,
    "RiskDeclined.v1": risk.RiskDeclined,
}

TOPIC_OF: dict[type[Fact], str] = {fact: topic for topic, fact in TOPICS.items()}

__all__ = ["TOPICS", "TOPIC_OF", "Act", "Fact", "PendingReason"]
