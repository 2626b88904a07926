"""Resolutions: from the table through the vote to the outcome, and what becomes of them."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/resolutions", "table_resolution"),
    Write("/v1/resolutions/<key>/rolls", "fix_roll"),
    Write("/v1/resolutions/<key>/conflicts", "declare_conflict"),
    Write("/v1/resolutions/<key>/votes", "cast_vote"),
    Write("/v1/resolutions/<key>/count", "close_voting"),
    Write("/v1/resolutions/<key>/minutes", "minute_outcome"),
    Write("/v1/resolutions/<key>/outcome", "record_outcome"),
    Write("/v1/resolutions/<key>/postponements", "postpone_resolution"),
    Write("/v1/resolutions/<key>/tablings", "table_again"),
    Write("/v1/resolutions/<key>/withdrawal", "withdraw_resolution"),
    Write("/v1/resolutions/<key>/supersession", "supersede_resolution"),
    Write("/v1/resolutions/<key>/annulments", "annul_resolution"),
)
READS = (
    Listing("/v1/resolutions", "resolutions"),
    Item("/v1/resolutions/<key>", "resolutions", "resolution"),
    Listing("/v1/resolutions/<key>/votes", "ballots", "resolution"),
    Listing("/v1/resolutions/<key>/acts", "proofs", "resolution"),
    Listing("/v1/ballots", "ballots"),
    Listing("/v1/proofs", "proofs"),
)
