"""Bodies with their rules, seats and mandates."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/foundings", "found_body"),
    Write("/v1/bodies", "establish_body"),
    Write("/v1/bodies/<key>/rules", "adopt_rules"),
    Write("/v1/bodies/<key>/seats", "seat_member"),
    Write("/v1/bodies/<key>/seats/<seat>/departure", "vacate_seat"),
    Write("/v1/bodies/<key>/mandates", "grant_mandate"),
    Write("/v1/bodies/<key>/mandates/<mandate>/end", "end_mandate"),
    Write("/v1/bodies/<key>/dissolution", "dissolve_body"),
)
READS = (
    Listing("/v1/bodies", "bodies"),
    Item("/v1/bodies/<key>", "bodies", "body"),
    Listing("/v1/bodies/<key>/seats", "seats", "body"),
    Listing("/v1/bodies/<key>/mandates", "mandates", "body"),
    Listing("/v1/seats", "seats"),
    Item("/v1/seats/<key>/<part>", "seats", "body"),
    Listing("/v1/mandates", "mandates"),
    Item("/v1/mandates/<key>/<part>", "mandates", "body"),
)
