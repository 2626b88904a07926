"""Meetings and written procedures: their agenda, roll, items and minutes."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/meetings", "call_meeting"),
    Write("/v1/meetings/<key>/rolls", "take_roll"),
    Write("/v1/meetings/<key>/conclusion", "hold_meeting"),
    Write("/v1/meetings/<key>/cancellation", "cancel_meeting"),
    Write("/v1/meetings/<key>/minutes", "draft_minutes"),
    Write("/v1/meetings/<key>/minutes/approval", "approve_minutes"),
)
READS = (
    Listing("/v1/meetings", "meetings"),
    Item("/v1/meetings/<key>", "meetings", "meeting"),
    Listing("/v1/meetings/<key>/resolutions", "resolutions", "meeting"),
)
