"""Risks: raised, treated, reviewed and closed, and assumed or declined by the community."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/risks", "raise_risk"),
    Write("/v1/risks/<key>/treatments", "treat_risk"),
    Write("/v1/risks/<key>/reviews", "review_risk"),
    Write("/v1/risks/<key>/closure", "close_risk"),
    Write("/v1/risks/<key>/assumptions", "assume_risk"),
    Write("/v1/risks/<key>/declinations", "decline_risk"),
)
READS = (Listing("/v1/risks", "risks"), Item("/v1/risks/<key>", "risks", "risk"))
