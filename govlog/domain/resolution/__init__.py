"""A resolution: tabled, voted on, decided; superseded or annulled."""

from govlog.domain.resolution.balloting import cast_vote, close_voting, declare_conflict
from govlog.domain.resolution.explained import Explained, Mismatch, explain
from govlog.domain.resolution.minutes import minute_outcome, record_outcome
from govlog.domain.resolution.resolution import (
    Annulment,
    Outcome,
    Proof,
    Resolution,
    Round,
    Supersession,
    evolve,
)
from govlog.domain.resolution.roll import FixRoll, fix_roll
from govlog.domain.resolution.tabling import table_resolution, withdraw_resolution
from govlog.domain.resolution.undoing import annul_resolution, supersede_resolution
from govlog.domain.standing import in_effect, standing, superseded_on

__all__ = [
    "Annulment",
    "Explained",
    "FixRoll",
    "Mismatch",
    "Outcome",
    "Proof",
    "Resolution",
    "Round",
    "Supersession",
    "annul_resolution",
    "cast_vote",
    "close_voting",
    "declare_conflict",
    "evolve",
    "explain",
    "fix_roll",
    "in_effect",
    "minute_outcome",
    "record_outcome",
    "standing",
    "supersede_resolution",
    "superseded_on",
    "table_resolution",
    "withdraw_resolution",
]
