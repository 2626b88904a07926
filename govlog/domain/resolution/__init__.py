"""A resolution: tabled, voted on, decided; superseded or annulled."""

from govlog.domain.resolution.balloting import cast_vote, close_voting, declare_conflict
from govlog.domain.resolution.entitlement import FixRoll
from govlog.domain.resolution.explained import Explained, Mismatch, explain
from govlog.domain.resolution.minutes import minute_outcome, record_outcome
from govlog.domain.resolution.recount import evolve
from govlog.domain.resolution.roll import fix_roll
from govlog.domain.resolution.states import (
    Annulment,
    Outcome,
    Postponement,
    Proof,
    Resolution,
    Round,
    Supersession,
    Tabling,
)
from govlog.domain.resolution.tabling import (
    postpone_resolution,
    table_again,
    table_resolution,
    withdraw_resolution,
)
from govlog.domain.resolution.undoing import annul_resolution, supersede_resolution
from govlog.domain.standing import annulled, in_effect, standing, superseded_on

__all__ = [
    "Annulment",
    "Explained",
    "FixRoll",
    "Mismatch",
    "Outcome",
    "Postponement",
    "Proof",
    "Resolution",
    "Round",
    "Supersession",
    "Tabling",
    "annul_resolution",
    "annulled",
    "cast_vote",
    "close_voting",
    "declare_conflict",
    "evolve",
    "explain",
    "fix_roll",
    "in_effect",
    "minute_outcome",
    "postpone_resolution",
    "record_outcome",
    "standing",
    "supersede_resolution",
    "superseded_on",
    "table_again",
    "table_resolution",
    "withdraw_resolution",
]
