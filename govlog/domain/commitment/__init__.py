"""A product and the commitments made about it: its state, and how facts change it.

What may be recorded is decided in `lifecycle`, `commissioning`, `investing`, `agreeing`,
`evaluating` and `disputing`; who bears which risk is derived in `attribution`.
"""

from govlog.domain.commitment.acts import Taken, taken
from govlog.domain.commitment.agreements import (
    Agreements,
    Contract,
    Contribution,
    Coordination,
    Lasting,
    Leaving,
    Participation,
    coordinator_on,
    lasts,
    takes_part,
)
from govlog.domain.commitment.claims import Claim
from govlog.domain.commitment.evolution import evolve, instalment_of
from govlog.domain.commitment.measures import Dispute, Evaluation, LevelChange, Measured, Settled
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
)

__all__ = [
    "Agreements",
    "Amendment",
    "Claim",
    "Commission",
    "Contract",
    "Contribution",
    "Coordination",
    "Credit",
    "Dispute",
    "Evaluation",
    "Instalment",
    "Investment",
    "Lasting",
    "Leaving",
    "LevelChange",
    "LifeEvent",
    "LifeStage",
    "Measured",
    "Participation",
    "Product",
    "Review",
    "Settled",
    "Taken",
    "coordinator_on",
    "evolve",
    "instalment_of",
    "lasts",
    "taken",
    "takes_part",
]
