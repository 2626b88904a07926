"""A product and the commitments made about it: its state, and how facts change it.

What may be recorded is decided in `lifecycle`, `commissioning` and `investing`; who bears which
risk is derived in `attribution`.
"""

from govlog.domain.commitment.evolution import evolve, instalment_of, taken
from govlog.domain.commitment.states import (
    Amendment,
    Commission,
    Credit,
    Instalment,
    Investment,
    LifeEvent,
    LifeStage,
    Product,
    Review,
    Taken,
)

__all__ = [
    "Amendment",
    "Commission",
    "Credit",
    "Instalment",
    "Investment",
    "LifeEvent",
    "LifeStage",
    "Product",
    "Review",
    "Taken",
    "evolve",
    "instalment_of",
    "taken",
]
