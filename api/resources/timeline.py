"""What is told across all streams: events, what waits or is due, claims, and names."""

from api.reading import Item, Listing
from projections.flipped import with_flips

READS = (
    Listing("/v1/timeline", "timeline"),
    Item("/v1/timeline/<event>", "timeline"),
    Listing("/v1/approvals", "approvals"),
    Item("/v1/approvals/<event>", "approvals"),
    Listing("/v1/late-entries", "late_entries", fill=with_flips),
    Listing("/v1/claims", "claims"),
    Listing("/v1/calendar", "calendar"),
    Listing("/v1/names", "names"),
)
