"""The names under which facts stand in logs all over the world: they never change."""

from __future__ import annotations

from govlog.domain.events import TOPIC_OF, TOPICS

PINNED = """
Stated.v1 Approved.v1 ApprovalRefused.v1 BatchRecorded.v1 Erased.v1 ItemOpened.v1
KeyRotated.v1 LogContinued.v1 FactCorrected.v1 CorrectionWithdrawn.v1
PartyRegistered.v1 PartyRenamed.v1
BodyFounded.v1 BodyEstablished.v1 RulesAdopted.v1 MemberSeated.v1 MemberLeft.v1
MandateGranted.v1 MandateEnded.v1 BodyDissolved.v1
DebateOpened.v1 VoiceAdded.v1 FormatTried.v1 ReplyGiven.v1 DebateClosed.v1 DebateReopened.v1
MeetingCalled.v1 RollTaken.v1 MeetingHeld.v1 MeetingCancelled.v1
MinutesDrafted.v1 MinutesApproved.v1
ResolutionTabled.v1 RollFixed.v1 ConflictDeclared.v1 VoteCast.v1
ResolutionCarried.v1 ResolutionLost.v1 ResolutionLapsed.v1
OutcomeMinuted.v1 OutcomeRecorded.v1
ResolutionWithdrawn.v1 ResolutionPostponed.v1 ResolutionTabledAgain.v1
ResolutionSuperseded.v1 ResolutionAnnulled.v1
ProductProposed.v1 ProductAdmitted.v1 ProductDeclined.v1 ProductPaused.v1 ProductResumed.v1
ProductExited.v1 ProductClosed.v1 ProductRenamed.v1
CommissionGranted.v1 CommissionAmended.v1 CommissionReviewed.v1 CommissionRevoked.v1
InvestmentDeclared.v1 InstalmentCommitted.v1 InstalmentCredited.v1 InvestmentWithdrawn.v1
InvestmentDisputed.v1 DisputeSettled.v1
CoordinatorAppointed.v1 AuthorityJoined.v1 AuthorityWithdrew.v1 ContributionAgreed.v1
VendorContracted.v1
LevelChanged.v1 SelfAssessed.v1 EvaluationPublished.v1 EvaluationDisputed.v1
LevelSchemeAdopted.v1 CriteriaAdopted.v1
RiskRaised.v1 RiskTreated.v1 RiskReviewed.v1 RiskClosed.v1 RiskAssumed.v1 RiskDeclined.v1
""".split()


def test_the_topics_are_the_pinned_ones_and_only_grow() -> None:
    assert sorted(TOPICS) == sorted(PINNED)


def test_a_topic_is_the_type_s_name_with_its_version() -> None:
    assert {topic: fact.__name__ for topic, fact in TOPICS.items()} == {
        topic: topic.partition(".v")[0] for topic in PINNED
    }


def test_one_type_has_one_topic() -> None:
    assert {TOPIC_OF[fact] for fact in TOPICS.values()} == set(PINNED)
