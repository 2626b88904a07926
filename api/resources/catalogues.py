"""Catalogues: levels and criteria, by version."""

from api.reading import Item, Listing
from api.writing import Write

WRITES = (
    Write("/v1/catalogues", "begin_catalogue"),
    Write("/v1/catalogues/<key>/schemes", "adopt_level_scheme"),
    Write("/v1/catalogues/<key>/criteria", "adopt_criteria"),
)
READS = (
    Listing("/v1/catalogues", "catalogues"),
    Item("/v1/catalogues/<key>", "catalogues", "catalogue"),
    Listing("/v1/catalogues/<key>/criteria", "criteria", "catalogue"),
    Listing("/v1/criteria", "criteria"),
    Item("/v1/criteria/<key>/<part>", "criteria", "catalogue"),
)
