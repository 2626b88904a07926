"""A resolution: tabled, voted on, decided; superseded or annulled."""

from govlog.domain.resolution.resolution import (
    Annulment,
    Outcome,
    Proof,
    Resolution,
    Round,
    Supersession,
    evolve,
)
from govlog.domain.resolution.standing import standing, superseded_on

__all__ = [
    "Annulment",
    "Outcome",
    "Proof",
    "Resolution",
    "Round",
    "Supersession",
    "evolve",
    "standing",
    "superseded_on",
]
