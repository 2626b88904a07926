"""What of a recorded fact a correction may mend, and for what of it a second person is needed.

Only what a fact says can be mended: the keys and ids that it brought into being name one thing for
good (rule 4), what the log itself set is no statement, and what follows from other facts is mended
in those.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from msgspec.structs import FieldInfo

from govlog.domain.corrected import members
from govlog.domain.errors import RuleViolation
from govlog.domain.events import (
    agreement,
    any_stream,
    body,
    catalogue,
    debate,
    dispute,
    evaluation,
    log,
    meeting,
    party,
    product,
    resolution,
    risk,
)
from govlog.domain.events.fact import Fact
from govlog.domain.values import Key, Personal


class NotCorrectable(RuleViolation):
    """What identifies a fact, what the log set, and what is derived cannot be mended."""

    slug = "not-correctable"
    rule = 19


OWN_END: Mapping[type[Fact], str] = {
    any_stream.FactCorrected: "withdraw the correction, and make another",
    any_stream.CorrectionWithdrawn: "make the correction again",
    any_stream.Approved: "a second person's word is final; correct what it let count",
    any_stream.ApprovalRefused: "record the refused fact anew",
    log.KeyRotated: "verifiers rely on it; rotate the key again",
    log.LogContinued: "verifiers rely on it",
    any_stream.BatchRecorded: "it lists what an import brought, which can be corrected singly",
}
"""Facts that are not corrected, and what to do instead."""

_SET_BY_THE_LOG = frozenset({"batch", "pending", "source_recorded_at"})
_DERIVED: Mapping[type[Fact], frozenset[str]] = {
    resolution.ResolutionCarried: frozenset({"counts", "reason", "option"}),
    resolution.ResolutionLost: frozenset({"counts", "reason"}),
    resolution.ResolutionLapsed: frozenset({"counts", "reason"}),
    resolution.RollFixed: frozenset({"round"}),
    party.PartyRegistered: frozenset({"kind"}),
}
"""Besides counts, which roll and ballots give: the number of a round names it, and whether a party
is a person decides how its name is kept."""

REFERS: Mapping[type[Fact], str] = {
    resolution.VoteCast: "seat",
    resolution.ConflictDeclared: "seat",
    body.MemberLeft: "seat",
    body.MandateEnded: "mandate",
    product.CommissionAmended: "commission",
    product.CommissionReviewed: "commission",
    product.CommissionRevoked: "commission",
    product.InstalmentCredited: "instalment",
    product.InvestmentWithdrawn: "investment",
    evaluation.LevelChanged: "evaluation",
    dispute.EvaluationDisputed: "evaluation",
    dispute.InvestmentDisputed: "instalment",
    dispute.DisputeSettled: "dispute",
}
"""Keys by which a fact names what another brought into being: it can name the wrong one."""

_CHOICES = frozenset(
    {
        "relies_on",
        "presiding",
        "alternate_for",
        "option",
        "criteria_version",
        "from_level",
        "to_level",
        "recommended_level",
        "claimed_level",
    }
)
"""Keys that are what a fact says of its thing, and do not name it."""

_UNREAD_FACTS: tuple[type[Fact], ...] = (
    any_stream.Stated,
    party.PartyRegistered,
    party.PartyRenamed,
    debate.DebateOpened,
    debate.VoiceAdded,
    debate.FormatTried,
    debate.ReplyGiven,
    debate.DebateClosed,
    debate.DebateReopened,
    meeting.MeetingCalled,
    meeting.MeetingHeld,
    meeting.MeetingCancelled,
    meeting.MinutesDrafted,
    meeting.MinutesApproved,
    product.ProductProposed,
    product.ProductRenamed,
    product.CommissionReviewed,
    risk.RiskRaised,
    risk.RiskReviewed,
    risk.RiskClosed,
    agreement.CoordinatorAppointed,
    agreement.AuthorityJoined,
    agreement.AuthorityWithdrew,
    agreement.ContributionAgreed,
    agreement.VendorContracted,
    catalogue.LevelSchemeAdopted,
    catalogue.CriteriaAdopted,
    evaluation.SelfAssessed,
    evaluation.EvaluationPublished,
    dispute.EvaluationDisputed,
    dispute.InvestmentDisputed,
    dispute.DisputeSettled,
)
_UNREAD_MEMBERS = frozenset({"name", "next_review", "debate", "fiction", "topic"})


def correctable(fact: type[Fact]) -> dict[str, FieldInfo]:
    """The members of a kind of fact that can be mended, as it writes them."""
    if fact in OWN_END:
        return {}
    return {name: member for name, member in members(fact).items() if _says(fact, member)}


def is_read(fact: type[Fact], member: FieldInfo) -> bool:
    """Whether attribution, authority or voting may read a member; in doubt they do (rule 19)."""
    if fact in _UNREAD_FACTS or member.name in _UNREAD_MEMBERS:
        return False
    return not _is(Personal, member.type) or member.name == "authority_text"


def _says(fact: type[Fact], member: FieldInfo) -> bool:
    if member.name in _SET_BY_THE_LOG or member.name in _DERIVED.get(fact, ()):
        return False
    if _is(Key, member.type):
        return member.name in _CHOICES or REFERS.get(fact) == member.name
    return True


def _is(kind: object, annotation: Any) -> bool:
    """Whether a member is of a kind, or of nothing."""
    return annotation is kind or (
        get_origin(annotation) in (Union, UnionType) and kind in get_args(annotation)
    )
