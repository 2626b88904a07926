"""What is told across all streams: every event, what waits for approval, and claims."""

from api.reading import Item, Listing

READS = (
    Listing("/v1/timeline", "timeline"),
    Item("/v1/timeline/<event>", "timeline"),
    Listing("/v1/approvals", "approvals"),
    Item("/v1/approvals/<event>", "approvals"),
    Listing("/v1/claims", "claims"),
)
