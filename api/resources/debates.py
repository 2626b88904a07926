"""Debates: voices, formats and replies."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/debates", "open_debate"),
    Write("/v1/debates/<key>/voices", "add_voice"),
    Write("/v1/debates/<key>/formats", "try_format"),
    Write("/v1/debates/<key>/replies", "give_reply"),
    Write("/v1/debates/<key>/closing", "close_debate"),
    Write("/v1/debates/<key>/reopening", "reopen_debate"),
)
READS = (
    Listing("/v1/debates", "debates"),
    Item("/v1/debates/<key>", "debates", "debate"),
    Listing("/v1/debates/<key>/voices", "voices", "debate"),
    Listing("/v1/voices", "voices"),
    Item("/v1/voices/<key>/<part>", "voices", "debate"),
)
