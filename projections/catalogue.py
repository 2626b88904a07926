"""Every view there is; a new one is its file and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from govlog.domain.events import Fact
from govlog.domain.events.any_stream import (
    ApprovalRefused,
    Approved,
    BatchRecorded,
    CorrectionWithdrawn,
    FactCorrected,
)
from govlog.domain.events.log import KeyRotated, LogContinued
from projections.agreements import AGREEMENTS, PARTICIPATIONS
from projections.approvals import APPROVALS
from projections.ballots import BALLOTS
from projections.bodies import BODIES, MANDATES, SEATS
from projections.calendar import CALENDAR
from projections.catalogues import CATALOGUES, CRITERIA
from projections.claims import CLAIMS
from projections.commissions import COMMISSIONS
from projections.debates import DEBATES, VOICES
from projections.declarations import DECLARATIONS
from projections.disputes import DISPUTES
from projections.evaluations import EVALUATIONS
from projections.exposure import EXPOSURE
from projections.investments import INVESTMENTS
from projections.late_entries import LATE_ENTRIES
from projections.levels import LEVELS
from projections.meetings import MEETINGS
from projections.names import NAMES
from projections.parties import PARTIES
from projections.portfolio import PORTFOLIO
from projections.proofs import PROOFS
from projections.resolutions import RESOLUTIONS
from projections.risks import RISKS
from projections.sustainability import SUSTAINABILITY
from projections.timeline import TIMELINE
from projections.view import View

VIEWS: tuple[View, ...] = (
    PARTIES,
    BODIES,
    SEATS,
    MANDATES,
    DEBATES,
    VOICES,
    MEETINGS,
    RESOLUTIONS,
    BALLOTS,
    PORTFOLIO,
    COMMISSIONS,
    DECLARATIONS,
    INVESTMENTS,
    EXPOSURE,
    PROOFS,
    LEVELS,
    EVALUATIONS,
    CATALOGUES,
    CRITERIA,
    SUSTAINABILITY,
    PARTICIPATIONS,
    AGREEMENTS,
    DISPUTES,
    RISKS,
    CALENDAR,
    NAMES,
    CLAIMS,
    TIMELINE,
    APPROVALS,
    LATE_ENTRIES,
)

UNREAD: Mapping[type[Fact], str] = {
    Approved: "the facts that it makes count are read; the approvals show it",
    ApprovalRefused: "it makes nothing count; the approvals show it",
    FactCorrected: "the fact is read as it was and as it is now; the timeline names the correction",
    CorrectionWithdrawn: "the same: what stood before the correction is read again",
    BatchRecorded: "it changes no state; the approvals show its facts by batch",
    KeyRotated: "it is about the log's signatures; verifiers read it",
    LogContinued: "it is about the log before; verifiers read it",
}
"""Facts that only the views of the log itself show, and why."""
