"""Persons and organisations."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/parties", "register_party"),
    Write("/v1/parties/<key>/names", "rename_party"),
)
READS = (Listing("/v1/parties", "parties"), Item("/v1/parties/<key>", "parties", "party"))
